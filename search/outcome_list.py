"""The list of research outcomes: its facets, orders and rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace.core.choices import IPKind, TransferMode
from marketplace.core.money import in_wan
from marketplace.outcomes.models import ResearchOutcome
from search import documents
from search.engine import Hit
from search.facets import FIELD, INDUSTRY, IP_KIND, PRICE, REGION, TRL, owner_words, trial_words, words_of
from search.listing import FacetSpec, ListSpec
from search.wording import stretch_of, title_of

TONES = {"available": "go", "reserved": "way", "converted": "done", "withdrawn": "idle"}


def rows(user: Any, numbers: list[str]) -> Mapping[str, ResearchOutcome]:
    """Return the outcomes still visible among these numbers."""
    found = documents.outcomes().filter(number__in=numbers)
    return {outcome.number: outcome for outcome in found}


def newest(user: Any) -> Any:
    return documents.outcomes().order_by("-published_at", "-pk")


def _mode_words(outcome: ResearchOutcome) -> str:
    labels = [str(TransferMode(mode).label) for mode in outcome.modes if mode != TransferMode.TRIAL_FIRST]
    return _(", ").join(labels)


def _ip_words(outcome: ResearchOutcome) -> str:
    kinds = [right.kind for right in outcome.ip_rights.all()]
    return "　".join(f"{IPKind(kind).label} {kinds.count(kind)}" for kind in dict.fromkeys(kinds))


def shown(outcome: ResearchOutcome, hit: Hit | None) -> dict[str, Any]:
    """Return what components/result.html prints of one outcome."""
    return {
        "href": outcome.get_absolute_url(),
        "title": title_of(outcome, hit),
        "summary": stretch_of(outcome, "summary", hit),
        "meta": [str(outcome.field or ""), outcome.owner.called, _ip_words(outcome), _mode_words(outcome)],
        "tags": [_("trial first")] if TransferMode.TRIAL_FIRST in outcome.modes else [],
        "low": outcome.price_low,
        "high": outcome.price_high,
        "trl": outcome.trl,
        "state": outcome.get_state_display(),
        "tone": TONES[outcome.state],
    }


def cells(outcome: ResearchOutcome) -> Sequence[Any]:
    return (
        outcome.number,
        outcome.title,
        outcome.owner.name,
        str(outcome.field or ""),
        outcome.trl,
        _mode_words(outcome),
        "；".join(str(right) for right in outcome.ip_rights.all()),
        None if outcome.price_low is None else in_wan(outcome.price_low),
        None if outcome.price_high is None else in_wan(outcome.price_high),
        outcome.get_state_display(),
        outcome.published_at,
    )


OUTCOMES = ListSpec(
    kind="outcome",
    url_name="outcome-list",
    template="search/outcome_list.html",
    facets=(
        FIELD,
        TRL,
        FacetSpec(
            "mode", gettext_lazy("Transfer mode"), words_of(TransferMode), values=TransferMode.values, is_open=True
        ),
        PRICE,
        FacetSpec(
            "trial_first",
            gettext_lazy("Trial first"),
            trial_words,
            is_open=True,
            note=gettext_lazy(
                "In the pool of trials and open for requests now. “Trial first” among the transfer modes is what "
                "the owner offers in principle."
            ),
        ),
        INDUSTRY,
        IP_KIND,
        FacetSpec("owner", pgettext_lazy("outcome", "Owner"), owner_words),
        REGION,
        FacetSpec("state", gettext_lazy("Availability"), words_of(ResearchOutcome.State)),
    ),
    sorts=(
        ("", pgettext_lazy("sort", "most relevant"), ""),
        ("newest", pgettext_lazy("sort", "newest"), "-published"),
        ("trl", pgettext_lazy("sort", "most mature"), "-trl"),
        ("price", pgettext_lazy("sort", "lowest price"), "price_low"),
        ("-price", pgettext_lazy("sort", "highest price"), "-price_high"),
    ),
    rows=rows,
    newest=newest,
    shown=shown,
    headings=(
        gettext_lazy("number"), pgettext_lazy("record", "title"), pgettext_lazy("outcome", "owner"),
        gettext_lazy("technical field"), "TRL", gettext_lazy("transfer modes"), gettext_lazy("intellectual property"),
        gettext_lazy("price from (10,000 yuan)"), gettext_lazy("price to (10,000 yuan)"),
        gettext_lazy("availability"), gettext_lazy("published at"),
    ),
    cells=cells,
)  # fmt: skip
