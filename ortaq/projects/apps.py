from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Contracts and what is done under them."""

    name = "ortaq.projects"
    label = "projects"
