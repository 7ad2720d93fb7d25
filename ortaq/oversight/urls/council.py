from django.urls import path

from ortaq.oversight.views import council as views

urlpatterns = [
    path("expert-councils/<int:pk>/", views.council, name="council"),
]
