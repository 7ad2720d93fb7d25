"""Files that the command line reads: exact JSON, and what it means to grants, tenders and prizes.

Numbers stay exact (`Decimal`), a key may stand once, depth and size are bounded; whatever is
not as it should be is `Refused` with one sentence.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from . import grants, prizes, tender
from .editions import Edition, edition
from .numbers import count, money, shown, whole
from .rubric import Rubric
from .standard.reading import entries, flag, items, known_only
from .wording import refused

LARGEST_FILE_MB = 16
LONGEST_NUMBER = 60

GRANT_EXAMPLE = {
    "edition": "2020",
    "local_budget": False,
    "applications": [
        {
            "id": "A-1",
            "admitted": True,
            "sheets": {
                "erlan": {
                    "S1_capacity": 4,
                    "S2_specialists": 3,
                    "S3_content": 6,
                    "S4_results": 4,
                    "S5_budget_terms": 4,
                },
                "zhanar": {
                    "S1_capacity": 3,
                    "S2_specialists": 2,
                    "S3_content": 5,
                    "S4_results": 4,
                    "S5_budget_terms": 3,
                },
            },
        },
        {"id": "A-2", "admitted": True, "totals": [15, 12]},
        {"id": "A-3", "admitted": False},
    ],
    "tie_winner": None,
}
TENDER_EXAMPLE = {
    "edition": "2019",
    "allocated": "10000000",
    "single_bid": "winner",
    "bids": [
        {
            "id": "A",
            "scores": {"C1": 1, "C2": 1, "C3": 3, "C4": 1, "C5": 1, "C6": 2},
            "price": "9000000",
            "market_experience_days": 400,
        },
        {
            "id": "B",
            "scores": {"C1": 1, "C2": 1, "C3": 3, "C4": 2, "C5": 1, "C6": 2},
            "price": "9900000.50",
        },
    ],
    "tie_winner": None,
}
PRIZE_EXAMPLE = {
    "edition": "2018",
    "prize": "6000000",
    "nominees": [
        {
            "id": "A",
            "sheets": {
                "erlan": {"contribution": 5, "experience": 4, "innovation": 3},
                "zhanar": {"contribution": 4, "experience": 4, "innovation": 4},
            },
        },
        {"id": "B", "totals": [12, 10]},
    ],
}


def read_text(name: str) -> str:
    """The text of the file `name`, "-" for standard input."""
    most = LARGEST_FILE_MB * 2**20
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(most + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(most + 1)
    except (OSError, ValueError):  # a name with a NUL is a ValueError
        raise refused("no_file", file=shown(name)) from None
    if len(raw) > most:
        raise refused("big_file", file=shown(name), most=LARGEST_FILE_MB)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused("not_utf8", file=shown(name)) from None


def read_json(name: str) -> Any:
    """The JSON of the file `name`, every number exact."""
    text = read_text(name)
    try:
        return json.loads(
            text,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_no_number,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as fault:
        raise refused("bad_json", file=shown(name), line=fault.lineno, column=fault.colno) from None
    except RecursionError:
        raise refused("json_too_deep", file=shown(name)) from None


def number(written: str, name: str) -> int:
    """A whole number from the command line."""
    if not re.fullmatch(r"[0-9]{1,18}", written):
        raise refused("not_whole", name=name, value=shown(written))
    return int(written)


def grant(data: object) -> grants.Result:
    """The outcome of a topic from JSON as in `GRANT_EXAMPLE`."""
    given = entries(data, "grant")
    known_only(given, ("edition", "local_budget", "applications", "tie_winner"), "grant")
    rules = _edition("grants_rules", given, "2020")
    local_budget = flag(given.get("local_budget", False), "local_budget")
    conditions = [grants.LOCAL_BUDGET] if local_budget else []
    rubric = rules.rubric(grants.RUBRIC).given(*conditions)
    candidates = []
    for number, item in enumerate(items(given.get("applications"), "applications"), start=1):
        row = entries(item, f"applications[{number}]")
        known_only(row, ("id", "admitted", "sheets", "totals"), f"applications[{number}]")
        key = _word(row, "id", f"applications[{number}].id")
        totals = _totals(rubric, row, key)
        admitted = flag(_there(row, "admitted", f"{shown(key)}.admitted"), f"{shown(key)}.admitted")
        candidates.append(grants.Candidate(key, admitted, tuple(totals)))
    return grants.outcome(
        rules, candidates, local_budget=local_budget, tie_winner=_word_or_none(given, "tie_winner")
    )


def bids(data: object) -> tender.Result:
    """The outcome of a tender from JSON as in `TENDER_EXAMPLE`; prices are in tenge."""
    given = entries(data, "tender")
    asked = ("edition", "allocated", "bids", "single_bid", "above_allocated", "tie_winner")
    known_only(given, asked, "tender")
    rules = _edition("tender_scoring", given, "2019")
    found = []
    for number, item in enumerate(items(given.get("bids"), "bids"), start=1):
        name = f"bids[{number}]"
        row = entries(item, name)
        known_only(row, ("id", "scores", "price", "market_experience_days", "eligible"), name)
        key = _word(row, "id", f"{name}.id")
        scores = entries(row.get("scores", {}), f"{shown(key)}.scores")
        experience = row.get("market_experience_days")
        found.append(
            tender.Bid(
                key=key,
                price_tiyn=money(_there(row, "price", f"{name}.price"), f"{shown(key)}.price"),
                scores={
                    shown(criterion): whole(points, f"{shown(key)}.scores.{shown(criterion)}")
                    for criterion, points in scores.items()
                },
                market_experience_days=None
                if experience is None
                else count(experience, f"{shown(key)}.market_experience_days"),
                eligible=flag(row.get("eligible", True), f"{shown(key)}.eligible"),
            )
        )
    return tender.decide(
        rules,
        found,
        allocated_tiyn=money(_there(given, "allocated", "allocated"), "allocated"),
        single_bid=_word_or_none(given, "single_bid"),
        above_allocated=_word_or_none(given, "above_allocated"),
        tie_winner=_word_or_none(given, "tie_winner"),
    )


def prize(data: object) -> prizes.Result:
    """What is proposed for the prize of one direction, from JSON as in `PRIZE_EXAMPLE`; the prize is in tenge."""
    given = entries(data, "prize")
    known_only(given, ("edition", "prize", "nominees"), "prize")
    rules = _edition("prizes_rules", given, "2018")
    rubric = rules.rubric(prizes.RUBRIC)
    nominees = []
    for number, item in enumerate(items(given.get("nominees"), "nominees"), start=1):
        row = entries(item, f"nominees[{number}]")
        known_only(row, ("id", "sheets", "totals"), f"nominees[{number}]")
        key = _word(row, "id", f"nominees[{number}].id")
        nominees.append(prizes.Nominee(key, tuple(_totals(rubric, row, key))))
    amount = money(_there(given, "prize", "prize"), "prize")
    return prizes.propose(rules, nominees, prize_tiyn=amount)


def _totals(rubric: Rubric, row: Mapping[str, Any], key: str) -> list[int]:
    """One total for each scorer: out of full sheets or as given."""
    if "sheets" in row and "totals" in row:
        raise refused("sheets_and_totals", key=shown(key))
    sheets = entries(row.get("sheets", {}), f"{shown(key)}.sheets")
    totals = [
        rubric.total(entries(sheet, f"{shown(key)}.sheets.{shown(expert)}"))
        for expert, sheet in sheets.items()
    ]
    return totals + [
        count(total, f"{shown(key)}.totals")
        for total in items(row.get("totals", []), f"{shown(key)}.totals")
    ]


def _edition(act: str, given: Mapping[str, Any], usual: str) -> Edition:
    return edition(act, _word(given, "edition", "edition") if "edition" in given else usual)


def _there(row: Mapping[str, Any], key: str, name: str) -> Any:
    if key not in row:
        raise refused("missing", name=name)
    return row[key]


def _word(row: Mapping[str, Any], key: str, name: str) -> str:
    value = _there(row, key, name)
    if not isinstance(value, str) or not value.strip():
        raise refused("not_text", name=name, value=shown(value))
    return value


def _word_or_none(row: Mapping[str, Any], key: str) -> str | None:
    return None if row.get(key) is None else _word(row, key, key)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise refused("json_key_twice", key=shown(key))
        found[key] = value
    return found


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        _no_number(digits)
    return int(digits)


def _decimal(digits: str) -> Decimal:
    try:
        number = Decimal(digits)
    except InvalidOperation:
        _no_number(digits)
    # 1e999999999 is ten characters here and a thousand million digits later.
    if len(digits) > LONGEST_NUMBER or abs(number.adjusted()) > LONGEST_NUMBER:
        _no_number(digits)
    return number


def _no_number(digits: str) -> Any:
    raise refused("json_number", value=shown(digits))
