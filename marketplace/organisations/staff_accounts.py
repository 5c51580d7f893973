"""Accounts of platform staff: a second factor that was lost, an account that is locked and unlocked."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations import rules
from marketplace.organisations.models import User
from marketplace.organisations.roles import Role


class LockReason(models.TextChoices):
    """Why an account is locked; a code, because the journal keeps no words about people."""

    LEFT = "left", _("left the service or has another post")
    ABSENT = "absent", _("is away for long")
    DEVICE_LOST = "device_lost", _("phone or computer lost")
    MISUSED = "misused", _("somebody else may be using the account")


class NoSecondFactor(Refused):
    message = _("No second factor is set up for this account.")


class LockedAlready(Refused):
    message = _("The account is locked already.")


class NotLocked(Refused):
    message = _("The account is not locked.")


class LastOfficer(Refused):
    message = _("This is the last officer: appoint another one first.")


@transaction.atomic
def remove_second_factor(person: User, *, by: User) -> None:
    """Take away app, keys and recovery codes, and end all sessions: a new factor is set up at the next sign-in."""
    person = User.objects.select_for_update().get(pk=person.pk)
    require(rules.remove_second_factor, by, person)
    removed, _each = Authenticator.objects.filter(user=person).delete()
    if not removed:
        raise NoSecondFactor()
    end_sessions(person)
    journal.record(Kind.STAFF_FACTOR_REMOVED, person, by=by)


@transaction.atomic
def lock_account(person: User, *, by: User, reason: str) -> None:
    """Let a person sign in no more, and end all sessions. Roles stay for when the account is unlocked.

    All officers are held, so that two of them do not lock each other out at once.
    """
    held = User.objects.filter(is_active=True, groups__name=Role.OFFICER.value).order_by("pk")
    officers = {officer.pk for officer in held.select_for_update(of=("self",))}
    person = User.objects.select_for_update().get(pk=person.pk)
    require(rules.lock_account, by, person)
    if not person.is_active:
        raise LockedAlready()
    if officers == {person.pk}:
        raise LastOfficer()
    person.is_active = False
    person.save(update_fields=["is_active"])
    person.forget_roles()
    end_sessions(person)
    journal.record(Kind.STAFF_LOCKED, person, by=by, reason=LockReason(reason).value)


@transaction.atomic
def unlock_account(person: User, *, by: User) -> None:
    """Let a person whose account was locked sign in again, with the roles they had."""
    person = User.objects.select_for_update().get(pk=person.pk)
    require(rules.unlock_account, by, person)
    if person.is_active:
        raise NotLocked()
    person.is_active = True
    person.save(update_fields=["is_active"])
    person.forget_roles()
    journal.record(Kind.STAFF_UNLOCKED, person, by=by)


def end_sessions(person: User) -> None:
    """End every session of a person."""
    for session in UserSession.objects.filter(user=person):
        session.end()
