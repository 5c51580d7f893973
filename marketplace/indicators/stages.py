"""How far the outcomes ever published have come: one cohort, each outcome counted once in every stage it reached."""

from django.db.models import Exists, OuterRef, Q

from marketplace.contracts.models import TechnologyContract
from marketplace.deals.models import Deal
from marketplace.matching.models import Match
from marketplace.outcomes.models import ResearchOutcome


def outcomes_by_stage() -> tuple[int, int, int, int, int]:
    """Return how many outcomes were published, found a partner, came to a deal, to a contract, to the register.

    Who reached a stage has passed those before it, also where a step left no record of its own (a contract handed in
    without a deal): so no stage is wider than the one before.
    """
    contracts = TechnologyContract.objects.filter(outcome=OuterRef("pk"))
    registered = Exists(contracts.registered())
    handed_in = registered | Exists(contracts.exclude(state__in=TechnologyContract.UNSENT))
    dealt = handed_in | Exists(Deal.objects.filter(outcome=OuterRef("pk")))
    met = dealt | Exists(Match.objects.filter(outcome=OuterRef("pk"), state=Match.State.AGREED))
    published = ResearchOutcome.objects.filter(Q(published_at__isnull=False))
    reached = [published, *(published.filter(stage) for stage in (met, dealt, handed_in, registered))]
    first, second, third, fourth, fifth = (outcomes.count() for outcomes in reached)
    return first, second, third, fourth, fifth
