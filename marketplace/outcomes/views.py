"""The public page of an outcome, the institute's own list, and the verbs that are one button."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from marketplace.core import clock
from marketplace.core.carrying_out import carry_out
from marketplace.core.rules import why_not
from marketplace.outcomes import actions, availability, rules
from marketplace.outcomes.co_owners import standings_of
from marketplace.outcomes.hidden import hidden_as, hidden_since
from marketplace.outcomes.listing import TABS, rows_of
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.papers import is_on_the_page
from marketplace.outcomes.wording import files_shown, mode_words
from marketplace.reviews.actions import note_confidential_read, recall_review
from marketplace.reviews.drafts import delete_draft
from marketplace.reviews.history import phase_of, reviews_of, timeline
from marketplace.reviews.offline import offline_of
from marketplace.reviews.rules import see_draft

PER_PAGE = 30
SOON = 60  # days before the end of the term in which the page asks to confirm


def outcome_of(request: HttpRequest, number: str) -> ResearchOutcome:
    """Return the outcome, or answer 404 to whoever may not see it."""
    seen = ResearchOutcome.objects.opened_to(request.user).select_related("owner", "field__parent", "latest_revision")
    return get_object_or_404(seen, number=number)


@require_safe
def outcome_detail(request: HttpRequest, number: str) -> HttpResponse:
    """The text that is or was public last; owner and officers see a draft that was never public as well."""
    outcome = outcome_of(request, number)
    reads_drafts = request.user.is_authenticated and why_not(see_draft, request.user, outcome) is None
    version = outcome.shown_version if reads_drafts else outcome
    return render(request, "marketplace/outcomes/detail.html", _told(request, outcome, version))


@login_required
@require_safe
def outcome_preview(request: HttpRequest, number: str) -> HttpResponse:
    """The newest draft as its page would look."""
    outcome = outcome_of(request, number)
    if why_not(see_draft, request.user, outcome):
        raise Http404
    context = _told(request, outcome, outcome.newest_version) | {"is_preview": True}
    return render(request, "marketplace/outcomes/detail.html", context)


def _told(request: HttpRequest, outcome: ResearchOutcome, version: ResearchOutcome) -> dict[str, Any]:
    """Return what the page says about one version; reading the confidential part is written down."""
    user = request.user
    may_read = user.is_authenticated and why_not(rules.see_confidential_part, user, outcome) is None
    if may_read and version.confidential:
        note_confidential_read(outcome, by=user, organisation=getattr(request, "organisation", None))
    files = files_shown(version)
    insider = user.is_authenticated and why_not(see_draft, user, outcome) is None
    review = reviews_of([outcome]).get(outcome.pk) if insider else None
    return {
        "outcome": outcome,
        "version": version,
        "industries": list(version.industries.all()),
        "field_url": _field_url(version),
        "modes": mode_words(version.modes),
        "has_confidential": bool(version.confidential),
        "may_read_confidential": may_read,
        "pictures": [file for file in files if is_on_the_page(file)],
        "papers": [_paper(file, may_read) for file in files if not is_on_the_page(file)],
        "ip_rights": list(version.ip_rights.all()),
        "co_owners": list(version.co_owners.all()),
        "standings": standings_of(version) if insider else [],
        "inventors": list(version.inventors.all()),
        "insider": insider,
        "hidden": hidden_as(outcome),
        "hidden_since": hidden_since(outcome),
        "phase": phase_of(outcome, review),
        "expires_soon": _expires_soon(outcome),
        "withdrawal_follows": _withdrawal_follows(outcome) if insider else [],
        "offline": offline_of(outcome) if insider else None,
        "newer_draft": outcome.newer_draft if insider and version is outcome else None,
        "open_trial": outcome.open_trial_of(getattr(request, "organisation", None)),
        "history": timeline(outcome) if insider else [],
    }


def _withdrawal_follows(outcome: ResearchOutcome) -> list[str]:
    """Return what withdrawing brings about, as the page and its question say it."""
    follows = [
        _("It leaves the public list at once; you can offer it again."),
        _("Interests, deals, trials and matches both sides have accepted stay."),
    ]
    waiting = outcome.matches.proposed().count()
    if waiting:
        lost = ngettext(
            "%(count)d match that is not accepted by both sides yet is withdrawn at once, and with it what one side "
            "had answered or offered; those who were told of it are told.",
            "%(count)d matches that are not accepted by both sides yet are withdrawn at once, and with them what one "
            "side had answered or offered; those who were told of them are told.",
            waiting,
        )
        follows.insert(1, lost % {"count": waiting})
    if outcome.pending_review is not None:
        follows.append(_("The change of it that is in review is taken back too: the draft stays yours."))
    return follows


def _field_url(version: ResearchOutcome) -> str:
    """Return the list page narrowed to the first-level field."""
    return f"{reverse('outcome-list')}?field={version.field.path[0]}" if version.field else ""


def _paper(file: Any, may_read: bool) -> dict[str, Any]:
    open_to_reader = may_read or not file.is_confidential
    return {
        "kind": file.ending,
        "name": file.name if open_to_reader else _("confidential file"),
        "code": file.code if open_to_reader else "",
        "state": _("confidential") if file.is_confidential else "",
        "size": file.size,
        "at": file.added_at,
    }


def _expires_soon(outcome: ResearchOutcome) -> bool:
    return bool(outcome.live and outcome.expires_on and (outcome.expires_on - clock.today()).days <= SOON)


@login_required
@require_safe
def outcome_mine(request: HttpRequest) -> HttpResponse:
    """The outcomes of the organisation the person acts for, drafts and all."""
    organisation = request.organisation  # type: ignore[attr-defined]
    tab = request.GET.get("tab", "all")
    rows, counts = rows_of(organisation, tab) if organisation else ([], {})
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    tabs = [
        {"label": label, "href": f"?tab={key}", "count": counts.get(key, 0), "current": key == tab}
        for key, label in TABS.items()
    ]
    context = {
        "organisation": organisation,
        "page": page,
        "tabs": tabs,
        "obstacle": why_not(rules.draft_outcome, request.user, organisation),
        "today": clock.today(),
    }
    return render(request, "marketplace/outcomes/mine.html", context)


# verb in the address → what it does, and what the person is told
VERBS: dict[str, tuple[Callable[..., Any], Any]] = {
    "confirm": (actions.confirm_outcome, gettext_lazy("Confirmed for twelve more months.")),
    "withdraw": (availability.withdraw_outcome, gettext_lazy("Withdrawn. Nobody finds it any more.")),
    "offer-again": (availability.offer_outcome_again, gettext_lazy("Available again.")),
    "recall": (recall_review, gettext_lazy("Taken back from review. You can change it now.")),
}


@login_required
@require_POST
def outcome_act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Carry out one of VERBS."""
    outcome = outcome_of(request, number)
    act, done = VERBS[verb]
    went_well = carry_out(request, act, outcome, done=done)
    return redirect("outcome-edit" if went_well and verb == "recall" else "outcome-detail", outcome.number)


@login_required
@require_POST
def outcome_delete(request: HttpRequest, number: str) -> HttpResponse:
    """Throw away a draft that was never sent in."""
    outcome = outcome_of(request, number)
    carry_out(request, delete_draft, outcome, done=_("The draft is deleted."))
    return redirect("outcome-mine")
