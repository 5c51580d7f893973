"""Who is told what about a contract being carried out, and about its end."""

from collections.abc import Callable
from typing import Any

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.party import Side
from marketplace.contracts.performance.models import ContractMilestone, ContractTermination
from marketplace.contracts.performance.rules import decide_declaration
from marketplace.contracts.rules import SUBMITTERS, WRITERS, note_contract_end
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User
from marketplace.organisations.roles import Role
from tasks.notices import Tell
from tasks.notices.contracts import all_of


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


def asking_side(kind: str) -> Callable[[Entry], list[Tell]]:
    """The other side answered: the side that asked for the end hears of it."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        termination = ContractTermination.objects.select_related("contract").get(pk=entry.subject_id)
        contract = termination.contract
        own = contract.seller_id if termination.side == Side.SELLER else contract.buyer_id
        return [Tell(_people(own, *SUBMITTERS), kind, termination.get_absolute_url(), contract)]

    return whom_to_tell


def both_sides(kind: str) -> Callable[[Entry], list[Tell]]:
    """The contract has ended, or its end was decided on: both sides hear of it."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        termination = ContractTermination.objects.select_related("contract").get(pk=entry.subject_id)
        contract = termination.contract
        return [
            Tell(_people(party, *SUBMITTERS), kind, termination.get_absolute_url(), contract)
            for party in (contract.seller_id, contract.buyer_id)
            if party is not None
        ]

    return whom_to_tell


def side_to_answer(entry: Entry) -> list[Tell]:
    """An end was declared for a breach: the other side hears until when it answers."""
    data = {"day": entry.data["answer_by"]}
    told = other_side("contract_end.to_answer")(entry)
    return [Tell(one.users, one.kind, one.path, one.subject, data=data) for one in told]


def decided(entry: Entry) -> list[Tell]:
    """Court or arbitration decided: both sides hear which way."""
    kind = "contract_end.confirmed" if entry.data["upheld"] else "contract_end.overturned"
    return both_sides(kind)(entry)


def officers_about_dispute(entry: Entry) -> list[Tell]:
    """An end is disputed: those who may note what court or arbitration decides hear of it."""
    termination = ContractTermination.objects.select_related("contract__broker").get(pk=entry.subject_id)
    able = [user for user in User.objects.holding(Role.OFFICER) if decide_declaration(user, termination) is None]
    return [Tell(able, "contract_end.disputed", termination.get_absolute_url(), termination.contract)]


def register_about_end(kind: str) -> Callable[[Entry], list[Tell]]:
    """A registered contract has ended, or its end is told otherwise than before: the register hears of it."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        termination = ContractTermination.objects.select_related("contract__seller").get(pk=entry.subject_id)
        contract = termination.contract
        if not contract.stands:
            return []
        people = User.objects.holding(Role.REGISTRAR, Role.SECOND_REVIEWER)
        able = [user for user in people if note_contract_end(user, contract) is None]
        return [Tell(able, kind, contract.get_absolute_url(), contract)]

    return whom_to_tell


def both_about_day(entry: Entry) -> list[Tell]:
    """The end is agreed for a day to come: both sides hear which one."""
    termination = ContractTermination.objects.select_related("contract").get(pk=entry.subject_id)
    contract = termination.contract
    if termination.took_effect_at is not None:
        return []
    day = {"day": termination.ends_on.isoformat()}
    return [
        Tell(_people(party, *SUBMITTERS), "contract_end.agreed", termination.get_absolute_url(), contract, data=day)
        for party in (contract.seller_id, contract.buyer_id)
        if party is not None
    ]


TELLS = {
    Kind.CONTRACT_MILESTONE_DONE: buyer_about_milestone,
    Kind.CONTRACT_MILESTONE_ACCEPTED: seller_about_milestone("milestone.accepted"),
    Kind.CONTRACT_MILESTONE_REFUSED: seller_about_milestone("milestone.refused"),
    Kind.CONTRACT_END_PROPOSED: other_side("contract_end.proposed"),
    Kind.CONTRACT_END_WITHDRAWN: other_side("contract_end.withdrawn"),
    Kind.CONTRACT_END_DECLINED: asking_side("contract_end.declined"),
    Kind.CONTRACT_END_DECLARED: side_to_answer,
    Kind.CONTRACT_BREACH_ACCEPTED: asking_side("contract_end.accepted"),
    Kind.CONTRACT_BREACH_DISPUTED: all_of(
        asking_side("contract_end.disputed"), register_about_end("contract_end.disputed"), officers_about_dispute
    ),
    Kind.CONTRACT_BREACH_RETRACTED: all_of(
        other_side("contract_end.retracted"), register_about_end("contract_end.retracted")
    ),
    Kind.CONTRACT_BREACH_DECIDED: decided,
    Kind.CONTRACT_END_AGREED: both_about_day,
    Kind.CONTRACT_TERMINATED: all_of(both_sides("contract_end.terminated"), register_about_end("contract_end.to_note")),
}
