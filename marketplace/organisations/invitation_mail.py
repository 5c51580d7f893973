"""The mail of an invitation: Chinese first, English below, because nobody knows yet what its reader prefers."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from marketplace.organisations.invitation_links import token_of
from marketplace.organisations.invitation_words import unlinked
from marketplace.organisations.models import MemberInvitation

BETWEEN = "\n\n" + "-" * 40 + "\n\n"


def letter(invitation: MemberInvitation) -> EmailMessage:
    """Write the mail with the link of its last sending. What a manager adds is passed on for verified houses only."""
    subjects, bodies = [], []
    for language, _name in settings.LANGUAGES:
        with override(language):
            context = {
                "invitation": invitation,
                "organisation": invitation.organisation,
                "called": unlinked(invitation.organisation.called),
                "person": unlinked(str(invitation.sent_by)),
                "words": unlinked(invitation.words) if invitation.organisation.is_verified else "",
                "link": settings.SITE_URL + reverse("member-invitation", args=[token_of(invitation)]),
            }
            subjects.append(_("Invitation to join %(organisation)s") % {"organisation": context["called"]})
            bodies.append(render_to_string("marketplace/organisations/invitation_mail.txt", context).strip())
    return EmailMessage(
        subject=" ".join(" / ".join(subjects).split()),
        body=BETWEEN.join(bodies) + "\n",
        to=[invitation.email],
        headers={"X-Invitation": f"{invitation.code}-{invitation.times_sent}"},
    )
