"""Addresses of commissions, declarations, sheets and meetings."""

from django.urls import path

from . import views

app_name = "review"

urlpatterns = [
    path("review/", views.panels, name="panels"),
    path("review/panels/<int:pk>/", views.panel, name="panel"),
    path("review/panels/<int:pk>/seats/", views.seats, name="seats"),
    path("review/panels/<int:pk>/seats/<int:seat>/", views.seat, name="seat"),
    path("review/panels/<int:pk>/candidates/", views.candidates, name="candidates"),
    path("review/panels/<int:pk>/election/", views.election, name="election"),
    path("review/panels/<int:pk>/declaration/", views.declaration, name="declaration"),
    path(
        "review/panels/<int:pk>/declaration.<slug:language>.<slug:kind>",
        views.declaration_paper,
        name="declaration_paper",
    ),
    path("review/panels/<int:pk>/conflicts/", views.conflicts, name="conflicts"),
    path("review/panels/<int:pk>/dossiers/", views.dossiers, name="dossiers"),
    path("review/panels/<int:pk>/progress/", views.progress, name="progress"),
    path("review/panels/<int:pk>/meeting/", views.meeting, name="meeting"),
    path("review/panels/<int:pk>/points/", views.ranking, name="ranking"),
    path("review/panels/<int:pk>/steps/<slug:step>/", views.panel_step, name="panel_step"),
    path("review/commissions/<int:pk>/", views.commission, name="commission"),
    path("review/commissions/<int:pk>/seats/<int:seat>/", views.successor, name="successor"),
    path("review/motions/<int:pk>/vote/", views.motion_vote, name="motion_vote"),
    path("review/motions/<int:pk>/close/", views.motion_close, name="motion_close"),
    path("review/dossiers/<int:pk>/", views.dossier, name="dossier"),
    path("review/dossiers/<int:pk>/sign/", views.sign, name="sign"),
    path(
        "review/dossiers/<int:pk>/sheet.<slug:language>.<slug:kind>",
        views.sheet_paper,
        name="sheet_paper",
    ),
    path("review/dossiers/<int:pk>/points/", views.points, name="points"),
]
