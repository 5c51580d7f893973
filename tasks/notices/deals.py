"""Who is told what about interest and deals."""

from collections.abc import Callable

from django.db.models import Q

from marketplace.core.journal import Entry, Kind
from marketplace.deals.colleagues import able, able_to_answer, lacking, lacking_answers
from marketplace.deals.interest import Interest
from marketplace.deals.models import Deal, Side
from marketplace.deals.own_side import is_at_work, parties_read
from marketplace.deals.parts import DealNote
from marketplace.deals.rules import BUYS, ROLES, SELLS
from marketplace.deals.showing import with_turns
from marketplace.notices.models import Notice, NoticeQuerySet
from marketplace.organisations.models import Membership, Organisation, User
from marketplace.outcomes.hidden import is_back
from tasks.notices import Tell

DEAL_LACKS, INTEREST_LACKS = "deal.lacks_colleague", "interest.lacks_colleague"


def _deal(entry: Entry) -> Deal:
    return Deal.objects.with_parties().select_related("broker__user").get(pk=entry.subject_id)


def people_of(deal: Deal, side: Side | str) -> list[User]:
    """Return those who act for a side."""
    return list(User.objects.active_in(deal.party(side), *ROLES[Side(side)]).distinct())


def everybody_in(deal: Deal, entry: Entry) -> list[User]:
    """Return both sides and the broker at work, without the one who did it."""
    people = {person.pk: person for side in Side for person in people_of(deal, side)}
    if deal.broker is not None and deal.broker.user is not None and is_at_work(deal, deal.broker.user):
        people[deal.broker.user.pk] = deal.broker.user
    people.pop(entry.actor_id or 0, None)
    return list(people.values())


def owner_about_interest(entry: Entry) -> list[Tell]:
    """Interest is shown: the owner answers, unless what it did elsewhere has accepted it already."""
    interest = Interest.objects.select_related("outcome__owner").get(pk=entry.subject_id)
    if interest.state == Interest.State.ACCEPTED:
        return []
    people = User.objects.active_in(interest.outcome.owner, *SELLS).distinct()
    return [Tell(people, "interest.shown", interest.get_absolute_url(), interest)]


def owner_about_stalling(entry: Entry) -> list[Tell]:
    """An interest waits for its answer for too long: those of the owner's people hear of it again who may answer.

    Where nobody may, its managers hear that a colleague has to be brought in.
    """
    interest = Interest.objects.select_related("outcome__owner").get(pk=entry.subject_id)
    path, data = interest.get_absolute_url(), {"days": str(entry.data["days"])}
    people = able_to_answer(interest)
    if people:
        return [Tell(people, "interest.stalls", path, interest, data)]
    return [Tell(User.objects.managing(interest.outcome.owner), INTEREST_LACKS, path, interest, data)]


def asker_about_answer(entry: Entry) -> list[Tell]:
    """The owner answered: who showed interest, and those who act for its organisation, hear of it."""
    interest = Interest.objects.select_related("organisation", "shown_by").get(pk=entry.subject_id)
    people = {person.pk: person for person in User.objects.active_in(interest.organisation, *BUYS).distinct()}
    if interest.shown_by.acts_for(interest.organisation):
        people[interest.shown_by.pk] = interest.shown_by
    return [Tell(list(people.values()), "interest.answered", interest.get_absolute_url(), interest)]


def parties_about_opening(entry: Entry) -> list[Tell]:
    """A deal is open: both parties begin."""
    deal = _deal(entry)
    by_origin = {"sale": "deal.opened_by_sale", "trial": "deal.opened_by_trial"}
    kind = by_origin.get(entry.data.get("origin"), "deal.opened")
    return [Tell(everybody_in(deal, entry), kind, deal.get_absolute_url(), deal)]


def everybody(kind: str, **data: str) -> Callable[[Entry], list[Tell]]:
    """Everybody in the deal but the one who acted; `data` maps names in the notice to names in the entry."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        deal = _deal(entry)
        told = {name: entry.data[source] for name, source in data.items()}
        return [Tell(everybody_in(deal, entry), kind, deal.get_absolute_url(), deal, told)]

    return whom_to_tell


def other_side(kind: str, **data: str) -> Callable[[Entry], list[Tell]]:
    """Those who act for the side opposite to the one that acted."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        deal = _deal(entry)
        told = {name: entry.data[source] for name, source in data.items()}
        return [Tell(people_of(deal, Side(entry.data["side"]).other), kind, deal.get_absolute_url(), deal, told)]

    return whom_to_tell


def readers_about_note(entry: Entry) -> list[Tell]:
    """A note is written: everybody who may read it, but its author."""
    deal = _deal(entry)
    people = everybody_in(deal, entry)
    if not entry.data["is_shared"]:
        note = DealNote.objects.get(pk=entry.data["note"])
        people = [person for person in people if _reads(deal, note, person, entry.on_behalf_of)]
    return [Tell(people, "deal.noted", deal.get_absolute_url(), deal)]


def _reads(deal: Deal, note: DealNote, person: User, organisation: Organisation | None) -> bool:
    """Tell whether somebody reads what a side wrote for itself, or a broker for the side: also its broker then."""
    if deal.is_broker(person) and note.with_broker_id is not None and note.with_broker_id == deal.broker_id:
        return True
    party = organisation or (deal.party(note.own_side) if note.own_side else None)
    return party is not None and party.pk in parties_read(deal, person, party)


