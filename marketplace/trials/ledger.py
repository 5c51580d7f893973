"""The ledger of trials (先用后转台账): the own ones for parties, all for the district, with filters and export."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from marketplace.core import clock
from marketplace.core.money import in_yuan
from marketplace.core.tables import table_response
from marketplace.organisations.acting import listed_house
from marketplace.trials.ledger_form import LedgerForm
from marketplace.trials.models import Trial, TrialQuerySet
from marketplace.trials.showing import TONES, days_left

PAGE = 50


def ledger_of(trials: TrialQuerySet) -> TrialQuerySet:
    """Load what a line of the ledger prints."""
    return trials.with_parties().select_related("insurance").prefetch_related("criteria", "extensions", "support")


def _listed(request: Any, form: LedgerForm) -> TrialQuerySet:
    seen = Trial.objects.visible_to(request.user)
    if house := listed_house(request):
        seen = seen.filter(Q(outcome__owner=house) | Q(enterprise=house))
    narrowed: TrialQuerySet = form.narrowed(ledger_of(seen))
    return narrowed


@login_required
@require_safe
def trial_list(request: Any) -> HttpResponse:
    """The ledger as far as this person may read it."""
    form = LedgerForm(request.GET or None, auto_id="id_ledger_%s")
    if not form.is_bound:
        form = LedgerForm({}, auto_id="id_ledger_%s")
    page = Paginator(_listed(request, form), PAGE).get_page(request.GET.get("page"))
    today = clock.today()
    context = {
        "form": form,
        "page_obj": page,
        "rows": [(one, TONES[Trial.State(one.state)], days_left(one, today)) for one in page],
        "filters": request.GET.urlencode(),
        "may_have_some": bool(request.user.member_roles) or request.user.reads_everything,
    }
    return render(request, "marketplace/trials/trial_list.html", context)


@login_required
@require_safe
def trial_export(request: Any) -> HttpResponse:
    """The ledger as it is filtered, as a table."""
    trials = _listed(request, LedgerForm(request.GET))
    name = _("trials-%(day)s") % {"day": clock.today().isoformat()}
    return table_response(name, headings(), rows(trials), form=request.GET.get("format", "xlsx"))


def headings() -> list[str]:
    """Return the columns of the ledger, in the order of domain.md §4.5."""
    return [
        pgettext("trial", "Number"), _("Outcome number"), _("Outcome"), _("Institute"), _("Enterprise"), _("State"),
        _("Requested"), _("Begins"), _("Ends"), _("To begin by"), _("To be decided by"),
        pgettext("trial", "Extensions"), _("Territory"),
        _("Scale allowed"), _("Criteria met"), pgettext("trial", "Criteria"), _("Hours of support"), _("Insurer"),
        _("Policy number"), _("Premium in yuan"), _("Subsidy in yuan"), _("Insured sum in yuan"),
        _("Way of conversion"), _("How the price is laid down"), _("Price of conversion"), _("Price in yuan"),
        _("Converted"), _("Reason of the end"),
    ]  # fmt: skip


def rows(trials: TrialQuerySet) -> list[list[Any]]:
    """Return the lines of the ledger."""
    return [_row(trial) for trial in trials]


def _terms_to_come(trial: Trial) -> tuple[date | None, date | None]:
    """Return by when a trial begins that has not, and by when one that has is decided on."""
    return (None, trial.decide_by) if trial.starts_on is not None else (trial.decide_by, None)


def _row(trial: Trial) -> list[Any]:
    policy, terms = getattr(trial, "insurance", None), trial.terms
    criteria = list(trial.criteria.all())
    granted = sum(one.state == "granted" for one in trial.extensions.all())
    return [
        trial.number, trial.outcome.number, trial.outcome.title, trial.owner.name, trial.enterprise.name,
        str(capfirst(trial.get_state_display())), trial.requested_at, trial.starts_on, trial.ends_on,
        *_terms_to_come(trial), granted, terms.territory_words(), terms.scale_words,
        sum(one.verdict == "met" for one in criteria), len(criteria),
        sum(one.hours for one in trial.support.all() if one.taken_back_at is None),
        policy.insurer if policy else "", policy.policy_number if policy else "",
        in_yuan(policy.premium) if policy else None, in_yuan(policy.subsidy) if policy else None,
        in_yuan(policy.insured_sum) if policy else None,
        str(capfirst(terms.get_mode_display())), str(capfirst(terms.get_pricing_display())),
        terms.price_words,
        in_yuan(trial.price) if trial.price else None, trial.converted_at, trial.stop_reason or trial.answer_reason,
    ]  # fmt: skip
