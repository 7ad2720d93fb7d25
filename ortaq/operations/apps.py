from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """What keeps an installation alive: its console, health, copies and their return, checks of everything."""

    name = "ortaq.operations"
    label = "operations"
