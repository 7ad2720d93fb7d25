"""The procurement system is read page by page, goes on after a failure, keeps nothing about private persons and decides nothing."""

from __future__ import annotations

import io
import json
import ssl
from contextlib import contextmanager
from datetime import UTC, date, datetime
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command
from django.test import override_settings

from ortaq.core import clock as core_clock
from ortaq.core.identifiers import complete, control_digit
from ortaq.core.models import Duty, JournalEntry
from ortaq.core.procedure import Refused
from ortaq.exchange.goszakup import Client, Trouble
from ortaq.exchange.goszakup.double import CONTRACTS, TOKEN, Double
from ortaq.exchange.goszakup.transport import TRIES, Https
from ortaq.exchange.models import Cursor, Listing, Received
from ortaq.exchange.procedure import LISTING, read
from ortaq.people.models import Role, Standing
from ortaq.people.procedure import record_standing
from ortaq.testing import factories

from .scenes import unfair

pytestmark = pytest.mark.req("GR-A-09")
DAY = date(2026, 4, 1)


@pytest.fixture
def today(db, clock):
    clock.set(core_clock.at(DAY, 10))


def contracts(count):
    return [CONTRACTS[0] | {"id": 1000 + number} for number in range(count)]


def of(outcomes, kind):
    return next(one for one in outcomes if one.kind == kind)


# --- Reading ---------------------------------------------------------------------------------------


def test_what_was_read_is_kept_and_a_second_reading_changes_nothing(today):
    double = Double(contracts=contracts(5), most=2)
    first = of(read(Client(double)), "contract")
    assert (first.new, first.done) == (5, True)
    row = Received.objects.get(kind="contract", external=1000)
    assert (row.sum_tiyn, row.year, row.on) == (1_200_000_000, 2026, date(2026, 3, 20))
    assert (row.customer_bin, row.supplier_bin) == ("050140000120", "150140000131")
    assert len(row.raw_sha256) == 64
    assert row.source == "double/v3/graphql Contract"
    again = of(read(Client(double)), "contract")
    assert (again.new, again.changed) == (0, 0)
    double.contracts.append(CONTRACTS[0] | {"id": 2000})
    assert of(read(Client(double)), "contract").new == 1
    double.contracts[0] = double.contracts[0] | {"contractSum": 5}
    assert of(read(Client(double), again=True), "contract").changed == 1
    assert Received.objects.get(kind="contract", external=1000).sum_tiyn == 500


def test_a_sum_with_a_point_is_exact_and_one_that_is_no_sum_is_none(today):
    double = Double(lots=[], contracts=[])
    for number, amount in enumerate((0.29, 12500000.5, -1, 1.005, "5", True), 1):
        double.lots.append({"id": number, "amount": amount})
    read(Client(double))
    sums = list(Received.objects.order_by("external").values_list("sum_tiyn", flat=True))
    assert sums == [29, 1_250_000_050, None, None, None, None]


def test_a_failure_in_the_middle_keeps_what_came_and_the_next_reading_goes_on_there(today):
    double = Double(lots=[], contracts=contracts(6), most=2, failing=[0, 0, 500])
    stopped = read(Client(double))
    assert (of(stopped, "contract").new, of(stopped, "contract").error) == (2, "down")
    assert of(stopped, "unfair").done  # one that fails does not keep the others from being read
    assert Cursor.objects.get(kind="contract").after == 1001
    double.asked.clear()
    rest = of(read(Client(double)), "contract")
    assert (rest.new, rest.same, rest.done) == (4, 0, True)
    assert Cursor.objects.get(kind="contract").error == ""


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>",
        b"[]",
        b'{"data": {"Lots": 5}}',
        b'{"errors": [{"message": "no such field"}]}',
        b'{"data": {"Lots": []}}',
        b'{"data": {"Lots": [{"id": "x"}]}, "extensions": {"pageInfo": {"hasNextPage": false, "lastId": 1}}}',
        b'{"data": {"Lots": [{"id": 1, "amount": NaN}]}}',
        # A list that never moves on would be read for ever.
        b'{"data": {"Lots": [{"id": 1}]}, "extensions": {"pageInfo": {"hasNextPage": true, "lastId": 0}}}',
        b"[" * 100_000,
    ],
)
def test_an_answer_of_another_form_is_trouble_and_nothing_is_taken(today, answer, monkeypatch):
    double = Double()
    monkeypatch.setattr(double, "send", lambda path, body=None: (200, answer))
    assert {one.error for one in read(Client(double))} == {"odd"}
    assert not Received.objects.exists()


