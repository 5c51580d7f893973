"""Organisations to verify, requests to join, invitations to answer, and a first organisation to act for."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.desk.piles import Pile
from marketplace.desk.rows import SHOWN, Reader, Row, first_of
from marketplace.organisations.invitation_links import token_of
from marketplace.organisations.member_invitation import MemberInvitationQuerySet
from marketplace.organisations.models import MemberInvitation, Membership, Organisation, User
from marketplace.organisations.roles import MemberRole, Role


def waiting(reader: Reader) -> list[Pile]:
    piles = [_to_verify(reader)] if reader.user.has_role(Role.OFFICER) else []
    managed = reader.holds(MemberRole.MANAGER)
    if managed:
        piles.append(_to_answer(managed))
    if not reader.user.is_platform_staff:  # staff find their invitations elsewhere
        piles.append(_invited(reader))
    if managed:
        piles.append(_refused(managed))
    if not (reader.user.member_roles or reader.user.is_platform_staff):
        piles.append(_first_steps(reader))
    return piles


def _to_verify(reader: Reader) -> Pile:
    found = Organisation.objects.awaiting_verification().exclude(pk__in=list(reader.user.member_roles))
    return Pile(found, lambda: first_of(found, _verify, url=reverse("organisation-pending"), icon="shield-check"))


def _verify(organisation: Organisation) -> Row:
    return Row(
        title=_("Verify the organisation %(name)s") % {"name": organisation},
        about=(organisation.get_kind_display(), organisation.uscc),
        url=organisation.get_absolute_url(),
        act=_("Verify"),
        icon="shield-check",
        since=organisation.submitted_at or organisation.registered_at,
    )


def _to_answer(managed: list[int]) -> Pile:
    asked = Membership.objects.awaiting_answer().filter(organisation__in=managed)
    newest_last = asked.select_related("user", "organisation").order_by("asked_at")
    return Pile(asked, lambda: [_answer(each) for each in newest_last[:20]])


def _answer(membership: Membership) -> Row:
    return Row(
        title=_("Answer the request of %(person)s to join") % {"person": membership.user},
        about=(str(membership.organisation),),
        url=reverse("organisation-members", args=[membership.organisation.code]),
        act=_("Answer"),
        icon="user-plus",
        since=membership.asked_at,
    )


def _invitations(reader: Reader) -> MemberInvitationQuerySet:
    """Return the invitations to join that reach the reader and can be answered still."""
    standing = MemberInvitation.objects.standing(reader.at).reaching(reader.user)
    return standing.exclude(organisation__in=list(reader.user.member_roles))


def _invited(reader: Reader) -> Pile:
    found = _invitations(reader)
    soonest_first = found.select_related("organisation", "sent_by").order_by("expires_at", "pk")
    return Pile(found, lambda: [_invitation(each, reader) for each in soonest_first[:SHOWN]])


def _invitation(invitation: MemberInvitation, reader: Reader) -> Row:
    return Row(
        title=_("Answer the invitation to join %(organisation)s") % {"organisation": invitation.organisation.called},
        about=(_("from %(person)s") % {"person": invitation.sent_by},),
        url=reverse("member-invitation", args=[token_of(invitation)]),
        act=_("See and answer"),
        icon="envelope",
        is_main=not reader.user.member_roles,
        due=invitation.expires_at,
        since=invitation.sent_at,
    )


def _refused(managed: list[int]) -> Pile:
    found = Organisation.objects.filter(pk__in=managed, state=Organisation.State.REFUSED)
    return Pile(found, lambda: [_complete(each) for each in found])


def _complete(organisation: Organisation) -> Row:
    return Row(
        title=_("Complete the particulars of %(name)s") % {"name": organisation},
        about=(_("verification refused"),),
        url=organisation.get_absolute_url(),
        act=_("Complete"),
        icon="exclamation-triangle",
        since=organisation.decided_at,
    )


def _first_steps(reader: Reader) -> Pile:
    """Whoever belongs to nothing can publish, bid and sign for nobody; who is invited, or asked to join, need not."""
    asked = Membership.objects.awaiting_answer().filter(user=OuterRef("pk"))
    alone = User.objects.filter(~Exists(asked), ~Exists(_invitations(reader)), pk=reader.user.pk)
    return Pile(alone, lambda: [_begin()])


def _begin() -> Row:
    return Row(
        title=_("Register your organisation, or join one that is registered"),
        about=(_("Publishing, bidding and signing are done for an organisation."),),
        url=reverse("organisation-mine"),
        act=_("Begin"),
        icon="building-office-2",
        is_main=True,
    )
