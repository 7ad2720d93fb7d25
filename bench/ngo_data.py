"""NGOs for a register: invented, named as such organisations are, with valid BINs. Written in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from django.db import transaction

from bench.data import bins
from ortaq import law
from ortaq.core import clock, regions
from ortaq.people.models import Organisation
from ortaq.registry.models import AnnualReturn
from ortaq.registry.procedure.ngo import Figures, enter, learn

Form = Organisation.LegalForm
BATCH = 1000

# What NGOs are named after, Kazakh and Russian.
NAMES = [
    ("Әлем", "Мир"), ("Болашақ", "Будущее"), ("Мейірім", "Милосердие"), ("Қайырым", "Кайырым"),
    ("Ғұмыр", "Жизнь"), ("Үміт", "Надежда"), ("Шаңырақ", "Шанырак"), ("Өркен", "Росток"),
    ("Дана", "Дана"), ("Жас қанат", "Молодое крыло"), ("Атамекен", "Родина"), ("Алтын дән", "Золотое зерно"),
    ("Сана", "Сознание"), ("Нұр", "Свет"), ("Жұлдыз", "Звезда"), ("Тұмар", "Тумар"), ("Самұрық", "Самрук"),
    ("Ұлы дала", "Великая степь"), ("Ақ бота", "Белый верблюжонок"), ("Көгілдір аспан", "Голубое небо"),
    ("Бірлік", "Единство"), ("Достық", "Дружба"), ("Жанашыр", "Сочувствие"), ("Ізгілік", "Добродетель"),
    ("Еңбек", "Труд"), ("Қамқор", "Забота"), ("Асар", "Асар"), ("Зерде", "Разум"), ("Тірек", "Опора"),
    ("Жаңа өмір", "Новая жизнь"), ("Бәйтерек", "Байтерек"), ("Отбасы ошағы", "Семейный очаг"),
]  # fmt: skip
FOR_WHOM = [
    ("жастар", "молодёжи"), ("балалар", "детей"), ("ардагерлер", "ветеранов"), ("әйелдер", "женщин"),
    ("мүгедектігі бар адамдар", "людей с инвалидностью"), ("ауыл тұрғындары", "жителей села"),
    ("еріктілер", "волонтёров"), ("аналар", "матерей"), ("ұстаздар", "педагогов"), ("зейнеткерлер", "пенсионеров"),
    ("суретшілер", "художников"), ("экологтар", "экологов"), ("дәрігерлер", "врачей"), ("құқық қорғаушылар", "правозащитников"),
]  # fmt: skip
WHAT = [
    ("қолдау орталығы", "центр поддержки"), ("қауымдастығы", "сообщество"), ("дамыту орталығы", "центр развития"),
    ("бастамалары", "инициативы"), ("одағы", "союз"), ("мектебі", "школа"), ("клубы", "клуб"), ("үйі", "дом"),
]  # fmt: skip
PLACES = [
    ("Алматы", "Алматы"), ("Көкшетау", "Кокшетау"), ("Семей", "Семей"), ("Түркістан", "Туркестан"),
    ("Қызылорда", "Кызылорда"), ("Өскемен", "Усть-Каменогорск"), ("Ақтау", "Актау"), ("Жезқазған", "Жезказган"),
    ("Екібастұз", "Экибастуз"), ("Талдықорған", "Талдыкорган"), ("Орал", "Уральск"), ("Балқаш", "Балхаш"),
]  # fmt: skip
# A third of the names is of people, as foundations are: made of syllables, each another one.
BEGINNINGS = [
    "Аба", "Ай", "Ал", "Ами", "Ба", "Бек", "Гүл", "Да", "Ди", "Ер", "Жан", "Зар", "Иса", "Кә",
    "Қай", "Қан", "Ләй", "Мар", "Мұқ", "Нар", "Ора", "Рай", "Сә", "Сер", "Та", "Тоқ", "Ұла",
    "Ша", "Шың", "Ғали", "Құл", "Мәди",
]  # fmt: skip
ENDINGS = [
    "бай", "бек", "гүл", "дар", "жан", "зия", "кен", "қали", "лан", "ман", "мұрат", "нар",
    "нұр", "рат", "сұлтан", "сәт", "тай", "төре", "хан", "шат", "ғали", "ым",
]  # fmt: skip
FORMS = {
    Form.FOUNDATION: (50, "«{}» қоғамдық қоры", "Общественный фонд «{}»"),
    Form.ASSOCIATION: (35, "«{}» қоғамдық бірлестігі", "Общественное объединение «{}»"),
    Form.PRIVATE_FOUNDATION: (6, "«{}» жеке қоры", "Частный фонд «{}»"),
    Form.UNION: (5, "«{}» заңды тұлғалар бірлестігі", "Объединение юридических лиц «{}»"),
    Form.INSTITUTION: (4, "«{}» мекемесі", "Учреждение «{}»"),
}


def organisations(rows: int, seed: int = 41) -> Iterator[Organisation]:
    """`rows` NGOs, unsaved, the same ones for the same seed."""
    random, numbers = Random(seed), bins()
    codes = [region.code for region in regions.on(clock.today())]
    forms, weights = list(FORMS), [weight for weight, _kk, _ru in FORMS.values()]
    for _ in range(rows):
        form = random.choices(forms, weights)[0]
        kk, ru = _name(random)
        _weight, in_kazakh, in_russian = FORMS[form]
        yield Organisation(
            kind=Organisation.Kind.NGO,
            bin=next(numbers),
            name_kk=in_kazakh.format(kk),
            name_ru=in_russian.format(ru),
            legal_form=form,
            region_code=random.choice(codes),
            registered_on=date(2003, 1, 1) + timedelta(days=random.randrange(8000)),
        )


def _name(random: Random) -> tuple[str, str]:
    if random.random() < 0.35:
        person = random.choice(BEGINNINGS) + "".join(
            random.choices(ENDINGS, k=random.randint(1, 2))
        )
        return person, person.translate(str.maketrans("әғқңөұүһі", "агкноуухи"))
    parts = [random.choice(NAMES)]
    if random.random() < 0.6:
        whom, what = random.choice(FOR_WHOM), random.choice(WHAT)
        parts.append((f"{whom[0]} {what[0]}", f"{what[1]} {whom[1]}"))
    if random.random() < 0.3:
        parts.append(random.choice(PLACES))
    return " ".join(kk for kk, _ in parts), " ".join(ru for _, ru in parts)


@transaction.atomic
def build(rows: int) -> None:
    """Fill an empty register: NGOs, their returns on the last year, staff and directions."""
    random, year = Random(42), clock.today().year - 1
    fields = [field.key for field in law.fields_of("grants_2019_guide")]
    made = Organisation.objects.bulk_create(organisations(rows), batch_size=BATCH)
    sent = [
        AnnualReturn(
            organisation=one,
            year=year if random.random() < 0.8 else year - 1,
            sent_on=date(year + 1, 1, 10) + timedelta(days=random.randrange(110)),
            state=random.choices(["approved", "sent"], [9, 1])[0],
            evidence="bench",
        )
        for one in made
        if random.random() < 0.9
    ]
    AnnualReturn.objects.bulk_create(sent, batch_size=BATCH)
    enter(made)
    learn(
        {
            one.pk: Figures(
                year=year,
                staff=min(random.randrange(1, 12) ** 2 - 1, 200),
                volunteers=random.randrange(60),
                directions=tuple(random.sample(fields, random.randint(1, 4))),
            )
            for one in made
            if random.random() < 0.8
        }
    )
