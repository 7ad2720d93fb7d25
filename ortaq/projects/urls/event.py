from django.urls import path

from ortaq.projects.views import event as views

all_of_them = "projects/<int:pk>/events/"
one = f"{all_of_them}<int:event>/"
urlpatterns = [
    path(all_of_them, views.events, name="events"),
    path(f"{all_of_them}calendar/", views.calendar, name="event_calendar"),
    path(f"{all_of_them}new/", views.new, name="event_new"),
    path(one, views.event, name="event"),
    path(f"{one}edit/", views.edit, name="event_edit"),
    path(f"{one}held/", views.held, name="event_held"),
    path(f"{one}series/", views.series, name="event_series"),
    path(f"{one}cancel/", views.cancel, name="event_cancel"),
    path(f"{one}restore/", views.restore, name="event_restore"),
    path(f"{one}passport-<str:language>.<str:kind>", views.paper, name="event_passport"),
]
