"""What an announcement brings besides its page: blank forms, where to bring papers, letters."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.urls import reverse
from docx import Document

from ortaq.core.models import Letter
from ortaq.core.procedure import Refused
from ortaq.grants.procedure.competition import COMPETITION
from ortaq.grants.tests import scenes
from ortaq.people.models import Membership, Organisation, Role
from ortaq.registry.models import AnnualReturn
from ortaq.testing import factories


@pytest.fixture
def played(db, clock):
    clock.set(scenes.APPROVED)
    return scenes.cast()


def at(competition):
    return reverse("grants:competition", args=[competition.pk])


def said(page, address, language="kk"):
    page.cookies["ortaq_language"] = language
    return page.get(address).content.decode().replace("\N{NO-BREAK SPACE}", " ")


# --- Blank forms ---------------------------------------------------------------------------------


@pytest.mark.req("GR-A-02")
def test_every_form_of_an_application_is_had_empty_in_both_languages(played, client, clock):
    competition = scenes.announced_competition(played.gulnara)
    clock.set(scenes.DURING)
    page = said(client, at(competition))
    for number in range(1, 6):
        for language in ("kk", "ru"):
            for kind in ("docx", "pdf"):
                form = [competition.pk, f"GRANT-A{number}", language, kind]
                assert reverse("grants:blank_form", args=form) in page
    address = reverse("grants:blank_form", args=[competition.pk, "GRANT-A2", "ru", "docx"])
    answer = client.get(address)
    assert 'filename="GRANT-A2-ru.docx"' in answer["Content-Disposition"]
    written = [one.text for one in Document(io.BytesIO(answer.getvalue())).paragraphs]
    assert "Анкета заявителя" in written


def test_nothing_but_the_forms_of_an_announced_competition_is_had_empty(played, client):
    hidden = scenes.draft_competition(played.gulnara)
    announced = scenes.announced_competition(played.gulnara, version=hidden.version)
    for args in (
        [hidden.pk, "GRANT-A1", "kk", "pdf"],  # the public does not know of it
        [announced.pk, "GRANT-K3", "kk", "pdf"],  # no part of an application
        [announced.pk, "charter", "kk", "pdf"],  # a part, but no form
        [announced.pk, "GRANT-A1", "en", "pdf"],  # forms are in the languages of the law
        [announced.pk, "GRANT-A1", "kk", "exe"],
    ):
        assert client.get(reverse("grants:blank_form", args=args)).status_code == 404, args


# --- Delivery ------------------------------------------------------------------------------------


@pytest.mark.req("GR-A-02", "GR-A-04")
def test_the_announcement_says_where_and_when_papers_are_brought(played, client, clock):
    competition = scenes.announced_competition(played.gulnara)
    clock.set(scenes.DURING)
    page = said(client, at(competition))
    assert played.operator.address_kk in page
    assert "дүйсенбі–жұма 9:00–18:00, үзіліс 13:00–14:30" in page
    assert scenes.OFFICE in page
    russian = said(client, at(competition), "ru")
    assert played.operator.address_ru in russian
    assert "понедельник – пятница с 9:00 до 18:00" in russian


@pytest.mark.req("GR-X-06")
def test_the_ways_of_delivery_are_a_setting_of_the_competition(played, client, clock):
    competition = scenes.announced_competition(played.gulnara, by_post=False, by_hand=False)
    clock.set(scenes.DURING)
    page = said(client, at(competition))
    assert "Өтінімдер қабылданады: осы сайтта, электрондық пошта арқылы" in " ".join(page.split())
    assert "үзіліс" not in page  # nobody comes to the desk
    client.force_login(played.gulnara.user, backend="django.contrib.auth.backends.ModelBackend")
    desk = client.get(reverse("grants:delivery_new", args=[competition.pk]))
    assert desk.context["form"].fields["method"].choices == [("email", "электрондық пошта арқылы")]


@pytest.mark.req("GR-X-06")
def test_an_unlawful_way_is_refused_and_a_missing_address_is_warned_about(
    played, clock, monkeypatch
):
    competition = scenes.draft_competition(played.gulnara)
    Organisation.objects.filter(pk=played.operator.pk).update(address_ru="", email="")
    clock.set(scenes.OPENS)
    competition.refresh_from_db()
    found = COMPETITION.findings("announce", competition, played.gulnara)
    warned = [(f.code, f.about) for f in found if f.severity == "warning"]
    assert warned == [("no_address", "by_post"), ("no_address", "by_email")]
    methods = competition.rules.data["parameters"]["acceptance.methods"]
    monkeypatch.setitem(methods, "value", ["portal", "hand", "post"])
    with pytest.raises(Refused) as refused:
        COMPETITION.take("announce", competition, actor=played.gulnara)
    assert [(f.code, f.about) for f in refused.value.findings] == [
        ("unlawful_delivery", "by_email")
    ]


# --- Letters -------------------------------------------------------------------------------------


@pytest.mark.req("GR-A-01")
def test_the_announcement_is_mailed_once_to_whom_it_concerns(played, clock):
    """NGOs of the database and state bodies; nobody twice, nobody who only keeps accounts."""
    other = factories.an_organisation()
    for ngo in (played.ngo, other):
        for year in (2018, 2019):
            AnnualReturn.objects.create(
                organisation=ngo, year=year, sent_on=date(2020, 3, 1), evidence="№ 1"
            )
    Membership.objects.create(  # heads a second NGO of the database
        user=played.aliya.user, organisation=other, role=Role.HEAD, starts_on=date(2019, 1, 1)
    )
    gone = factories.a_member(played.ngo, Role.DEPUTY)
    Membership.objects.filter(user=gone.user).update(ends_on=date(2020, 5, 1))
    competition = scenes.draft_competition(played.gulnara)
    assert not Letter.objects.filter(kind="announced").exists()
    clock.set(scenes.OPENS)
    COMPETITION.take("announce", competition, actor=played.gulnara)
    letters = Letter.objects.filter(kind="announced").select_related("recipient")
    assert len(letters) == 2
    assert {letter.recipient for letter in letters} == {played.aliya.user, played.saule.user}
    assert {letter.state for letter in letters} == {Letter.State.RELEASED}
    letter = letters.get(recipient=played.aliya.user)
    assert at(competition) in letter.body
    assert "Тақырыптар саны: 1." in letter.body
    assert "2020 ж. 3 маусым, 18:00" in letter.body.replace("\N{NO-BREAK SPACE}", " ")
