# ruff: noqa: INP001, T201 a script that prints, beside its data and outside the package
"""Seed `calendar_kz.toml` from the `holidays` library: `python seed_calendar.py 2018 2027`.

Prints the table. The library is right on holidays, on the days off that follow from the
Labour Code and on most moved days; it is not the law. What it only estimates, what a
Government resolution moved and all from the year of UNCONFIRMED_FROM on is marked unconfirmed. Run it
into a new file and compare: rows in the shipped table may have been corrected by hand.
"""

import re
import sys
from datetime import date

import holidays

UNCONFIRMED_FROM = 2026
# Library's English name -> our key; keys are written out in the table's [names].
KEYS = {
    "New Year's Day": "new_year",
    "Orthodox Christmas": "christmas",
    "International Women's Day": "womens_day",
    "Nowruz Holiday": "nauryz",
    "Kazakhstan's People Solidarity Holiday": "unity_day",
    "Defender of the Fatherland Day": "defenders_day",
    "Victory Day": "victory_day",
    "Capital Day": "capital_day",
    "Constitution Day": "constitution_day",
    "Republic Day": "republic_day",
    "First President Day": "first_president_day",
    "Independence Day": "independence_day",
    "Eid al-Adha": "kurban_ait",
}
DAYS_OFF_BY_LAW = {"christmas", "kurban_ait"}  # days off, not holidays: never carried over


def row(day: date, kind: str, name: str, source: str, *, confirmed: bool) -> str:
    sure = "true" if confirmed and day.year < UNCONFIRMED_FROM else "false"
    return (
        f"{{ date = {day}, kind = {kind!r}, name = {name!r}, source = {source!r}, "
        f"confirmed = {sure} }}"
    ).replace("'", '"')


def main(first: int, last: int) -> None:
    table = holidays.country_holidays("KZ", years=range(first, last + 1), language="en_US")
    rows = {}
    for day, name in table.items():
        if moved := re.fullmatch(r"Day off \(substituted from (\d\d)/(\d\d)/(\d{4})\)", name):
            month, number, year = map(int, moved.groups())
            origin = date(year, month, number)
            source = f"resolution_{day.year}"
            rows[day] = row(day, "day_off", "moved_day_off", source, confirmed=False)
            rows[origin] = row(origin, "working_day", "worked_for", source, confirmed=False)
            continue
        plain = re.sub(r" \((observed|estimated)\)", "", name)
        key = KEYS[plain]
        if "(observed)" in name:
            rows[day] = row(day, "day_off", "carried_over", "labour_code", confirmed=True)
        else:
            kind = "day_off" if key in DAYS_OFF_BY_LAW else "holiday"
            sure = "(estimated)" not in name
            rows[day] = row(day, kind, key, "law_on_holidays", confirmed=sure)
    print("day = [")
    for day in sorted(rows):
        print(f"    {rows[day]},")
    print("]")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
