from django.urls import path, re_path

from .views import desk, home, ngo, way

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("from-need-to-contract/", way.ways, name="ways"),
    path("from-need-to-contract/<int:pk>/", way.way, name="way"),
    re_path(r"^ngos/(?P<bin>[0-9]{12})/$", ngo.ngo, name="ngo"),
    path("desk/", desk.desk, name="desk"),
    path("calendar/<str:token>.ics", desk.calendar_feed, name="calendar"),
    path("calendar/renew/", desk.renew_calendar, name="renew_calendar"),
]
