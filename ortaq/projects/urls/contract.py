from django.urls import path

from ortaq.projects.views import contract as views

one = "contracts/<int:pk>/"
urlpatterns = [
    path("contracts/", views.contracts, name="contracts"),
    path(one, views.general, name="contract"),
    path(f"{one}team/", views.team, name="team"),
    path(f"{one}plan/", views.plan, name="plan"),
    path(f"{one}budget/", views.budget, name="budget"),
    path(f"{one}effect/", views.effect, name="effect"),
    path(f"{one}approvals/", views.approvals, name="approvals"),
    path(f"{one}journal/", views.history, name="journal"),
    path(f"{one}edit/<slug:block>/", views.edit, name="edit"),
    path(f"{one}activities/new/", views.new_activity, name="activity_new"),
    path(f"{one}activities/<int:activity>/", views.edit_activity, name="activity"),
    path(f"{one}steps/<slug:step>/", views.take, name="step"),
    path(f"{one}scan/", views.scan, name="scan"),
    path(f"{one}papers/<slug:name>.<slug:language>.<slug:kind>", views.paper, name="paper"),
]
