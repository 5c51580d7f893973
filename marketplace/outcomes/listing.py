"""An institute's own outcomes with their phase: drafts, under review, public, gone."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.history import phase_of, reviews_of

State = ResearchOutcome.State
TABS = {
    "all": _("All"),
    "draft": _("Drafts"),
    "returned": _("Returned"),
    "review": _("In review"),
    "public": _("Public"),
    "gone": _("Expired or withdrawn"),
}
TONES: dict[str, str] = {State.RESERVED: "way", State.CONVERTED: "done", State.WITHDRAWN: "idle"}
GONE = ("expired", "offline")


def rows_of(organisation: Organisation, tab: str) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return the rows of one tab and the counts of all: two queries, however many outcomes there are."""
    outcomes = list(
        ResearchOutcome.objects.filter(owner=organisation)
        .select_related("latest_revision")
        .defer("latest_revision__content", "summary", "summary_en", "confidential")
        .order_by("-pk")
    )
    reviews = reviews_of(outcomes)
    rows = [_row(outcome, reviews.get(outcome.pk)) for outcome in outcomes]
    counts = Counter(place for row in rows for place in row["tabs"])
    return [row for row in rows if tab in row["tabs"] or tab not in TABS], dict(counts)


def _row(outcome: ResearchOutcome, review: Any) -> dict[str, Any]:
    key, words, tone = phase_of(outcome, review)
    places = {"all", key} | ({"public"} if outcome.live else set())
    if key in GONE or outcome.state == State.WITHDRAWN:
        places = (places | {"gone"}) - {"public"}
    title = outcome.latest_revision.object_str if outcome.latest_revision else outcome.title
    return {
        "outcome": outcome,
        "title": title or outcome.title,
        "phase": words,
        "tone": tone,
        "key": key,
        "standing": outcome.get_state_display() if outcome.state != State.AVAILABLE else "",
        "standing_tone": TONES.get(outcome.state, "idle"),
        "tabs": places,
    }