def test_nothing_about_a_private_person_is_kept(today):
    iin = next(
        complete(f"850101{n:05d}") for n in range(400_00, 401_00) if control_digit(f"850101{n:05d}")
    )
    double = Double(
        lots=[],
        contracts=[CONTRACTS[0] | {"supplierBiin": iin}],
        unfair=[unfair(1, iin, "Тоқтаров Ерлан")],
    )
    outcomes = read(Client(double))
    assert of(outcomes, "unfair").left_out == 1
    (row,) = Received.objects.all()
    assert (row.kind, row.supplier_bin) == ("contract", "")
    assert iin not in json.dumps(list(Received.objects.values()), default=str)
    assert iin not in json.dumps(list(JournalEntry.objects.values("facts")))


# --- Unfair suppliers ------------------------------------------------------------------------------


@pytest.fixture
def listed(today):
    """An NGO of ours in the register, and the officer who decides."""
    officer = factories.a_member(
        factories.an_organisation("authorised_body"), Role.OFFICER, surname="Әбенова"
    )
    ngo = factories.an_organisation()
    double = Double(unfair=[unfair(1, factories.a_bin()), unfair(2, ngo.bin)])
    assert of(read(Client(double)), "unfair").raised == 1
    return Listing.objects.get(), officer, double


def test_an_ngo_of_ours_waits_for_an_officer_and_nothing_excludes_it_by_itself(listed):
    listing, officer, _double = listed
    assert (listing.state, Standing.objects.count()) == ("open", 0)
    duty = Duty.objects.get(code="unfair_supplier", done_at=None)
    assert duty.bearer == officer.behalf
    ngo = factories.a_member(listing.organisation)
    with pytest.raises(Refused, match="not_yours"):
        LISTING.take("note", listing, actor=ngo, reason="-")
    with pytest.raises(Refused, match="no_reason"):
        LISTING.take("note", listing, actor=officer, reason=" ")
    LISTING.take("note", listing, actor=officer, reason="Тауар кеш жеткізілген, 2024 ж.")
    assert (listing.state, listing.decided_by) == ("noted", officer.user)
    assert not Duty.objects.filter(code="unfair_supplier", done_at=None).exists()
    assert "Тауар" not in json.dumps(list(JournalEntry.objects.values("facts")))


def test_that_a_fact_is_recorded_is_said_only_when_one_stands(listed):
    listing, officer, _double = listed
    with pytest.raises(Refused, match="no_fact"):
        LISTING.take("record", listing, actor=officer, reason="сот")
    fact = Standing(
        organisation=listing.organisation,
        kind=Standing.Kind.BANKRUPTCY,
        since=DAY,
        source="сот",
        evidence="№ 1",
    )
    record_standing(fact, actor=officer)
    LISTING.take("record", listing, actor=officer, reason="сот шешімі № 1")
    assert listing.state == "recorded"


def test_who_leaves_the_register_is_over_and_who_comes_back_waits_again(listed, clock):
    listing, _officer, double = listed
    gone = double.unfair.pop()
    clock.set(core_clock.at(date(2026, 4, 2), 10))
    assert of(read(Client(double)), "unfair").gone == 1
    listing.refresh_from_db()
    assert listing.state == "over"
    assert Received.objects.get(pk=listing.received_id).gone_at
    double.unfair.append(gone)
    clock.set(core_clock.at(date(2026, 4, 3), 10))
    assert of(read(Client(double)), "unfair").raised == 1
    listing.refresh_from_db()
    assert listing.state == "open"
    # An empty answer is no news that everybody has left the register.
    double.unfair.clear()
    clock.set(core_clock.at(date(2026, 4, 4), 10))
    assert of(read(Client(double)), "unfair").gone == 0


def test_an_ngo_that_joins_later_is_met_with_the_next_reading(today):
    bin_ = factories.a_bin()
    double = Double(unfair=[unfair(1, bin_)])
    assert of(read(Client(double)), "unfair").raised == 0
    factories.an_organisation(bin=bin_)
    assert of(read(Client(double)), "unfair").raised == 1


