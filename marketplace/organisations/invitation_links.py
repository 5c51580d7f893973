"""The links of invitations: signed for one mail of one invitation, so nothing that opens them is stored."""

from django.core.signing import BadSignature, Signer

from marketplace.organisations.models import MemberInvitation

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
