"""Who joins, leaves, is replaced or does something else (GR-I-03)."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.projects import changing
from ortaq.projects.changing import Row
from ortaq.projects.forms.rows import CELL
from ortaq.projects.models import TeamMember

from .base import ChangeForm, Kind, day


class MemberFields(forms.Form):
    """A person as block II lists them (GR-I-03)."""

    table = forms.ChoiceField(label=_("Table"), choices=TeamMember.Table)
    full_name = forms.CharField(label=_("Full name"), max_length=500)
    post = forms.CharField(label=_("Position"), max_length=500)
    role = forms.ChoiceField(
        label=_("Role in the project team"),
        choices=TeamMember.Role,
        initial=TeamMember.Role.OTHER,
    )
    contact = forms.CharField(label=_("Contact information"), max_length=300, required=False)
    duties = forms.CharField(
        label=_("Duties"), required=False, max_length=CELL, widget=forms.Textarea({"rows": 2})
    )
    share = forms.CharField(label=_("Work in the project, %"), max_length=60, required=False)


class TeamForm(ChangeForm):
    kind = Kind.TEAM

    def present(self) -> dict[str, TeamMember]:
        return {key: one for key, one in self.plan.team.items() if one.until is None}


class JoinForm(MemberFields, TeamForm):
    title = _("Somebody joins the team")
    since = day(_("In the team from"))

    def meant(self) -> Iterator[Row | None]:
        yield changing.begin(changing.TEAM, "", {**self.cleaned_data, "until": None})


class ReplaceForm(MemberFields, TeamForm):
    title = _("Somebody in the team is replaced")
    member = forms.ChoiceField(label=_("Who leaves"))
    until = day(_("Last day in the team"))
    since = day(_("The new member is in the team from"))
    field_order = ["member", "until", "since"]

    def prepare(self) -> None:
        self.choose("member", self.present())

    def meant(self) -> Iterator[Row | None]:
        data = self.cleaned_data
        yield self.plan.row(changing.TEAM, data["member"], "until", data["until"])
        yield changing.begin(changing.TEAM, "", {**data, "until": None})


class LeaveForm(TeamForm):
    title = _("Somebody leaves the team")
    member = forms.ChoiceField(label=_("Who leaves"))
    until = day(_("Last day in the team"))

    def prepare(self) -> None:
        self.choose("member", self.present())

    def meant(self) -> Iterator[Row | None]:
        data = self.cleaned_data
        yield self.plan.row(changing.TEAM, data["member"], "until", data["until"])


class DutiesForm(TeamForm):
    title = _("Somebody's position, duties or share of work")
    member = forms.ChoiceField(label=_("Who"))
    post = forms.CharField(label=_("New position"), max_length=500, required=False)
    duties = forms.CharField(
        label=_("New duties"), required=False, max_length=CELL, widget=forms.Textarea({"rows": 2})
    )
    share = forms.CharField(label=_("New share of work, %"), max_length=60, required=False)

    def prepare(self) -> None:
        self.choose("member", self.present())
        for name in ("post", "duties", "share"):
            self.fields[name].help_text = _("Left empty, it stays as it is.")

    def meant(self) -> Iterator[Row | None]:
        for name in ("post", "duties", "share"):
            if value := self.cleaned_data[name]:
                yield self.plan.row(changing.TEAM, self.cleaned_data["member"], name, value)
