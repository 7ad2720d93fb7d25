from django.urls import path

from ortaq.oversight.views import evaluation as views

urlpatterns = [
    path("oversight/evaluations/<int:pk>/", views.evaluation, name="evaluation"),
]
