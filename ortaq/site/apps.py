from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The installation itself: settings, addresses, the server."""

    name = "ortaq.site"
    label = "site"
