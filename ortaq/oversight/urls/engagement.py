from django.urls import path

from ortaq.oversight.views import engagement as views

urlpatterns = [
    path("oversight/engagements/<int:pk>/", views.engagement, name="engagement"),
]
