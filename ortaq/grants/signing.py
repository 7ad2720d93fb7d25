"""What of this room is signed electronically, by whom.

application   the content and the files that the receipt hashes; head or deputy of the NGO (GR-A-16)
protocol      its frozen content; the members present and the secretary, or where nothing was scored the operator
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import files
from ortaq.core.keys import organisation, person
from ortaq.core.models import StoredFile
from ortaq.review.commission import sat
from ortaq.review.models import Meeting, Seat
from ortaq.signing import modes, occasions, requirement
from ortaq.signing.occasions import Occasion, Party, SignedFile, What

from .content import manifest
from .models import Application, Attachment, Protocol, Receipt
from .papers.protocol import LANGUAGES
from .policy import application as of_application
from .policy import competition as of_competition
from .queries.application import whole_of
from .queries.outcome import protocols_visible_to

# --- The application -------------------------------------------------------------------------------


def application_of(actor: Any, pk: int) -> Application | None:
    """An application for its NGO, and for the operator once it may read it."""
    rows = Application.objects.select_related("organisation", "competition__operator", "lot__topic")
    found = rows.filter(pk=pk).first()
    if found is None:
        return None
    mine = found.organisation_id in actor.organisation_ids
    return found if mine or of_application.may_read_content(actor, found) else None


def packs_application(actor: Any, application: Application) -> bool:
    """Those who write for the NGO, and the operator once it may read the application."""
    if of_application.is_applicant(actor, application):
        return bool(of_application.is_writer(actor, application))
    return bool(of_application.may_read_content(actor, application))


def what_of_application(application: Application) -> What:
    """What the receipt hashes: as it is written, and once handed in as it arrived."""
    if application.state == Application.State.DRAFT:
        whole = application.whole or whole_of(application)
        content = manifest.manifest(whole)
        attached = [one.file for one in whole.attachments]
    else:
        receipt = Receipt.objects.filter(application=application).first()
        content = json.loads(bytes(receipt.content)) if receipt else {}
        rows = Attachment.objects.filter(application=application, removed_at=None)
        attached = [one.file for one in rows.select_related("file")]
    title = application.title or f"№ {application.lot.topic.number}"
    return What(
        version=1,
        title={"kk": title, "ru": title},
        content=content,
        files=[_file(number, one) for number, one in enumerate(attached, 1)],
    )


def _file(number: int, file: StoredFile) -> SignedFile:
    """A file under a name that no other has."""
    return SignedFile(
        f"{number:02d} {file.name}",
        file.sha256,
        file.size,
        lambda: cast(BinaryIO, files.open_file(file)),
    )


APPLICATION = occasions.register(
    Occasion(
        "grants.application",
        _("Application"),
        find=application_of,
        edition=lambda application: application.competition.rules,
        what=what_of_application,
        parties=lambda application: [
            Party(
                "applicant",
                pgettext_lazy("who signs", "applicant"),
                bin=application.organisation.bin,
                organisation=organisation(application.organisation_id),
                name=application.organisation.name,
            )
        ],
        may_sign=lambda actor, application, _party: bool(
            of_application.is_signer(actor, application)
        ),
        address=lambda application: reverse(
            "grants:application_submit"
            if application.state == Application.State.DRAFT
            else "grants:application",
            args=[application.pk],
        ),
        open=lambda application: application.state == Application.State.DRAFT,
        packs=packs_application,
        papers=lambda application: [
            (label, reverse("grants:application_paper", args=[application.pk, language, "pdf"]))
            for language, label in (("kk", "Қазақша (PDF)"), ("ru", "Русский (PDF)"))
        ],
    )
)

# --- The protocol ----------------------------------------------------------------------------------


def meeting_of(protocol: Protocol) -> Meeting | None:
    """The commission's meeting; none where nothing was scored."""
    rows = Meeting.objects.filter(panel=protocol.competition.panel_id)
    return rows.select_related("panel").first()


def address_of(protocol: Protocol) -> str:
    """A page that both the commission and the operator see; without a commission that of the operator."""
    if meeting_of(protocol):
        return reverse("review:panel", args=[protocol.competition.panel_id])
    return reverse("grants:outcomes", args=[protocol.competition_id])


def signers_of(protocol: Protocol) -> list[Party]:
    """Who signs: members present, chair first, and the secretary; without a meeting the operator."""
    competition = protocol.competition
    meeting = meeting_of(protocol)
    if meeting is None:
        operator = competition.operator
        label = pgettext_lazy("who signs", "organiser of the competition")
        key = organisation(operator.pk)
        return [Party("operator", label, bin=operator.bin, organisation=key, name=operator.name)]
    here = set(meeting.present.values_list("pk", flat=True))
    seats = sat(meeting.panel_id, competition.published_at)
    order: dict[str, int] = {Seat.Office.CHAIR: 0, Seat.Office.DEPUTY: 1}
    signing = [s for s in seats if s.pk in here or s.role == Seat.Role.SECRETARY]
    signing.sort(key=lambda s: (s.role == Seat.Role.SECRETARY, order.get(s.office, 2)))
    return [
        Party(
            f"seat-{seat.pk}",
            seat_label(seat),
            iin=seat.person.iin or None,
            person=person(seat.person_id),
        )
        for seat in signing
    ]


def seat_label(seat: Seat) -> str:
    """The name and the office of whoever sits there."""
    office = seat.get_office_display() if seat.office else seat.get_role_display()
    return f"{seat.person.short_name}, {office}"


def signs_protocol(actor: Any, protocol: Protocol, party: Party) -> bool:
    if party.bin:
        return bool(of_competition.is_its_operator(actor, protocol.competition))
    return bool(actor.key) and party.person == actor.key


def _protocol_signed(protocol: Protocol, _signature: Any) -> None:
    from .procedure.competition import COMPETITION

    COMPETITION.settle(protocol.competition)


PROTOCOL = occasions.register(
    Occasion(
        "grants.protocol",
        _("Protocol"),
        find=lambda actor, pk: protocols_visible_to(actor).filter(pk=pk).first(),
        edition=lambda protocol: protocol.competition.rules,
        what=lambda protocol: What(
            version=protocol.number,
            title={
                "kk": f"№ {protocol.number}: {protocol.competition.title_kk}",
                "ru": f"№ {protocol.number}: {protocol.competition.title_ru}",
            },
            content=protocol.content,
        ),
        parties=signers_of,
        may_sign=signs_protocol,
        address=address_of,
        signed=_protocol_signed,
        packs=lambda actor, protocol: bool(
            of_competition.is_its_operator(actor, protocol.competition)
        ),
        open=lambda protocol: protocol.competition.published_at is None or protocol.scan_id is None,
        papers=lambda protocol: [
            (
                "Қазақша (PDF)" if language == "kk" else "Русский (PDF)",
                reverse("grants:protocol", args=[protocol.competition_id, language, "pdf"]),
            )
            for language in LANGUAGES
        ],
    )
)


def signs(actor: Any, protocol: Protocol) -> bool:
    """Whether the actor is one of those who sign the protocol electronically."""
    if requirement.mode(PROTOCOL, protocol) == modes.OFF:
        return False
    return PROTOCOL.party_of(actor, protocol) is not None
