"""The pages of people and organisations: find, ask the policy, take one step, render."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ortaq.core import clock, regions
from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column
from ortaq.law.findings import Finding, stops
from ortaq.signing import ncalayer
from ortaq.signing.forms import SignatureForm

from . import certificates, policy, procedure, queries, second_factor
from .actor import ACTING_FOR, ActorRequest
from .forms import (
    ActForForm,
    InvitationForm,
    OrganisationForm,
    ProfileForm,
    StandingEndForm,
    StandingForm,
)
from .models import Membership, Organisation, Standing, User

# Not the letter that is annex 1 of an application.
LETTERS = [Column(pgettext_lazy("correspondence", "Letter")), Column(gettext_lazy("Date"))]
ORGANISATIONS = [Column(gettext_lazy("Organisation")), Column(gettext_lazy("Kind"))]
MEMBERS = [
    Column(gettext_lazy("Person")),
    Column(gettext_lazy("Role")),
    Column(gettext_lazy("Since")),
    Column(""),
]
FORMER = [*MEMBERS[:3], Column(gettext_lazy("Until"))]
INVITATIONS = [
    Column(gettext_lazy("E-mail")),
    Column(gettext_lazy("Role")),
    Column(gettext_lazy("Invited")),
    Column(""),
]


def me(request: ActorRequest) -> User:
    """The signed-in person (sign-in is required of every page here)."""
    if request.actor.user is None:
        raise PermissionDenied
    return request.actor.user


def profile(request: ActorRequest) -> HttpResponse:
    person = me(request)
    form = ProfileForm(request.POST or None, instance=person)
    if "iin" in form.changed_data:
        # The answer says whether somebody else has the number: nobody tries them one after another.
        limited: HttpResponse | None = ratelimit.consume_or_429(request, action="iin", user=person)
        if limited is not None:
            return limited
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(person.language):
            messages.success(request, _("Your data are saved."))
        response = redirect("people:profile")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            person.language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        return response
    context = {"form": form, "invited": not second_factor.has_one(person)}
    return render(request, "people/profile.html", context)


@require_POST
def act_for(request: ActorRequest) -> HttpResponse:
    """Put on another hat: from now on the person acts for that organisation."""
    form = ActForForm(request.POST)
    if not form.is_valid():
        raise Http404
    chosen, back = form.cleaned_data["organisation"], form.cleaned_data["next"]
    if chosen and chosen not in request.actor.organisation_ids:
        raise Http404
    request.session[ACTING_FOR] = chosen
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if back and safe else settings.LOGIN_REDIRECT_URL)


# --- Certificate ---------------------------------------------------------------------------------


@login_not_required
@never_cache
@ncalayer.reaches_ncalayer
def certificate(request: ActorRequest) -> HttpResponse:
    """Signing in with a certificate; the page for passwords stays where it is."""
    back = request.GET.get("next", "")
    back = back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else ""
    if request.actor.is_signed_in:
        return redirect(back or settings.LOGIN_REDIRECT_URL)
    form = SignatureForm(request.POST or None)
    findings: list[Finding] = []
    if request.method == "POST" and form.is_valid():
        nonce, cms = request.POST.get("nonce", ""), form.cleaned_data["der"]
        answer = certificates.sign_in(request, nonce=nonce, cms=cms, next_page=back)
        if isinstance(answer, HttpResponse):
            return answer
        findings = answer
    context = {"form": form, "findings": findings, "people": ncalayer.people(), "next": back}
    return render(request, "people/certificate.html", context | _challenge(request))


@never_cache
@ncalayer.reaches_ncalayer
def proof(request: ActorRequest) -> HttpResponse:
    """Showing one's certificate again before a step without a way back; what was pressed is done then."""
    person, here = me(request), request.GET.urlencode()
    ways = get_adapter(request).get_reauthentication_methods(person)
    others = [
        (f"{way['url']}?{here}" if here else way["url"], way["description"])
        for way in ways
        if way["id"] != certificates.METHOD
    ]
    if not certificates.is_joined(person):
        return redirect(others[0][0] if others else "people:own_certificate")
    form = SignatureForm(request.POST or None)
    findings: list[Finding] = []
    if request.method == "POST":
        limited: HttpResponse | None = ratelimit.consume_or_429(
            request, action="reauthenticate", user=person
        )
        if limited is not None:
            return limited
        if form.is_valid():
            nonce, cms = request.POST.get("nonce", ""), form.cleaned_data["der"]
            findings = certificates.prove(request, nonce=nonce, cms=cms)
            if not findings:
                onward: HttpResponse | None = resume_request(request)
                return onward or redirect(settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "findings": findings, "others": others}
    return render(request, "people/proof.html", context | _challenge(request, person.iin or ""))


