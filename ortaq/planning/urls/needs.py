from django.urls import path

from ortaq.planning.views import canvas
from ortaq.planning.views import needs as views

one = "needs/<int:pk>/"
sheet = "needs/worksheets/<int:pk>/"
file = "<slug:language>.<slug:kind>"
urlpatterns = [
    path("needs/", views.assessments, name="assessments"),
    path("needs/new/", views.new, name="assessment_new"),
    path(one, views.assessment, name="assessment"),
    path(f"{one}paper.{file}", views.paper, name="assessment_paper"),
    path(f"{one}edit/", views.edit, name="assessment_edit"),
    path(f"{one}answers/", views.answers, name="assessment_answers"),
    path(f"{one}approve/", views.approve, name="assessment_approve"),
    path(f"{one}discard/", views.discard, name="assessment_discard"),
    path(f"{one}sources/new/", views.new_source, name="source_new"),
    path(f"{one}conclusions/new/", views.new_conclusion, name="conclusion_new"),
    path(f"{one}values/new/", views.new_baseline, name="baseline_new"),
    path("needs/sources/<int:pk>/", views.edit_source, name="source_edit"),
    path("needs/sources/<int:pk>/file/", views.source_file, name="source_file"),
    path("needs/conclusions/<int:pk>/", views.edit_conclusion, name="conclusion_edit"),
    path("needs/values/<int:pk>/", views.edit_baseline, name="baseline_edit"),
    path(f"{one}worksheets/new/", canvas.new, name="canvas_new"),
    path(sheet, canvas.canvas, name="canvas"),
    path(f"{sheet}paper.{file}", canvas.paper, name="canvas_paper"),
    path(f"{sheet}edit/", canvas.edit, name="canvas_edit"),
    path(f"{sheet}remove/", canvas.remove, name="canvas_remove"),
    path(f"{sheet}cards/", canvas.cards, name="canvas_cards"),
    path(f"{sheet}cards/<int:number>/", canvas.card, name="card"),
    path(f"{sheet}cards/<int:number>/remove/", canvas.remove_card, name="card_remove"),
    # Last: worksheets have a way of their own.
    path("needs/<slug:noun>/<int:pk>/remove/", views.remove, name="needs_remove"),
]
