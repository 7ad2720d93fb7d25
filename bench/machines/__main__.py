"""A site on eight hosts, each a network namespace of this machine, and what may happen to it.

    python -m bench.machines [--ngos 30] [--keep]

A proxy (nginx), two web hosts, two workers, PostgreSQL with a streaming replica, a store of files as S3 has them; set up with
the files of `deploy/`. It signs in and hands in through both web hosts, reads public pages while the replica is behind, counts
limits over hosts, kills a host in the midst of submissions, loses the replica, changes the release host by host, lets two
workers open a tender, and prints what was proved, with figures. Needs root; ends with an error when anything does not
hold.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench import nginx
from bench.machines import net
from bench.machines.house import NAME, PASSWORD, ROOT, TOKEN_LIMIT, House, asked, until
from bench.machines.person import Ngo, Person, hosts_of
from ortaq.testing import postgres

TOGETHER = 6  # NGOs that hand in at the same time
# What `bench.machines.seed` puts there without steps, and the check rightly names.
WRITTEN_PAST = (
    "planning.formation:1: ",
    "planning.specification:1: ",
    "tenders.tender:1: a step is missing: “open” left “announced”",
)
LAG = 5  # seconds, the default of ORTAQ_REPLICA_LAG


class Trial:
    """The installation and what was proved of it."""

    def __init__(self, house: House, ngos: int) -> None:
        self.house, self.number = house, ngos
        self.rows: list[tuple[str, str]] = []
        self.seeded: dict[str, Any] = {}
        self.ngos: list[Ngo] = []

    def proved(self, what: str, figures: str) -> None:
        self.rows.append((what, figures))
        print(f"  proved: {what}: {figures}", flush=True)

    def hold(self, true: object, what: str) -> None:
        if not true:
            raise SystemExit(what)

    def person(self, **more: Any) -> Person:
        return Person(
            self.house.hosts["proxy"].address,
            self.house.var / "nginx" / f"{NAME}.pem",
            csrf=self.seeded.get("csrf", "csrftoken"),
            **more,
        )

    def by(self, person: Person) -> list[str]:
        """The hosts that answered a person's requests."""
        names = {host.address: name for name, host in self.house.hosts.items()}
        time.sleep(0.2)
        found = hosts_of(self.house.var / "log" / "ortaq.log", person.heard)
        return [names.get(address, "") for address in found]

    # --- Setting up ---------------------------------------------------------------------------------

    def set_up(self) -> None:
        house, began = self.house, time.perf_counter()
        house.release["first"] = ROOT
        house.databases()
        house.store()
        house.ortaq("web1", "ortaq", "migrate", "--verbosity", "0", release="first")
        house.ortaq(
            "web1", "ortaq", "collectstatic", "--noinput", "--verbosity", "0", release="first"
        )
        self.seeded = house.seed("begin", str(self.number))
        # Rows that were written past the steps are published as by night.
        house.ortaq("web1", "ortaq", "gazette", "--all", release="first")
        told = house.proxy()
        starts = [house.web(name, "first") for name in ("web1", "web2")]
        for name in ("work1", "work2"):
            house.worker(name, "first")
        self.ngos = [
            Ngo(self.person(cookies=dict([one["cookie"].split("=", 1)])), one["bid"])
            for one in self.seeded["ngos"]
        ]
        until(lambda: self.lag() == "0", "the replica has everything")
        self.proved("Set up by deploy/", f"`nginx -t`: {told}; {time.perf_counter() - began:.0f} s; "
                    f"a web host is ready {max(starts):.1f} s after its start")  # fmt: skip

    def lag(self) -> str:
        """Bytes by which the replica is behind."""
        ends = self.house.sql("primary", "SELECT pg_current_wal_lsn()")
        return self.house.sql(
            "replica", f"SELECT greatest(0, '{ends}'::pg_lsn - pg_last_wal_replay_lsn())"
        )

    # --- A person -----------------------------------------------------------------------------------

    def journey(self) -> None:
        aliya, first = self.person(), self.seeded["ngos"][0]
        answer = aliya.get("/account/login/")
        self.hold(answer.status == 200, f"the page of the sign-in: {answer.status}")
        answer = aliya.post("/account/login/", login=first["email"], password=PASSWORD)
        self.hold(answer.status == 302, f"the sign-in: {answer.status} {answer.text[:500]}")
        self.hold(aliya.get("/desk/").status == 200, "the desk")
        ngo = Ngo(aliya, first["bid"])
        ngo.hand_in()
        self.ngos[0] = ngo
        self.hold(ngo.taken, "Aliya's bid is taken")
        page = aliya.get(f"/bids/{first['bid']}/receipt/")
        self.hold(page.status == 200, f"the receipt: {page.status}")
        hosts = self.by(aliya)
        self.hold({"web1", "web2"} <= set(hosts), f"both hosts answered: {hosts}")
        self.proved("A session lives on both hosts: sign-in, desk, upload, submission, receipt",
                    f"answered by {' → '.join(hosts)}; the file lies in the S3 store")  # fmt: skip

    # --- The replica --------------------------------------------------------------------------------

    def replica(self) -> None:
        house, feed = self.house, "/api/v1/publications/?limit=50"
        reader, aliya = self.person(), self.ngos[0].person
        house.seed("publish", "alpha")
        until(lambda: "alpha" in reader.get(feed).text, "what was published is on the replica", 30)
        before = int(
            house.sql("replica", "SELECT count(*) FROM pg_stat_activity WHERE usename = 'ortaq'")
        )
        self.hold(before > 0, "the web hosts read from the replica")
        began = time.perf_counter()
        house.seed("publish", "beta")
        seen = until(lambda: "beta" in reader.get(feed).text, "a change reaches readers", 30)
        took = time.perf_counter() - began
        self.proved("Public pages are read from the replica and follow", f"connections of the web "
                    f"hosts to it: {before}; a change was seen {seen:.1f} s after its commit ({took:.1f} s with its making)")  # fmt: skip
        with ThreadPoolExecutor(1) as aside:
            publishing = aside.submit(house.seed, "publish", "gamma", str(house.var / "shared"))
            until((house.var / "shared" / "ready").exists, "a step that waits for its moment")
            house.sql("replica", "SELECT pg_wal_replay_pause()")
            (house.var / "shared" / "go").touch()
            found = quote("/search/?q=заказ", safe="/?=")
            began, stale, own = time.perf_counter(), 0, 0.0
            while "gamma" not in reader.get(found).text:
                if own:
                    stale += 1
                elif "gamma" in aliya.get(found).text:
                    own = time.perf_counter()
                self.hold(time.perf_counter() - began < 60, "the primary answers instead")
            since = time.perf_counter() - (own or time.perf_counter())
            publishing.result()
        self.hold("gamma" in aliya.get(found).text, "who has a session reads the primary")
        # Kept ready from the replica's state, a page must not come back once the primary has said more.
        answers = [reader.get(found).text for _ in range(10)]
        self.hold(all("gamma" in text for text in answers), "a stale page does not come back")
        house.sql("replica", "SELECT pg_wal_replay_resume()")
        until(lambda: self.lag() == "0", "the replica has caught up")
        time.sleep(2)
        self.hold("gamma" in reader.get(feed).text, "after it has caught up")
        self.hold(since < LAG + 3, f"a reader without a session waited {since:.1f} s")
        self.proved("A replica that stands still", f"whoever has a session saw a change at once; others saw the page before for "
                    f"{max(0.0, since):.1f} s more ({stale} times; limit {LAG} s), then the primary's; none of 10 later answers was the old page")  # fmt: skip

    def replica_lost(self) -> None:
        house, reader = self.house, self.person()
        house.hosts["replica"].cable(plugged=False)
        answers = []
        for _ in range(40):
            answers.append(reader.get("/api/v1/publications/?limit=50&year=2024"))
            answers.append(reader.get("/"))
        slow = sorted(one.seconds for one in answers)
        bad = [one.status for one in answers if one.status != 200]
        house.hosts["replica"].cable(plugged=True)
        self.hold(not bad, f"public pages without the replica: {bad}")
        self.proved("The replica is lost without a word", f"{len(answers)} of {len(answers)} pages answered; "
                    f"p50 {slow[len(slow) // 2]:.2f} s, the longest {slow[-1]:.1f} s")  # fmt: skip
        back = until(lambda: self.lag() == "0", "the replica is back", 90)
        self.proved(
            "The replica is back", f"it had caught up {back:.1f} s after its cable was plugged in"
        )

    def primary_lost(self) -> None:
        house, reader = self.house, self.person()
        house.hosts["primary"].cable(plugged=False)
        answers = [reader.get(page) for _ in range(20) for page in ("/", "/open-data/changes/")]
        refused = self.ngos[-1].person.get("/desk/")
        house.hosts["primary"].cable(plugged=True)
        slow = sorted(one.seconds for one in answers)
        bad = [one.status for one in answers if one.status != 200]
        web = [house.hosts[name].address for name in ("web1", "web2")]
        back = until(lambda: all(asked(one, 8000, "/ready/") == 200 for one in web), "ready again")
        until(lambda: self.ngos[-1].person.get("/desk/").status == 200, "the desk is back")
        self.hold(len(bad) <= 4, f"public pages without the primary: {bad}")
        self.proved("The primary is lost without a word", f"{len(answers) - len(bad)} of {len(answers)} public pages came from the replica; "
                    f"p50 {slow[len(slow) // 2]:.2f} s, the longest {slow[-1]:.1f} s; a page with a session says so "
                    f"({refused.status}); all is back {back:.1f} s after the cable")  # fmt: skip

    # --- Limits -------------------------------------------------------------------------------------

    def limits(self) -> None:
        while time.time() % 60 > 30:  # the minute must not end in the midst of it
            time.sleep(1)
        program = self.person(
            headers={"Authorization": f"Bearer {self.seeded['ngos'][0]['token']}"}
        )

        def ask(_number: int) -> tuple[int, list[str]]:
            one = self.person(headers=program.headers)
            return one.get("/api/v1/own/").status, one.heard

        with ThreadPoolExecutor(TOGETHER) as many:
            found = list(many.map(ask, range(2 * TOKEN_LIMIT)))
        taken = sum(status == 200 for status, _heard in found)
        program.heard = [number for _status, heard in found for number in heard]
        hosts = self.by(program)
        self.hold(taken == TOKEN_LIMIT, f"{taken} of {TOKEN_LIMIT} were let through")
        self.hold(
            sum(status == 429 for status, _ in found) == TOKEN_LIMIT, "the others were told to wait"
        )
        shares = " + ".join(str(hosts.count(name)) for name in ("web1", "web2"))
        self.proved("A limit counts over hosts", f"{len(found)} requests at once ({shares}) with a limit of "
                    f"{TOKEN_LIMIT}: exactly {taken} were answered, the others got 429")  # fmt: skip

    # --- A host is lost -----------------------------------------------------------------------------

    def host_lost(self) -> None:
        house = self.house
        mine = self.ngos[1 : 1 + (self.number - 1) // 2]
        with ThreadPoolExecutor(TOGETHER) as many:
            sending = [many.submit(one.hand_in) for one in mine]
            until(
                lambda: sum(one.taken for one in mine) >= len(mine) // 4,
                "submissions are under way",
                120,
            )
            house.hosts["web1"].stop(signal.SIGKILL)
            gone = time.perf_counter()
            for one in sending:
                one.result()
        alone = time.perf_counter() - gone
        broken = sum(one.broken for one in mine)
        times = sorted(second for one in mine for second in one.seconds)
        told = sum(one.taken for one in mine)
        self.verify(mine)
        ready = house.web("web1", "first")
        self.proved("A web host is killed (SIGKILL) in the midst of submissions",
                    f"{len(mine)} NGOs, {told} told that they were taken, {broken} answers were lost with the host; "
                    f"all {len(mine)} bids stand once with their files; the other host went on alone for {alone:.0f} s; "
                    f"p95 of submitting {times[len(times) * 95 // 100]:.2f} s; back in {ready:.1f} s")  # fmt: skip

    def verify(self, ngos: list[Ngo]) -> None:
        """What was told as taken stands, once, with the very bytes that were sent."""
        found = self.house.seed("found", str(self.seeded["tender"]))
        self.hold(found["breaks"] == 0, "the journal holds together")
        for one in ngos:
            bid = found["bids"][str(one.bid)]
            self.hold(
                len(bid["receipts"]) == 1,
                f"bid {one.bid} has {bid['receipts']} and taken={one.taken}",
            )
            self.hold(
                bid["promised"] == [one.digest] == bid["files"], f"files of bid {one.bid}: {bid}"
            )

    # --- Another release ----------------------------------------------------------------------------

    def upgrade(self) -> None:
        house = self.house
        mine = self.ngos[1 + (self.number - 1) // 2 :]
        house.second_release()
        seen: set[str] = set()
        together: list[bool] = []
        stop = threading.Event()
        bad: list[int] = []
        asked = 0

        def read() -> None:
            nonlocal asked
            reader, somebody = self.person(), self.ngos[1].person
            while not stop.is_set():
                desk = somebody.get("/desk/")
                if desk.status != 200:
                    bad.append(desk.status)
                answer = reader.get(f"/account/login/?next=/{asked}")
                asked += 2
                if answer.status != 200:
                    bad.append(answer.status)
                for version in ("1.0.1-trial", "1.0.0"):
                    if f"Ortaq {version}" in answer.text:
                        seen.add(version)
                        break
                together.append(len(seen) == 2)
                time.sleep(0.05)

        began = time.perf_counter()
        reader = threading.Thread(target=read)
        reader.start()
        try:
            with ThreadPoolExecutor(2) as many:
                half = len(mine) // 2
                early = [many.submit(one.hand_in) for one in mine[:half]]
                house.ortaq("web2", "ortaq", "migrate", "--verbosity", "0", release="second")
                for one in early:
                    one.result()
                stops = [house.hosts["web1"].stop()]
                house.web("web1", "second")
                late = [
                    many.submit(one.hand_in) for one in mine[half:]
                ]  # both releases over one database
                for one in late:
                    one.result()
                stops.append(house.hosts["web2"].stop())
                house.web("web2", "second")
                for name in ("work1", "work2"):
                    house.hosts[name].stop()
                    house.worker(name, "second")
        finally:
            stop.set()
            reader.join()
        took = time.perf_counter() - began
        self.hold(not bad, f"pages during the upgrade: {bad}")
        self.hold(seen == {"1.0.0", "1.0.1-trial"}, f"both releases answered: {seen}")
        broken = sum(one.broken for one in mine)
        self.hold(broken == 0, f"{broken} forms were answered by nobody")
        self.verify(mine)
        stale = sum(
            house.said(name, "cached plan must not change") for name in ("primary", "replica")
        )
        self.proved("Another release, host by host, with a migration",
                    f"{took:.0f} s; {asked} pages and {len(mine)} submissions meanwhile, none lost, none refused, none doubled; "
                    f"statements planned over the old tables and planned anew: {stale}; "
                    f"1.0.0 and 1.0.1-trial served side by side over one database; a host ends in {max(stops):.1f} s")  # fmt: skip

    # --- Workers ------------------------------------------------------------------------------------

    def workers(self) -> None:
        house, tender = self.house, str(self.seeded["tender"])
        at = house.seed("close", tender, "3")["at"]
        house.hosts["work1"].stop(signal.SIGKILL)  # in whatever it is at
        until(
            lambda: house.seed("opened", tender)["opened"], "the tender is opened by a worker", 180
        )
        took = time.time() - at
        house.worker("work1", "second")
        waited = until(
            lambda: not {"released", "prepared"} & set(house.seed("found", tender)["letters"]),
            "all letters are sent", 240,
        )  # fmt: skip
        found = house.seed("found", tender)
        openings = sum(number for step, number in found["steps"].items() if "open" in step)
        self.hold(openings == 1, f"opened once: {found['steps']}")
        self.hold(
            all(bid["whole"] for bid in found["bids"].values()),
            "what was opened is what was promised",
        )
        for one in self.ngos:
            bid = found["bids"][str(one.bid)]
            self.hold(bid["stored"] == [one.digest], f"the file of bid {one.bid} in the store")
        sent = {
            name: sum(
                path.read_bytes().count(b"Message-ID: ")
                for path in (house.var / name / "mail").glob("*")
            )
            for name in house.hosts
        }
        letters = sum(sent.values())
        self.hold(letters == len(found["sent"]), f"{letters} letters left for {len(found['sent'])}")
        by = ", ".join(f"{name} {sent[name]}" for name in ("work1", "work2"))
        self.proved("Two workers do what is due once, also when one is killed",
                    f"the tender with {len(self.ngos)} bids was opened {took:.0f} s after its deadline, once; "
                    f"{letters} letters, each sent once ({by}; the last after {waited:.0f} s); {found['failures']} jobs failed")  # fmt: skip

    def check(self) -> None:
        try:
            said = self.house.ortaq("web1", "ortaq", "check", release="second")
        except RuntimeError as error:
            said = str(error)
        lines = [line for line in said.splitlines() if re.match(r"[a-z_]+\.[a-z_]+:\d+: ", line)]
        others = [line for line in lines if not line.startswith(WRITTEN_PAST)]
        self.hold(
            not others and ("faults" in said) == bool(lines), "\n".join(others) or said[-2000:]
        )
        self.proved("`ortaq check` at the end", "nothing is wrong but what the trial itself wrote past the program to begin with: "
                    f"{len(lines)} lines on the tender's beginnings")  # fmt: skip

    def run(self, only: list[str]) -> list[str]:
        """Every part, also after one that failed; what failed."""
        self.set_up()
        failed = []
        for part in (
            self.journey, self.replica, self.limits, self.host_lost, self.replica_lost, self.primary_lost,
            self.upgrade, self.workers, self.check,
        ):  # fmt: skip
            if only and part.__name__ not in only:
                continue
            print(f"- {part.__name__.replace('_', ' ')}", flush=True)
            try:
                part()
            except (SystemExit, RuntimeError) as error:
                failed.append(f"{part.__name__}: {error}")
                print(f"  {error}", flush=True)
        return failed


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.machines",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--ngos", type=int, default=30)
    parser.add_argument(
        "--keep", action="store_true", help="leave logs and databases where they are"
    )
    parser.add_argument("--parts", nargs="*", default=[], help="only these, by their names")
    options = parser.parse_args()
    lacking = [word for word in [net.missing()] if word]
    if postgres.binaries() is None:
        lacking.append("PostgreSQL (Debian: apt-get install postgresql)")
    if nginx.program() is None:
        lacking.append("nginx (Debian: apt-get install nginx-light)")
    if not Path(sys.executable).with_name("moto_server").exists():
        lacking.append("moto's server (make dev)")
    if lacking:
        print("The trial of several hosts cannot run here. It lacks: " + "; ".join(lacking) + ".")
        return 1
    var = Path(tempfile.mkdtemp(prefix="ortaq-machines-"))
    var.chmod(0o755)
    (var / "logs").mkdir()
    print(
        f"Eight hosts under {var}; load of the machine at the beginning {os.getloadavg()[0]:.1f}.",
        flush=True,
    )
    began, failed = time.perf_counter(), ["the setting up"]
    try:
        with net.hosts(var / "logs") as hosts:
            trial = Trial(House(var, hosts), max(8, options.ngos))
            failed = trial.run(options.parts)
    finally:
        if failed or options.keep:
            print(f"What happened lies in {var}/logs and {var}/log.")
        else:
            with suppress(OSError):
                shutil.rmtree(var)
    print(
        f"\nProved on {time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} cores, Linux {platform.release()}, "
        f"in {time.perf_counter() - began:.0f} s:\n\n| what | figures |\n|---|---|"
    )
    for what, figures in trial.rows:
        print(f"| {what} | {figures} |")
    for what in failed:
        print(f"FAILED: {what}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
