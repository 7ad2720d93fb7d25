from django.urls import path

from ortaq.projects.views import change as views

all_of = "projects/<int:pk>/changes/"
one = f"{all_of}<int:number>/"
urlpatterns = [
    path(all_of, views.changes, name="changes"),
    path(f"{all_of}history/", views.history, name="change_history"),
    path(f"{all_of}new/", views.choose, name="change_choose"),
    path(f"{all_of}new/<slug:form>/", views.new, name="change_new"),
    path(one, views.change, name="change"),
    path(f"{one}edit/", views.edit, name="change_edit"),
    path(f"{one}ground/", views.ground, name="change_ground"),
    path(f"{one}steps/<slug:step>/", views.take, name="change_step"),
    path(f"{one}letter.<slug:language>.<slug:kind>", views.letter, name="change_letter"),
]
