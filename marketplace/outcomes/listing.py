"""An institute's own outcomes with their phase: drafts, under review, public, gone."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.listing import Row
from marketplace.reviews.listing import rows_of as listed

State = ResearchOutcome.State
TABS = {
    "all": _("All"),
    "draft": _("Drafts"),
    "returned": _("Returned"),
    "review": _("In review"),
    "public": _("Public"),
    "offline": _("Taken offline"),
    "gone": _("Expired or withdrawn"),
}
TONES: dict[str, str] = {State.RESERVED: "way", State.CONVERTED: "done", State.WITHDRAWN: "idle"}


def rows_of(organisation: Organisation, tab: str) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return the rows of one tab and the counts of all: two queries, however many outcomes there are."""
    outcomes = ResearchOutcome.objects.filter(owner=organisation).order_by("-pk")
    rows = [_row(row) for row in listed(outcomes, "summary", "summary_en", "confidential")]
    counts = Counter(place for row in rows for place in row["tabs"])
    return [row for row in rows if tab in row["tabs"] or tab not in TABS], dict(counts)


def _row(row: Row) -> dict[str, Any]:
    outcome = row.record
    is_gone = row.key == "expired" or outcome.state == State.WITHDRAWN
    return {
        "outcome": outcome,
        "title": row.title,
        "phase": row.words,
        "tone": row.tone,
        "key": row.key,
        "may_change": outcome.state not in outcome.OVER,
        "standing": outcome.get_state_display() if outcome.state != State.AVAILABLE else "",
        "standing_tone": TONES.get(outcome.state, "idle"),
        "tabs": {"all", "gone" if is_gone else row.key},
    }
