"""Pages of organisations: mine, registering, joining, the public page, verification."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.core.identifiers import normalise
from marketplace.core.journal import Entry
from marketplace.core.paging import page_of
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.core.working_days import working_days_between
from marketplace.organisations import acting, rules
from marketplace.organisations.actions import (
    correct_organisation,
    edit_organisation,
    namesakes,
    refuse_organisation,
    register_organisation,
    reinstate_organisation,
    resubmit_organisation,
    suspend_organisation,
    verify_organisation,
)
from marketplace.organisations.forms import CorrectionForm, DecisionForm, OrganisationForm
from marketplace.organisations.invitation_links import token_of
from marketplace.organisations.joining import ended_by_others, request_membership
from marketplace.organisations.members_journal import about_members
from marketplace.organisations.models import MemberInvitation, Organisation
from marketplace.organisations.particulars import mark_of_facts

DECISIONS: dict[str, Callable[..., None]] = {
    "verify": verify_organisation,
    "refuse": refuse_organisation,
    "suspend": suspend_organisation,
    "reinstate": reinstate_organisation,
}
FOUND_AT_MOST = 20
VERIFY_WITHIN = 5  # working days in which an officer answers, as the page promises


@login_required
def organisation_mine(request: Any) -> HttpResponse:
    """The organisations one belongs to, asked to join or is invited to, and the ways to one more."""
    memberships = request.user.memberships.select_related("organisation").exclude(state="left").order_by("pk")
    invited = MemberInvitation.objects.standing(clock.now()).reaching(request.user).select_related("organisation")
    context = {
        "memberships": memberships,
        "invited": [(each, token_of(each)) for each in invited],
        "ended": ended_by_others(request.user, clock.now()),
    }
    return render(request, "marketplace/organisations/mine.html", context)


@login_required
def organisation_register(request: Any) -> HttpResponse:
    """Register an organisation, with oneself as its manager."""
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        try:
            organisation = register_organisation(by=request.user, **form.facts)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            acting.choose(request, organisation.code)
            messages.success(request, _("Registered. An officer verifies it, usually within 5 working days."))
            return redirect(organisation)
    obstacle = why_not(rules.register_organisation, request.user)
    return render(request, "marketplace/organisations/register.html", {"form": form, "obstacle": obstacle})


@login_required
def organisation_join(request: Any) -> HttpResponse:
    """Find an organisation to join: by name where it is verified, by its exact credit code otherwise."""
    text = request.GET.get("q", "").strip()
    found: list[Organisation] = []
    if len(text) >= 2:
        named = Q(state=Organisation.State.VERIFIED, name__icontains=text)
        by_code = Q(uscc=normalise(text))
        found = list(Organisation.objects.filter(named | by_code)[:FOUND_AT_MOST])
    states = dict(request.user.memberships.values_list("organisation_id", "state"))
    rows = [(organisation, states.get(organisation.pk, "")) for organisation in found]
    return render(request, "marketplace/organisations/join.html", {"rows": rows, "text": text})


@require_POST
@login_required
def organisation_request(request: Any, code: str) -> HttpResponse:
    """Ask to join one organisation. Whoever knows its code may ask, also before it is verified."""
    organisation = get_object_or_404(Organisation, code=code)
    try:
        request_membership(organisation, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("You asked to join %(organisation)s. Its manager answers; you will be told here and by mail.")
        messages.success(request, words % {"organisation": organisation})
    return redirect("organisation-mine")


def organisation_detail(request: Any, code: str) -> HttpResponse:
    """What is public of an organisation; members and officers see the rest."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    sees_all = why_not(rules.see_members, request.user, organisation) is None
    return render(
        request, "marketplace/organisations/detail.html", {"organisation": organisation, "sees_all": sees_all}
    )


