"""Pages of leads: the broker's, the party's, the officers'."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.brokers.applications.forms import AnswerReasonForm
from marketplace.brokers.leads import actions, rules
from marketplace.brokers.leads.claims import published_before
from marketplace.brokers.leads.forms import ConfirmForm, LeadForm
from marketplace.brokers.leads.models import Lead
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


def _claims(request: Any, lead: Lead) -> list[dict[str, Any]]:
    """Return every claim on the record by time, each with its publicity; the claim itself opens to its own readers."""
    claims = list(Lead.objects.about_same(lead).select_related("broker"))
    opened = set(Lead.objects.about_same(lead).visible_to(request.user).values_list("pk", flat=True))
    kind = ContentType.objects.get_for_model(Lead)
    terms = Publicity.objects.filter(subject_type=kind, subject_id__in=[one.pk for one in claims])
    latest = {term.subject_id: term for term in terms.order_by("begins_on", "pk")}
    return [
        {"lead": one, "tone": TONES[one.state], "publicity": latest.get(one.pk), "opens": one.pk in opened}
        for one in claims
    ]


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
        about=_(
            "File it before anything is signed: a lead filed after the signing of a contract supports no reward. "
            "The party reads what was public or had begun before. One record has one confirmed lead at a time."
        ),
    )
    return ask(request, form, partial(actions.file_lead, by=request.user), question)


@login_required
def lead_detail(request: Any, code: str) -> HttpResponse:
    """One lead beside every other claim on the same record, with their times."""
    lead = _lead(request, code)
    party = {"organisation": request.organisation}
    term = Publicity.objects.of(lead).first()
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
        "claims": _claims(request, lead),
        "files": files_of(lead),
        "earlier_deals": lead.earlier_deals[:ON_A_PAGE] if sees_deals else [],
        "publicity": term,
        "objections": term.objections.counted().prefetch_related("replies") if term is not None else [],
        "may_decide": may_decide,
        "may_take_back": lead.state == "confirmed"
        and why_not(rules.take_back_lead_confirmation, request.user, lead, **party) is None,
        "may_withdraw": may_withdraw,
        "may_link": lead.state == "standing" and why_not(rules.link_lead, request.user, lead) is None,
        "history": [{"title": Kind(entry.kind).label, "at": entry.recorded_at} for entry in entries],
    }
    return render(request, "marketplace/brokers/lead_detail.html", context)


@login_required
def lead_confirm(request: Any, code: str) -> HttpResponse:
    """What follows from confirming, beside every other claim on the record; a post confirms."""
    lead, party = _lead(request, code), {"organisation": request.organisation}
    require(rules.confirm_lead, request.user, lead, **party)
    claims = _claims(request, lead)
    others = Lead.objects.about_same(lead).exclude(pk=lead.pk).filter(state=Lead.State.REGISTERED)
    form = ConfirmForm(request.POST if request.method == "POST" else None, others=others.select_related("broker"))
    act = partial(actions.confirm_lead, lead, by=request.user, **party)
    words = {"title": _("Confirm the lead"), "submit": _("Confirm the lead")}
    question = _question(lead, **words, done=_("Confirmed. Others may object now."), is_harsh=False)
    evidence = [(claim, files_of(claim["lead"])) for claim in claims]
    before = {"published": _published_before(lead), "earlier_deals": lead.earlier_deals[:ON_A_PAGE]}
    return ask(
        request,
        form,
        act,
        question,
        template="marketplace/brokers/lead_confirm.html",
        lead=lead,
        claims=evidence,
        **before,
    )


def _published_before(lead: Lead) -> str:
    """Say to whoever confirms that the need was public before the lead was filed; else nothing."""
    at = lead.need.published_at if lead.need is not None else None
    return published_before(at) if at is not None and at < lead.registered_at else ""


@login_required
def lead_take_back(request: Any, code: str) -> HttpResponse:
    """The party takes its confirmation back."""
    lead, party = _lead(request, code), {"organisation": request.organisation}
    require(rules.take_back_lead_confirmation, request.user, lead, **party)
    words = {"title": _("Take the confirmation back"), "submit": _("Take the confirmation back")}
    act = partial(actions.take_back_lead_confirmation, lead, by=request.user, **party)
    form = AnswerReasonForm(request.POST or None, help_text=_("Shown to the broker and to the district."))
    done = _("The confirmation is taken back and its publicity stopped. The lead waits for your answer again.")
    return ask(request, form, act, _question(lead, **words, done=done))


def _question(lead: Lead, **words: Any) -> Question:
    facts = [(_("Broker"), lead.broker.name), (_("What the broker brought"), lead.called)]
    said = {"back": lead.get_absolute_url(), "back_words": _("Lead"), "facts": facts, "is_harsh": True}
    return Question(**(said | words))


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
