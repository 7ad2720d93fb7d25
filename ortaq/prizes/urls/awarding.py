"""Addresses from the scoring to the archive of recipients."""

from django.urls import path

from ortaq.prizes.views import awarding, judging, laureates

urlpatterns = [
    path("prizes/laureates/", laureates.laureates, name="laureates"),
    path("prizes/<int:year>/results/", laureates.results, name="results"),
    path("prizes/<int:year>/scoring/", judging.scoring_page, name="scoring"),
    path("prizes/<int:year>/scoring/people/<slug:step>/", judging.name, name="name_scorers"),
    path("prizes/<int:year>/scoring/steps/<slug:step>/", judging.go_on, name="go_on"),
    path(
        "prizes/<int:year>/scoring/conflicts/<int:organisation>/",
        judging.discover,
        name="discover",
    ),
    path("prizes/scored/<int:pk>/", judging.scored, name="scored"),
    path("prizes/scored/<int:pk>/content/", judging.content, name="scored_content"),
    path("prizes/<int:year>/decisions/", awarding.decisions, name="decisions"),
    path("prizes/<int:year>/decisions/<int:direction>/", awarding.decision, name="decision"),
    path(
        "prizes/<int:year>/protocol.<slug:language>.<slug:kind>",
        awarding.protocol,
        name="protocol",
    ),
    path("prizes/<int:year>/awards/", awarding.awards, name="awards"),
    path("prizes/awards/<int:pk>/", awarding.award, name="award"),
    path("prizes/awards/<int:pk>/diploma.<slug:language>.pdf", awarding.diploma, name="diploma"),
    path("prizes/awards/<int:pk>/<slug:step>/", awarding.record, name="record_award"),
]