@login_required
def organisation_edit(request: Any, code: str) -> HttpResponse:
    """Change the particulars, after a refusal also submit again; officers correct what was verified."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    corrects = why_not(rules.correct_organisation, request.user, organisation) is None
    if not corrects:
        require(rules.edit_organisation, request.user, organisation)
    form = (CorrectionForm if corrects else OrganisationForm)(request.POST or None, instance=organisation)
    if form.is_valid():
        facts, organisation = form.facts, Organisation.objects.get(pk=organisation.pk)
        try:
            if corrects:
                correct_organisation(organisation, by=request.user, seen=request.POST.get("seen", ""), **facts)
            else:
                edit_organisation(organisation, by=request.user, **facts)
            if "resubmit" in request.POST:
                resubmit_organisation(organisation, by=request.user)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            _say_saved(request, organisation)
            return redirect(organisation)
    stored = Organisation.objects.get(pk=organisation.pk)  # the form has written on its instance
    context = {"organisation": stored, "form": form, "seen": mark_of_facts(stored) if corrects else ""}
    return render(request, "marketplace/organisations/edit.html", context)


def _say_saved(request: HttpRequest, organisation: Organisation) -> None:
    if "resubmit" in request.POST:
        messages.success(
            request, _("Saved and submitted again. An officer verifies it, usually within 5 working days.")
        )
    elif organisation.state == Organisation.State.REFUSED:
        messages.warning(request, _("Saved, but not submitted again yet: no officer looks at it until you submit it."))
    else:
        messages.success(request, _("The particulars are saved."))


@require_POST
@login_required
def organisation_resubmit(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for verification again with the particulars as they are stored."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    try:
        resubmit_organisation(organisation, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Submitted again. An officer verifies it, usually within 5 working days."))
    return redirect(organisation)


@login_required
def organisation_journal(request: Any, code: str) -> HttpResponse:
    """What happened to an organisation and what was done in its name."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    require(rules.see_members, request.user, organisation)
    about = Q(subject_type=ContentType.objects.get_for_model(Organisation), subject_id=organisation.pk)
    inside = Q(on_behalf_of=organisation)
    entries = Entry.objects.filter(about | inside).select_related("actor")
    count = Entry.objects.filter(inside).count() + Entry.objects.filter(about).exclude(inside).count()  # by two indexes
    page = page_of(entries, 50, request.GET.get("page"), count=count)
    sees_invitations = why_not(rules.see_member_invitations, request.user, organisation) is None
    listed = (
        organisation.member_invitations.listed(clock.now()) if sees_invitations else MemberInvitation.objects.none()
    )
    context = {"organisation": organisation, "page_obj": page, "rows": about_members(page, listed)}
    return render(request, "marketplace/organisations/journal.html", context)


@login_required
def organisation_pending(request: Any) -> HttpResponse:
    """The organisations that wait for an officer, with how long they have waited."""
    require(rules.see_pending_organisations, request.user)
    waiting = Organisation.objects.awaiting_verification().select_related("registered_by")
    page = Paginator(waiting, 50).get_page(request.GET.get("page"))
    today = clock.today()
    rows = []
    for organisation in page:
        age = working_days_between(organisation.waiting_since, today)
        may_decide = why_not(rules.verify_organisation, request.user, organisation) is None
        rows.append({"organisation": organisation, "age": age, "left": VERIFY_WITHIN - age, "may_decide": may_decide})
    return render(request, "marketplace/organisations/pending.html", {"rows": rows, "page_obj": page})


@login_required
def organisation_decide(request: HttpRequest, code: str) -> HttpResponse:
    """An officer's decision: verify, refuse, suspend or reinstate."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    require(rules.see_pending_organisations, request.user)
    if request.method == "POST":
        require(rules.verify_organisation, request.user, organisation)
    form = DecisionForm(request.POST or None)
    if form.is_valid() and request.POST.get("decision") in DECISIONS:
        decide = DECISIONS[request.POST["decision"]]
        is_compared = decide in (verify_organisation, refuse_organisation)
        seen = {"seen": request.POST.get("seen", "")} if is_compared else {}
        try:
            decide(organisation, by=request.user, reason=form.cleaned_data["reason"], **seen)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("Decided: %(state)s.") % {"state": organisation.get_state_display()})
            return redirect("organisation-pending")
    obstacle = why_not(rules.verify_organisation, request.user, organisation)
    context = {
        "organisation": organisation,
        "form": form,
        "obstacle": obstacle,
        "seen": mark_of_facts(organisation),
        "namesakes": namesakes(organisation),
    }
    return render(request, "marketplace/organisations/decide.html", context)
