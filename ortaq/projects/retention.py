"""How long participants' personal data are kept, and in which words a person consents to it.

No source sets a period (GAP-I-10). Five years after the project has closed is our proposal: as long as primary documents of
accounting are kept, whose annexes the lists are. Consents are kept by version: what somebody agreed to stays readable.

Lists that went with a report are kept as submitted, and hold the same data for the same time: whoever is erased is erased from them
too. The report names such a list by the number of its people and a salted hash; both stay, the salt goes with the data, so that the
hash proves nothing about a name any more. Files that an NGO uploaded and that name people are deleted by hand (`forgetting.naming`).
"""

from __future__ import annotations

from datetime import date

from ortaq.law.text import Text

YEARS = 5
CONSENT = "2020-1"
ON_PAPER = "paper"
CONSENTS = {
    "2020-1": Text(
        "Ұйымдастырушының ({ngo}) менің аты-жөнімді, жұмыс не оқу орнымды және байланыс деректерімді "
        "жобаның қатысушылар тізімі мен есебі үшін жинап, жоба аяқталғаннан кейін {years} жыл "
        "сақтауына келісемін. Деректерді ұйым мен қаржы берген орган ғана көреді, олар жарияланбайды. "
        "Келісімді жеке сілтемем арқылы кез келген уақытта кері қайтара аламын.",
        "Я согласен (согласна), чтобы организатор ({ngo}) собрал моё имя, место работы или учёбы и контакт "
        "для списка участников и отчёта по проекту и хранил их {years} лет после его завершения. "
        "Данные видят только организация и орган, выделивший средства; они не публикуются. "
        "Согласие я могу отозвать в любое время по своей личной ссылке.",
        "I agree that the organiser ({ngo}) collects my name, place of work or study and contact for the list of "
        "participants and the report of the project and keeps them for {years} years after its "
        "end. Only the organisation and the body that gave the money see them; they are not "
        "published. I can take my consent back at any time by my personal link.",
    )
}


def consent(ngo: str) -> Text:
    """The words that a participant agrees to today."""
    return CONSENTS[CONSENT].fill(ngo=ngo, years=YEARS)


def keep_until(closed_on: date) -> date:
    """The last day on which personal data of a project closed on this day are kept."""
    try:
        return closed_on.replace(year=closed_on.year + YEARS)
    except ValueError:  # 29 February
        return date(closed_on.year + YEARS, 2, 28)
