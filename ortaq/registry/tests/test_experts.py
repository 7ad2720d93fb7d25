"""The register of experts: who proposes, what is asked, who sees whom."""

import pytest

from ortaq.core.models import Letter
from ortaq.core.procedure import Refused
from ortaq.people.models import User
from ortaq.registry import procedure, queries
from ortaq.registry.models import Affiliation, Expert

from .scenes import DIRECTION, QUALIFIED, assemble, person, proposed, registered

pytestmark = pytest.mark.django_db


def typed(**fields):
    """A form with one direction, as a browser posts it."""
    return {
        "employer": "",
        "employer_name": "№ 5 мектеп",
        "region_code": "",
        "directions-TOTAL_FORMS": "2",
        "directions-INITIAL_FORMS": "0",
        "directions-0-direction": DIRECTION,
        "directions-0-education": "Педагог, 2005",
        "directions-0-years": "10",
        "directions-0-evidence": "",
        "directions-1-direction": "",
        "directions-1-education": "",
        "directions-1-years": "",
        "directions-1-evidence": "",
    } | fields


@pytest.mark.req("GR-C-01")
@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ({"years": 2}, []),
        ({"years": 1}, ["expert_too_new", "not_qualified"]),
        ({"education": " "}, ["expert_without_education", "not_qualified"]),
    ],
)
def test_an_expert_needs_education_and_two_years_of_work_in_a_direction(row, codes):
    cast = assemble()
    expert = proposed(cast.erlan, None, cast.actor("erlan"), **row)
    assert [finding.code for finding in procedure.qualification(expert)] == codes
    if codes:
        with pytest.raises(Refused) as refused:
            procedure.EXPERT.take("register", expert, actor=cast.actor("gulnara"))
        assert [finding.code for finding in refused.value.findings] == ["not_qualified"]
    else:
        procedure.EXPERT.take("register", expert, actor=cast.actor("gulnara"))
        assert expert.state == Expert.State.REGISTERED


@pytest.mark.req("GR-C-02")
def test_the_register_keeps_who_proposed_an_expert_and_on_which_side_they_count():
    cast = assemble()
    by_ngo = proposed(cast.erlan, cast.ngo, cast.actor("aliya"))
    by_operator = proposed(person(), cast.operator, cast.actor("gulnara"))
    by_self = proposed(cast.saule, None, cast.actor("saule"))
    assert [(e.side, e.proposed_by) for e in (by_ngo, by_operator, by_self)] == [
        ("ngo", cast.ngo),
        ("operator", cast.operator),
        ("ngo", None),
    ]
    assert by_ngo.directions.get().direction == DIRECTION


@pytest.mark.req("GR-C-03")
def test_anybody_signed_in_nominates_themselves_once(client):
    cast = assemble()
    client.force_login(cast.erlan)
    answer = client.post("/experts/me/", typed(), follow=True)
    expert = Expert.objects.get()
    assert answer.redirect_chain == [(f"/experts/{expert.pk}/", 302)]
    assert (expert.person, expert.proposed_by, expert.state) == (cast.erlan, None, "proposed")
    assert client.get("/experts/me/").url == f"/experts/{expert.pk}/"


@pytest.mark.req("GR-C-03")
def test_an_ngo_proposes_a_person_who_then_gets_a_letter(client):
    cast = assemble()
    client.force_login(cast.aliya)
    newcomer = {"email": "New@example.kz", "surname": "Нұрланов", "given_name": "Нұрлан"}
    client.post("/experts/propose/", typed(agreed="on", **newcomer))
    expert = Expert.objects.get()
    assert (expert.person.email, expert.proposed_by, expert.side) == (
        "new@example.kz",
        cast.ngo,
        "ngo",
    )
    assert not expert.person.has_usable_password()
    assert Letter.objects.get().recipient == expert.person
    # The same person a second time, in other letters.
    answer = client.post(
        "/experts/propose/", typed(agreed="on", **newcomer | {"email": "NEW@example.kz"})
    )
    assert list(answer.context["form"].errors) == ["email"]


