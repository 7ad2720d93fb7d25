from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """NGO database, experts' register, affiliations, regions."""

    name = "ortaq.registry"
    label = "registry"