@never_cache
@ncalayer.reaches_ncalayer
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth has no types
def own_certificate(request: ActorRequest) -> HttpResponse:
    """Joining one's certificate to one's account, which a password or passkey has opened."""
    person = me(request)
    form = SignatureForm(request.POST or None)
    findings: list[Finding] = []
    if request.method == "POST" and form.is_valid():
        nonce, cms = request.POST.get("nonce", ""), form.cleaned_data["der"]
        proof = certificates.examine(request, nonce, cms)
        findings = stops(proof.findings)
        if not findings and _tried(
            form, lambda: procedure.join_certificate(proof.iin, actor=request.actor)
        ):
            get_adapter(request).send_notification_mail("people/email/certificate", person)
            messages.success(request, _("From now on you can sign in with your certificate."))
            return redirect("people:own_certificate")
    context = {"form": form, "findings": findings, "person": person}
    return render(
        request, "people/own_certificate.html", context | _challenge(request, person.iin or "")
    )


@require_POST
def part_certificate(request: ActorRequest) -> HttpResponse:
    procedure.part_certificate(actor=request.actor)
    messages.success(request, _("The certificate no longer signs you in."))
    return redirect("people:own_certificate")


def _challenge(request: ActorRequest, iin: str = "") -> dict[str, Any]:
    """What the form of NCALayer needs: a new challenge and whose certificate is wanted."""
    made = certificates.challenge(request)
    wish = ncalayer.wish(made.content, "authenticate", iin=iin)
    return {"wish": wish, "extra": [("nonce", made.nonce)]}


# --- Letters -------------------------------------------------------------------------------------


@require_safe
def letters(request: ActorRequest) -> HttpResponse:
    page = key_page(queries.letters_to(me(request)), request.GET, order=("-id",))
    return render(request, "people/letters.html", {"page": page, "columns": LETTERS})


@require_safe
def letter(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.letters_to(me(request)), pk=pk)
    return render(request, "people/letter.html", {"letter": found})


# --- Organisations -------------------------------------------------------------------------------


@require_safe
def organisations(request: ActorRequest) -> HttpResponse:
    query, kind = request.GET.get("q", ""), request.GET.get("kind", "")
    kind = kind if kind in Organisation.Kind.values else ""
    rows = queries.search_organisations(request.actor, query, kind)
    context = {
        "page": key_page(rows, request.GET, order=("sort", "id")),
        "columns": ORGANISATIONS,
        "query": query,
        "kind": kind,
        "kinds": Organisation.Kind.choices,
        "sees_all": policy.may_record_standings(request.actor),
        "invitations": queries.invitations_to(me(request)),
    }
    return render(request, "people/organisations.html", context)


def register(request: ActorRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None, initial=certificates.unregistered(request))
    if (
        request.method == "POST"
        and form.is_valid()
        and _tried(
            form, lambda: procedure.register_organisation(form.instance, actor=request.actor)
        )
    ):
        request.session[ACTING_FOR] = form.instance.pk
        request.session.pop(certificates.UNREGISTERED, None)
        messages.success(request, _("The organisation is registered, and you are its head."))
        return redirect("people:organisation", form.instance.pk)
    return render(request, "people/register.html", {"form": form})


@require_safe
def organisation(request: ActorRequest, pk: int) -> HttpResponse:
    return _show(request, pk)


def edit(request: ActorRequest, pk: int) -> HttpResponse:
    found = queries.find_organisation(request.actor, pk)
    if not policy.is_manager_of(request.actor, found):
        raise Http404
    form = OrganisationForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        procedure.edit_organisation(found, form.changed_data, actor=request.actor)
        messages.success(request, _("The data of the organisation are saved."))
        return redirect("people:organisation", pk)
    return render(request, "people/edit.html", {"form": form, "organisation": found})


@require_POST
def invite(request: ActorRequest, pk: int) -> HttpResponse:
    found = queries.find_organisation(request.actor, pk)
    if not policy.is_manager_of(request.actor, found):
        raise Http404
    form = InvitationForm(request.POST)
    if form.is_valid() and _tried(
        form, lambda: procedure.invite(found, actor=request.actor, **form.cleaned_data)
    ):
        messages.success(request, _("The invitation will leave within minutes."))
        return redirect("people:organisation", pk)
    return _show(request, pk, form)