def test_whoever_answers_for_no_ngo_cannot_propose(client):
    cast = assemble()
    for user in (cast.bolat, cast.erlan, cast.saule):
        client.force_login(user)
        assert client.get("/experts/propose/").status_code == 404
        assert client.post("/experts/propose/", typed()).status_code == 404
    assert not Expert.objects.exists()


def test_directions_are_asked_once_each_and_at_least_one(client):
    cast = assemble()
    client.force_login(cast.erlan)
    empty = {f"directions-0-{name}": "" for name in ("direction", "education", "years")}
    twice = {
        "directions-1-direction": DIRECTION,
        "directions-1-education": "Тағы",
        "directions-1-years": "3",
    }
    for wrong in (empty, twice, {"directions-0-years": "-1"}, {"directions-0-years": "9" * 30}):
        answer = client.post("/experts/me/", typed(**wrong))
        assert answer.status_code == 200
        assert not answer.context["rows"].is_valid()
    assert not Expert.objects.exists()


def test_the_operator_declines_with_a_reason_that_the_person_reads(client):
    cast = assemble()
    expert = proposed(cast.erlan, None, cast.actor("erlan"))
    client.force_login(cast.gulnara)
    assert client.post(f"/experts/{expert.pk}/decline/", {"reason": " "}).status_code == 409
    client.post(f"/experts/{expert.pk}/decline/", {"reason": "Диплом жоқ."})
    expert.refresh_from_db()
    assert (expert.state, expert.remarks) == ("declined", "Диплом жоқ.")
    assert "Диплом жоқ." in Letter.objects.get(recipient=cast.erlan).body
    client.force_login(cast.erlan)
    assert "Диплом жоқ." in client.get(f"/experts/{expert.pk}/").content.decode()


def test_an_expert_cannot_take_themselves_into_the_register(client):
    cast = assemble()
    expert = proposed(cast.erlan, None, cast.actor("erlan"))
    client.force_login(cast.erlan)
    assert client.post(f"/experts/{expert.pk}/register/").status_code == 409
    expert.refresh_from_db()
    assert expert.state == Expert.State.PROPOSED


def test_an_amended_entry_waits_for_the_operator_again(client):
    cast = assemble()
    expert = registered(cast.erlan, None, cast.actor("erlan"), cast.actor("gulnara"))
    client.force_login(cast.erlan)
    client.post(
        f"/experts/{expert.pk}/amend/",
        typed(employer=cast.ngo.bin, employer_name="", **{"directions-INITIAL_FORMS": "1"}),
    )
    expert.refresh_from_db()
    assert (expert.state, expert.employer) == ("proposed", cast.ngo)
    assert expert.employer_name == cast.ngo.name_kk
    assert expert.directions.get().years == QUALIFIED["years"]


def test_each_sees_their_own_entry_and_the_operator_sees_all(client):
    cast = assemble()
    own = registered(cast.erlan, cast.ngo, cast.actor("aliya"), cast.actor("gulnara"))
    other = proposed(person("Құпиянов"), cast.rival, cast.actor("dana"))
    seen = {
        name: set(queries.experts_visible_to(cast.actor(name)))
        for name in ("erlan", "aliya", "bolat", "dana", "gulnara", "saule")
    }
    assert seen == {
        "erlan": {own},
        "aliya": {own},
        "bolat": set(),
        "dana": {other},
        "gulnara": {own, other},
        "saule": set(),
    }
    client.force_login(cast.aliya)
    for address in (f"/experts/{other.pk}/", f"/experts/{other.pk}/amend/", "/experts/999/"):
        assert client.get(address).status_code == 404
    assert "Құпиянов" not in client.get("/experts/?q=құпия").content.decode()


