"""Matches to answer, and agreed ones from which a deal can be opened."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.desk.rows import Reader, Row, first_of
from marketplace.matching.models import Answer, Match
from marketplace.organisations.roles import MemberRole

ICON = "link"


def waiting(reader: Reader) -> list[Row]:
    wanting = reader.holds(MemberRole.PUBLISHER, MemberRole.BIDDER)
    offering = reader.holds(MemberRole.PUBLISHER)
    if not wanting:
        return []
    asked = Q(need__organisation__in=wanting, need_answer=Answer.WAITING)
    asked |= Q(outcome__owner__in=offering, outcome_answer=Answer.WAITING)
    to_answer = (
        Match.objects.visible_to(reader.user)
        .proposed()
        .filter(asked)
        .select_related("need", "outcome")
        .order_by("-score", "pk")
    )
    agreed = Match.objects.filter(
        Q(need__organisation__in=wanting) | Q(outcome__owner__in=offering), state=Match.State.AGREED, deal=None
    ).select_related("need", "outcome")
    address = reverse("match-list")
    return [
        *first_of(to_answer, _answer, url=address, icon=ICON),
        *first_of(agreed.order_by("pk"), _open, url=address, icon="briefcase"),
    ]


def _answer(match: Match) -> Row:
    strength = _("match: %(strength)s") % {"strength": match.get_strength_display()}
    accepted = (_("the other side has accepted"),) if match.has_acceptance else ()
    return Row(
        title=_("Answer the match: %(need)s × %(outcome)s") % {"need": match.need, "outcome": match.outcome},
        about=(strength, *accepted),
        url=match.get_absolute_url(),
        act=_("Answer"),
        icon=ICON,
        is_main=match.has_acceptance,
        since=match.proposed_at,
    )


def _open(match: Match) -> Row:
    return Row(
        title=_("Open a deal: %(need)s × %(outcome)s") % {"need": match.need, "outcome": match.outcome},
        about=(_("accepted by both"),),
        url=match.get_absolute_url(),
        act=_("Open a deal"),
        icon="briefcase",
        is_main=True,
        since=match.computed_at,
    )
