from django.urls import path

from ortaq.projects.views import phone as views

event = "e/<slug:code>/"
urlpatterns = [
    path(event, views.event, name="phone"),
    path(f"{event}rate/", views.rate, name="phone_rate"),
    path(f"{event}<slug:token>/", views.own, name="phone_own"),
    path(f"{event}<slug:token>/forget/", views.forget, name="phone_forget"),
]