# --- HTTP ------------------------------------------------------------------------------------------


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def served(application, context=None):
    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        # A handshake that the other side breaks off is no news.
        setattr(server, "handle_error", lambda *_args: None)  # noqa: B010 - it is a method
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v3"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_double_over_http_gives_what_it_gives_in_memory(today):
    pauses: list[float] = []
    double = Double(unfair=[unfair(1, factories.a_bin())], failing=[503, 429])
    with served(double.application) as url:
        outcomes = read(Client(Https(url, TOKEN, pause=pauses.append)))
        assert [one.error for one in outcomes] == ["", "", ""]
        assert [one.new for one in outcomes] == [1, 1, 1]
        assert len(pauses) == 2
        wrong = read(Client(Https(url, "wrong", pause=pauses.append)))
    assert [one.error for one in wrong] == ["refused"] * 3
    assert len(pauses) == 2  # a refused token is not tried again and again
    assert "wrong" not in "".join(Cursor.objects.values_list("why", flat=True))


def test_what_fails_for_ever_is_tried_a_few_times(db):
    pauses: list[float] = []
    tried: list[str] = []

    def broken(environ, start_response):
        tried.append(environ["PATH_INFO"])
        start_response("500 no", [("Content-Length", "0"), ("Retry-After", "9999")])
        return [b""]

    with served(broken) as url, pytest.raises(Trouble, match="down"):
        Client(Https(url, TOKEN, pause=pauses.append)).page("unfair", 0)
    assert (len(tried), len(pauses)) == (TRIES, TRIES - 1)
    assert max(pauses) <= 30


def test_a_redirect_is_not_followed_and_an_endless_answer_is_not_read(db, monkeypatch):
    tokens = []

    def elsewhere(environ, start_response):
        tokens.append(environ["PATH_INFO"])
        start_response("302 away", [("Location", "/v3/steal"), ("Content-Length", "0")])
        return [b""]

    with served(elsewhere) as url, pytest.raises(Trouble, match="odd"):
        Client(Https(url, TOKEN)).page("unfair", 0)
    assert tokens == ["/v3/rnu"]
    monkeypatch.setattr("ortaq.exchange.goszakup.transport.LARGEST", 100)
    with served(Double().application) as url, pytest.raises(Trouble, match="without end"):
        Client(Https(url, TOKEN)).page("contract", 0)


def certificate(folder):
    """A certificate of this machine that nobody has vouched for, and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public, whole = folder / "public.pem", folder / "whole.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    whole.write_bytes(private + public.read_bytes())
    return public, whole


def test_a_server_that_nobody_vouches_for_gets_no_token(db, tmp_path):
    public, whole = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(whole)
    double, pauses = Double(), list[float]()
    with served(double.application, context) as address:
        url = address.replace("http://127.0.0.1", "https://localhost")
        with pytest.raises(Trouble, match="down"):
            Client(Https(url, TOKEN, pause=pauses.append)).page("lot", 0)
        assert (double.asked, pauses) == ([], [])
        # With the authority in the bundle the same server is trusted.
        assert len(Client(Https(url, TOKEN, str(public))).page("lot", 0).rows) == 1


@pytest.mark.parametrize(
    ("url", "token", "bundle", "why"),
    [
        ("http://ows.goszakup.gov.kz/v3", "t", "", "URL"),
        ("ftp://127.0.0.1/v3", "t", "", "URL"),
        ("https://ows.goszakup.gov.kz/v3", "", "", "TOKEN"),
        ("https://ows.goszakup.gov.kz/v3", "a\nX: b", "", "TOKEN"),
        ("https://ows.goszakup.gov.kz/v3", "t", "/no/such/file", "CA"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_before_anything_is_sent(url, token, bundle, why):
    with pytest.raises(Trouble, match=why):
        Https(url, token, bundle)


def test_the_command_is_off_unless_the_settings_turn_it_on(today):
    out = io.StringIO()
    call_command("goszakup", stdout=out)
    assert "Off" in out.getvalue()
    assert not Cursor.objects.exists()
    with override_settings(ORTAQ_GOSZAKUP="double"):
        call_command("goszakup", stdout=out)
    assert Received.objects.count() == 2
    with override_settings(ORTAQ_GOSZAKUP="http"), pytest.raises(CommandError, match="TOKEN"):
        call_command("goszakup", stdout=out)
