"""What search says beside a draft: records like it, fields it may belong to, and two of them side by side."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from marketplace.core.rules import require, why_not
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews import rules
from search import beside, field_hints
from search.engine import EngineDown
from search.need_list import called_to
from search.need_twins import other_twins, own_twins
from search.twins import twins


@login_required
@require_safe
def draft_hints(request: HttpRequest, number: str) -> HttpResponse:
    """Outcomes like the saved draft and fields for it: a fragment of its form, or a page where there is no script."""
    seen = ResearchOutcome.objects.visible_to(request.user).select_related("owner", "latest_revision")
    outcome = get_object_or_404(seen, number=number)
    require(rules.save_draft, request.user, outcome)
    version = outcome.newest_version
    try:
        hints = field_hints.field_hints(version.title, version.summary, number=number) if version.summary else []
    except EngineDown:
        hints = []
    context = {
        "outcome": outcome,
        "version": version,
        "twins": twins(version, request.user),
        "hints": [hint for hint in hints if hint.field.pk != version.field_id],
    }
    return _page_or_part(request, "draft_hints", context)


@login_required
@require_safe
def need_alike(request: HttpRequest, code: str) -> HttpResponse:
    """Needs like the newest version of one: a fragment of its form and of its review, or a page without script."""
    seen = TechnologyNeed.objects.visible_to(request.user).select_related("organisation", "latest_revision")
    need = get_object_or_404(seen, code=code)
    if why_not(rules.see_draft, request.user, need) is not None:
        raise Http404
    version = need.newest_version
    context = {
        "need": need,
        "version": version,
        "own": own_twins(version, request.user),
        "others": other_twins(version, request.user),
        "is_ours": request.user.acts_for(need.organisation),  # type: ignore[union-attr]
        "back_href": _writing_place(request.user, need) or need.review_url,
    }
    return _page_or_part(request, "need_alike", context)


@login_required
@require_safe
def records_beside(request: HttpRequest, noun: str, key: str, other: str) -> HttpResponse:
    """Two outcomes, or two needs, in two columns, each as this person may read it."""
    left = beside.version_for(request.user, noun, key, is_newest=True)
    right = beside.version_for(request.user, noun, other)
    rows = beside.rows(left, right)
    edit_href = _writing_place(request.user, left)
    context = {
        "sides": [_side(request.user, "left", left, edit_href), _side(request.user, "right", right)],
        "left": left,
        "right": right,
        "rows": rows,
        "same": sum(row.is_same for row in rows),
        "one_href": edit_href or left.get_absolute_url(),
    }
    return render(request, "search/beside.html", context)


def _side(user: Any, name: str, record: Any, edit_href: str = "") -> dict[str, Any]:
    """Return what stands above one column; a need without a name keeps it from whom it is withheld."""
    owner = called_to(user, record) if record.NOUN == "need" else record.owner.called
    return {"name": name, "record": record, "owner": owner, "edit_href": edit_href}


def _writing_place(user: Any, record: Any) -> str:
    """Return where this person goes on writing the draft; "" for who may not."""
    if why_not(rules.save_draft, user, record) is not None:
        return ""
    return reverse(f"{record.NOUN}-edit", args=[record.public_id])


def _page_or_part(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """Return the part of a page that htmx asks for, or a page of its own around it."""
    is_part = bool(request.htmx)  # type: ignore[attr-defined]
    return render(request, f"search/_{name}.html" if is_part else f"search/{name}.html", context)
