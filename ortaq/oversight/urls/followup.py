from django.urls import path

from ortaq.oversight.views import action, observation, report
from ortaq.oversight.views import request as requests

visit = "oversight/visits/<int:pk>/"
urlpatterns = [
    path(f"{visit}observations/", observation.observations, name="observations"),
    path(f"{visit}observations/<int:number>/", observation.observation, name="observation"),
    path(
        f"{visit}observations/<int:number>/take-back/",
        observation.take_back,
        name="observation_take_back",
    ),
    path(f"{visit}observations/<int:number>/photo/", observation.photo, name="observation_photo"),
    path(f"{visit}requests/", requests.requests, name="requests"),
    path(f"{visit}report/", report.report, name="visit_report"),
    path(f"{visit}report/form/", report.form_report, name="visit_report_form"),
    path(f"{visit}report/<slug:language>.<slug:kind>", report.paper, name="visit_report_paper"),
    path("oversight/requests/<int:pk>/", requests.request_page, name="request"),
    path("oversight/requests/<int:pk>/files/<int:number>/", requests.file, name="request_file"),
    path("oversight/requests/<int:pk>/<slug:step>/", requests.take, name="request_step"),
    path("oversight/actions/", action.actions, name="actions"),
    path("oversight/actions.xlsx", action.table, name="actions_table"),
    path("oversight/actions/<int:pk>/", action.action, name="action"),
    path("oversight/actions/<int:pk>/proof/", action.proof, name="action_proof"),
    path("oversight/actions/<int:pk>/<slug:step>/", action.take, name="action_step"),
    path("oversight/for/<int:pk>/", requests.asked_of_ngo, name="asked_of_ngo"),
]
