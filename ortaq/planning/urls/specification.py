from django.urls import path

from ortaq.planning.views import budget, service, specification

topic = "social-order/topics/<int:pk>/"
one = "specifications/<int:pk>/"
urlpatterns = [
    path(f"{topic}specifications/", specification.versions, name="specifications"),
    path(one, specification.page, name="specification"),
    path(f"{one}edit/", specification.edit, name="specification_edit"),
    path(f"{one}indicators/", specification.indicators, name="specification_indicators"),
    path(f"{one}step/<slug:step>/", specification.take, name="specification_step"),
    path(f"{one}services/", service.choose, name="service_choose"),
    path(f"{one}services/<slug:kind>/", service.new, name="service_new"),
    path(f"{one}services/<slug:kind>/check/", service.check, name="service_check"),
    path("services/<int:pk>/", service.edit, name="service"),
    path("services/<int:pk>/move/", service.move, name="service_move"),
    path("services/<int:pk>/remove/", service.remove, name="service_remove"),
    path(
        f"{one}<slug:name>.<slug:language>.<slug:kind>",
        specification.paper,
        name="specification_paper",
    ),
    path("social-order/<int:pk>/budget/", budget.page, name="budget"),
    path("social-order/<int:pk>/budget/<slug:step>/", budget.take, name="budget_step"),
    path(f"{topic}budget-request/", budget.edit, name="budget_request"),
    path(
        f"{topic}budget-request.<slug:language>.<slug:kind>",
        budget.paper,
        name="budget_request_paper",
    ),
]
