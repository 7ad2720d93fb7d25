"""The entry point of a web server."""

import os

from django.core.wsgi import get_wsgi_application

from ortaq.site.whole import whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ortaq.site.settings")

application = whole_bodies(get_wsgi_application())
