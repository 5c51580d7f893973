"""Who is told what about matches."""

from marketplace.core.journal import Entry, Kind
from marketplace.matching.models import Match, Side
from marketplace.matching.rules import ROLES
from marketplace.organisations.models import User
from tasks.notices import Tell


def _people(match: Match, side: Side) -> list[User]:
    """Return those who may answer for a side."""
    return list(User.objects.active_in(match.organisation_of(side), *ROLES[side]).distinct())


def _match(entry: Entry) -> Match:
    return Match.objects.with_parties().get(pk=entry.subject_id)


def both_sides_about_proposal(entry: Entry) -> list[Tell]:
    """A new proposal: both sides look at it, while it stands."""
    match = _match(entry)
    if match.state != Match.State.PROPOSED:
        return []
    return [
        Tell(_people(match, side), "match.proposed", match.get_absolute_url(), match)
        for side in Side
        if match.answer_of(side) == "waiting"
    ]


def other_side_about_acceptance(entry: Entry) -> list[Tell]:
    """One side accepted: the other is asked, if it has not answered meanwhile."""
    match = _match(entry)
    other = Side.OUTCOME if entry.data["side"] == Side.NEED else Side.NEED
    if match.state != Match.State.PROPOSED or match.answer_of(other) != "waiting":
        return []
    return [Tell(_people(match, other), "match.accepted", match.get_absolute_url(), match)]


def both_sides_about_agreement(entry: Entry) -> list[Tell]:
    """Both accepted: either may open the deal."""
    match = _match(entry)
    people = [person for side in Side for person in _people(match, side)]
    return [Tell(people, "match.agreed", match.get_absolute_url(), match)]


def other_side_about_decline(entry: Entry) -> list[Tell]:
    """One side declined: the other is told if it had accepted."""
    match = _match(entry)
    other = Side.OUTCOME if entry.data["side"] == Side.NEED else Side.NEED
    if match.answer_of(other) != "accepted":
        return []
    return [Tell(_people(match, other), "match.declined", match.get_absolute_url(), match)]


TELLS = {
    Kind.MATCH_PROPOSED: both_sides_about_proposal,
    Kind.MATCH_ACCEPTED: other_side_about_acceptance,
    Kind.MATCH_AGREED: both_sides_about_agreement,
    Kind.MATCH_DECLINED: other_side_about_decline,
}
