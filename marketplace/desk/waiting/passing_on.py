"""Proposals that a broker has not pointed out yet to the side they serve."""

from marketplace.desk.broker_work import proposal_row
from marketplace.desk.piles import Pile
from marketplace.desk.rows import SHOWN, Reader
from marketplace.matching.finding import MatchQuerySet
from marketplace.matching.models import Match
from marketplace.matching.passing_on import to_pass_on


def waiting(reader: Reader) -> list[Pile]:
    if reader.user.is_platform_staff:  # who keeps the register is no broker in it
        return []
    found = to_pass_on(reader.user)
    return [Pile(Match.objects.filter(pk__in=found.values("pk")), lambda: [proposal_row(one) for one in _best(found)])]


def _best(found: MatchQuerySet) -> MatchQuerySet:
    return found.select_related("need", "outcome").best_first()[:SHOWN]
