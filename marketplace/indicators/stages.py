"""How far the outcomes ever published have come: one cohort, each outcome counted once in every stage it reached."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.contracts.models import TechnologyContract
from marketplace.deals.models import Deal
from marketplace.matching.models import Match
from marketplace.outcomes.models import ResearchOutcome


@dataclass(frozen=True)
class Stage:
    """One stage of the stream, with the outcomes that reached it."""

    slug: str
    label: Any
    definition: Any
    records: QuerySet[ResearchOutcome]

    @property
    def anchor(self) -> str:
        """Return where on the board the stage stands."""
        return f"stage-{self.slug}"


def stages() -> list[Stage]:
    """Return the five stages: published, found a partner, came to a deal, contract handed in, contract registered.

    Who reached a stage has passed those before it, also where a step left no record of its own (a contract handed in
    without a deal): so no stage is wider than the one before.
    """
    contracts = TechnologyContract.objects.filter(outcome=OuterRef("pk"))
    registered = Exists(contracts.registered())
    handed_in = registered | Exists(contracts.exclude(submitted_at=None))
    dealt = handed_in | Exists(Deal.objects.filter(outcome=OuterRef("pk")))
    met = dealt | Exists(Match.objects.accepted_by_both().filter(outcome=OuterRef("pk")))
    published = ResearchOutcome.objects.filter(Q(published_at__isnull=False))
    return [
        Stage(
            "published",
            pgettext_lazy("stage of outcomes", "published"),
            _("Outcomes that were ever public, those that expired or were withdrawn since included."),
            published,
        ),
        Stage(
            "met",
            _("found a partner"),
            _("Of these, outcomes with a match both sides accepted, or further."),
            published.filter(met),
        ),
        Stage("dealt", _("came to a deal"), _("Of these, outcomes with a deal, or further."), published.filter(dealt)),
        Stage(
            "handed-in",
            _("handed in a contract"),
            _("Of these, outcomes with a contract that was handed in to be registered, or further."),
            published.filter(handed_in),
        ),
        Stage(
            "registered",
            _("registered a contract"),
            _("Of these, outcomes with at least one contract that stands in the register."),
            published.filter(registered),
        ),
    ]


@dataclass(frozen=True)
class Register:
    """How the contracts in the register relate to the outcomes of the last stage."""

    contracts: int
    over_published: int
    outcomes: int

    @property
    def others(self) -> int:
        """Return how many contracts are over nothing that was published here."""
        return self.contracts - self.over_published


def contracts_in_register() -> Register:
    """Return how many contracts stand in the register, how many over published outcomes, and over how many of these."""
    over = Count("pk", filter=Q(outcome__published_at__isnull=False))
    outcomes = Count("outcome", filter=Q(outcome__published_at__isnull=False), distinct=True)
    contracts = TechnologyContract.objects.registered().order_by()
    return Register(**contracts.aggregate(contracts=Count("pk"), over_published=over, outcomes=outcomes))
