from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GazetteConfig(AppConfig):
    """Everything that is public, one row each, in the order in which it became so."""

    name = "ortaq.gazette"
    label = "gazette"

    def ready(self) -> None:
        from ortaq.core import journal
        from ortaq.faces.public import marks

        from . import index
        from .keeping import note
        from .queries import watermark

        journal.followers.append(note)
        post_migrate.connect(index.make, sender=self)
        marks["gazette"] = watermark
