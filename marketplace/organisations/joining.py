"""Members of an organisation: asking to join, the manager's answer, roles, leaving."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Entry, EntryQuerySet, Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.organisations import rules
from marketplace.organisations.actions import ReasonMissing
from marketplace.organisations.models import Membership, Organisation, User
from marketplace.organisations.roles import MemberRole
from marketplace.organisations.tokens import revoke_tokens

TOLD_FOR = timedelta(days=30)  # how long a page tells who ended a membership


class AlreadyAsked(Refused):
    message = _("You have asked to join %(organisation)s; its manager has not answered yet.")


class AnsweredMeanwhile(WrongState):
    message = _("%(person)s answered this request, %(at)s: %(state)s. Nothing was changed now.")


class TakenBackMeanwhile(WrongState):
    message = _("This request waits no longer: it was taken back. Nothing was changed now.")


class LetInMeanwhile(WrongState):
    message = _("You were let into %(organisation)s meanwhile. Leave it if you do not want that.")


class LastManager(Refused):
    message = _("%(organisation)s would be left without a manager. Make somebody else a manager first.")
    field = "roles"


class RolesMissing(Refused):
    message = _("Give at least one role, or tick below that this person is only to read.")
    field = "roles"


class RolesContradict(Refused):
    message = _("Either roles or only to read: a person with a role does more than read. Take one of the two away.")
    field = "reads_only"


def roles_given(roles: Collection[str], *, reads_only: bool) -> list[str]:
    """Return the roles in order. Raises RolesMissing where none is meant to be given, RolesContradict for both."""
    if not roles and not reads_only:
        raise RolesMissing()
    if roles and reads_only:
        raise RolesContradict()
    return sorted(MemberRole(role) for role in roles)


@transaction.atomic
def request_membership(organisation: Organisation, *, by: User) -> Membership:
    """Ask the managers of an organisation to be let in; after a refusal or leaving one may ask again."""
    require(rules.request_membership, by, organisation)
    now = clock.now()
    membership, is_new = Membership.objects.get_or_create(
        user=by, organisation=organisation, defaults={"asked_at": now, "state": Membership.State.REQUESTED}
    )
    if not is_new:
        membership.lock()
        if membership.state == Membership.State.REQUESTED:
            raise AlreadyAsked(organisation=organisation.name)
        membership.move_to(Membership.State.REQUESTED)
        membership.asked_at, membership.roles, membership.reason = now, [], ""
        membership.save(update_fields=["state", "asked_at", "roles", "reason"])
    journal.record(Kind.MEMBERSHIP_REQUESTED, membership, by=by, organisation=organisation.code)
    return membership


def _answer(membership: Membership, state: str, *, by: User) -> None:
    """Move a request that waits; one that waits no longer refuses with what became of it."""
    if membership.state == Membership.State.LEFT:
        raise TakenBackMeanwhile()
    if membership.state != Membership.State.REQUESTED and membership.answered_by and membership.answered_at:
        at = f"{localtime(membership.answered_at):%Y-%m-%d %H:%M}"
        raise AnsweredMeanwhile(person=membership.answered_by, at=at, state=membership.get_state_display())
    membership.move_to(state)
    membership.answered_by, membership.answered_at = by, clock.now()


@transaction.atomic
def accept_member(membership: Membership, *, by: User, roles: Collection[str], reads_only: bool = False) -> None:
    """Let a person in, with the roles they are to have.

    Without a role one reads everything the organisation does: RolesMissing is raised unless that is meant.
    """
    membership.lock()
    require(rules.accept_member, by, membership)
    given = roles_given(roles, reads_only=reads_only)
    _answer(membership, Membership.State.ACTIVE, by=by)
    membership.roles = given
    membership.save(update_fields=["state", "answered_by", "answered_at", "roles"])
    journal.record(
        Kind.MEMBERSHIP_ACCEPTED, membership, by=by, on_behalf_of=membership.organisation, roles=membership.roles
    )


@transaction.atomic
def refuse_member(membership: Membership, *, by: User, reason: str) -> None:
    """Decline a request to join, with the reason the person reads."""
    membership.lock()
    require(rules.refuse_member, by, membership)
    if not reason.strip():
        raise ReasonMissing()
    _answer(membership, Membership.State.REFUSED, by=by)
    membership.reason = reason
    membership.save(update_fields=["state", "answered_by", "answered_at", "reason"])
    journal.record(Kind.MEMBERSHIP_REFUSED, membership, by=by, on_behalf_of=membership.organisation)


def _keep_a_manager(membership: Membership) -> None:
    """Refuse to take the only manager from an organisation. Holds the organisation, so two cannot leave at once."""
    membership.organisation.lock()
    others = Membership.objects.managed().filter(organisation=membership.organisation, user__is_active=True)
    if membership.is_manager and not others.exclude(pk=membership.pk).exists():
        raise LastManager(organisation=membership.organisation.name)


@transaction.atomic
def change_member_roles(membership: Membership, *, by: User, roles: Collection[str]) -> None:
    """Give an active member exactly these roles."""
    membership.lock()
    require(rules.change_member_roles, by, membership)
    wanted = sorted(MemberRole(role) for role in roles)
    if not membership.is_active:
        membership.move_to(membership.state)  # refuses: only active members have roles
    if MemberRole.MANAGER not in wanted:
        _keep_a_manager(membership)
    if wanted == sorted(membership.roles):
        return
    membership.roles = wanted
    membership.save(update_fields=["roles"])
    by.forget_roles()
    journal.record(Kind.MEMBERSHIP_CHANGED, membership, by=by, on_behalf_of=membership.organisation, roles=wanted)


@transaction.atomic
def leave_organisation(membership: Membership, *, by: User) -> None:
    """End a membership or take back one's request for it; as a manager end that of another, with its tokens.

    The last manager stays.
    """
    membership.lock()
    require(rules.leave_organisation, by, membership)
    _keep_a_manager(membership)
    revoke_tokens(membership.user, membership.organisation, by=by)
    membership.move_to(Membership.State.LEFT)
    membership.roles = []
    membership.save(update_fields=["state", "roles"])
    by.forget_roles()
    journal.record(Kind.MEMBERSHIP_LEFT, membership, by=by, on_behalf_of=membership.organisation)


@transaction.atomic
def take_back_request(membership: Membership, *, by: User) -> None:
    """Take one's request to join back; who was let in meanwhile stays in, and is told (LetInMeanwhile)."""
    membership.lock()
    require(rules.take_back_request, by, membership)
    if membership.is_active:
        raise LetInMeanwhile(organisation=membership.organisation.name)
    membership.move_to(Membership.State.LEFT)
    membership.save(update_fields=["state"])
    journal.record(Kind.MEMBERSHIP_LEFT, membership, by=by, on_behalf_of=membership.organisation)


def ended_by_others(person: User, at: datetime) -> EntryQuerySet:
    """Return the entries of the last month by which managers ended memberships that this person does not have again."""
    theirs = Membership.objects.filter(user=person, state=Membership.State.LEFT)
    entries = Entry.objects.filter(kind=Kind.MEMBERSHIP_LEFT, recorded_at__gte=at - TOLD_FOR)
    entries = entries.filter(
        subject_type=ContentType.objects.get_for_model(Membership), subject_id__in=theirs.values("pk")
    )
    return entries.exclude(actor=person).select_related("actor", "on_behalf_of")
