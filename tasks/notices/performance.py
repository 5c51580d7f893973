"""Who is told what about a contract being carried out, and about its end."""

from collections.abc import Callable
from typing import Any

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.party import Side
from marketplace.contracts.performance.models import ContractMilestone, ContractTermination
from marketplace.contracts.rules import SUBMITTERS, WRITERS
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User
from tasks.notices import Tell


def _milestone(entry: Entry) -> ContractMilestone:
    return ContractMilestone.objects.select_related("contract").get(pk=entry.subject_id)


def _people(organisation: int | None, *roles: Any) -> Any:
    return User.objects.active_in(organisation, *roles).distinct() if organisation is not None else []


def buyer_about_milestone(entry: Entry) -> list[Tell]:
    """Something was done: the buyer is to accept it."""
    milestone = _milestone(entry)
    people = _people(milestone.contract.buyer_id, *WRITERS)
    return [Tell(people, "milestone.to_accept", milestone.get_absolute_url(), milestone)]


def seller_about_milestone(kind: str) -> Callable[[Entry], list[Tell]]:
    """The buyer answered: the seller hears of it, where the buyer is on the platform."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        milestone = _milestone(entry)
        if milestone.contract.buyer_id is None:
            return []
        people = _people(milestone.contract.seller_id, *WRITERS)
        return [Tell(people, kind, milestone.get_absolute_url(), milestone)]

    return whom_to_tell


def other_side(kind: str) -> Callable[[Entry], list[Tell]]:
    """The side that did not ask for the end hears of it."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        termination = ContractTermination.objects.select_related("contract").get(pk=entry.subject_id)
        contract: TechnologyContract = termination.contract
        other = contract.buyer_id if termination.side == Side.SELLER else contract.seller_id
        return [Tell(_people(other, *SUBMITTERS), kind, termination.get_absolute_url(), contract)]

    return whom_to_tell


def asking_side(entry: Entry) -> list[Tell]:
    """A proposal was declined: the side that made it hears of it."""
    termination = ContractTermination.objects.select_related("contract").get(pk=entry.subject_id)
    contract = termination.contract
    own = contract.seller_id if termination.side == Side.SELLER else contract.buyer_id
    return [Tell(_people(own, *SUBMITTERS), "contract_end.declined", termination.get_absolute_url(), contract)]


def both_sides(entry: Entry) -> list[Tell]:
    """The contract has ended: both sides hear of it."""
    termination = ContractTermination.objects.select_related("contract").get(pk=entry.subject_id)
    contract = termination.contract
    return [
        Tell(_people(party, *SUBMITTERS), "contract_end.terminated", termination.get_absolute_url(), contract)
        for party in (contract.seller_id, contract.buyer_id)
        if party is not None
    ]


TELLS = {
    Kind.CONTRACT_MILESTONE_DONE: buyer_about_milestone,
    Kind.CONTRACT_MILESTONE_ACCEPTED: seller_about_milestone("milestone.accepted"),
    Kind.CONTRACT_MILESTONE_REFUSED: seller_about_milestone("milestone.refused"),
    Kind.CONTRACT_END_PROPOSED: other_side("contract_end.proposed"),
    Kind.CONTRACT_END_WITHDRAWN: other_side("contract_end.withdrawn"),
    Kind.CONTRACT_END_DECLINED: asking_side,
    Kind.CONTRACT_TERMINATED: both_sides,
}
