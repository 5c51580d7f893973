"""Thinking again about what one's own side declined or took back, while need and outcome are what they were."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.matching import choosing, rules
from marketplace.matching.actions import accept_match
from marketplace.matching.holding import hold_match
from marketplace.matching.models import Match, Side
from marketplace.matching.withdrawing import put_back
from marketplace.organisations.models import Organisation, User


class NotAsItWas(Refused):
    message = _("The decline cannot be taken back: %(why)s")


class NotAcceptedAgain(Refused):
    message = _("It cannot be accepted again: %(why)s")


@transaction.atomic
def reconsider_match(match: Match, *, by: User, organisation: Organisation | None) -> None:
    """Take the decline of one's side back, so that it may answer anew; or accept again what it had accepted.

    What the other side answered stands. Raises NotAsItWas or NotAcceptedAgain where need or outcome are no longer open
    or a text has changed, WrongState where the match was ended otherwise.
    """
    hold_match(match)
    require(rules.reconsider_match, by, match, organisation=organisation)
    side = match.side_of(organisation) or Side.NEED
    was_taken_back = match.taken_back_by == side
    if match.state != Match.State.DECLINED and not was_taken_back:
        raise WrongState(state=match.get_state_display())
    obstacle = why_not_as_it_was(match)
    if obstacle is not None:
        raise NotAcceptedAgain(why=obstacle) if was_taken_back else NotAsItWas(why=obstacle)
    put_back(match, side)
    if was_taken_back:
        accept_match(match, by=by, organisation=organisation)
    else:
        journal.record(Kind.MATCH_RECONSIDERED, match, by=by, on_behalf_of=organisation, side=side)


def why_not_as_it_was(match: Match) -> str | None:
    """Say why what a side refused cannot be put back now, or None."""
    apart = choosing.why_apart(match.need, match.outcome)
    if apart is not None:
        return apart
    is_same = match.texts == choosing.fingerprint(match.need, match.outcome)
    return None if is_same else str(_("A text has changed since; the search proposes the pair anew if it fits."))
