from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Who signs in, which organisations there are, and who may act for them."""

    name = "ortaq.people"
    label = "people"
