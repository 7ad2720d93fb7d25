"""The sheets of the five tools on paper (forms SO-MI, SO-MS, SO-MQ, SO-MD, SO-MN, which are ours): as they stand, signed by whoever did
the visit. The papers are for those who did it; answers of beneficiaries are summed up and name nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils import translation

from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.documents import showing
from ortaq.documents.filling import fill
from ortaq.documents.paper import Paper
from ortaq.faces import say
from ortaq.law.text import Text
from ortaq.oversight.models import Instrument, Mention
from ortaq.oversight.sheets import texts_of
from ortaq.oversight.tools import documents, survey
from ortaq.oversight.tools.asked import exact, form_of, keys

LANGUAGES = ("kk", "ru")
FORMS = {
    "indicators": "SO-MI",
    "mystery_shopper": "SO-MS",
    "survey": "SO-MQ",
    "documents": "SO-MD",
    "networks": "SO-MN",
}
YES, NO = Text("иә", "да"), Text("жоқ", "нет")
RECORDS = Text("жоба жазбалары", "записи проекта")
ALL_ANSWERS = Text("Барлық жауап: {count}", "Всего ответов: {count}")
MEAN = Text("орташа баға; жауап саны: {count}", "средняя оценка; ответов: {count}")
TONES = {
    Mention.Tone.GOOD: Text("оң", "положительная"),
    Mention.Tone.EVEN: Text("бейтарап", "нейтральная"),
    Mention.Tone.BAD: Text("теріс", "отрицательная"),
}
JUDGED = {
    "agrees": Text("сәйкес", "соответствует"),
    "differs": Text("сәйкес емес", "расходится"),
    "cannot": Text("тексеру мүмкін емес", "проверить невозможно"),
}


def sheet(row: Instrument, language: str) -> Paper:
    """The sheet in kk or ru; of one that is not finished, what stands in it now."""
    visit = row.visit
    contract = visit.plan.project.contract
    made = form_of(FORMS[row.tool])
    texts = texts_of(row.content)
    begun = clock.day_of(visit.started_at or clock.now())
    number = f"{visit.plan.year} № {visit.number}, {showing.day(begun)}"
    fields = {
        "project": pick(contract.title_kk, contract.title_ru, language),
        "contract": ", ".join(filter(None, (f"№ {contract.number}", _day(contract.concluded_on)))),
        "supplier": pick(contract.grantee.name_kk, contract.grantee.name_ru, language),
        "visit": ", ".join(filter(None, (number, visit.place))),
        "service": ", ".join(filter(None, (texts.get(name) for name in ("service", "place")))),
        "period": texts.get("period") or f"{_day(contract.starts_on)} – {_day(begun)}",
        "signed_on": clock.day_of(row.done_at) if row.done_at else None,
    }
    known = {one.key for one in made.particulars} | {"signed_on"}
    with translation.override(language):
        found = _SECTIONS[row.tool](row, texts, language)
    if any(one.key == "conclusion" for one in made.sections):
        found["conclusion"] = texts.get(f"conclusion_{language}", "")
    name = visit.engagement.expert.name if visit.engagement else ""
    if not name and visit.officer:
        name = visit.officer.full_name
    values = {
        "fields": {key: value for key, value in fields.items() if key in known and value},
        "sections": found,
        "signatures": {"monitor": {"name": name}},
    }
    return fill(made, values, language)


def _day(value: date | None) -> str:
    return showing.day(value) if value else ""


def _indicators(row: Instrument, texts: Mapping[str, str], language: str) -> dict[str, Any]:
    def line(number: int, one: Mapping[str, Any]) -> dict[str, Any]:
        judged = JUDGED.get(texts.get(f"judgement-{one['key']}", ""))
        said = (judged.say(language) if judged else "", texts.get(f"remark-{one['key']}", ""))
        return {
            "num": str(number),
            "indicator": one["text"],
            "planned": one["target"] or one["planned"],
            "actual": texts.get(f"found-{one['key']}") or one["done"],
            "source": RECORDS.say(language),
            "reason": ": ".join(filter(None, said)),
        }

    rows = row.content["facts"]["rows"]
    return {"indicators": [line(number, one) for number, one in enumerate(rows, 1)]}


def _shopper(row: Instrument, texts: Mapping[str, str], language: str) -> dict[str, Any]:
    points = {
        key: {
            "points": texts.get(f"points-{key}", "").replace("-", "–"),
            "comment": texts.get(f"comment-{key}", ""),
        }
        for key in keys("SO-MS", "points")
    }
    return {"points": points, "impression": texts.get("impression", "")}


def _survey(row: Instrument, texts: Mapping[str, str], language: str) -> dict[str, Any]:
    """Not one answer but all of them: means, and what was said in words."""
    figures = row.content.get("figures") or survey.figures(row)
    given = list(
        row.answers.filter(struck_at=None).order_by("pk").values_list("content", flat=True)
    )
    return {
        "about": {"how": ALL_ANSWERS.say(language).format(count=figures["answers"])},
        "points": {
            key: {
                "points": say.points(exact(one["mean"])),
                "comment": MEAN.say(language).format(count=one["answers"])
                if one["answers"]
                else "",
            }
            for key, one in figures["questions"].items()
        },
        **{
            name: "\n".join(f"– {one[name]}" for one in given if one.get(name))
            for name in survey.OPEN_QUESTIONS
        },
    }


def _documents(row: Instrument, texts: Mapping[str, str], language: str) -> dict[str, Any]:
    """The papers that every project keeps; the rows drawn from the contract stand as remarks beside those that hold them."""
    yes, no = YES.say(language), NO.say(language)
    there = {"true": yes, "untrue": yes, "missing": no, "none": "–"}
    agrees = {"true": yes, "untrue": no, "missing": "–", "none": "–"}
    remarks: dict[str, list[str]] = {"events": [], "payments": []}
    for part in documents.parts(row):
        for one in part.rows:
            place = "payments" if one.key.startswith("expense-") else "events"
            if texts.get(f"judgement-{one.key}") in ("untrue", "missing"):
                remarks[place].append(f"{say.text(one.text)}: {texts.get(f'remark-{one.key}', '')}")
    papers = {}
    for key in keys("SO-MD", "papers"):
        judged = texts.get(f"judgement-paper-{key}", "")
        said = [texts.get(f"remark-paper-{key}", ""), *remarks.get(key, ())]
        papers[key] = {
            "there": there.get(judged, ""),
            "agrees": agrees.get(judged, ""),
            "remark": "\n".join(filter(None, said)),
        }
    return {"papers": papers}


def _networks(row: Instrument, texts: Mapping[str, str], language: str) -> dict[str, Any]:
    found = row.mentions.select_related("screenshot")
    return {
        "found": [
            {
                "num": str(number),
                "day": one.seen_on,
                "network": one.network,
                "link": one.link,
                "tone": TONES[Mention.Tone(one.tone)].say(language),
                "gist": one.text,
                "screenshot": say.short_hash(one.screenshot.sha256) if one.screenshot else "–",
            }
            for number, one in enumerate(found, 1)
        ]
    }


_SECTIONS: dict[str, Callable[[Instrument, Mapping[str, str], str], dict[str, Any]]] = {
    "indicators": _indicators,
    "mystery_shopper": _shopper,
    "survey": _survey,
    "documents": _documents,
    "networks": _networks,
}
