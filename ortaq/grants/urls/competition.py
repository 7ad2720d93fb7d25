from django.urls import path

from ortaq.grants.views import competition as views
from ortaq.grants.views import question

urlpatterns = [
    path("competitions/", views.competitions, name="competitions"),
    path("competitions/new/", views.choose_version, name="competition_new"),
    path("competitions/new/<int:pk>/", views.new, name="competition_from"),
    path("competitions/<int:pk>/", views.competition, name="competition"),
    path("competitions/<int:pk>/manage/", views.manage, name="competition_manage"),
    path("competitions/<int:pk>/edit/", views.edit, name="competition_edit"),
    path("competitions/<int:pk>/topics/", views.topics, name="competition_topics"),
    path("competitions/<int:pk>/discard/", views.discard, name="competition_discard"),
    path("competitions/<int:pk>/extend/", views.extend, name="competition_extend"),
    path("competitions/<int:pk>/repeat/", views.repeat, name="competition_repeat"),
    path("competitions/<int:pk>/questions/", question.ask, name="question_ask"),
    path("competitions/<int:pk>/step/<slug:step>/", views.take, name="competition_step"),
    path(
        "competitions/<int:pk>/forms/<slug:form>.<slug:language>.<slug:kind>",
        views.blank_form,
        name="blank_form",
    ),
    path("competitions/lots/<int:pk>/", views.lot, name="lot"),
    path("competitions/decisions/<int:pk>/", views.decision, name="competition_decision"),
    path("competitions/questions/<int:pk>/", question.answer, name="question_answer"),
]
