from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    """Subscriptions by e-mail, Atom and iCal."""

    name = "ortaq.subscriptions"
    label = "subscriptions"
