from django.apps import AppConfig


class PrizesConfig(AppConfig):
    """Prizes for NGOs: the round of a year from the announcement to the diploma."""

    name = "ortaq.prizes"
    label = "prizes"
