"""The stand-in of NCALayer answers as NCALayer does."""

import base64
import json

import pytest
from websockets.sync.client import connect

from ortaq.signing.ncalayer_double import BASICS, HEARTBEAT, OLD, Double, Wanted, running

SIGN, AUTHENTICATE = "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.2"


def basics(oid=SIGN, data="YWJj", **signer):
    return {
        "module": BASICS,
        "method": "sign",
        "args": {
            "format": "cms",
            "data": data,
            "signingParams": {"decode": True, "encapsulate": True, "digested": False},
            "signerParams": {"extKeyUsageOids": [oid], **signer},
        },
    }


def old(usage="SIGNATURE"):
    return {
        "module": OLD,
        "method": "createCAdESFromBase64",
        "args": ["PKCS12", usage, "YWJj", True],
    }


def answer(double, request):
    return json.loads(double.answer(json.dumps(request)))


@pytest.fixture
def asked():
    return []


@pytest.fixture
def double(asked):
    def choose(wanted):
        asked.append(wanted)
        return lambda content, attached: b"signed " + content + (b"!" if attached else b"")

    return Double(choose)


def test_it_signs_what_it_is_given_with_the_key_that_is_wanted(double, asked):
    found = answer(double, basics(iin="1", bin="2"))
    assert base64.b64decode(found["body"]["result"]) == b"signed abc!"
    several = answer(double, basics(AUTHENTICATE, data=["YQ==", "Yg=="]))
    assert len(several["body"]["result"]) == 2
    assert answer(double, old("AUTHENTICATION"))["code"] == "200"
    assert asked == [Wanted(False, "1", "2"), Wanted(True), Wanted(True)]


def test_a_closed_window_says_so_in_the_words_of_each_module():
    double = Double(lambda wanted: None)
    assert answer(double, basics()) == {"status": True, "body": {}}
    assert answer(double, old())["message"] == "action.canceled"


def test_an_old_installation_does_not_know_the_present_module(double):
    double.knows_basics = False
    assert answer(double, basics())["errorCode"] == "MODULE_NOT_FOUND"
    assert answer(double, {"module": OLD, "method": "getActiveTokens"})["code"] == "200"


@pytest.mark.parametrize("rubbish", ["", "[]", "{}", "null", '{"module": 1, "method": 2}', "\0"])
def test_rubbish_gets_an_answer_and_the_next_request_is_heard(double, rubbish):
    json.loads(double.answer(rubbish))
    assert answer(double, basics())["status"] is True


def test_over_the_line_it_greets_and_beats(double):
    with running(double) as address, connect(address) as line:
        assert json.loads(line.recv())["result"]["version"]
        line.send(HEARTBEAT)
        assert line.recv() == HEARTBEAT
        line.send(json.dumps(basics()))
        assert json.loads(line.recv())["status"] is True
