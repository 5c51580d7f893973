"""Organisations to verify, requests to join, invitations to answer, and a first organisation to act for."""

from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.desk.rows import SHOWN, Reader, Row, first_of
from marketplace.organisations.invitation_links import token_of
from marketplace.organisations.models import MemberInvitation, Membership, Organisation
from marketplace.organisations.roles import MemberRole, Role


def waiting(reader: Reader) -> list[Row]:
    invited = _invited(reader)
    first_steps = [] if invited else _first_steps(reader)  # whoever is invited need not register the house again
    return [*_to_verify(reader), *_to_answer(reader), *invited, *_refused(reader), *first_steps]


def _to_verify(reader: Reader) -> list[Row]:
    if not reader.user.has_role(Role.OFFICER):
        return []
    found = Organisation.objects.awaiting_verification().exclude(pk__in=list(reader.user.member_roles))
    return first_of(found, _verify, url=reverse("organisation-pending"), icon="shield-check")


def _verify(organisation: Organisation) -> Row:
    return Row(
        title=_("Verify the organisation %(name)s") % {"name": organisation},
        about=(organisation.get_kind_display(), organisation.uscc),
        url=organisation.get_absolute_url(),
        act=_("Verify"),
        icon="shield-check",
        since=organisation.submitted_at or organisation.registered_at,
    )


def _to_answer(reader: Reader) -> list[Row]:
    managed = reader.holds(MemberRole.MANAGER)
    if not managed:
        return []
    asked = Membership.objects.awaiting_answer().filter(organisation__in=managed).order_by("asked_at")
    return [
        Row(
            title=_("Answer the request of %(person)s to join") % {"person": each.user},
            about=(str(each.organisation),),
            url=reverse("organisation-members", args=[each.organisation.code]),
            act=_("Answer"),
            icon="user-plus",
            since=each.asked_at,
        )
        for each in asked.select_related("user", "organisation")[:20]
    ]


def _invited(reader: Reader) -> list[Row]:
    """Return the invitations to join that reach the reader and can be answered still; staff find them elsewhere."""
    if reader.user.is_platform_staff:
        return []
    standing = MemberInvitation.objects.standing(reader.at).reaching(reader.user)
    others = standing.exclude(organisation__in=list(reader.user.member_roles)).order_by("expires_at", "pk")
    return [
        Row(
            title=_("Answer the invitation to join %(organisation)s") % {"organisation": each.organisation.called},
            about=(_("from %(person)s") % {"person": each.sent_by},),
            url=reverse("member-invitation", args=[token_of(each)]),
            act=_("See and answer"),
            icon="envelope",
            is_main=not reader.user.member_roles,
            due=each.expires_at,
            since=each.sent_at,
        )
        for each in others.select_related("organisation", "sent_by")[:SHOWN]
    ]


def _refused(reader: Reader) -> list[Row]:
    managed = reader.holds(MemberRole.MANAGER)
    if not managed:
        return []
    return [
        Row(
            title=_("Complete the particulars of %(name)s") % {"name": each},
            about=(_("verification refused"),),
            url=each.get_absolute_url(),
            act=_("Complete"),
            icon="exclamation-triangle",
            since=each.decided_at,
        )
        for each in Organisation.objects.filter(pk__in=managed, state=Organisation.State.REFUSED)
    ]


def _first_steps(reader: Reader) -> list[Row]:
    """Whoever belongs to nothing can publish, bid and sign for nobody."""
    if reader.user.member_roles or reader.user.is_platform_staff:
        return []
    asked = Membership.objects.awaiting_answer().filter(user=reader.user).exists()
    if asked:
        return []
    return [
        Row(
            title=_("Register your organisation, or join one that is registered"),
            about=(_("Publishing, bidding and signing are done for an organisation."),),
            url=reverse("organisation-mine"),
            act=_("Begin"),
            icon="building-office-2",
            is_main=True,
        )
    ]
