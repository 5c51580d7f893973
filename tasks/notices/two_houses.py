"""Who hears that somebody belongs to both parties of a deal: the managers of the two, who keep the sides apart."""

from collections.abc import Iterable

from django.db.models import Q

from marketplace.core.journal import Entry, Kind
from marketplace.deals.models import Deal, Side
from marketplace.deals.own_side import members_of_both, told_sides
from marketplace.organisations.models import Membership, User
from tasks.notices import Tell


def _tell(deal: Deal, people: Iterable[User]) -> list[Tell]:
    keys = {person.pk for person in people}
    if not keys:
        return []
    managers = {one.pk: one for side in told_sides(deal) for one in User.objects.managing(deal.party(side))}
    others = [one for key, one in managers.items() if keys - {key}]  # nobody is told of themselves alone
    return [Tell(others, "deal.in_both", deal.get_absolute_url(), deal)]


def managers_about_deal(entry: Entry) -> list[Tell]:
    """A deal is opened or taken up: the managers learn who belongs to both of its parties."""
    deal = Deal.objects.with_parties().get(pk=entry.subject_id)
    return _tell(deal, members_of_both(deal))


def managers_about_confidentiality(entry: Entry) -> list[Tell]:
    """Both sides accepted the terms: an anonymous buyer is named, and the seller's managers learn who is of both."""
    deal = Deal.objects.with_parties().get(pk=entry.subject_id)
    in_force = deal.nda_acceptances.count() == len(Side)
    return managers_about_deal(entry) if in_force and deal.need is not None and deal.need.is_anonymous else []


def managers_about_member(entry: Entry) -> list[Tell]:
    """Somebody joined a party of open deals: the managers hear of each whose other party they belong to as well."""
    membership = Membership.objects.select_related("user").get(pk=entry.subject_id)
    joined, others = membership.organisation_id, list(membership.user.member_roles)
    if not membership.is_active:
        return []
    between = Q(seller=joined, buyer__in=others) | Q(buyer=joined, seller__in=others)
    deals = Deal.objects.open().with_parties().filter(between)
    return [tell for deal in deals for tell in _tell(deal, [membership.user])]


TELLS = {
    Kind.DEAL_OPENED: managers_about_deal,
    Kind.DEAL_TAKEN_UP: managers_about_deal,
    Kind.DEAL_NDA_ACCEPTED: managers_about_confidentiality,
    Kind.MEMBERSHIP_ACCEPTED: managers_about_member,
}
