from django.urls import path, re_path

from . import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("from-need-to-contract/", views.ways, name="ways"),
    path("from-need-to-contract/<int:pk>/", views.way, name="way"),
    re_path(r"^ngos/(?P<bin>[0-9]{12})/$", views.ngo, name="ngo"),
    path("desk/", views.desk, name="desk"),
    path("calendar/<str:token>.ics", views.calendar_feed, name="calendar"),
    path("calendar/renew/", views.renew_calendar, name="renew_calendar"),
]
