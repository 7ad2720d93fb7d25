"""Whether everything that was acknowledged is there, once and unchanged, and nothing that must hold is broken.

In a process of its own, on the database and the files as they lie: it knows nothing of what the server holds in memory.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from ortaq.core.models import JournalEntry, Letter  # noqa: E402
from ortaq.grants.models import Application, Attachment, Competition, Receipt  # noqa: E402
from ortaq.operations import checks  # noqa: E402
from ortaq.review.models import ScoreSheet  # noqa: E402
from ortaq.tenders.models import Bid, BidFile, BidReceipt  # noqa: E402


def proved(told: dict[str, Any], *, quick: bool) -> dict[str, Any]:
    """What is lost, what is there twice, what is broken."""
    lost: list[str] = []
    double: list[str] = []
    for key, said in told["receipts"].items():
        _receipt(key, said, lost, double)
    for key, digests in told["files"].items():
        there = Counter(_files(key))
        lost += [f"{key} file {one[:8]}" for one in digests if one not in there]
        double += [f"{key} file {one[:8]} ×{number}" for one, number in there.items() if number > 1]
    for key, comment in told["saved"].items():
        sheet = _sheet(key)
        if sheet is None or not any(comment == m["comment"].strip() for m in sheet.marks.values()):
            lost.append(f"{key} comment")
    lost += [
        f"{key} signature"
        for key in told["signed"]
        if (s := _sheet(key)) is None or s.state != "signed"
    ]
    for key in told["published"]:
        competition = Competition.objects.get(pk=key.split(":")[1])
        if competition.state != Competition.State.PUBLISHED:
            lost.append(f"{key} publication")
        steps = JournalEntry.objects.filter(
            subject=f"grants.competition:{competition.pk}", step="publish"
        )
        if steps.count() > 1:
            double.append(f"{key} publication")
    for key in told["late"]:
        kind, pk = key.split(":")
        model: Any = Receipt if kind == "application" else BidReceipt
        if model.objects.filter(**{f"{kind}": pk}).exists():
            double.append(f"{key} was told that it is late and has a receipt")
    letters = Counter(Letter.objects.values_list("subject", "kind", "address"))
    double += [f"letter {one}" for one, number in letters.items() if number > 1]
    return {"lost": lost, "double": double, "faults": _faults(quick=quick)}


def _receipt(key: str, said: str, lost: list[str], double: list[str]) -> None:
    kind, number = key.split(":")
    pk = int(number)
    if kind == "application":
        numbers = list(Receipt.objects.filter(application=pk).values_list("number", flat=True))
        state = Application.objects.values_list("state", flat=True).get(pk=pk)
    else:
        numbers = list(BidReceipt.objects.filter(bid=pk).values_list("number", flat=True))
        state = Bid.objects.values_list("state", flat=True).get(pk=pk)
    if not any(number in said for number in numbers) or state in ("draft", "withdrawn"):
        lost.append(f"{key} receipt")
    if len(numbers) > 1:
        double.append(f"{key} receipt")


def _files(key: str) -> list[str]:
    kind, number = key.split(":")
    pk = int(number)
    if kind == "application":
        rows = Attachment.objects.filter(application=pk, removed_at=None, kind="other")
        return list(rows.values_list("file__sha256", flat=True))
    return list(BidFile.objects.filter(bid=pk).values_list("sha256", flat=True))


def _sheet(key: str) -> ScoreSheet | None:
    dossier, person = key.split(":")[1].split("@")
    return ScoreSheet.objects.filter(dossier=int(dossier), seat__person=int(person)).first()


def _faults(*, quick: bool) -> list[str]:
    """What both of two looks see: what a step was just doing between them is no fault."""
    found = {str(fault) for fault in checks.every(quick=quick) if not fault.remark}
    if found:
        time.sleep(1)
        found &= {str(fault) for fault in checks.every(quick=quick) if not fault.remark}
    return sorted(found)


def main() -> None:
    """One question a line, the path of a ledger and perhaps "quick"; one answer a line."""
    for line in sys.stdin:
        path, _space, how = line.strip().partition(" ")
        connection.close()  # the database may have been gone meanwhile
        answer = proved(json.loads(Path(path).read_text()), quick=how == "quick")
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