def who_has_to_act(entry: Entry) -> list[Tell]:
    """A deal stalls: those hear of it whose turn it is and who may act.

    Of a side where nobody may, the managers hear that a colleague has to be brought in.
    """
    deal = _deal(entry)
    path, data = deal.get_absolute_url(), {"days": str(entry.data["days"])}
    acting: dict[int, User] = {}
    tells = []
    for side in map(Side, entry.data["sides"]):
        people = able(deal, side)
        acting |= {person.pk: person for person in people}
        if not people:
            tells.append(Tell(User.objects.managing(deal.party(side)), DEAL_LACKS, path, deal, data))
    return [Tell(list(acting.values()), "deal.stalls", path, deal, data), *tells]


def asked_for_a_colleague(entry: Entry) -> NoticeQuerySet:
    """Somebody joined an organisation, or has other roles in it: what asked for a colleague that is there now."""
    house = Membership.objects.get(pk=entry.subject_id).organisation_id
    asked = Notice.objects.filter(user__in=User.objects.managing(house)).unread()
    of_deals, of_interests = asked.filter(kind=DEAL_LACKS), asked.filter(kind=INTEREST_LACKS)
    deals = Deal.objects.filter(Q(seller=house) | Q(buyer=house), pk__in=of_deals.values("subject_id"))
    sides = [(deal, side) for deal in with_turns(deals) for side in Side if deal.party(side).pk == house]
    lacks = lacking(sides)
    helped = [deal.pk for deal, side in sides if (deal.pk, side) not in lacks]
    interests = Interest.objects.filter(outcome__owner=house, pk__in=of_interests.values("subject_id"))
    interests = interests.select_related("outcome__owner")
    answerable = {interest.pk for interest in interests} - lacking_answers(interests)
    return of_deals.filter(subject_id__in=helped) | of_interests.filter(subject_id__in=answerable)


def other_side_about_confidentiality(entry: Entry) -> list[Tell]:
    """A side accepted the terms: the other is asked to, or told that they are in force now.

    Accepted with the interest that opened the deal, the notice of its opening asks the seller already.
    """
    deal = _deal(entry)
    if deal.interest is not None and deal.interest.accepts_nda and entry.data["side"] == Side.BUYER:
        return []
    kind = "deal.nda_in_force" if deal.nda_acceptances.count() == len(Side) else "deal.nda_accepted"
    return other_side(kind)(entry)


def everybody_about_file(entry: Entry) -> list[Tell]:
    """A document is put into a deal; files of other things are told with them."""
    if entry.subject_type.model_class() is not Deal:
        return []
    return everybody("deal.file_added")(entry)


def parties_about_outcome(kind: str, *, but: Side | None = None) -> Callable[[Entry], list[Tell]]:
    """What a deal is about is no longer public, or public again: both sides of each open deal and its broker.

    `but` is a side that is told otherwise.
    """

    def whom_to_tell(entry: Entry) -> list[Tell]:
        deals = Deal.objects.open().with_parties().select_related("broker__user").filter(outcome=entry.subject_id)
        tells = []
        for deal in deals:
            skipped = {person.pk for person in people_of(deal, but)} if but is not None else set()
            people = [person for person in everybody_in(deal, entry) if person.pk not in skipped]
            tells.append(Tell(people, kind, deal.get_absolute_url(), deal))
        return tells

    return whom_to_tell


def parties_about_publication(entry: Entry) -> list[Tell]:
    """An outcome the district had taken offline is public again: its deals go on."""
    return parties_about_outcome("deal.outcome_back")(entry) if is_back(entry) else []


TELLS = {
    Kind.OUTCOME_UNPUBLISHED: parties_about_outcome("deal.outcome_offline"),
    Kind.OUTCOME_WITHDRAWN: parties_about_outcome("deal.outcome_withdrawn"),
    Kind.OUTCOME_EXPIRED: parties_about_outcome("deal.outcome_expired", but=Side.SELLER),
    Kind.OUTCOME_PUBLISHED: parties_about_publication,
    Kind.DEAL_NDA_ACCEPTED: other_side_about_confidentiality,
    Kind.FILE_ADDED: everybody_about_file,
    Kind.INTEREST_SHOWN: owner_about_interest,
    Kind.INTEREST_REMINDED: owner_about_stalling,
    Kind.INTEREST_ANSWERED: asker_about_answer,
    Kind.DEAL_OPENED: parties_about_opening,
    Kind.DEAL_NOTED: readers_about_note,
    Kind.DEAL_MET: readers_about_note,
    Kind.DEAL_PRICE_PROPOSED: other_side("deal.price_proposed", amount_fen="amount"),
    Kind.DEAL_PRICED: everybody("deal.priced", price_fen="price"),
    Kind.DEAL_REOPENING_ASKED: other_side("deal.reopening_asked"),
    Kind.DEAL_REOPENING_WITHDRAWN: other_side("deal.reopening_withdrawn"),
    Kind.DEAL_REOPENED: everybody("deal.reopened"),
    Kind.DEAL_PRICE_OBJECTED: everybody("deal.price_objected"),
    Kind.DEAL_REMINDED: who_has_to_act,
    Kind.DEAL_TAKEN_UP: everybody("deal.taken_up"),
    Kind.DEAL_TERMS_WRITTEN: everybody("deal.terms_written"),
    Kind.DEAL_TERMINATED: everybody("deal.terminated"),
}
SETTLES = {Kind.MEMBERSHIP_ACCEPTED: asked_for_a_colleague, Kind.MEMBERSHIP_CHANGED: asked_for_a_colleague}
