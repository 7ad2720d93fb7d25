"""Who holds which test key in a demonstration, and where there is none."""

import pytest
from django.core.management import CommandError, call_command

from ortaq.core import clock
from ortaq.demo import cast, keys, stand_in
from ortaq.people.models import Organisation, Role
from ortaq.people.procedure import add_organisation, add_person
from ortaq.signing.ncalayer_double import Wanted
from ortaq.signing.occasions import EMPLOYEE, HEAD, INDIVIDUAL, MAY_SIGN_MONEY
from ortaq.testing import signing


@pytest.fixture
def ngo(db, monkeypatch):
    """Aliya and Bolat in their NGO."""
    monkeypatch.setattr(keys, "authority", signing.authority)
    body = cast.bodies()["aqqu"]
    members = [
        (add_person(email=one.email, surname="С", given_name="Ә", iin=one.iin), Role(one.role))
        for one in (cast.people()["aliya"], cast.people()["bolat"])
    ]
    made = Organisation(bin=body.bin, name_kk=body.name_kk, name_ru=body.name_ru)
    add_organisation(made, members)
    return made


def signer(**wanted):
    """Who signed, as verification finds them."""
    sign = stand_in.stand_in().choose(Wanted(**{"authentication": False, **wanted}))
    assert sign is not None
    report = signing.verifier().verify(sign(b"text", True), b"text", clock.now())
    assert report.verdict == "valid"
    return report.signers[0]


@pytest.mark.parametrize(("who", "role"), [("aliya", HEAD), ("bolat", MAY_SIGN_MONEY)])
def test_each_signs_for_their_organisation_as_what_they_are_in_it(ngo, who, role):
    iin = cast.people()[who].iin
    found = signer(iin=iin, bin=ngo.bin)
    assert (found.iin, found.bin, found.usage) == (iin, ngo.bin, "SIGN")
    assert role in found.roles
    assert EMPLOYEE not in found.roles


def test_without_a_wish_it_is_aliya_and_for_a_strange_organisation_only_herself(ngo):
    found = signer(authentication=True, bin=cast.bodies()["operator"].bin)
    assert (found.iin, found.bin, found.usage) == (cast.people()["aliya"].iin, "", "AUTH")
    assert INDIVIDUAL in found.roles


def test_an_iin_that_nobody_has_closes_the_window(ngo):
    assert stand_in.stand_in().choose(Wanted(False, iin="880101400017")) is None


def test_outside_a_demonstration_nobody_is_offered_and_no_stand_in_starts(settings):
    assert stand_in.offered() == ()
    with pytest.raises(CommandError, match="no demonstration"):
        call_command("ncalayer")
    settings.DEMO = True
    with pytest.raises(CommandError, match="ws://"):
        call_command("ncalayer")  # the pages look for a real NCALayer
    assert next(one.iin for one in stand_in.offered()) == cast.people()["aliya"].iin
