"""Matches to answer, and agreed ones from which a deal can be opened."""

from functools import partial

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.desk.piles import Pile
from marketplace.desk.rows import SHOWN, Reader, Row, first_of
from marketplace.matching.finding import MatchQuerySet
from marketplace.matching.invitation import BrokerInvitation
from marketplace.matching.models import Answer, Match
from marketplace.organisations.one_side import answered_beside
from marketplace.organisations.roles import MemberRole

ICON = "link"
# Nobody waits for an answer to a weak proposal: a row each would bury what deserves one
FOLDED = Q(strength=Match.Strength.WEAK, added_by=None, pinned_by=None)
FOLDED &= ~Q(need_answer=Answer.ACCEPTED) & ~Q(outcome_answer=Answer.ACCEPTED)


def waiting(reader: Reader) -> list[Pile]:
    own = _own(reader)
    if own is None:
        return [_invitations(reader)]
    asked, agreed = _asked(*own), _agreed(*own)
    return [
        _invitations(reader),
        Pile(asked.exclude(FOLDED), lambda: _to_answer(reader, *own)),
        Pile(asked.filter(FOLDED), lambda: _weaker(reader, *own)),
        Pile(agreed, lambda: _to_open(reader, *own)),
    ]


def _own(reader: Reader) -> tuple[Q, Q] | None:
    """Select the matches of the own organisations, as the side of the need and of the outcome; None without a say."""
    wanting = reader.holds(MemberRole.PUBLISHER, MemberRole.BIDDER)
    offering = reader.holds(MemberRole.PUBLISHER)
    return (Q(need__organisation__in=wanting), Q(outcome__owner__in=offering)) if wanting else None


def _asked(of_need: Q, of_outcome: Q) -> MatchQuerySet:
    """Return the proposals that one of these sides has not answered."""
    waits = of_need & Q(need_answer=Answer.WAITING) | of_outcome & Q(outcome_answer=Answer.WAITING)
    return Match.objects.proposed().filter(waits)


def _agreed(of_need: Q, of_outcome: Q) -> MatchQuerySet:
    return Match.objects.without_deal().both_open().filter(of_need | of_outcome)


def _answering(reader: Reader, of_need: Q, of_outcome: Q) -> tuple[Q, Q]:
    """Leave out the matches in which the reader answered for the other side already."""
    if not reader.bound:
        return of_need, of_outcome
    return (
        of_need & ~Q(answered_beside(reader.user, Match, "need__organisation")),
        of_outcome & ~Q(answered_beside(reader.user, Match, "outcome__owner")),
    )


def _invitations(reader: Reader) -> Pile:
    """Return the invitations the reader, a broker, has not answered."""
    sent = BrokerInvitation.objects.awaiting_answer().filter(broker__user=reader.user)
    return Pile(sent, lambda: [_invitation(one) for one in sent.select_related("need", "outcome")[:SHOWN]])


def _invitation(invitation: BrokerInvitation) -> Row:
    return Row(
        title=_("Answer the invitation: %(subject)s") % {"subject": invitation},
        url=invitation.get_absolute_url(),
        act=_("Answer"),
        icon="envelope",
        since=invitation.sent_at,
    )


def _to_answer(reader: Reader, *own: Q) -> list[Row]:
    asked = _asked(*_answering(reader, *own)).visible_to(reader.user).exclude(FOLDED)
    found = asked.select_related("need", "outcome").best_first()
    return first_of(found, partial(_answer, reader=reader), url=reverse("match-list"), icon=ICON)


def _to_open(reader: Reader, *own: Q) -> list[Row]:
    found = _agreed(*_answering(reader, *own)).select_related("need", "outcome").order_by("pk")
    return first_of(found, partial(_open, reader=reader), url=reverse("match-list"), icon="briefcase")


def _answer(match: Match, *, reader: Reader) -> Row:
    sides = {match.need.organisation_id: match.need_answer, match.outcome.owner_id: match.outcome_answer}
    strength = _("match: %(strength)s") % {"strength": match.get_strength_display()}
    accepted = (_("the other side has accepted"),) if match.has_acceptance else ()
    headings = {"need": match.need.heading, "outcome": match.outcome.heading}
    return Row(
        title=_("Answer the match: %(need)s × %(outcome)s") % headings,
        about=(strength, *accepted),
        url=match.get_absolute_url(),
        act=_("Answer"),
        icon=ICON,
        is_main=match.has_acceptance,
        since=match.proposed_at,
        of=reader.own(*(key for key, answer in sides.items() if answer == Answer.WAITING)),
    )


def _weaker(reader: Reader, *own: Q) -> list[Row]:
    """Return one row for all of them, or for each of several houses, which leads to the list: it stands last."""
    folded = _asked(*_answering(reader, *own)).visible_to(reader.user).filter(FOLDED)
    houses = reader.holds(MemberRole.PUBLISHER, MemberRole.BIDDER) if reader.organisation is None else []
    if len(houses) < 2:
        return _folded(folded.count(), None)
    of_house = {key: Q(need__organisation=key) | Q(outcome__owner=key) for key in houses}
    counts = folded.aggregate(**{f"of_{key}": Count("pk", filter=each) for key, each in of_house.items()})
    return [row for key in houses for row in _folded(counts[f"of_{key}"], key)]


def _folded(count: int, of: int | None) -> list[Row]:
    if not count:
        return []
    title = ngettext("Look through %(count)s weaker match", "Look through %(count)s weaker matches", count)
    return [
        Row(
            title=title % {"count": count},
            url=f"{reverse('match-list')}?show=waiting&strength={Match.Strength.WEAK}",
            act=_("Open the list"),
            icon=ICON,
            count=count,
            of=of,
        )
    ]


def _open(match: Match, *, reader: Reader) -> Row:
    return Row(
        title=_("Open a deal: %(need)s × %(outcome)s") % {"need": match.need.heading, "outcome": match.outcome.heading},
        about=(_("accepted by both"),),
        url=match.get_absolute_url(),
        act=_("Open a deal"),
        icon="briefcase",
        is_main=True,
        since=match.computed_at,
        of=reader.own(match.need.organisation_id, match.outcome.owner_id),
    )