def test_the_register_is_searched_without_regard_to_case_and_sorted_in_kazakh(client):
    cast = assemble()
    for surname in ("Әбенов", "Яковлев", "Абаев", "Құсайынов", "Кенжеев"):
        registered(person(surname), None, cast.actor("gulnara"), cast.actor("gulnara"))
    client.force_login(cast.gulnara)
    rows = client.get("/experts/").context["page"].rows
    assert [expert.name.split()[0] for expert in rows] == [
        "Абаев",
        "Әбенов",
        "Кенжеев",
        "Құсайынов",
        "Яковлев",
    ]
    rows = client.get("/experts/", {"q": "ҚҰСАЙ", "direction": DIRECTION}).context["page"].rows
    assert [expert.name.split()[0] for expert in rows] == ["Құсайынов"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_register_takes_the_same_queries_for_one_and_three(
    client, number, django_assert_num_queries
):
    cast = assemble()
    for _ in range(number):
        registered(person(), None, cast.actor("gulnara"), cast.actor("gulnara"))
    client.force_login(cast.gulnara)
    with django_assert_num_queries(6):  # session, user, memberships; experts, directions; own entry
        client.get("/experts/")


@pytest.mark.req("GR-C-11")
def test_a_tie_is_recorded_by_the_operator_or_declared_by_the_person_and_seen_by_them_only(client):
    cast = assemble()
    expert = registered(cast.erlan, cast.ngo, cast.actor("aliya"), cast.actor("gulnara"))
    tie = {"organisation": cast.rival.bin, "kind": "kin", "since": "", "until": "", "source": "өзі"}
    client.force_login(cast.erlan)
    client.post(f"/experts/{expert.pk}/ties/", tie)
    assert Affiliation.objects.get().organisation == cast.rival
    # The NGO that proposed the expert sees the entry, but not the expert's family.
    client.force_login(cast.aliya)
    assert cast.rival.name_kk not in client.get(f"/experts/{expert.pk}/").content.decode()
    assert client.get(f"/experts/{expert.pk}/ties/").status_code == 404
    client.force_login(cast.gulnara)
    assert cast.rival.name_kk in client.get(f"/experts/{expert.pk}/").content.decode()


def test_a_passer_by_is_sent_to_sign_in(client):
    for address in ("/experts/", "/experts/me/", "/experts/1/", "/returns/", "/returns/1/"):
        assert client.get(address).status_code == 302


def test_names_of_existing_people_are_not_changed_by_a_proposal(client):
    cast = assemble()
    client.force_login(cast.aliya)
    other = {"email": cast.erlan.email, "surname": "Басқа", "given_name": "Біреу"}
    client.post("/experts/propose/", typed(agreed="on", **other))
    assert User.objects.get(pk=cast.erlan.pk).surname == "Тоқтаров"
    assert Expert.objects.get().name == cast.erlan.full_name


def test_the_operator_ends_a_tie_and_the_expert_cannot(client):
    cast = assemble()
    expert = registered(cast.erlan, None, cast.actor("erlan"), cast.actor("gulnara"))
    tie = Affiliation.objects.create(
        person=cast.erlan,
        organisation=cast.rival,
        kind="staff",
        since="2020-01-10",
        source="бұйрық",
    )
    address = f"/experts/{expert.pk}/ties/{tie.pk}/end/"
    client.force_login(cast.erlan)
    assert client.post(address, {"until": "2020-03-01"}).status_code == 404
    client.force_login(cast.gulnara)
    assert client.post(address, {"until": "2020-01-01"}).context["form"].errors
    assert client.post(address, {"until": "2020-03-01"}).status_code == 302
    assert not Affiliation.objects.current().exists()
    assert client.post(address, {"until": "2020-03-01"}).status_code == 404


def test_a_character_that_no_database_keeps_breaks_nothing(client):
    cast = assemble()
    expert = proposed(cast.erlan, None, cast.actor("erlan"))
    client.force_login(cast.gulnara)
    for address in ("/experts/?q=%00", "/returns/?q=%00&year=%00", "/experts/?page=%00"):
        assert client.get(address).status_code == 200
    answer = client.post(f"/experts/{expert.pk}/decline/", {"reason": "Себебі\0"})
    assert answer.status_code == 409
