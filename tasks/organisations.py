"""Invitations of colleagues in the background: the mail, and the addresses that need not be known any longer."""

from smtplib import SMTPRecipientsRefused

from marketplace.core import clock
from marketplace.organisations.invitation_mail import letter
from marketplace.organisations.inviting import forget_invited
from marketplace.organisations.models import MemberInvitation
from tasks.app import app
from tasks.models import Delivery


def mail_invited(delivery: Delivery) -> None:
    """Mail the link of an invitation; one that is over or was sent again meanwhile stays unsent.

    An address that its server refuses for good is noted: the manager reads it beside the invitation.
    """
    invitation = MemberInvitation.objects.select_related("organisation", "sent_by").get(pk=delivery.entry.subject_id)
    now = clock.now()
    if not invitation.is_standing(now) or delivery.entry.data["times_sent"] != invitation.times_sent:
        return
    try:
        letter(invitation).send()
    except SMTPRecipientsRefused:
        MemberInvitation.objects.filter(pk=invitation.pk).update(mail_refused_at=now)


@app.task
def forget_invitations() -> None:
    """Empty the addresses of invitations that expired or ended long enough ago, each in a transaction of its own."""
    for invitation in MemberInvitation.objects.to_forget(clock.now()):
        forget_invited(invitation)
