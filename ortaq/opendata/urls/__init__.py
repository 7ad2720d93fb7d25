"""The addresses of the room, by what is exported."""

from . import standards

app_name = "opendata"
urlpatterns = [*standards.urlpatterns]
