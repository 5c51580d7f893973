"""Trials under way (先用后转) on what is offered: a burden, which is named before anybody bids (拍卖法 Art. 18, 27)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from marketplace.auctions.models import Lot
from marketplace.core.refusals import Refused
from marketplace.outcomes.models import ResearchOutcome
from marketplace.trials.models import Trial


class TrialNotNamed(Refused):
    message = _(
        "Trials of this outcome that are requested or under way: %(count)s. Say here what they mean for a buyer, such "
        "as until when they run and what the enterprise may ask for afterwards."
    )
    field = "defects"


class TrialOfALotNotNamed(Refused):
    message = _(
        "Lot %(lot)s: trials of its outcome are requested or under way, and its known defects and burdens name none. "
        "Add them to the lot first."
    )


def require_trials_named(outcome: ResearchOutcome, defects: str) -> None:
    """Refuse terms without a word on burdens where the outcome is being tried. Raises TrialNotNamed."""
    if defects.strip():
        return
    count = Trial.objects.under_way().filter(outcome=outcome).count()
    if count:
        raise TrialNotNamed(count=count)


def require_trials_announced(lots: Iterable[Lot]) -> None:
    """Refuse to announce lots in earnest that name no burden though a trial began meanwhile."""
    silent = {lot.outcome_id: lot for lot in lots if not lot.is_practice and not lot.defects.strip()}
    tried = Trial.objects.under_way().filter(outcome__in=silent).order_by("outcome").values_list("outcome", flat=True)
    for outcome in tried[:1]:
        raise TrialOfALotNotNamed(lot=silent[outcome].number)
