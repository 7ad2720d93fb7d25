from django.urls import path

from ortaq.oversight.views import project as views

urlpatterns = [
    path("oversight/", views.oversight, name="oversight"),
    path("oversight/projects/<int:pk>/", views.project, name="project"),
]
