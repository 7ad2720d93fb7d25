from django.urls import path

from ortaq.grants.views import application as views
from ortaq.grants.views import application_desk as desk
from ortaq.grants.views import application_files as files
from ortaq.grants.views import application_parts as parts

one = "applications/<int:pk>/"
urlpatterns = [
    path("applications/", views.mine, name="applications"),
    path("applications/new/<int:lot>/", views.new, name="application_new"),
    path(one, views.overview, name="application"),
    path(f"{one}details/", views.details, name="application_details"),
    path(f"{one}letter/", views.letter, name="application_letter"),
    path(f"{one}submit/", views.submit, name="application_submit"),
    path(f"{one}receipt/", views.receipt, name="application_receipt"),
    path(f"{one}receipt.json", views.receipt_content, name="application_receipt_content"),
    path(f"{one}withdraw/", views.withdraw, name="application_withdraw"),
    path(f"{one}discard/", views.discard, name="application_discard"),
    path(f"{one}content/", views.content, name="application_content"),
    path(f"{one}paper/<slug:language>.<slug:kind>", views.paper, name="application_paper"),
    path(f"{one}files/", files.files, name="application_files"),
    path(f"{one}files/<int:attachment>/", files.file, name="application_file"),
    path(f"{one}files/<int:attachment>/remove/", files.remove, name="application_file_remove"),
    path(f"{one}parts/<slug:key>/<int:year>/", parts.part, name="application_part"),
    path(f"{one}parts/<slug:key>/<int:year>/copy/", parts.copy, name="application_part_copy"),
    path(f"{one}conflicts/<int:conflict>/", parts.settle, name="application_conflict"),
    path("competitions/<int:pk>/applications/", desk.handed_in, name="competition_applications"),
    path(
        "competitions/<int:pk>/applications.xlsx", desk.export, name="competition_applications_xlsx"
    ),
    path("competitions/<int:pk>/deliveries/new/", desk.delivery, name="delivery_new"),
]
