from django.urls import path

from ortaq.projects.views import participant as views

people = "projects/<int:pk>/people/"
event = "projects/<int:pk>/events/<int:event>/"
urlpatterns = [
    path(people, views.people, name="people"),
    path(f"{people}merge/", views.merge, name="people_merge"),
    path(f"{people}forget/", views.forget, name="people_forget"),
    path(f"{people}<int:person>/forget/", views.forget_one, name="people_forget_one"),
    path(f"{event}people/", views.event_people, name="event_people"),
    path(f"{event}people/mark/", views.mark, name="event_people_mark"),
    path(f"{event}people/new/", views.new, name="event_people_new"),
    path(f"{event}people/import/", views.read_in, name="event_people_import"),
    path(f"{event}people/list-<slug:language>.<slug:kind>", views.paper, name="event_people_list"),
    path(f"{event}poster-<slug:language>.<slug:kind>", views.poster, name="event_poster"),
    path(f"{event}qr.svg", views.qr, name="event_qr"),
]
