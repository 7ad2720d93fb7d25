from django.urls import path

from ortaq.projects.views import project as views
from ortaq.projects.views import reach

one = "projects/<int:pk>/"
urlpatterns = [
    path("projects/", views.projects, name="projects"),
    path(one, views.overview, name="project"),
    path(f"{one}plan/", views.plan, name="project_plan"),
    path(f"{one}plan/as-of/", views.plan_as_of, name="project_versions"),
    path(f"{one}plan/indicators/<int:number>/", views.indicator, name="project_indicator"),
    path(f"{one}plan/activities/<int:number>/places/", views.places, name="project_places"),
    path(f"{one}about/", views.about_it, name="project_about"),
    path(f"{one}effect/", reach.effect, name="project_effect"),
    path(f"{one}effect/<int:number>/strike/", reach.strike, name="reach_strike"),
    path(f"{one}settings/", views.settings, name="project_settings"),
    path(f"{one}terminate/", views.terminate, name="project_terminate"),
    path(f"{one}journal/", views.history, name="project_journal"),
]
