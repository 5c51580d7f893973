"""Taking one's own decline back, while need and outcome are what they were."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.matching import choosing, rules
from marketplace.matching.actions import hold_match
from marketplace.matching.models import Answer, Match
from marketplace.organisations.models import Organisation, User


class NotAsItWas(Refused):
    message = _("The decline cannot be taken back: %(why)s")


@transaction.atomic
def reconsider_match(match: Match, *, by: User, organisation: Organisation | None) -> None:
    """Take the decline of one's side back: it has not answered again, what the other side answered stands.

    Raises NotAsItWas where need or outcome are no longer open or a text has changed, WrongState if it is not declined.
    """
    hold_match(match)
    require(rules.reconsider_match, by, match, organisation=organisation)
    if match.state != Match.State.DECLINED:
        raise WrongState(state=match.get_state_display())
    obstacle = why_not_as_it_was(match)
    if obstacle is not None:
        raise NotAsItWas(why=obstacle)
    side = match.side_of(organisation)
    match.move_to(Match.State.PROPOSED)
    match.decline_reason = match.decline_note = ""
    match.set_answer(side or "", Answer.WAITING, by=None, at=None)
    match.save()
    journal.record(Kind.MATCH_RECONSIDERED, match, by=by, on_behalf_of=organisation, side=side)


def why_not_as_it_was(match: Match) -> str | None:
    """Say why a decline cannot be taken back now, or None."""
    apart = choosing.why_apart(match.need, match.outcome)
    if apart is not None:
        return apart
    is_same = match.texts == choosing.fingerprint(match.need, match.outcome)
    return None if is_same else str(_("A text has changed since; the search proposes the pair anew if it fits."))
