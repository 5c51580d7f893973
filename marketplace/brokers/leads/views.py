"""Pages of leads: the broker's, the party's, the officers'."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.brokers.applications.forms import AnswerReasonForm
from marketplace.brokers.leads import actions, rules
from marketplace.brokers.leads.forms import LeadForm
from marketplace.brokers.leads.models import Lead
from marketplace.core.carrying_out import carry_out
from marketplace.core.files import files_of
from marketplace.core.journal import Entry, Kind
from marketplace.core.one_form import Question, ask
from marketplace.core.rules import require, why_not
from marketplace.publicity.models import Publicity

TONES = {
    "registered": "wait", "confirmed": "wait", "standing": "go", "in_deal": "go", "closed": "done",
    "declined": "stop", "overturned": "stop", "withdrawn": "idle",
}  # fmt: skip
ON_A_PAGE = 20


def _lead(request: Any, code: str) -> Lead:
    return get_object_or_404(Lead.objects.visible_to(request.user).with_records(), code=code)


@login_required
def lead_list(request: Any) -> HttpResponse:
    """The leads one may open, newest first."""
    found = Lead.objects.visible_to(request.user).with_records()
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [(lead, TONES[lead.state]) for lead in page],
        "obstacle": why_not(rules.file_lead, request.user),
    }
    return render(request, "marketplace/brokers/lead_list.html", context)


@login_required
def lead_new(request: Any) -> HttpResponse:
    """File a lead."""
    require(rules.file_lead, request.user)
    given = {"kind": request.GET.get("kind", ""), "named": request.GET.get("named", "")}
    form = LeadForm(request.POST or None, request.FILES or None, user=request.user, initial=given)
    question = Question(
        title=_("File a lead"),
        submit=_("File the lead"),
        done=_("The lead is filed with its time. The party is asked to confirm it."),
        back=reverse("lead-list"),
        back_words=_("Leads"),
        about=_("File it before anything is signed: a lead filed after the signing of a contract supports no reward."),
    )
    return ask(request, form, partial(actions.file_lead, by=request.user), question)


@login_required
def lead_detail(request: Any, code: str) -> HttpResponse:
    """One lead beside every other claim on the same record, with their times."""
    lead = _lead(request, code)
    party = {"organisation": request.organisation}
    entries = Entry.objects.about(lead)[:20]
    may_decide = lead.state == "registered" and why_not(rules.confirm_lead, request.user, lead, **party) is None
    may_withdraw = (
        Lead.State.WITHDRAWN in Lead.NEXT.get(lead.state, ())
        and why_not(rules.withdraw_lead, request.user, lead) is None
    )
    sees_deals = why_not(rules.see_earlier_deals, request.user, lead) is None
    context = {
        "lead": lead,
        "tone": TONES[lead.state],
        "claims": [(one, TONES[one.state]) for one in Lead.objects.about_same(lead).select_related("broker")],
        "files": files_of(lead),
        "earlier_deals": lead.earlier_deals[:ON_A_PAGE] if sees_deals else [],
        "publicity": Publicity.objects.of(lead).first(),
        "may_decide": may_decide,
        "may_withdraw": may_withdraw,
        "may_link": lead.state == "standing" and why_not(rules.link_lead, request.user, lead) is None,
        "history": [{"title": Kind(entry.kind).label, "at": entry.recorded_at} for entry in entries],
    }
    return render(request, "marketplace/brokers/lead_detail.html", context)


@login_required
@require_POST
def lead_confirm(request: Any, code: str) -> HttpResponse:
    lead, party = _lead(request, code), {"organisation": request.organisation}
    require(rules.confirm_lead, request.user, lead, **party)
    carry_out(request, actions.confirm_lead, lead, done=_("Confirmed. Others may object now."), **party)
    return redirect(lead)


def _question(lead: Lead, **words: Any) -> Question:
    facts = [(_("Broker"), lead.broker.name), (_("What the broker brought"), lead.called)]
    return Question(back=lead.get_absolute_url(), back_words=_("Lead"), facts=facts, is_harsh=True, **words)


@login_required
def lead_decline(request: Any, code: str) -> HttpResponse:
    """The party says that the broker did not bring it."""
    lead, party = _lead(request, code), {"organisation": request.organisation}
    require(rules.decline_lead, request.user, lead, **party)
    words = {"title": _("Decline the lead"), "submit": _("Decline the lead"), "done": _("The broker is told.")}
    act = partial(actions.decline_lead, lead, by=request.user, **party)
    form = AnswerReasonForm(request.POST or None, help_text=_("Shown to the broker and to the district."))
    return ask(request, form, act, _question(lead, **words))


@login_required
def lead_withdraw(request: Any, code: str) -> HttpResponse:
    lead = _lead(request, code)
    require(rules.withdraw_lead, request.user, lead)
    words = {"title": _("Withdraw the lead"), "submit": _("Withdraw the lead"), "done": _("The lead is withdrawn.")}
    act = partial(actions.withdraw_lead, lead, by=request.user)
    readers = _("Shown to the managers of the party and to the district.")
    form = AnswerReasonForm(request.POST or None, help_text=readers)
    return ask(request, form, act, _question(lead, **words))
