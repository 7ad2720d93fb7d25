from django.urls import path

from ortaq.grants.views import proposal as views

urlpatterns = [
    path("proposals/", views.proposals, name="proposals"),
    path("proposals/new/", views.new, name="proposal_new"),
    path("proposals/<int:pk>/", views.proposal, name="proposal"),
    path(
        "proposals/<int:pk>/paper/<slug:language>.<slug:kind>", views.paper, name="proposal_paper"
    ),
    path("proposals/<int:pk>/discard/", views.discard, name="proposal_discard"),
    path("proposals/<int:pk>/answer/", views.answer, name="proposal_answer"),
]
