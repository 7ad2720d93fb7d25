"""The addresses of the room, by what is exported."""

from . import standards, tables

app_name = "opendata"
urlpatterns = [*tables.urlpatterns, *standards.urlpatterns]
