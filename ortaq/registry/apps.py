from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """NGO database, experts' register, affiliations."""

    name = "ortaq.registry"
    label = "registry"
