from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """What other systems of the state tell us: procurement, spreadsheets of past years. Off unless configured."""

    name = "ortaq.exchange"
    label = "exchange"
