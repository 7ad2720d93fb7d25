from django.urls import path

from ortaq.projects.views import project as views

one = "projects/<int:pk>/"
urlpatterns = [
    path("projects/", views.projects, name="projects"),
    path(one, views.overview, name="project"),
]
