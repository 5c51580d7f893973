"""The links of invitations: signed for one mail of one invitation, so nothing that opens them is stored.

But in the session of the visitor who opened one: it leads them back after signing up, whichever way that takes.
"""

from typing import Any

from django.core.signing import BadSignature, Signer

from marketplace.core import clock
from marketplace.organisations.models import MemberInvitation

OPENED = "invitation_opened"

_signer = Signer(salt="marketplace.organisations.invitation")


def token_of(invitation: MemberInvitation) -> str:
    """Return what stands in the link of the last mail; once it is sent again, the link before is worth nothing."""
    return _signer.sign(f"{invitation.code}-{invitation.times_sent}")


def invitation_of(token: str) -> tuple[MemberInvitation | None, bool]:
    """Return the invitation a link was signed for and whether a later mail replaced it; None where we did not."""
    try:
        code, _dash, times = _signer.unsign(token).partition("-")
    except BadSignature:
        return None, False
    invitation = MemberInvitation.objects.select_related("organisation", "sent_by").filter(code=code).first()
    return invitation, invitation is not None and times != str(invitation.times_sent)


def remember_opened(request: Any, token: str) -> None:
    """Keep which link this visitor opened."""
    request.session[OPENED] = token


def opened_before(request: Any) -> tuple[MemberInvitation | None, str]:
    """Return the invitation whose link was opened here before signing in, while it can be answered, and the link."""
    token = request.session.get(OPENED, "")
    invitation, is_replaced = invitation_of(token) if token else (None, False)
    if invitation is None or is_replaced or not invitation.is_standing(clock.now()):
        return None, ""
    return invitation, token
