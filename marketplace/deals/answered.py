"""For which side of a deal a person answered: in the deal itself, and in what led to it and came of it."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

from django.db import models

from marketplace.deals.interest import Interest
from marketplace.matching.models import Match
from marketplace.organisations.one_side import Answered, answered_by, merged

if TYPE_CHECKING:
    from marketplace.deals.models import Deal

Record = tuple[type[models.Model], int]


def load_answered(deals: Iterable["Deal"], user: Any) -> None:
    """Load for pages what `answered_for` tells of deals: a few queries, however many they are."""
    deals = list(deals)
    if not deals or not user.is_authenticated:
        return
    told = answered_in(user, deals)
    for deal in deals:
        deal.answered_for = (user.pk, told[deal.pk])  # type: ignore[attr-defined]  # of this page only; an action asks


def answered_for(user: Any, deal: "Deal") -> dict[int, str]:
    """Return the organisations for which a person answered in a deal, with their names."""
    loaded = getattr(deal, "answered_for", None)
    if loaded is None or loaded[0] != user.pk:
        return answered_in(user, [deal])[deal.pk]
    return cast(dict[int, str], loaded[1])


def answered_in(user: Any, deals: list["Deal"]) -> dict[int, dict[int, str]]:
    """Return {key of a deal: for whom a person answered there}, asked of the journal for all of them together."""
    return people_answered_in([user.pk], deals)[user.pk]


def people_answered_in(people: Iterable[int], deals: list["Deal"]) -> dict[int, dict[int, dict[int, str]]]:
    """Return {key of a person: what `answered_in` tells of them}: as many queries as for one person and one deal."""
    records, people = _records_of(deals), list(people)
    told = answered_by(people, _by_model(record for each in records.values() for record in each))
    return {person: _of_deals(records, told.get(person, {})) for person in people}


def _of_deals(records: dict[int, list[Record]], told: Answered) -> dict[int, dict[int, str]]:
    return {key: merged({record: told[record] for record in own if record in told}) for key, own in records.items()}


def _by_model(records: Iterable[Record]) -> dict[type[models.Model], set[int]]:
    keys: dict[type[models.Model], set[int]] = {}
    for model, key in records:
        keys.setdefault(model, set()).add(key)
    return keys


def _records_of(deals: list["Deal"]) -> dict[int, list[Record]]:
    """Return {key of a deal: itself, its match, interest and trial, and its contracts with what was done on them}."""
    found: dict[int, list[Record]] = {}
    for deal in deals:
        found[deal.pk] = [(type(deal), deal.pk)]
        if deal.match_id is not None:
            found[deal.pk].append((Match, deal.match_id))
        if deal.interest_id is not None:
            found[deal.pk].append((Interest, deal.interest_id))
        trial = getattr(deal, "trial", None)
        if trial is not None:
            found[deal.pk].append((type(trial), trial.pk))
    for of_deal, record in _under_contract(deals):
        found[of_deal].append(record)
    return found


def _under_contract(deals: list["Deal"]) -> Iterator[tuple[int, Record]]:
    """Yield (key of a deal, its contract or a milestone of it) of those that have come so far."""
    keys = [deal.pk for deal in deals if deal.state not in (deal.State.NEGOTIATION, deal.State.PRICING)]
    if not keys:
        return
    contract: Any = type(deals[0])._meta.get_field("contracts").related_model
    milestone: Any = contract._meta.get_field("milestones").related_model
    rows = contract._base_manager.filter(deal__in=keys).values_list("deal", "pk", "milestones")
    for of_deal, one, done in rows:
        yield of_deal, (contract, one)
        if done is not None:
            yield of_deal, (milestone, done)
