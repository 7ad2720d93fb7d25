"""The audit fails on what is known to be broken, and says plainly what it could not ask."""

import json
import tomllib
from datetime import date
from email.message import Message

from ortaq.testing import audit

TODAY = date(2026, 11, 22)
ROW = {"name": "example", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "other", "skip_reason": "not found"}


def answer(*rows):
    return lambda _command: json.dumps({"dependencies": list(rows)})


def test_a_known_fault_fails_until_somebody_lets_it_pass_with_a_reason_and_an_end():
    faults, unknown = audit.of_python(answer(ROW))
    assert (str(faults[0]), unknown) == ("example 1.0: PYSEC-1, mended in 1.1", "")
    let = {"id": "PYSEC-1", "package": "example", "reason": "Not called.", "until": TODAY}
    assert list(audit.judged(faults, [], TODAY)) == [str(faults[0])]
    assert list(audit.judged(faults, [let], TODAY)) == []
    assert "once more" in next(audit.judged(faults, [let], date(2026, 11, 23)))
    assert "without a reason" in next(audit.judged(faults, [let | {"reason": " "}], TODAY))
    assert list(audit.judged(faults, [let | {"package": "another"}], TODAY)) == [str(faults[0])]


def test_what_could_not_be_asked_is_said_and_is_no_fault():
    assert audit.of_python(answer(ROW, SKIPPED))[1] == "1 of 2 packages could not be asked for"
    assert "knows none of 1 packages" in audit.of_python(answer(SKIPPED))[1]
    assert audit.of_python(lambda _command: "") == ([], "no service answered")
    assert "does not answer" in audit.of_node(lambda _command: json.dumps({"error": {}}))[1]


def test_the_second_service_is_asked_where_the_first_knows_nothing():
    def ask(command):
        return answer(ROW if "--vulnerability-service=osv" in command else SKIPPED)(command)

    assert [one.id for one in audit.of_python(ask)[0]] == ["PYSEC-1"]


def test_faults_of_node_packages_are_read():
    told = {"vulnerabilities": {"kit": {"range": "<2", "via": [{"url": "https://x/1"}, "base"]}}}
    faults, unknown = audit.of_node(lambda _command: json.dumps(told))
    assert ([one.id for one in faults], unknown) == (["https://x/1", "base"], "")


def test_every_licence_of_what_is_pinned_may_come_with_us():
    allowed = tomllib.loads(audit.ALLOWED.read_text())["licences"]
    assert list(audit.licences(allowed)) == []


def test_a_licence_that_may_not_come_or_is_not_told_is_found():
    allowed = tomllib.loads(audit.ALLOWED.read_text())["licences"]

    def changed(name):
        told = Message()
        if name != "rules":
            told["License-Expression"] = (
                "GPL-3.0-only" if name == "django" else "MIT OR GPL-3.0-only"
            )
        return told

    assert list(audit.licences(allowed, changed)) == [
        "django: GPL-3.0-only",
        "rules: says nothing of its licence",
    ]
    assert not audit.acceptable("MIT AND GPL-2.0-only", {"MIT"})
