"""What came of it: the counts of one phase, and the process that proves what was acknowledged."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field

from ortaq.testing.chaos.clients import Crowd
from ortaq.testing.chaos.house import House

COUNTED = ("lost", "double", "faults")


@dataclass
class Tally:
    """What a phase came to."""

    kills: int = 0
    exact: int = 0
    acknowledged: int = 0
    retried: int = 0
    looks: int = 0
    lost: set[str] = field(default_factory=set)
    double: set[str] = field(default_factory=set)
    faults: set[str] = field(default_factory=set)
    differing: list[str] = field(default_factory=list)
    recovered: list[float] = field(default_factory=list)
    broken: dict[int, int] = field(default_factory=dict)

    def take(self, crowd: Crowd) -> None:
        ledger = crowd.ledger
        self.acknowledged += ledger.acknowledged
        self.retried += ledger.retried
        self.differing += ledger.differing
        for status, number in ledger.broken.items():
            self.broken[status] = self.broken.get(status, 0) + number

    @property
    def bad(self) -> bool:
        return bool(self.lost or self.double or self.faults or self.differing)

    def line(self, name: str) -> str:
        back = sorted(self.recovered) or [0.0]
        status = ", ".join(f"{n}×{code}" for code, n in sorted(self.broken.items())) or "none"
        return (
            f"| {name} | {self.kills} ({self.exact} at exact points) | {self.acknowledged} | {self.retried} "
            f"| {len(self.lost)} | {len(self.double)} | {len(self.faults)} | {len(self.differing)} "
            f"| {back[len(back) // 2]:.1f} / {back[-1]:.1f} s | {status} |"
        )


HEAD = (
    "| phase | kills | acknowledged | sent again | lost | double | faults | other receipt | back after (median / most) "
    "| answers ≥ 500 |\n|---|---|---|---|---|---|---|---|---|---|"
)


class Proof:
    """The process that looks at what lies in the database and the store."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ortaq.testing.chaos.proof"],
            env=house.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def look(self, crowd: Crowd, tally: Tally, known: set[str], *, quick: bool) -> None:
        """Everything acknowledged is there once; no fault but those `known`, with which the scene began."""
        ledger = crowd.ledger
        path = self.house.var / "ledger.json"
        told = {
            "receipts": ledger.receipts,
            "files": {key: sorted(ones) for key, ones in ledger.files.items()},
            "saved": ledger.saved,
            "signed": sorted(ledger.signed),
            "published": sorted(ledger.published),
            "late": sorted(ledger.late),
        }
        path.write_text(json.dumps(told))
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{path} {'quick' if quick else ''}\n")
        self.process.stdin.flush()
        found = json.loads(self.process.stdout.readline() or "{}")
        if not found:
            raise SystemExit("Whoever looks after what was acknowledged fell itself.")
        tally.looks += 1
        tally.lost |= set(found["lost"])
        tally.double |= set(found["double"])
        tally.faults |= set(found["faults"]) - known
        self.known = set(found["faults"])

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
