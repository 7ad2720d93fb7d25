import contextlib
import copy
import functools
import io
import json
import re
import subprocess
import sys
import textwrap
from decimal import Decimal
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.__main__ import main
from ortaq.law import cli, inputs, standard

COMMANDS = ("editions", "due", "threshold", "standard", "satisfaction", "grant", "tender", "prize")
SHEET = inputs.GRANT_EXAMPLE["applications"][0]["sheets"]["erlan"]  # type: ignore[index]


class Said:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        return json.loads(self.out, parse_float=Decimal)


@pytest.fixture
def law(capsys):
    """Runs `ortaq law` and gives exit code, standard output and standard error."""

    def run(*words, language="en"):
        try:
            code = cli.main(["--language", language, *words])
        except SystemExit as left:
            code = int(left.code or 0)
        return Said(code, *capsys.readouterr())

    return run


@pytest.fixture
def file(tmp_path):
    """Writes a file and gives its name."""

    def write(content, name="input.json"):
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content)
            path.write_text(text, encoding="utf-8")
        return str(path)

    return write


# --- Answers -------------------------------------------------------------------------------------


def test_editions_can_be_listed_and_asked_for_a_day(law):
    assert {one["act"] for one in law("editions").json} >= {"grants_rules", "tender_scoring"}
    (found,) = law("editions", "--act", "rules_social_order", "--on", "2024-01-01").json
    assert (found["edition"], found["finding"]["code"]) == ("2022", "edition_assumed")


def test_a_due_date_by_the_edition_in_force_or_a_named_one(law):
    assert law("due", "scoring", "--from", "2020-06-18").json["due_on"] == "2020-07-10"
    words = ("due", "discussion", "--from", "2019-02-04")
    assert law(*words).json["term"]["cite"]["edition"] == "2018"
    assert law(*words, "--edition", "2022").json["term"]["cite"]["edition"] == "2022"
    named = law(*words, "--edition", "rules_social_order/2022").json
    assert named["term"]["cite"]["edition"] == "2022"


def test_a_threshold_in_tenge_and_what_is_above_it(law):
    found = law(
        "threshold", "prize.amount_min", "--on", "2019-09-01", "--amount", "5050000.01"
    ).json
    assert found[0]["numbers"]["amount_tiyn"] == 505_000_000
    assert found[-1]["code"] == "above"


def test_the_grant_example_of_the_help_ends_with_a_winner(law, file):
    found = law("grant", file(inputs.GRANT_EXAMPLE)).json
    assert (found["kind"], found["winner"]) == ("winner", "A-1")
    assert [one["mean"] for one in found["ranking"]] == [19, "27/2"]


def test_the_tender_example_of_the_help_ends_with_a_winner(law, file):
    found = law("tender", file(inputs.TENDER_EXAMPLE)).json
    assert (found["kind"], found["winner"]) == ("winner", "B")
    assert found["bids"][1]["conditional_price"] == "8910000.45"


@pytest.mark.req("PR-033", "PR-036")
def test_the_prize_example_of_the_help_proposes_the_best_and_equals_share(law, file):
    found = law("prize", file(inputs.PRIZE_EXAMPLE)).json
    assert (found["proposed"], found["division"]["share"]) == (["A"], "6000000.00")
    equal = {"prize": "0.05", "nominees": [{"id": key, "totals": [9]} for key in "ABC"]}
    found = law("prize", file(equal)).json
    assert found["proposed"] == ["A", "B", "C"]
    assert (found["division"]["share"], found["division"]["remainder"]) == ("0.01", "0.02")


def test_a_price_written_as_a_json_number_keeps_its_tiyn(law, file):
    text = json.dumps(inputs.TENDER_EXAMPLE).replace('"9900000.50"', "7777777.77")
    text = text.replace('"10000000"', "9000000")
    found = law("tender", file(text)).json
    assert found["bids"][1]["price"] == "7777777.77"
    assert found["bids"][1]["conditional_price"] == "6999999.993"


@pytest.mark.parametrize(("chosen", "admitted"), [("admitted", True), ("not_admitted", False)])
@pytest.mark.req("GAP-T-09")
def test_a_tender_file_says_what_its_customer_chose_of_prices_above_the_sum(
    law, file, chosen, admitted
):
    given = tender(allocated="9000000", above_allocated=chosen)
    found = law("tender", file(given)).json
    assert [one["admitted"] for one in found["bids"]] == [True, admitted]


