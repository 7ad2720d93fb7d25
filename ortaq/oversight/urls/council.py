from django.urls import path

from ortaq.oversight.views import council as views
from ortaq.oversight.views import council_desk as desk

public = "expert-councils/<int:pk>/"
one = "oversight/councils/<int:pk>/"
urlpatterns = [
    path("expert-councils/", views.councils, name="councils"),
    path(public, views.council, name="council"),
    path(f"{public}nominate/", views.nominate, name="council_nominate"),
    path(f"{public}withdraw/", views.withdraw, name="council_withdraw"),
    path("oversight/councils/", desk.council_list, name="council_list"),
    path("oversight/councils/new/", desk.new, name="council_new"),
    path(one, desk.council_desk, name="council_desk"),
    path(f"{one}announcement/", desk.edit, name="council_edit"),
    path(f"{one}steps/<slug:step>/", desk.take, name="council_step"),
    path(f"{one}candidates/<int:number>/", desk.answer, name="council_answer"),
    path(f"{one}invite/", desk.invite, name="council_invite"),
    path(f"{one}members/<int:number>/", desk.replace, name="council_replace"),
]
