from django.urls import path

from ortaq.oversight.views import visit as views

urlpatterns = [
    path("oversight/visits/<int:pk>/", views.visit, name="visit"),
    path("oversight/visits/<int:pk>/start/", views.start, name="visit_start"),
]
