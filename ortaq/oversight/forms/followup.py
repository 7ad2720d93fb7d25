"""Forms of what follows from a visit: a request, an observation with its photograph, a corrective action, answers to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.files import DOCUMENTS, EVIDENCE, JPEG, PNG, store
from ortaq.core.models import StoredFile
from ortaq.faces.widgets import DateInput, InstantInput, ManyFilesField
from ortaq.oversight.models import CorrectiveAction, Observation, Visit
from ortaq.oversight.procedure.plan import edition_of
from ortaq.oversight.procedure.request import MOST_FILES
from ortaq.people.models import User
from ortaq.projects import once
from ortaq.projects.forms.money import ScanForm

LONG = 20_000
SALT = "oversight.files"
PHOTOS = {JPEG: "JPG", PNG: "PNG"}
# A first proposal of a day; no source sets one.
TO_ANSWER, TO_MEND = timedelta(days=5), timedelta(days=30)


class _Once(forms.Form):
    """A form that makes one row however often it is sent."""

    once = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"once": once.new(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


def _words(label: Any, rows: int = 3, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONG, required=required, widget=forms.Textarea({"rows": rows})
    )


class RequestForm(_Once):
    """Documents asked of the NGO."""

    what = _words(_("What is asked for"))
    ground = forms.CharField(
        label=_("Where the contract asks for it"),
        max_length=300,
        help_text=_(
            "The clause of the contract or of its technical specification, for example “clause 4.2”."
        ),
    )
    due_on = forms.DateField(label=_("Answer by"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"due_on": clock.today() + TO_ANSWER}, **kwargs)


class ObservationForm(_Once, ScanForm):
    """What was seen, as it is written on a telephone: photograph first, then words."""

    weight = forms.ChoiceField(
        label=_("Kind of observation"),
        choices=Observation.Weight.choices,
        initial=Observation.Weight.MINOR,
        widget=forms.RadioSelect(),
    )
    indicator = forms.ChoiceField(label=_("Indicator of monitoring"))
    text = _words(_("What was seen"))
    place = forms.CharField(label=_("Place"), max_length=500, required=False)
    seen_at = forms.DateTimeField(label=_("When"), widget=InstantInput())
    field_order = ("scan", "weight", "text", "indicator", "place", "seen_at")
    allowed = PHOTOS

    def __init__(self, visit: Visit, *args: Any, **kwargs: Any) -> None:
        first = {"seen_at": clock.now(), "place": visit.place}
        super().__init__(*args, initial=first, **kwargs)
        scan = self.fields["scan"]
        scan.label, scan.help_text = _("Photograph"), _("JPG or PNG, up to 20 MB.")
        scan.widget.attrs["accept"] = "image/jpeg,image/png"
        language = get_language() or "kk"
        indicator = self.fields["indicator"]
        assert isinstance(indicator, forms.ChoiceField)
        indicator.choices = [
            (key, ground.text.say(language))
            for key, ground in edition_of(visit.plan).grounds("monitoring_indicators").items()
        ]


class ActionForm(_Once):
    """What is to be mended, by whom and by when."""

    what = _words(_("What is to be done"))
    owner = forms.ChoiceField(
        label=_("Who does it"), choices=CorrectiveAction.Owner.choices, widget=forms.RadioSelect()
    )
    person = forms.CharField(label=_("Person in charge"), max_length=250, required=False)
    due_on = forms.DateField(label=_("Done by"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        first = {"due_on": clock.today() + TO_MEND, "owner": CorrectiveAction.Owner.NGO}
        super().__init__(*args, initial=first, **kwargs)


class AnswerForm(forms.Form):
    """The NGO's answer to a request: text and files. Files that have come through stay when something else has to be mended."""

    answer = _words(_("Your answer"), 4, required=False)
    uploads = ManyFilesField(
        label=_("Files"),
        required=False,
        allow_empty_file=True,
        help_text=_("PDF, DOCX, XLSX, PNG or JPG, each up to 20 MB; several at once."),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput())
    files_here: list[StoredFile]

    def keep(self, person: User | None) -> None:
        """Store what was uploaded beside what the first sending left; errors stand at the field, each with the file's name."""
        self.files_here = self._left(person)
        uploads = self.cleaned_data.get("uploads") or []
        if len(uploads) + len(self.files_here) > MOST_FILES:
            self.add_error("uploads", _("Send at most 30 files at once."))
            return
        for upload in uploads:
            try:
                self.files_here.append(
                    store(upload, name=upload.name or "", person=person, allowed=DOCUMENTS)
                )
            except ValidationError as error:
                self.add_error("uploads", f"{upload.name}: {' '.join(error.messages)}")

    def _left(self, person: User | None) -> list[StoredFile]:
        try:
            keys = signing.loads(self.data.get("kept", ""), salt=SALT)
        except signing.BadSignature:
            return []
        return list(StoredFile.objects.filter(pk__in=keys, uploaded_by=person))

    @property
    def token(self) -> str:
        """What the page carries in place of the files that are already here."""
        here = getattr(self, "files_here", [])
        return signing.dumps([one.pk for one in here], salt=SALT) if here else ""


class DoneForm(ScanForm):
    """That a corrective action is done: words and proof."""

    answer = _words(_("What was done"), 4)
    field_order = ("answer", "scan")
    allowed = EVIDENCE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scan = self.fields["scan"]
        scan.label = _("Proof")
        scan.help_text = _("PDF, DOCX, XLSX, PPTX, PNG, JPG or MP4, up to 20 MB.")


class ReturnForm(forms.Form):
    """Why something is asked again, and if need be a new day."""

    remark = _words(_("What is lacking"))
    due_on = forms.DateField(label=_("New day"), required=False, widget=DateInput())
