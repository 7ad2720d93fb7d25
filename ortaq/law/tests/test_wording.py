import re
import string
from datetime import date
from fractions import Fraction

import pytest

from ortaq.law.text import Text
from ortaq.law.wording import HERE, Tenge, sentences, wording


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("name", sorted(sentences()))
def test_every_sentence_is_whole_in_three_languages(name):
    sentence = sentences()[name]
    assert all(sentence)
    kazakh, russian, english = (placeholders(wording) for wording in sentence)
    assert kazakh == russian == english


def test_no_refusal_is_kept_that_nobody_says_and_none_is_said_that_is_not_kept():
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(HERE.glob("**/*.py")))
    said = set(re.findall(r"refused\(\s*f?\"(\w+)\"", code))
    said |= {"unknown_in_terms", "unknown_in_parameters", "unknown_entry"}  # f"unknown_in_{table}"
    assert said == {name.removeprefix("refused.") for name in sentences() if "refused." in name}


def test_each_language_writes_days_and_money_in_its_own_way():
    said = wording("mci.above", amount=Tenge(123_456_789), tenge=Tenge(Fraction(2, 3)))
    assert said.en.startswith("1,234,567.89 tenge")
    assert said.ru.startswith("1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,89")
    assert "≈0,006667" in said.kk
    said = wording("terms.at_most", label=Text("а", "б", "c"), due_on=date(2020, 6, 3))
    assert said == Text(
        "«а»: 03.06.2020 күнінен кешіктірілмейді.",
        "«б»: не позднее 03.06.2020.",
        '"c": not later than 3 June 2020.',
    )


def test_what_a_person_wrote_is_never_read_as_a_placeholder():
    said = wording("refused.unknown_act", act="{0.__class__} {x}", known="{")
    assert "{0.__class__} {x}" in said.en
