from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FacesConfig(AppConfig):
    name = "ortaq.faces"
    verbose_name = _("Pages and their parts")
