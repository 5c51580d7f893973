"""Who is told what about contracts and brokers."""

from collections.abc import Callable
from dataclasses import replace

from django.urls import reverse

from marketplace.brokers.models import TechBroker
from marketplace.contracts.agreed import terms_of_trial
from marketplace.contracts.changes import ContractChange
from marketplace.contracts.lists.models import RegistrationList
from marketplace.contracts.models import TechnologyContract
from marketplace.core.journal import Entry, Kind
from marketplace.deals.models import Deal
from marketplace.notices.models import Notice, NoticeQuerySet
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole, Role
from tasks.notices import Tell
from tasks.notices.deals import everybody_in


def _contract(entry: Entry) -> TechnologyContract:
    return TechnologyContract.objects.select_related("seller", "buyer").get(pk=entry.subject_id)


def registrars_about_submission(entry: Entry) -> list[Tell]:
    """A contract waits for a decision: registrars hear of it, and whether more is declared than was assessed."""
    contract = _contract(entry)
    kind = "contract.to_review_above" if entry.data.get("above") else "contract.to_review"
    return [Tell(User.objects.holding(Role.REGISTRAR), kind, contract.get_absolute_url())]


def buyer_about_submission(entry: Entry) -> list[Tell]:
    """The buyer hears that the contract was sent in; where it departs from trial or price, who led hears this."""
    contract = _contract(entry)
    if contract.buyer is None:
        return []
    path = contract.get_absolute_url()
    people = User.objects.active_in(contract.buyer, MemberRole.MANAGER, MemberRole.FINANCE)
    if not entry.data.get("departs"):
        return [Tell(people, "contract.submitted", path)]
    led = User.objects.active_in(contract.buyer, MemberRole.MANAGER, MemberRole.BIDDER).distinct()
    others = people.exclude(pk__in=led.values("pk"))
    of_trial = terms_of_trial(contract) is not None
    kind = "contract.departs" if of_trial else "contract.departs_from_price"
    return [Tell(led, kind, path), Tell(others, "contract.submitted", path)]


def deciders_on_change(kind: str) -> Callable[[Entry], list[Tell]]:
    """A change waits for a decision, or does so no longer: those who may take it hear of it."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        change = ContractChange.objects.select_related("contract").get(code=entry.data["change"])
        people = User.objects.holding(Role.REGISTRAR, Role.SECOND_REVIEWER)
        if change.is_large:
            people = User.objects.holding(Role.SECOND_REVIEWER).exclude(pk=change.contract.first_reviewed_by_id)
        return [Tell(people, kind, change.contract.get_absolute_url())]

    return whom_to_tell


def deciders_if_asked(kind: str) -> Callable[[Entry], list[Tell]]:
    """A request is no longer decided on: those who were to decide hear of it, if it had come to them."""
    tell = deciders_on_change(kind)
    return lambda entry: [] if entry.data.get("before_register") else tell(entry)


def buyer_to_consent(entry: Entry) -> list[Tell]:
    """The seller asks for a change: the buyer agrees or declines."""
    path = reverse("contract-answer-change", args=[_contract(entry).code])
    return [Tell(one.users, one.kind, path) for one in buyer("contract.change_requested")(entry)]


def all_of(*told: Callable[[Entry], list[Tell]]) -> Callable[[Entry], list[Tell]]:
    """Return whom any of several functions tells."""
    return lambda entry: [one for whom_to_tell in told for one in whom_to_tell(entry)]


def deciders(kind: str, *roles: Role) -> Callable[[Entry], list[Tell]]:
    """Something waits for a decision, or was decided by somebody else: those who hold the role hear of it."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        return [Tell(User.objects.holding(*roles), kind, _contract(entry).get_absolute_url())]

    return whom_to_tell


def seller(kind: str) -> Callable[[Entry], list[Tell]]:
    """The seller's managers and finance hear what became of the contract."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        contract = _contract(entry)
        people = User.objects.active_in(contract.seller, MemberRole.MANAGER, MemberRole.FINANCE)
        return [Tell(people, kind, contract.get_absolute_url())]

    return whom_to_tell


def seller_until(kind: str) -> Callable[[Entry], list[Tell]]:
    """The seller's managers and finance hear what is to be done, and until when."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        until = {"by_on": entry.data["due_on"]} if "due_on" in entry.data else {}  # earlier returns have no day
        return [replace(one, data=until) for one in seller(kind)(entry)]

    return whom_to_tell


def to_supplement(entry: Entry) -> NoticeQuerySet:
    """Return what reminded of a supplement that has come."""
    return Notice.objects.about(_contract(entry), "contract.to_supplement")


def buyer(kind: str) -> Callable[[Entry], list[Tell]]:
    """The buyer's managers and finance hear what the seller or the register did, if the buyer is on the platform."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        contract = _contract(entry)
        if contract.buyer is None:
            return []
        people = User.objects.active_in(contract.buyer, MemberRole.MANAGER, MemberRole.FINANCE)
        return [Tell(people, kind, contract.get_absolute_url())]

    return whom_to_tell


def parties(kind: str) -> Callable[[Entry], list[Tell]]:
    """Both parties hear of it; of the number in the register, the first one and one that corrects it, with it."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        contract = _contract(entry)
        numbers = {name: entry.data[name] for name in ("number", "before") if name in entry.data}
        return [
            Tell(
                User.objects.active_in(party, MemberRole.MANAGER, MemberRole.FINANCE),
                kind,
                contract.get_absolute_url(),
                data=numbers,
            )
            for party in (contract.seller, contract.buyer)
            if party is not None
        ]

    return whom_to_tell


