from django.urls import path

from ortaq.oversight.views import overseers as views

room = "oversight/overseers/"
urlpatterns = [
    path(room, views.scorers, name="overseers"),
    path(f"{room}scorers/<int:pk>/", views.scorer, name="overseers_scorer"),
    path(f"{room}terms/", views.kept_terms, name="overseers_terms"),
    path(f"{room}conflicts/", views.conflicts, name="overseers_conflicts"),
    path(f"{room}overseers.xlsx", views.workbook, name="overseers_workbook"),
]
