from django.apps import AppConfig
from django.core import checks


class SigningConfig(AppConfig):
    """Electronic signatures: what is signed, by whom, and how it was verified."""

    name = "ortaq.signing"
    label = "signing"

    def ready(self) -> None:
        from . import modes, verifiers

        checks.register(modes.check_setting)
        checks.register(verifiers.check_settings)
