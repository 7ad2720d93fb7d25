"""Two public discussions with many comments each: one open, one whose report is out.

Rows stand as the steps leave them; only the journal is not written, since no page here reads it.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from django.db import transaction

from ortaq import law
from ortaq.core import clock
from ortaq.people.models import Organisation, User
from ortaq.planning.models import Comment, Formation, Topic

TOPICS = 20
SAID = (
    "Ауылдағы жастарға арналған орталықтың жұмыс уақытын кешкі сағаттарға ауыстыруды ұсынамыз: "
    "күндіз олар сабақта отырады, ал кешке барар жері жоқ. "
)


@transaction.atomic
def build(comments: int, manager: int) -> dict[str, int]:
    """Fill both beside the competition; gives the numbers of what the requests are about."""
    random, now = Random(2023), clock.now()
    edition = law.edition("rules_social_order", "2022")
    fields = [one.key for one in law.fields_of(str(edition.parameter("fields.set").value))]
    body = Organisation.objects.create(
        kind="state_body", name_kk="Облыс әкімдігі", name_ru="Акимат области"
    )
    ngos = list(Organisation.objects.filter(kind="ngo").order_by("id")[:50])
    author = User.objects.get(pk=manager)
    made = []
    for number, state in enumerate(("discussion", "reported"), 1):
        out = state == "reported"
        formation = Formation.objects.create(
            body=body,
            level="local",
            plan_year=clock.today().year + 1,
            number=number,
            act=edition.act,
            edition=edition.key,
            introduction_kk="Кіріспе",
            introduction_ru="Введение",
            state=state,
            published_at=now - timedelta(days=20),
            closes_at=now + timedelta(days=-5 if out else 5),
            reported_at=now if out else None,
            comments=comments,
        )
        topics = Topic.objects.bulk_create(
            Topic(
                formation=formation,
                position=n + 1,
                field=fields[n % len(fields)],
                title_kk=f"{n + 1}-тақырып: жалғызбасты қарттарға көмек",
                title_ru=f"Тема {n + 1}: помощь одиноким пожилым людям",
                planned_tiyn=500_000_000,
                justification_kk=SAID,
                justification_ru=SAID,
                sources=["sociological_research"],
                target_group_kk="70 жастан асқан жалғызбасты адамдар",
                target_group_ru="Одинокие люди старше 70 лет",
                result_kk="300 адамға апта сайын көмек көрсетіледі",
                result_ru="300 человек получают помощь каждую неделю",
                comments=comments // TOPICS,
            )
            for n in range(TOPICS)
        )
        Comment.objects.bulk_create(
            [
                Comment(
                    formation=formation,
                    topic=topics[1] if n % 2 else topics[n % TOPICS] if n % 7 else None,
                    number=n + 1,
                    author=author if n < 5 else None,
                    author_name=f"Тұрғын {n}",
                    organisation=random.choice(ngos) if n % 3 == 0 else None,
                    email="" if n % 3 == 0 else f"guest-{n}@example.kz",
                    text=SAID * random.randint(1, 4),
                    state="received",
                    written_at=now - timedelta(days=12),
                    received_at=now - timedelta(days=12) + timedelta(seconds=n),
                    hidden_at=now if n % 97 == 0 else None,
                    hidden_reason="Балағат сөз" if n % 97 == 0 else "",
                    decision=("accepted", "partly", "declined")[n % 3] if out else "",
                    reasons_kk="Ұсыныс негізделген." if out else "",
                    reasons_ru="Предложение обосновано." if out else "",
                    decided_at=now if out else None,
                )
                for n in range(comments)
            ],
            batch_size=1000,
        )
        made.append((formation.pk, topics[1].pk))
    (discussed, topic), (reported, _topic) = made
    return {"discussion": discussed, "topic": topic, "reported": reported}
