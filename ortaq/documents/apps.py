from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Legal forms as data, and their renderers: html, docx, xlsx, pdf."""

    name = "ortaq.documents"
    label = "documents"
