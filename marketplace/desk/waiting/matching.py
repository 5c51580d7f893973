"""Matches to answer, and agreed ones from which a deal can be opened."""

from functools import partial

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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


def waiting(reader: Reader) -> list[Row]:
    invited = _invitations(reader)
    wanting = reader.holds(MemberRole.PUBLISHER, MemberRole.BIDDER)
    offering = reader.holds(MemberRole.PUBLISHER)
    if not wanting:
        return invited
    of_need, of_outcome = _answering(reader, wanting, offering)
    asked = of_need & Q(need_answer=Answer.WAITING) | of_outcome & Q(outcome_answer=Answer.WAITING)
    asked_for = Match.objects.visible_to(reader.user).proposed().filter(asked)
    to_answer = asked_for.exclude(FOLDED).select_related("need", "outcome").best_first()
    agreed = Match.objects.without_deal().both_open().filter(of_need | of_outcome).select_related("need", "outcome")
    address = reverse("match-list")
    return [
        *invited,
        *first_of(to_answer, partial(_answer, reader=reader), url=address, icon=ICON),
        *_weaker(asked_for.filter(FOLDED), wanting if reader.organisation is None else [], url=address),
        *first_of(agreed.order_by("pk"), partial(_open, reader=reader), url=address, icon="briefcase"),
    ]


def _answering(reader: Reader, wanting: list[int], offering: list[int]) -> tuple[Q, Q]:
    """Select the matches in which the reader may answer for the side of the need, and of the outcome."""
    of_need, of_outcome = Q(need__organisation__in=wanting), Q(outcome__owner__in=offering)
    if not reader.bound:
        return of_need, of_outcome
    return (
        of_need & ~Q(answered_beside(reader.user, Match, "need__organisation")),
        of_outcome & ~Q(answered_beside(reader.user, Match, "outcome__owner")),
    )


def _invitations(reader: Reader) -> list[Row]:
    """Return the invitations the reader, a broker, has not answered."""
    sent = BrokerInvitation.objects.awaiting_answer().filter(broker__user=reader.user)
    return [
        Row(
            title=_("Answer the invitation: %(subject)s") % {"subject": invitation},
            url=invitation.get_absolute_url(),
            act=_("Answer"),
            icon="envelope",
            since=invitation.sent_at,
        )
        for invitation in sent.select_related("need", "outcome")[:SHOWN]
    ]


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


def _weaker(folded: MatchQuerySet, houses: list[int], *, url: str) -> list[Row]:
    """Return one row for all of them, or for each of several `houses`, which leads to the list: it stands last."""
    if len(houses) < 2:
        return _folded(folded.count(), None, url=url)
    of_house = {key: Q(need__organisation=key) | Q(outcome__owner=key) for key in houses}
    counts = folded.aggregate(**{f"of_{key}": Count("pk", filter=own) for key, own in of_house.items()})
    return [row for key in houses for row in _folded(counts[f"of_{key}"], key, url=url)]


def _folded(count: int, of: int | None, *, url: str) -> list[Row]:
    if not count:
        return []
    title = ngettext("Look through %(count)s weaker match", "Look through %(count)s weaker matches", count)
    return [
        Row(
            title=title % {"count": count},
            url=f"{url}?show=waiting&strength={Match.Strength.WEAK}",
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
