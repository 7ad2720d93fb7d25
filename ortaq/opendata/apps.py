from django.apps import AppConfig


class OpendataConfig(AppConfig):
    """Open data: tables with a dictionary, OCDS, 360Giving, what a result is recalculated from."""

    name = "ortaq.opendata"
    label = "opendata"

    def ready(self) -> None:
        from . import work  # noqa: F401 - registers what takes long
