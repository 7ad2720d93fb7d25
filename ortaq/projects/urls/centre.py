from django.urls import path

from ortaq.projects.views import centre as views

one = "projects/<int:pk>/centre/"
urlpatterns = [
    path(one, views.centre, name="centre"),
    path(f"{one}edit/", views.edit, name="centre_edit"),
    path(f"{one}consumers/", views.base, name="centre_base"),
    path(f"{one}services/<slug:key>/", views.service, name="centre_service"),
]
