import pytest

from ortaq.documents.forms import forms

from . import prints

FORMS = list(forms())


@pytest.mark.req("SO-F-14", "GR-A-13", "GR-K-03")
@pytest.mark.parametrize("form", FORMS, ids=lambda one: f"{one.id}-{one.edition}")
def test_a_form_says_what_its_approved_print_says(form):
    approved = prints.path_of(form).read_text(encoding="utf-8").splitlines()
    now = prints.print_of(form).splitlines()
    assert now == approved, "read the difference, then `make prints` approves it"


def test_no_approved_print_is_left_of_a_form_that_is_gone():
    assert set(prints.FOLDER.glob("*")) == {prints.path_of(form) for form in FORMS}
