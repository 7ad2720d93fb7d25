"""One world that holds something for every address to name, and everybody who can ask for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from axes.models import AccessAttempt
from django.core.files.base import ContentFile

from ortaq.core import clock as house_clock
from ortaq.core.models import CalendarDay, IndexValue, Job, Work
from ortaq.exchange.tests.scenes import a_listing, a_past_award
from ortaq.grants.models import ApplicationPart, Competition, Lot, PartConflict, Proposal
from ortaq.grants.procedure import competition_draft, question
from ortaq.grants.procedure.competition import COMPETITION
from ortaq.grants.procedure.plan import new_version
from ortaq.grants.tests import outcome_scenes, scenes
from ortaq.grants.tests.application_scenes import a_complete_draft, a_submitted
from ortaq.operations.models import Fault, Slow, Violation
from ortaq.operations.noticing import note_fault, note_violation, slow_request, spool
from ortaq.operations.violations import Violation as Refused
from ortaq.people import procedure as people
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Organisation, Role, Standing, User
from ortaq.people.queries import letters_to
from ortaq.projects.models import Contract
from ortaq.projects.tests.scenes import a_scan
from ortaq.registry.models import (
    Affiliation,
    AnnualReturn,
    PaperReturn,
    ReturnPaper,
    ReturnVersion,
    StandingFlag,
)
from ortaq.registry.procedure import (
    begin_return,
    record_day,
    record_index,
    record_return,
    record_tie,
    return_draft,
)
from ortaq.registry.procedure.table_import import read_in
from ortaq.registry.tests.scenes import registered
from ortaq.review.models import Conflict, Dossier
from ortaq.subscriptions.filters import Filters
from ortaq.subscriptions.models import Reader
from ortaq.subscriptions.procedure.calendar import calendar_of
from ortaq.subscriptions.procedure.subscription import subscribe
from ortaq.testing import factories
from ortaq.testing.clock import TestClock

from .strangers import a_former, a_newcomer

NOW = house_clock.at(date(2020, 7, 10), 10)


class World:
    """`people` by role (None: nobody is signed in), `things` by the word that addresses use.

    Aliya's NGO won the first topic of a published competition and its contract is drafted. Nobody
    applied for the others, so two of them are announced again: for one of these her NGO writes an
    application, for the other it has handed one in. All that belongs to an NGO is hers. One member
    of the commission is recused from her.
    """

    # What is private in this world is walked by the tests of its rooms.
    private: tuple[str, ...] = ()
    kept_from: tuple[str, ...] = ()

    def __init__(self, clock: TestClock) -> None:
        self.scene, self.contract = outcome_scenes.drafted(
            clock, {1: {"aliya": 20, "dana": 18}, 2: {}, 3: {}, 4: {}}
        )
        clock.set(NOW)
        self.operator: Actor = self.scene.cast.gulnara
        self.aliya = _user(self.scene.cast.aliya)
        self.people = self._people()
        self.things = (
            self._of_the_first_competition()
            | self._of_the_second_competition()
            | self._of_plans()
            | self._of_registers()
            | self._of_the_machine_room()
        )

    def _people(self) -> dict[str, User | None]:
        cast, scene = self.scene.cast, self.scene
        return {
            "nobody": None,
            # Belongs to nobody; that they administer the installation opens no door to them.
            "citizen": factories.a_person(
                email="citizen@example.kz", is_staff=True, is_superuser=True
            ),
            "head": cast.aliya.user,
            "accountant": cast.bolat.user,
            "rival": cast.dana.user,
            "expert": scene.experts[0],
            "recused": scene.experts[2],
            "secretary": scene.secretary,
            "operator": cast.gulnara.user,
            "clerk": factories.a_member(cast.operator, Role.STAFF).user,
            "stranger": _officer("operator"),
            "akimat": cast.saule.user,
            "authority": _officer("authorised_body"),
            "former": a_former((cast.ngo, cast.operator), scene.panel),
            "newcomer": a_newcomer(),
        }

    def _of_the_first_competition(self) -> dict[str, Any]:
        scene = self.scene
        application = scene.application(1, "aliya")
        COMPETITION.take("file_protocol", scene.competition, actor=self.operator, scan=a_scan())
        Contract.objects.update(scan=a_scan())
        outcome = scene.outcome(1)
        Conflict.objects.bulk_create(
            [
                Conflict(
                    panel=scene.panel,
                    person=scene.experts[2],
                    organisation=scene.cast.ngo,
                    origin=Conflict.Origin.IMPOSED,
                    reason=Conflict.Reason.STATED,
                    since=house_clock.now(),
                )
            ]
        )
        return {
            "published": scene.competition,
            "application": application,
            "file": application.attachments.earliest("pk"),
            "outcome": outcome,
            "judged_lot": outcome.lot,
            "panel": scene.panel,
            "seat": scene.panel.seats.get(person=scene.experts[0]),
            "dossier": Dossier.objects.get(application=application),
            "contract": self.contract,
            "activity": self.contract.activities.earliest("pk"),
        }

    def _of_the_second_competition(self) -> dict[str, Any]:
        announced = self._another_competition(self.scene.lot(2), self.scene.lot(3))
        draft = self._another_competition(self.scene.lot(2))
        COMPETITION.take("announce", announced, actor=self.operator)
        COMPETITION.take(
            "extend",
            announced,
            actor=self.operator,
            decided_on=NOW.date(),
            number="7",
            reason="Карантин",
            new_closes_at=NOW + timedelta(days=28),
            scan=a_scan("шешім.pdf"),
        )
        lot, other = announced.lots.order_by("position")
        written = a_complete_draft(lot, self.scene.cast.aliya)
        handed_in = a_submitted(other, self.scene.cast.aliya).application
        part = ApplicationPart.objects.filter(application=written).earliest("pk")
        conflict = PartConflict.objects.create(
            part=part, person=self.aliya, base_version=1, data={},
            made_at=NOW,
        )  # fmt: skip
        return {
            "open": announced,
            "lot": lot,
            "decision": announced.extensions.get(),
            "question": question.ask(announced, "Мерзім?", actor=self.scene.cast.dana),
            "draft_competition": draft,
            "draft": written,
            "draft_file": written.attachments.earliest("pk"),
            "conflict": conflict,
            "handed_in": handed_in,
            "handed_in_file": handed_in.attachments.earliest("pk"),
        }

    def _another_competition(self, *failed: Lot) -> Competition:
        texts = scenes.COMPLETE | {
            "closes_at": NOW + timedelta(days=21),
            "balance_date": date(2020, 6, 30),
        }
        begun = Competition(
            version=self.scene.competition.version,
            previous=self.scene.competition,
            kind=Competition.Kind.ADDITIONAL,
            **texts,
        )
        repeats = {lot.topic_id: lot for lot in failed}
        topics = [lot.topic for lot in failed]
        return competition_draft.begin(begun, topics, actor=self.operator, repeats=repeats)

    def _of_plans(self) -> dict[str, Any]:
        version = self.scene.competition.version
        draft = new_version(version.plan, actor=self.operator)
        return {
            "version": version,
            "draft_version": draft,
            "topic": version.topics.earliest("pk"),
            "draft_topic": draft.topics.earliest("pk"),
            "proposal": Proposal.objects.create(
                organisation=self.scene.cast.ngo, author=self.aliya, name="Ұсыныс"
            ),
        }

    def _of_the_machine_room(self) -> dict[str, Any]:
        slow_request("GET", "portal:home", 9.0)
        note_fault(ZeroDivisionError())
        note_violation(Refused("script-src-elem", "https://example.kz", "portal:home"))
        spool.flush()
        way = AccessAttempt.objects.create(
            username="dana@example.kz", ip_address="192.0.2.1", failures_since_start=10
        )
        return {
            "fault": Fault.objects.latest("pk"),
            "slow": Slow.objects.latest("pk"),
            "violation": Violation.objects.latest("pk"),
            "account": self.people["rival"],
            "way_in": way,
        }

    def _of_registers(self) -> dict[str, Any]:
        cast, ngo = self.scene.cast, self.scene.cast.ngo
        citizen = self.people["citizen"]
        assert citizen is not None
        # Somebody whom Aliya's NGO proposed, and who sits on no commission.
        expert = registered(factories.a_person(), ngo, cast.aliya, self.operator)
        tie = Affiliation(organisation=ngo, kind=Affiliation.Kind.KIN, source="Мәлімдеме")
        made = AnnualReturn(organisation=ngo, year=2019, sent_on=NOW.date(), evidence="1")
        EmailAddress.objects.create(user=citizen, email=citizen.email, verified=True, primary=True)
        return {
            "person_entry": expert,
            "tie": record_tie(expert, tie, actor=self.operator),
            "day": record_day(
                CalendarDay(day=date(2020, 12, 25), kind="holiday", source_act="№ 1"),
                actor=self.operator,
            ),
            "index_value": record_index(
                IndexValue(valid_from=date(2020, 12, 1), amount_tiyn=277_800, source_act="№ 2"),
                actor=self.operator,
            ),
            "return": record_return(made, actor=self.operator),
            **self._of_returns(ngo),
            **self._of_watch(ngo),
            **_of_other_systems(ngo),
            **self._of_readers(ngo),
            "organisation": ngo,
            "bin": ngo.bin,
            "body_bin": cast.operator.bin,
            "membership": ngo.memberships.get(user=cast.bolat.user),
            "invitation": people.invite(
                ngo, email=citizen.email, role=Role.PR, language="kk", actor=cast.aliya
            ),
            "letter": letters_to(self.aliya).earliest("pk"),
            **self._of_work(),
            "calendar": self.aliya.calendar_token,
        }

    def _of_work(self) -> dict[str, Any]:
        """Long work of Aliya's, one that waits and one that is done; a job of the schedule."""
        works = [Work(kind="open-data", asked_by=self.aliya, asked_at=NOW) for _ in range(2)]
        waits, done = works
        done.state = Work.State.DONE
        done.result.save("data.zip", ContentFile(b"1"), save=False)
        for one in works:
            one.save()
        job = Job.objects.create(name="tick", due_at=NOW)
        return {"work": waits, "finished_work": done, "job": job}

    def _of_watch(self, ngo: Organisation) -> dict[str, Any]:
        """A fact about the NGO, which flags its contract for the operator, and a table that waits to be taken."""
        standing = Standing(
            organisation=ngo, kind=Standing.Kind.ATTACHED_PROPERTY, since=NOW.date()
        )
        standing.source, standing.evidence = "Сот", "№ 1"
        people.record_standing(standing, actor=self.operator)
        table = f"БИН;Атауы\n{ngo.bin};«Әлем» қоры".encode()
        authority = self.people["authority"]
        return {
            "standing": standing,
            "flag": StandingFlag.objects.get(what="contract"),
            "table": read_in(
                "register", table, name="a.csv", once=uuid4(), actor=actor_for(authority)
            ),
        }

    def _of_readers(self, ngo: Organisation) -> dict[str, Any]:
        """Somebody without an account who follows what is published, and Aliya's calendar of her NGO."""
        subscribe("reader@example.kz", Filters(), "daily", "kk")
        reader = Reader.objects.get()
        calendar = calendar_of(ngo, actor=actor_for(self.aliya, ngo))
        return {
            "reader": reader.token,
            "subscription": reader.subscriptions.get(),
            "organisation_calendar": calendar.token,
        }

    def _of_returns(self, ngo: Organisation) -> dict[str, Any]:
        """A return that is being filled in, and one that was sent with a paper and its scan, of earlier years."""
        head = actor_for(self.aliya, ngo)
        written = begin_return(ngo, 2018, actor=head)
        return_draft.ensure(written, actor=head)
        file = a_scan()
        attached = ReturnPaper.objects.create(annual_return=written, paper="charter", file=file)
        sent = AnnualReturn.objects.create(
            organisation=ngo, year=2017, sent_on=NOW.date(), way=AnnualReturn.Way.PORTAL
        )
        content = {"form": "NGO-R/2018", "year": 2017, "bin": ngo.bin, "sections": {}, "papers": []}
        ReturnVersion.objects.create(
            annual_return=sent, number=1, receipt="1", content=content, sha256="0", sent_at=NOW
        )
        paper = PaperReturn.objects.create(
            annual_return=sent,
            received_on=NOW.date(),
            letter_number="1",
            registered_at=NOW,
            scan=file,
        )
        return {
            "written_return": written,
            "return_file": attached,
            "sent_return": sent,
            "paper_return": paper,
        }


def _user(actor: Actor) -> User:
    assert actor.user is not None
    return actor.user


def _officer(kind: str) -> User | None:
    return factories.a_member(factories.an_organisation(kind), Role.OFFICER).user


def _of_other_systems(ngo: Organisation) -> dict[str, Any]:
    """The NGO in the register of unfair suppliers, and what it got before this system."""
    return {"listing": a_listing(ngo), "past_award": a_past_award(ngo)}
