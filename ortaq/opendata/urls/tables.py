"""The addresses of tables, lists, archives, changes and of what results are recalculated from."""

from __future__ import annotations

from datetime import date

from django.urls import URLPattern, path, register_converter

from ortaq.opendata.views import archive, changes, recalculation, tables


class Day:
    """2026-11-21; anything else is no address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


register_converter(Day, "day")
DATA = "open-data/"
AGAIN = f"{DATA}recalculate/"

urlpatterns: list[URLPattern] = [
    path(DATA, tables.index, name="index"),
    path(f"{DATA}datapackage.json", tables.data_package, name="data_package"),
    path(f"{DATA}tables/<slug:slug>/", tables.table, name="table"),
    path(f"{DATA}tables/<slug:slug>.<slug:kind>", tables.table_rows, name="table_rows"),
    path(f"{DATA}codelists/<slug:slug>.<slug:kind>", tables.codelist, name="codelist"),
    path(f"{DATA}all.zip", archive.everything, name="everything"),
    path(f"{DATA}daily/ortaq-<day:day>.zip", archive.daily, name="daily"),
    path(f"{DATA}daily/ortaq-<day:day>.zip.sha256", archive.checksum, name="checksum"),
    path(f"{DATA}changes/", changes.changes, name="changes"),
    path(AGAIN, recalculation.index, name="recalculation"),
    path(f"{AGAIN}grant/<int:pk>/", recalculation.grant, name="recalculate_grant"),
    path(f"{AGAIN}grant/<int:pk>.json", recalculation.grant_file, name="recalculate_grant_file"),
    path(f"{AGAIN}tender/<int:pk>/", recalculation.tender, name="recalculate_tender"),
    path(f"{AGAIN}tender/<int:pk>.json", recalculation.tender_file, name="recalculate_tender_file"),
]
