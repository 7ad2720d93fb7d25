"""The command line `ortaq law ...`: JSON out, no Django, no database.

Exit code 0 with an answer, whatever its findings; 2 with one sentence on standard error for
input that cannot be read.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from . import inputs, satisfaction, standard
from .editions import Edition, at, choice, edition, editions
from .errors import Refused
from .findings import plain
from .mci import threshold, thresholds
from .numbers import money, shown
from .standard.reading import day, entries
from .terms import due
from .text import LANGUAGES
from .wording import refused

ABOUT = "The law as data: ask for editions, due dates, thresholds, findings and outcomes."
SURVEY_EXAMPLE = """\
participant,points,applied
1,5,yes
2,4,yes
3,3,no
"""


class Parser(argparse.ArgumentParser):
    """A parser that says one sentence and not also the usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `ortaq law` with `arguments`; the exit code. Never a traceback for bad input."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    given = parser().parse_args(arguments)
    answer: Callable[[argparse.Namespace], Any] = given.answer
    try:
        print(json.dumps(answer(given), ensure_ascii=False, indent=2))
        sys.stdout.flush()
    except Refused as refusal:
        print(refusal.text.say(given.language), file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader has seen enough, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = Parser(prog="ortaq law", description=ABOUT)
    top.add_argument(
        "--language",
        choices=LANGUAGES,
        default=_language(),
        help="language of refusals (default: that of the system if it is one of these, else en)",
    )
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(
        name: str, answer: Callable[[argparse.Namespace], Any], about: str, example: str
    ) -> argparse.ArgumentParser:
        one = commands.add_parser(
            name,
            help=about,
            description=about,
            epilog=example,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        one.set_defaults(answer=answer)
        return one

    one = command(
        "editions",
        _editions,
        "List acts and their editions.",
        "examples:\n  ortaq law editions\n  ortaq law editions --act grants_rules --on 2020-05-14",
    )
    one.add_argument("--act", help="only this act")
    one.add_argument("--on", metavar="DATE", help="only the edition in force on this day")

    one = command(
        "due",
        _due,
        "Tell when a term ends.",
        "examples:\n"
        "  ortaq law due scoring --from 2020-06-15\n"
        "  ortaq law due discussion --from 2024-03-01 --edition rules_social_order/2022",
    )
    one.add_argument("term", metavar="TERM", help="key of the term, see `ortaq law editions`")
    one.add_argument("--from", dest="start", metavar="DATE", required=True, help="day of the event")
    one.add_argument("--edition", help="ACT/EDITION, or EDITION where only one act has the term")

    one = command(
        "threshold",
        _threshold,
        "Tell a threshold stated in MCI in tenge.",
        "examples:\n"
        "  ortaq law threshold prize.amount_min --on 2019-09-01\n"
        "  ortaq law threshold monitoring.expert_threshold_mci --on 2024-05-01 --amount 1900000",
    )
    one.add_argument("name", metavar="NAME", help=f"one of {', '.join(thresholds())}")
    one.add_argument("--on", metavar="DATE", required=True)
    one.add_argument("--amount", metavar="TENGE", help="compare this amount with the threshold")
    one.add_argument("--edition", help="ACT/EDITION, else the one in force on the day")

    one = command(
        "standard",
        _standard,
        "Check a service against the State Social Order Standard.",
        _examples_of_services(),
    )
    one.add_argument("file", metavar="FILE.json", help="the facts, - for standard input")
    one.add_argument("--mode", choices=standard.MODES, default="result")
    one.add_argument("--edition", help="edition of the Standard, the latest by default")

    one = command(
        "satisfaction",
        _satisfaction,
        "Measure satisfaction by the Standard's formulas and sample rules.",
        "example:\n  ortaq law satisfaction answers.csv --service training --form seminar\n\n"
        f"answers.csv (points 1 to 5, empty for no answer):\n{_indented(SURVEY_EXAMPLE)}",
    )
    one.add_argument("file", metavar="FILE.csv", help="the answers, - for standard input")
    one.add_argument("--service", required=True)
    one.add_argument("--form", default="")
    one.add_argument("--participants", metavar="NUMBER", help="all who took part")
    one.add_argument("--edition", help="edition of the Standard, the latest by default")

    one = command(
        "grant",
        lambda given: inputs.grant(inputs.read_json(given.file)).as_dict(),
        "Tell the outcome of one grant topic.",
        "Points come as full `sheets` per expert or as `totals`.\n\n"
        f"example:\n  ortaq law grant topic.json\n\ntopic.json:\n{_json(inputs.GRANT_EXAMPLE)}",
    )
    one.add_argument("file", metavar="FILE.json", help="- for standard input")

    one = command(
        "tender",
        lambda given: inputs.bids(inputs.read_json(given.file)).as_dict(),
        "Tell the outcome of a social-order tender.",
        "Prices are in tenge: whole numbers or decimal strings.\n\n"
        f"example:\n  ortaq law tender lot.json\n\nlot.json:\n{_json(inputs.TENDER_EXAMPLE)}",
    )
    one.add_argument("file", metavar="FILE.json", help="- for standard input")

    one = command(
        "prize",
        lambda given: inputs.prize(inputs.read_json(given.file)).as_dict(),
        "Tell whom the points propose for the prize of one direction, and how it is divided.",
        "The prize is in tenge. Points come as full `sheets` per scorer or as `totals`.\n\n"
        f"example:\n  ortaq law prize direction.json\n\ndirection.json:\n{_json(inputs.PRIZE_EXAMPLE)}",
    )
    one.add_argument("file", metavar="FILE.json", help="- for standard input")
    return top


# --- Answers -------------------------------------------------------------------------------------


def _editions(given: argparse.Namespace) -> Any:
    acts = dict.fromkeys(one.act for one in editions())
    if given.act is not None and given.act not in acts:
        raise refused("unknown_act", act=shown(given.act), known=", ".join(acts))
    chosen = [given.act] if given.act else list(acts)
    if given.on is None:
        return [one.as_dict() for one in editions() if one.act in chosen]
    on = day(given.on, "on")
    found = []
    for act in chosen:
        try:
            picked = choice(act, on)
        except Refused:
            if given.act:
                raise
            continue  # not every act has an edition on every day
        found.append(picked.edition.as_dict() | {"finding": picked.finding.as_dict()})
    return found


def _due(given: argparse.Namespace) -> Any:
    start = day(given.start, "from")
    having = [one for one in editions() if given.term in one.terms]
    if not having:
        known = ", ".join(dict.fromkeys(term for one in editions() for term in one.terms))
        raise refused("unknown_term", term=shown(given.term), known=known)
    if given.edition:
        picked = _named_edition(given.edition, having)
    elif len({one.act for one in having}) > 1:
        raise _ambiguous(given.term, having)
    else:
        picked = having[0] if len(having) == 1 else at(having[0].act, start)
    return due(picked.term(given.term), start).as_dict()


def _threshold(given: argparse.Namespace) -> Any:
    amount = None if given.amount is None else money(given.amount, "amount")
    rules = _named_edition(given.edition, editions()) if given.edition else None
    findings = threshold(given.name, day(given.on, "on"), amount_tiyn=amount, edition=rules)
    return [finding.as_dict() for finding in findings]


def _standard(given: argparse.Namespace) -> Any:
    data = entries(inputs.read_json(given.file), "service")
    findings = standard.check(data, mode=given.mode, edition=given.edition)
    return [finding.as_dict() for finding in findings]


def _satisfaction(given: argparse.Namespace) -> Any:
    said = given.participants
    people = None if said is None else inputs.number(said, "participants")
    rows = satisfaction.read_csv(inputs.read_text(given.file))
    measured = satisfaction.measure(
        rows,
        service=given.service,
        form=given.form,
        participants=people,
        edition=given.edition,
    )
    return plain(measured.as_dict())


def _named_edition(name: str, among: Sequence[Edition]) -> Edition:
    """The edition called "act/key", or "key" where only one act among those has it."""
    if "/" in name:
        act, key = name.split("/", 1)
        return edition(act, key)
    fitting = [one for one in among if one.key == name]
    if len(fitting) > 1:
        raise _ambiguous(name, fitting)
    if not fitting:
        known = ", ".join(f"{one.act}/{one.key}" for one in among)
        raise refused("unknown_edition", edition=shown(name), known=known)
    return fitting[0]


def _ambiguous(name: str, among: Sequence[Edition]) -> Refused:
    known = ", ".join(f"{one.act}/{one.key}" for one in among)
    return refused("ambiguous", name=shown(name), known=known)


# --- Help ----------------------------------------------------------------------------------------


def _language() -> str:
    """The system's language where it is one of ours."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return said[:2] if said[:2] in LANGUAGES else "en"


def _json(example: object) -> str:
    return _indented(json.dumps(example, ensure_ascii=False, indent=2))


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _examples_of_services() -> str:
    commands = [f"  ortaq law standard {kind}.json" for kind in standard.EXAMPLES]
    parts = ["examples:\n" + "\n".join(commands)]
    parts += [f"{kind}.json:\n{_json(example)}" for kind, example in standard.EXAMPLES.items()]
    return "\n\n".join(parts)