def room_about_draft(entry: Entry) -> list[Tell]:
    """A version of the draft can be read in the room of the deal: everybody in it but who put it together."""
    contract = _contract(entry)
    if contract.deal_id is None:
        return []
    deal = Deal.objects.with_parties().select_related("broker__user").get(pk=contract.deal_id)
    path, data = reverse("deal-drafts", args=[deal.code]), {"version": str(entry.data["version"])}
    return [Tell(everybody_in(deal, entry), "contract.draft_to_read", path, data=data)]


def broker(kind: str) -> Callable[[Entry], list[Tell]]:
    """The broker who signs in hears what was decided about the certificate."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        record = TechBroker.objects.select_related("user").get(pk=entry.subject_id)
        return [Tell([record.user], kind, reverse("broker-detail", args=[record.code]))] if record.user else []

    return whom_to_tell


def second_reviewers_about_list(entry: Entry) -> list[Tell]:
    """A list of large contracts waits: second reviewers hear of it, except who made it."""
    made = RegistrationList.objects.get(pk=entry.subject_id)
    if not made.is_large:
        return []
    people = User.objects.holding(Role.SECOND_REVIEWER).exclude(pk=made.made_by_id)
    return [Tell(people, "list.to_review", made.get_absolute_url())]


def makers_of_list(kind: str) -> Callable[[Entry], list[Tell]]:
    """Whoever made and issued a list hears what became of it."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        made = RegistrationList.objects.select_related("made_by", "issued_by").get(pk=entry.subject_id)
        people = {person for person in (made.made_by, made.issued_by) if person is not None}
        return [Tell(sorted(people, key=lambda person: person.pk), kind, made.get_absolute_url())]

    return whom_to_tell


TELLS = {
    Kind.REGISTRATION_LIST_MADE: second_reviewers_about_list,
    Kind.REGISTRATION_LIST_REFUSED: makers_of_list("list.refused"),
    Kind.REGISTRATION_LIST_VOIDED: makers_of_list("list.void"),
    Kind.CONTRACT_ASSEMBLED: room_about_draft,
    Kind.CONTRACT_SUBMITTED: all_of(registrars_about_submission, buyer_about_submission),
    Kind.CONTRACT_ACCEPTED: seller("contract.accepted"),
    Kind.CONTRACT_ITEM_CORRECTED: parties("contract.assessed"),
    Kind.CONTRACT_RETURNED: all_of(seller_until("contract.returned"), buyer("contract.returned_to_seller")),
    Kind.CONTRACT_SUPPLEMENT_REMINDED: seller_until("contract.to_supplement"),
    Kind.CONTRACT_REFUSED: parties("contract.refused"),
    Kind.CONTRACT_REGISTERED: parties("contract.registered"),
    Kind.CONTRACT_PASSED_ON: deciders("contract.to_review_again", Role.SECOND_REVIEWER),
    Kind.CONTRACT_CHANGE_REQUESTED: deciders_on_change("contract.change_to_decide"),
    Kind.CONTRACT_CHANGE_PROPOSED: buyer_to_consent,
    Kind.CONTRACT_CHANGE_AGREED: all_of(
        deciders_on_change("contract.change_to_decide"), seller("contract.change_agreed")
    ),
    Kind.CONTRACT_CHANGE_DECLINED: seller("contract.change_declined"),
    Kind.CONTRACT_CHANGE_WITHDRAWN: all_of(
        deciders_if_asked("contract.change_withdrawn"), buyer("contract.change_taken_back")
    ),
    Kind.CONTRACT_CHANGE_LAPSED: all_of(deciders_if_asked("contract.change_lapsed"), parties("contract.change_lapsed")),
    Kind.CONTRACT_END_NOTED: parties("contract.end_noted"),
    Kind.CONTRACT_OBJECTED: deciders("contract.objection_to_decide", Role.SECOND_REVIEWER),
    Kind.CONTRACT_CHANGE_GRANTED: parties("contract.change_granted"),
    Kind.CONTRACT_CHANGE_REFUSED: parties("contract.change_refused"),
    Kind.CONTRACT_CANCELLED: all_of(
        parties("contract.cancelled"), deciders("contract.cancelled_by_seller", Role.REGISTRAR)
    ),
    Kind.CONTRACT_REVOKED: parties("contract.revoked"),
    Kind.CONTRACT_RE_EXAMINED: parties("contract.re_examined"),
    Kind.CONTRACT_RENUMBERED: parties("contract.renumbered"),
    Kind.BROKER_FILED: broker("broker.filed"),
    Kind.BROKER_RENEWED: broker("broker.renewed"),
    Kind.BROKER_SUSPENDED: broker("broker.suspended"),
    Kind.BROKER_REINSTATED: broker("broker.reinstated"),
    Kind.BROKER_REVOKED: broker("broker.revoked"),
}
SETTLES = {Kind.CONTRACT_SUBMITTED: to_supplement}
