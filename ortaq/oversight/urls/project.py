from django.urls import path

from ortaq.oversight.views import project as views

plan = "oversight/projects/<int:pk>/<int:year>/"
urlpatterns = [
    path("oversight/", views.oversight, name="oversight"),
    path("oversight/projects/<int:pk>/", views.project, name="project"),
    path("oversight/projects/<int:pk>/plan/", views.plan_open, name="plan_open"),
    path("oversight/projects/<int:pk>/engage/", views.engage, name="engage"),
    path(f"{plan}visits/", views.visit_new, name="visit_new"),
    path(f"{plan}visits/<int:number>/", views.visit_edit, name="visit_edit"),
    path(f"{plan}visits/<int:number>/call-off/", views.visit_call_off, name="visit_call_off"),
    path(f"{plan}<slug:step>/", views.plan_step, name="plan_step"),
]