@pytest.mark.parametrize("kind", standard.EXAMPLES)
def test_every_example_of_the_standard_is_answered_without_a_refusal(law, file, kind):
    said = law("standard", file(standard.EXAMPLES[kind]), "--mode", "spec")
    assert said.code == 0
    assert {finding["severity"] for finding in said.json} & {"ok", "notice", "warning"}


def test_satisfaction_is_measured_from_a_csv_file(law, file):
    name = file(cli.SURVEY_EXAMPLE, "answers.csv")
    words = ("satisfaction", name, "--service", "training", "--form", "seminar")
    assert law(*words).json["points_total"] == 12
    assert law(*words, "--participants", "20").json["population"] == 20


def test_a_file_may_come_by_standard_input(law, monkeypatch):
    raw = io.BytesIO(json.dumps(inputs.GRANT_EXAMPLE).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(raw))
    assert law("grant", "-").json["winner"] == "A-1"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_example_of_the_help_runs_as_it_is_printed(law, command, tmp_path, monkeypatch):
    said = law(command, "--help")
    assert said.code == 0
    files = re.findall(r"^(\w+\.(?:json|csv)).*:\n((?:  .*\n)+)", said.out, re.MULTILINE)
    for name, content in files:
        (tmp_path / name).write_text(textwrap.dedent(content), encoding="utf-8")
    examples = re.findall(rf"^  ortaq law ({command} .+|{command})$", said.out, re.MULTILINE)
    assert examples
    assert {name for name, _content in files} <= set(" ".join(examples).split())
    monkeypatch.chdir(tmp_path)
    for example in examples:
        answer = law(*example.split())
        assert answer.code == 0, (example, answer.err)
        assert answer.json, example


# --- Bad input -----------------------------------------------------------------------------------


def refused(said: Said) -> bool:
    """One sentence on standard error, nothing on standard output, exit code 2."""
    lines = said.err.strip().splitlines()
    return said.code == 2 and said.out == "" and len(lines) == 1 and "Traceback" not in said.err


def changed(example, **values):
    return {**example, **values}


def grant(**values):
    return changed(inputs.GRANT_EXAMPLE, **values)


def application(**values):
    return grant(applications=[{"id": "A", "admitted": True, **values}])


def tender(**values):
    return changed(inputs.TENDER_EXAMPLE, **values)


def offer(**values):
    good = inputs.TENDER_EXAMPLE["bids"][0]  # type: ignore[index]
    return tender(bids=[changed(good, **values)])


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("sing",),
        ("due",),
        ("due", "scoring"),
        ("due", "scoring", "--from", "14.05.2020"),
        ("due", "scoring", "--from", "2020-02-30"),
        ("due", "scoring", "--from", ""),
        ("due", "scoring", "--from", "2020-05-14", "--edition", "1999"),
        ("due", "scoring", "--from", "2020-05-14", "--edition", "a/b/c"),
        ("due", "scoring", "--from", "9999-12-31"),
        ("due", "nothing", "--from", "2020-05-14"),
        ("due", "budget_request", "--from", "2020-05-14"),
        ("due", "discussion", "--from", "2010-01-01"),
        ("threshold", "nothing", "--on", "2020-05-14"),
        ("threshold", "prize.amount_min", "--on", "1990-01-01"),
        ("threshold", "prize.amount_min", "--on", "2020-01-01", "--amount", "1e3"),
        ("threshold", "prize.amount_min", "--on", "2020-01-01", "--amount=-5"),
        ("threshold", "score.max", "--on", "2020-01-01", "--edition", "tender_scoring/2019"),
        ("editions", "--act", "nothing"),
        ("editions", "--act", "rules_social_order", "--on", "2000-01-01"),
        ("editions", "--on", "soon"),
        ("grant", "/nowhere/topic.json"),
        ("grant", "/"),
        ("grant", "a\0b"),
        ("tender", "/nowhere/lot.json"),
        ("standard", "/nowhere/event.json"),
        ("satisfaction", "/nowhere/answers.csv", "--service", "training"),
    ],
)
def test_bad_words_get_one_sentence_and_exit_code_2(law, words):
    assert refused(law(*words))


