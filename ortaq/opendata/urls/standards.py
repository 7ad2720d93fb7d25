"""The addresses of the exports that follow a standard."""

from __future__ import annotations

from django.urls import URLPattern, path

from ortaq.opendata.giving import views as giving
from ortaq.opendata.ocds import views as ocds
from ortaq.opendata.views import standards

OCDS, GIVING = "open-data/ocds/", "open-data/360giving/"
urlpatterns: list[URLPattern] = [
    path("open-data/standards/", standards.standards, name="standards"),
    path(f"{OCDS}releases.json", ocds.releases, name="ocds_releases"),
    path(f"{OCDS}releases.jsonl", ocds.release_lines, name="ocds_lines"),
    path(f"{OCDS}releases/<int:year>.json", ocds.releases, name="ocds_year"),
    path(f"{OCDS}releases/<int:year>.jsonl", ocds.release_lines, name="ocds_year_lines"),
    path(f"{OCDS}records.json", ocds.records, name="ocds_records"),
    path(f"{OCDS}<slug:ocid>/", ocds.process, name="ocds_process"),
    path(f"{GIVING}grants.json", giving.all_grants, name="giving"),
    path(f"{GIVING}<int:year>.json", giving.all_grants, name="giving_year"),
]
