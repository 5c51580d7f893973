"""Who of a side may give the answer that is due; where nobody may, its managers bring in a colleague.

Nobody answers for both sides (organisations/one_side.py). Managers do whatever others of their organisation may, so a
side lacks a colleague only where its managers, too, answered for the other one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from marketplace.deals.answered import people_answered_in
from marketplace.deals.interest import Interest
from marketplace.deals.models import Deal, Side
from marketplace.deals.rules import ROLES, SELLS
from marketplace.deals.turns import asks_an_answer, turn_of
from marketplace.organisations.models import Membership, Organisation, User
from marketplace.organisations.one_side import why_not_both
from marketplace.organisations.roles import MemberRole

Asked = tuple[Deal, Side]
Members = dict[int, dict[int, frozenset[str]]]  # organisation → person → roles


@dataclass(frozen=True)
class Lacking:
    """An organisation of which nobody may answer in one matter, as its page tells a member."""

    organisation: Organisation
    manages: bool

    @property
    def invite_url(self) -> str:
        return inviting(self.organisation)


def inviting(organisation: Organisation) -> str:
    """Return where managers invite colleagues."""
    return reverse("organisation-members", args=[organisation.code]) + "#invite"


def able(deal: Deal, side: Side) -> list[User]:
    """Return those who act for a side and may do what is its turn, if it is."""
    people = list(User.objects.active_in(deal.party(side), *ROLES[side]).distinct())
    if not asks_an_answer(deal):
        return people
    told = people_answered_in([person.pk for person in people], [deal])
    return [person for person in people if why_not_both(deal.party(side), told[person.pk][deal.pk]) is None]


def able_to_answer(interest: Interest) -> list[User]:
    """Return those who may answer an interest for its owner: not whoever showed it for the other side."""
    people = User.objects.active_in(interest.outcome.owner, *SELLS).distinct()
    return list(people.exclude(pk=interest.shown_by_id))


def lacking(asked: Iterable[Asked]) -> set[tuple[int, Side]]:
    """Return (key of the deal, side) where it is the side's turn and nobody may answer: as many queries as for one."""
    due = [(deal, side) for deal, side in asked if asks_an_answer(deal) and side in turn_of(deal).acts]
    if not due:
        return set()
    members = _members({deal.party(side).pk for deal, side in due})
    deals = list({deal.pk: deal for deal, _side in due}.values())
    told = people_answered_in({person for each in members.values() for person in each}, deals)
    return {
        (deal.pk, side)
        for deal, side in due
        if not any(
            why_not_both(deal.party(side), told[person][deal.pk]) is None
            for person in _holding(members, deal.party(side), ROLES[side])
        )
    }


def lacking_answers(interests: Iterable[Interest]) -> set[int]:
    """Return the keys of the interests that nobody of their owner may answer, in one query."""
    interests = list(interests)
    members = _members({one.outcome.owner_id for one in interests}) if interests else {}
    return {one.pk for one in interests if not set(_holding(members, one.outcome.owner, SELLS)) - {one.shown_by_id}}


def lacks_for(deal: Deal, sides: Iterable[Side], user: Any) -> list[Lacking]:
    """Return the organisations of a reader, on these sides, of which nobody may give the answer that is due."""
    found = lacking((deal, side) for side in sides)
    return [lacking_of(deal.party(side), user) for side in Side if (deal.pk, side) in found]


def lacking_of(organisation: Organisation, user: Any) -> Lacking:
    return Lacking(organisation, user.acts_for(organisation, MemberRole.MANAGER))


def _members(organisations: Iterable[int]) -> Members:
    rows = Membership.objects.active().filter(organisation__in=list(organisations), user__is_active=True)
    found: Members = {}
    for organisation, person, roles in rows.values_list("organisation", "user", "roles"):
        found.setdefault(organisation, {})[person] = frozenset(roles)
    return found


def _holding(members: Members, organisation: Organisation, roles: Iterable[MemberRole]) -> list[int]:
    wanted = {role.value for role in (*roles, MemberRole.MANAGER)}
    return [person for person, held in members.get(organisation.pk, {}).items() if held & wanted]
