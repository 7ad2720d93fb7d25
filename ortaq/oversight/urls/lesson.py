from django.urls import path

from ortaq.oversight.views import lesson as views

of_project = "oversight/projects/<int:pk>/lessons/"
one = "oversight/lessons/<int:pk>/"
urlpatterns = [
    path("oversight/lessons/", views.lessons, name="lessons"),
    path("oversight/lessons/enter/", views.enter_all, name="lessons_enter"),
    path(one, views.lesson_edit, name="lesson_edit"),
    path(f"{one}remove/", views.lesson_remove, name="lesson_remove"),
    path(of_project, views.project_lessons, name="project_lessons"),
    path(f"{of_project}new/", views.lesson_new, name="lesson_new"),
    path(f"{of_project}enter/", views.enter, name="project_lessons_enter"),
]
