from django.urls import path

from ortaq.oversight.views import annex8, discussion
from ortaq.oversight.views import evaluation as views

one = "oversight/evaluations/<int:pk>/"
public = "evaluations/<int:pk>/"
paper = "<slug:language>.<slug:kind>"
urlpatterns = [
    path("oversight/evaluations/", views.evaluations, name="evaluations"),
    path(
        "oversight/projects/<int:pk>/evaluation/",
        views.project_evaluation,
        name="project_evaluation",
    ),
    path(one, views.evaluation, name="evaluation"),
    path(f"{one}steps/<slug:step>/", views.take, name="evaluation_step"),
    path(f"{one}admit/<int:person>/", views.admit, name="evaluation_admit"),
    path(f"{one}conflict/", views.conflict, name="evaluation_conflict"),
    path(f"{one}content/", views.content, name="evaluation_content"),
    path(f"{one}reports/<int:report>/", views.report, name="evaluation_report_shown"),
    path(f"{one}visits/<int:visit>/", views.visit, name="evaluation_visit_shown"),
    path(f"{one}notices/<int:number>/{paper}", views.notice, name="evaluation_notice"),
    path(f"{one}sheets/<int:sheet>/{paper}", views.sheet, name="evaluation_sheet"),
    path(f"{one}report/", annex8.report, name="evaluation_report"),
    path(f"{one}report/{paper}", annex8.paper, name="evaluation_paper"),
    path(f"{one}comments/", discussion.comments, name="evaluation_comments"),
    path(f"{one}comments/<int:number>/", discussion.decide, name="evaluation_comment_decide"),
    path("evaluations/", discussion.public_list, name="public_evaluations"),
    path(public, discussion.public, name="public_evaluation"),
    path(f"{public}annex-8-{paper}", discussion.public_paper, name="public_evaluation_paper"),
]
