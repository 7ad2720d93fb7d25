from django.apps import AppConfig


class GazetteConfig(AppConfig):
    """Everything that is public, one row each, in the order in which it became so."""

    name = "ortaq.gazette"
    label = "gazette"

    def ready(self) -> None:
        from ortaq.core import journal
        from ortaq.faces.public import marks

        from .keeping import note
        from .queries import watermark

        journal.followers.append(note)
        marks["gazette"] = watermark