@pytest.mark.parametrize("command", ["grant", "tender", "prize", "standard"])
@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        "NaN",
        '{"a": Infinity}',
        '{"a": 1, "a": 2}',
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"a": 1e999999999}',
        f'{{"a": {"9" * 5000}}}',
        b"\xff\xfe\x00",
        "{}",
        '{"unknown": 1}',
    ],
    ids=lambda content: repr(content[:12]),
)
def test_a_bad_file_gets_one_sentence_and_exit_code_2(law, file, command, content):
    assert refused(law(command, file(content)))


@pytest.mark.parametrize(
    "data",
    [
        grant(edition="1999"),
        grant(edition=2020),
        grant(local_budget="yes"),
        grant(applications={}),
        grant(applications=[1]),
        grant(applications=[{"id": "A"}]),
        grant(applications=[{"id": "", "admitted": True}]),
        grant(applications=[{"id": 7, "admitted": True}]),
        grant(applications=[{"id": "A", "admitted": "true"}]),
        grant(applications=[{"id": "A", "admitted": True, "totals": [9]}] * 2),
        grant(tie_winner=5),
        application(points=[]),
        application(totals=[20], sheets={}),
        application(sheets=[SHEET]),
        application(sheets={"erlan": {**SHEET, "S1_capacity": -1}}),
        application(sheets={"erlan": {**SHEET, "S1_capacity": 4.0}}),
        application(sheets={"erlan": {**SHEET, "S1_capacity": "4"}}),
        application(sheets={"erlan": {**SHEET, "S1_capacity": True}}),
        application(sheets={"erlan": {**SHEET, "S6_region": 3}}),
        application(sheets={"erlan": {}}),
        application(totals=[-1]),
        application(totals=["20"]),
        application(totals=[20.5]),
        application(totals=5),
        grant(
            applications=[
                {"id": "A", "admitted": True, "totals": [10**50]},
                {"id": "B", "admitted": True, "totals": [20]},
            ]
        ),
        grant(
            applications=[
                {"id": "A", "admitted": True, "totals": [20]},
                {"id": "B", "admitted": True, "totals": [20]},
            ],
            tie_winner="C",
        ),
    ],
    ids=lambda data: json.dumps(data)[-60:],
)
def test_a_bad_topic_gets_one_sentence_and_exit_code_2(law, file, data):
    assert refused(law("grant", file(data)))


@pytest.mark.parametrize(
    "data",
    [
        tender(allocated=0),
        tender(allocated="much"),
        tender(allocated=10**50),
        tender(allocated=None),
        tender(edition="2022"),
        tender(single_bid="perhaps"),
        tender(single_bid=1),
        tender(bids=5),
        tender(bids=[{"id": "A"}]),
        tender(bids=[*inputs.TENDER_EXAMPLE["bids"]] * 2),  # type: ignore[misc]
        {key: value for key, value in inputs.TENDER_EXAMPLE.items() if key != "allocated"},
        offer(price=-1),
        offer(price="9000000.001"),
        offer(price=9000000.001),
        offer(price=True),
        offer(price=[]),
        offer(scores=[1, 1, 3, 1, 1, 2]),
        offer(scores={}),
        offer(scores={"C1": 1, "C2": 1, "C3": 2, "C4": 1, "C5": 1, "C6": 2}),
        offer(scores={"C1": 1, "C2": 1, "C3": 3, "C4": 1, "C5": 1, "C6": 2.0}),
        offer(scores={"C1": 1, "C2": 1, "C3": 3, "C4": 1, "C5": 1, "C6": -2}),
        offer(scores={"C7": 1}),
        offer(market_experience_days=-1),
        offer(market_experience_days="long"),
        offer(eligible="no"),
        offer(extra=1),
    ],
    ids=lambda data: json.dumps(data)[-60:],
)
def test_a_bad_lot_gets_one_sentence_and_exit_code_2(law, file, data):
    assert refused(law("tender", file(data)))


@pytest.mark.parametrize(
    ("content", "more"),
    [
        ("", ()),
        ("name;mark\n1;5\n", ()),
        ("participant,points\n1,6\n", ()),
        ("participant,points\n1,five\n", ()),
        ("participant,points\n1,5\n", ("--form", "circus")),
        ("participant,points\n1,5\n", ("--participants", "-1")),
        ("participant,points\n1,5\n", ("--participants", "9" * 50)),
        ("participant,points\n1,5\n2,5\n", ("--participants", "1")),
        (b"\x80\x81", ()),
    ],
)
def test_a_bad_survey_gets_one_sentence_and_exit_code_2(law, file, content, more):
    name = file(content, "answers.csv")
    words = ("--service", "training", *(more if "--form" in more else ("--form", "seminar", *more)))
    assert refused(law("satisfaction", name, *words))


GARBAGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["", "2020-02-30", "0000-00-00", "9999-12-31", "-1", "1e400", "NaN", "∞", "\0"]
    ),
    st.lists(st.integers(-1, 30), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(-1, 30), max_size=2),
)
EXAMPLES: dict[str, list[object]] = {
    "grant": [inputs.GRANT_EXAMPLE],
    "tender": [inputs.TENDER_EXAMPLE],
    "standard": list(standard.EXAMPLES.values()),
}


def places(value, path=()):
    """The path of every value inside a JSON document."""
    if path:
        yield path
    if isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in inside:
            yield from places(item, (*path, key))


@pytest.mark.parametrize("command", EXAMPLES)
@given(data=st.data())
@settings(max_examples=120, deadline=None, derandomize=True)
def test_whatever_stands_where_something_else_belongs_is_answered_or_refused(command, data):
    document = copy.deepcopy(data.draw(st.sampled_from(EXAMPLES[command])))
    for _time in range(data.draw(st.integers(1, 2))):
        *path, last = data.draw(st.sampled_from(list(places(document))))
        inside = functools.reduce(lambda value, key: value[key], path, document)
        if data.draw(st.booleans()):
            inside[last] = data.draw(GARBAGE)
        else:
            del inside[last]
        if not document:
            break
    out, err = io.StringIO(), io.StringIO()
    raw = io.BytesIO(json.dumps(document).encode())
    with (
        mock.patch.object(sys, "stdin", io.TextIOWrapper(raw)),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = cli.main(["--language", "en", command, "-"])
    assert code in {0, 2}
    if code == 0:
        json.loads(out.getvalue())
    else:
        assert refused(Said(code, out.getvalue(), err.getvalue()))


def test_a_huge_file_is_refused_before_it_is_read(law, file):
    name = file(b" " * (inputs.LARGEST_FILE_MB * 2**20 + 1))
    said = law("grant", name)
    assert refused(said)
    assert "too large" in said.err


@pytest.mark.parametrize(
    ("language", "word"), [("kk", "табылмады"), ("ru", "не найден"), ("en", "not found")]
)
def test_a_refusal_speaks_the_language_asked_for(law, language, word):
    assert word in law("grant", "/nowhere.json", language=language).err


@pytest.mark.parametrize(
    ("environment", "language"),
    [("kk_KZ.UTF-8", "kk"), ("ru_RU.UTF-8", "ru"), ("C.UTF-8", "en"), ("de_DE.UTF-8", "en")],
)
def test_without_being_asked_it_speaks_the_systems_language(monkeypatch, environment, language):
    monkeypatch.setenv("LC_ALL", environment)
    assert cli.parser().parse_args(["editions"]).language == language


# --- The command itself --------------------------------------------------------------------------


def run(*words, code="import runpy; runpy.run_module('ortaq', run_name='__main__')", stdin=b""):
    command = [sys.executable, "-c", f"import sys; sys.argv = ['ortaq', *{words!r}]; {code}"]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)  # noqa: S603


def test_the_law_answers_without_django_being_imported():
    code = (
        "sys.modules['django'] = None; sys.modules['sqlite3'] = None; "
        "import runpy; runpy.run_module('ortaq', run_name='__main__')"
    )
    said = run("law", "due", "scoring", "--from", "2020-06-18", code=code)
    assert said.returncode == 0, said.stderr.decode()
    assert json.loads(said.stdout)["due_on"] == "2020-07-10"


def test_bad_input_leaves_with_code_2_and_without_a_traceback():
    said = run("law", "tender", "-", stdin=b'{"allocated": "\\ud800"}')
    assert said.returncode == 2
    assert len(said.stderr.decode().splitlines()) == 1


def test_a_lone_surrogate_in_an_identifier_comes_out_as_it_went_in():
    topic = json.dumps({"applications": [{"id": "\ud800", "admitted": True}]})
    said = run("law", "grant", "-", stdin=topic.encode())
    assert said.returncode == 0, said.stderr.decode()
    assert json.loads(said.stdout)["kind"] == "F2"


def test_other_commands_go_to_djangos_manager(capsys):
    assert main(["help", "--commands"]) == 0
    assert "migrate" in capsys.readouterr().out.split()
