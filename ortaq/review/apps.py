from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Panels, conflicts of interest, score sheets, meetings: shared by every commission."""

    name = "ortaq.review"
    label = "review"
