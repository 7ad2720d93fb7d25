from django.urls import path

from ortaq.projects.views import act, presentation, reports
from ortaq.projects.views import report as views

one = "projects/<int:pk>/"
report = f"{one}reports/<int:report>/"
urlpatterns = [
    path(f"{one}reports/", reports.reports, name="reports"),
    path(f"{one}reports/make/", reports.make, name="report_make"),
    path(f"{one}reports/schedule/", reports.schedule, name="report_schedule"),
    path(report, views.report, name="report"),
    path(f"{report}steps/<slug:step>/", views.take, name="report_step"),
    path(f"{report}rounds/<int:number>/", views.round_of, name="report_round"),
    path(f"{report}papers/<slug:language>.<slug:kind>", views.paper, name="report_paper"),
    path(f"{report}archive.zip", views.archive, name="report_archive"),
    path(f"{one}presentation/", presentation.presentation, name="presentation"),
    path(f"{one}presentation/publish/", presentation.publish, name="presentation_publish"),
    path("results/<int:pk>/", presentation.results, name="results"),
    path(f"{one}act/", act.act, name="act"),
    path(f"{one}act/draft/", act.draft, name="act_draft"),
    path(f"{one}act/steps/<slug:step>/", act.take, name="act_step"),
    path(f"{one}act/papers/<slug:language>.<slug:kind>", act.paper, name="act_paper"),
    path(f"{one}act/scan/", act.scan, name="act_scan"),
    path(f"{one}close/", act.close, name="project_close"),
]
