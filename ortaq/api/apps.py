from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The API: public reading, and an organisation's own data behind a token."""

    name = "ortaq.api"
    label = "api"
