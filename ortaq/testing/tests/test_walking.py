"""What walks through the house save on: nobody sees what was drawn for another, or for another reason."""

from __future__ import annotations

from types import SimpleNamespace

from django.http import HttpResponse

from ortaq.documents.paper import Paper, Paragraph
from ortaq.testing.walking import WHO, Refusals, made_once


def test_a_refusal_is_drawn_once_for_each_reader_in_its_own_words(rf):
    drawn = []

    def draw(request, code, title, text, **back):
        drawn.append((request.META[WHO], code, text))
        return HttpResponse(f"{request.META[WHO]} {text} {request.POST}", status=code)

    refusals = Refusals()
    refusals.usual = draw
    one, other = SimpleNamespace(pk=1), SimpleNamespace(pk=2)

    def asked(user, text, **typed):
        request = rf.post("/", typed, **{WHO: user})
        answer = refusals.error(request, 403, "No", text, back="/")
        return answer.status_code, answer.content

    first = asked(one, "Not yours")
    assert asked(one, "Not yours") == first
    assert len(drawn) == 1
    others = [asked(other, "Not yours"), asked(None, "Not yours"), asked(one, "Not now")]
    others.append(asked(one, "Not yours", name="Typed"))
    assert first not in others
    assert len(drawn) == 5


def test_a_paper_is_made_into_a_file_anew_when_it_says_anything_else():
    made = []

    def make(paper):
        made.append(paper)
        return paper.title.encode()

    file = made_once(make)
    assert file(Paper("A", "kk", (Paragraph("a"),))) == file(Paper("A", "kk", (Paragraph("a"),)))
    assert len(made) == 1
    file(Paper("A", "kk", (Paragraph("b"),)))
    file(Paper("A", "ru", (Paragraph("a"),)))
    assert len(made) == 3