def _show(request: ActorRequest, pk: int, form: InvitationForm | None = None) -> HttpResponse:
    page = queries.organisation_page(request.actor, pk)
    manages = policy.is_manager_of(request.actor, page.organisation)
    context = {
        "page": page,
        "organisation": page.organisation,
        "region": regions.find(page.organisation.region_code),
        "columns": {"members": MEMBERS, "former": FORMER, "invitations": INVITATIONS},
        "manages": manages,
        "may_record": policy.may_record_standings(request.actor),
        "form": form or (InvitationForm(initial={"language": me(request).language})),
    }
    status = 422 if form is not None else 200
    return render(request, "people/organisation.html", context, status=status)


@require_POST
def end_membership(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Membership.objects.select_related("organisation").filter(
            organisation__in=queries.organisations_visible_to(request.actor)
        ),
        pk=pk,
    )
    own = found.user_id == me(request).pk
    if not (own or policy.is_manager_of(request.actor, found.organisation)):
        raise Http404
    done = _said(
        request,
        lambda: procedure.end_membership(found, actor=request.actor),
        _("The role has ended."),
    )
    if own and done:
        return redirect("people:organisations")
    return redirect("people:organisation", found.organisation_id)


@require_POST
def withdraw_invitation(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        queries.open_invitations()
        .select_related("organisation")
        .filter(organisation__in=request.actor.organisation_ids),
        pk=pk,
    )
    if not policy.is_manager_of(request.actor, found.organisation):
        raise Http404
    _said(
        request,
        lambda: procedure.withdraw_invitation(found, actor=request.actor),
        _("The invitation is withdrawn."),
    )
    return redirect("people:organisation", found.organisation_id)


@require_POST
def accept(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.invitations_to(me(request)), pk=pk)
    done = _said(
        request,
        lambda: procedure.accept(found, actor=request.actor),
        _("You have joined the organisation."),
    )
    if not done:
        return redirect("people:organisations")
    request.session[ACTING_FOR] = found.organisation_id
    return redirect("people:organisation", found.organisation_id)


@require_POST
def decline(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.invitations_to(me(request)), pk=pk)
    _said(
        request,
        lambda: procedure.decline(found, actor=request.actor),
        _("You have declined the invitation."),
    )
    return redirect("people:organisations")


# --- Standing ------------------------------------------------------------------------------------


def record_standing(request: ActorRequest, pk: int) -> HttpResponse:
    found = queries.find_organisation(request.actor, pk)
    if not policy.may_record_standings(request.actor):
        raise Http404
    form = StandingForm(
        request.POST or None,
        instance=Standing(organisation=found),
        initial={"since": clock.today()},
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and _tried(form, lambda: procedure.record_standing(form.instance, actor=request.actor))
    ):
        messages.success(request, _("The fact is recorded, and the organisation is told."))
        return redirect("people:organisation", pk)
    return render(request, "people/standing.html", {"form": form, "organisation": found})


def end_standing(request: ActorRequest, pk: int) -> HttpResponse:
    if not policy.may_record_standings(request.actor):
        raise Http404
    found = get_object_or_404(
        Standing.objects.select_related("organisation").filter(until=None), pk=pk
    )
    form = StandingEndForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and _tried(
            form, lambda: procedure.end_standing(found, actor=request.actor, **form.cleaned_data)
        )
    ):
        messages.success(request, _("The fact is marked as ended."))
        return redirect("people:organisation", found.organisation_id)
    context = {"form": form, "organisation": found.organisation, "standing": found}
    return render(request, "people/standing.html", context)


# --- Shared --------------------------------------------------------------------------------------


def _tried(form: forms.BaseForm, step: Callable[[], Any]) -> bool:
    """Take a step; what stands in the way goes to its fields in the form."""
    try:
        step()
    except ValidationError as error:
        known = set(form.fields)
        if hasattr(error, "error_dict") and not set(error.error_dict) <= known:
            form.add_error(None, error.messages)
        else:
            form.add_error(None, error)
        return False
    return True


def _said(request: ActorRequest, step: Callable[[], Any], success: str) -> bool:
    """Take a step of a button and say how it went."""
    try:
        step()
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return False
    messages.success(request, success)
    return True
