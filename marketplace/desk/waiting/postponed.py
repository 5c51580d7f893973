"""What rows say of a session that is postponed: its old times hold no more, the new ones are not known."""

from django.utils.translation import gettext as _

from marketplace.auctions.models import AuctionSession


def yet_to_come(session: AuctionSession) -> tuple[str, ...]:
    """Return the words for a postponed session, to stand among what a row is about; nothing for another."""
    return (_("new times will be announced"),) if session.is_postponed else ()
