"""What search says beside a draft: outcomes like it, fields it may belong to, and two outcomes side by side."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from marketplace.core.rules import require, why_not
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews import rules
from search import beside, field_hints
from search.engine import EngineDown
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
    fragment = bool(request.htmx)  # type: ignore[attr-defined]
    return render(request, "search/_draft_hints.html" if fragment else "search/draft_hints.html", context)


@login_required
@require_safe
def outcomes_beside(request: HttpRequest, number: str, other: str) -> HttpResponse:
    """Two outcomes in two columns, each as this person may read it."""
    left, right = (beside.version_for(request.user, each) for each in (number, other))
    rows = beside.rows(left, right)
    context = {
        "left": left,
        "right": right,
        "rows": rows,
        "same": sum(row.is_same for row in rows),
        "may_edit": why_not(rules.save_draft, request.user, left) is None,
    }
    return render(request, "search/beside.html", context)
