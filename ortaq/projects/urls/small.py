from django.urls import path

from ortaq.projects.views import small as views
from ortaq.projects.views import small_public as public

all_of = "projects/<int:pk>/small-grants/"
one = f"{all_of}<int:number>/"
grant = f"{one}applications/<int:application>/"
announced = "small-grants/<slug:code>/"
receipt = f"{announced}receipts/<uuid:token>/"
urlpatterns = [
    path(all_of, views.competitions, name="smalls"),
    path(f"{all_of}new/", views.new, name="small_new"),
    path(one, views.competition, name="small"),
    path(f"{one}edit/", views.edit, name="small_edit"),
    path(f"{one}steps/<slug:step>/", views.take, name="small_step"),
    path(f"{one}scan/", views.scan, name="small_scan"),
    path(f"{one}protocol.<slug:language>.<slug:kind>", views.protocol, name="small_protocol"),
    path(f"{one}applications/new/", views.typed, name="small_grant_new"),
    path(grant, views.application, name="small_grant"),
    path(f"{grant}proof/", views.proof, name="small_grant_proof"),
    path(f"{grant}steps/<slug:step>/", views.take_grant, name="small_grant_step"),
    path("small-grants/", public.announced, name="small_grants"),
    path(announced, public.competition, name="small_grants_one"),
    path(receipt, public.receipt, name="small_grants_receipt"),
    path(f"{receipt}amend/", public.amend, name="small_grants_amend"),
    path(f"{receipt}withdraw/", public.withdraw, name="small_grants_withdraw"),
]
