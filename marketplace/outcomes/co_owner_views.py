"""Pages of co-owners: what their organisations hold a share in, and the answer to one offer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.core.forms import put_beside
from marketplace.core.paging import PAGE
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.outcomes import rules
from marketplace.outcomes.co_owner_letters import letters_of
from marketplace.outcomes.co_owners import ANSWERS, TONES
from marketplace.outcomes.co_ownership import CoOwnerAnswer, CoOwnership
from marketplace.outcomes.co_owning import answer_co_ownership, answer_seen, refusal_to_answer
from marketplace.outcomes.forms import AnswerForm
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.wording import mode_words

SHOWN = (
    "title", "title_en", "summary", "summary_en", "field", "trl", "modes", "price_low", "ip_rights", "inventors",
    "co_owners",
)  # fmt: skip


@login_required
@require_safe
def co_ownership_list(request: Any) -> HttpResponse:
    """What the organisation the person acts for was asked about as co-owner; that of all of theirs where none is."""
    mine = [request.organisation.pk] if request.organisation else list(request.user.member_roles)
    found = CoOwnership.objects.filter(organisation__in=mine).with_parties()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [{"asked": asked, "title": asked.heading, "tone": TONES[asked.state]} for asked in page]
    context = {"rows": rows, "page": page, "organisation": request.organisation}
    return render(request, "marketplace/outcomes/co_ownership_list.html", context)


def asked_by_code(request: HttpRequest, code: str) -> CoOwnership:
    """Return what this reader may open under a code, or answer 404."""
    seen = CoOwnership.objects.visible_to(request.user).select_related("organisation", "outcome__owner", "revision")
    return get_object_or_404(seen.prefetch_related(*ANSWERS), code=code)


@login_required
@require_safe
def co_ownership_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One offer as its co-owner reads it, and the answer."""
    return _page(request, asked_by_code(request, code))


@login_required
@require_POST
def co_ownership_answer(request: Any, code: str) -> HttpResponse:
    """Agree or object for the co-owner."""
    asked = asked_by_code(request, code)
    require(rules.answer_co_ownership, request.user, asked)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form)
    try:
        answer_co_ownership(asked, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        put_beside(form, refusal)
        return _page(request, asked_by_code(request, code), form)
    agreed = form.cleaned_data["answer"] == CoOwnerAnswer.Answer.AGREED
    done = _("You agree. The owner is told.") if agreed else _("You object. The owner is told, with your reason.")
    messages.success(request, done)
    return redirect(asked)


def _page(request: Any, asked: CoOwnership, form: AnswerForm | None = None) -> HttpResponse:
    """Show what is asked; a form that came back keeps what was typed, and answers what the page shows now."""
    stands = asked.stands
    obstacle = why_not(rules.answer_co_ownership, request.user, asked) or str(refusal_to_answer(asked) or "")
    told = [(label, text) for name, label, text in asked.told() if name in SHOWN and text] if stands else []
    public = ResearchOutcome.objects.visible_to(request.user).filter(pk=asked.outcome_id).exists()
    context = {
        "asked": asked,
        "title": asked.heading,
        "tone": TONES[asked.state],
        "stands": stands,
        "told": told,
        "modes": mode_words(asked.modes),
        "answers": [
            (answer, TONES[answer.answer], mode_words(answer.modes), letters_of(answer))
            for answer in asked.answers.all()
        ],
        "enters": asked.stands and why_not(rules.enter_co_owner_answer, request.user, asked) is None,
        "form": form or AnswerForm(),
        "seen": answer_seen(asked),
        "obstacle": obstacle,
        "outcome_url": asked.outcome.get_absolute_url() if public else "",
        "is_ours": request.user.acts_for(asked.organisation_id),
    }
    return render(request, "marketplace/outcomes/co_ownership_detail.html", context)
