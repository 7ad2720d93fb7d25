from django.apps import AppConfig


class ChaosConfig(AppConfig):
    """Puts the points at which a process falls into the program."""

    name = "ortaq.testing.chaos"
    label = "chaos"

    def ready(self) -> None:
        from . import falling

        falling.install()
