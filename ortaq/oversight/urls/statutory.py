from django.urls import path

from ortaq.oversight.views import statutory as views

urlpatterns = [
    path("oversight/reports/<int:pk>/", views.statutory, name="statutory"),
]
