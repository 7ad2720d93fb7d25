"""Addresses of the prize of a year."""

from django.urls import path

from ortaq.prizes.views import desk
from ortaq.prizes.views import round as rounds

urlpatterns = [
    path("prizes/", rounds.rounds, name="rounds"),
    path("prizes/new/", desk.new, name="round_new"),
    path("prizes/<int:year>/", rounds.page, name="round"),
    path("prizes/<int:year>/applicants/", rounds.applicants, name="applicants"),
    path("prizes/<int:year>/desk/", desk.desk, name="desk"),
    path("prizes/<int:year>/texts/", desk.texts, name="round_texts"),
    path("prizes/<int:year>/directions/", desk.directions, name="round_directions"),
    path("prizes/<int:year>/discard/", desk.discard, name="round_discard"),
    path("prizes/<int:year>/deliveries/new/", desk.deliver, name="deliver"),
    path("prizes/<int:year>/steps/<slug:name>/", desk.step, name="round_step"),
]
