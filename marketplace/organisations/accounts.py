"""Accounts of people: signing up, consent, and leaving the platform."""

import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations import privacy, rules
from marketplace.organisations.inviting import forget_invited
from marketplace.organisations.joining import leave_organisation
from marketplace.organisations.models import Consent, MemberInvitation, Membership, User


class ConsentOutdated(Refused):
    message = _("The privacy notice has changed meanwhile. Read the present version and consent to it.")
    field = "consent"


class StaffStay(Refused):
    message = _("Staff give back their roles before the account is closed.")


@transaction.atomic
def sign_up(
    *,
    username: str,
    email: str,
    password: str | None,
    name: str,
    language: str,
    version: str = privacy.VERSION,
    is_confirmed: bool = False,
) -> User:
    """Create a person who consented to `version` of the privacy notice.

    The address is unconfirmed still, but where they came by a link that was mailed to it. Without a password nobody
    signs in with one. Raises ConsentOutdated, and ValidationError for a weak password or a name that is taken.
    """
    user = User(username=username, email=User.objects.normalize_email(email).lower(), name=name, language=language)
    if password is not None:
        validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=is_confirmed)
    journal.record(Kind.USER_SIGNED_UP, user, by=user)
    give_consent(by=user, version=version)
    return user


@transaction.atomic
def give_consent(*, by: User, version: str) -> None:
    """Record that a person consents to the privacy notice they were shown; once per version."""
    if version != privacy.VERSION:
        raise ConsentOutdated()
    __, is_new = Consent.objects.get_or_create(
        user=by, notice=privacy.NOTICE, version=version, defaults={"given_at": clock.now()}
    )
    if is_new:
        journal.record(Kind.CONSENT_GIVEN, by, by=by, notice=privacy.NOTICE, version=version)


@transaction.atomic
def change_profile(*, by: User, name: str, phone: str, language: str) -> None:
    """Change what the platform calls a person, where it reaches them and in which language it writes."""
    person = User.objects.select_for_update().get(pk=by.pk)
    person.name, person.phone, person.language = name, phone, language
    person.save(update_fields=["name", "phone", "language"])
    journal.record(Kind.USER_CHANGED, person, by=by)


def has_consented(user: User) -> bool:
    """Tell whether the person consented to the privacy notice now in force."""
    return consents_of(user).exists()


def consents_of(user: User | OuterRef) -> QuerySet[Consent]:
    """Return the consent of a person to the privacy notice now in force."""
    return Consent.objects.filter(user=user, notice=privacy.NOTICE, version=privacy.VERSION)


@transaction.atomic
def empty_user(person: User, *, by: User) -> None:
    """Close an account for good: personal data is emptied, the row stays because records point to it.

    Raises StaffStay for holders of platform roles and LastManager where an organisation needs the person.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    require(rules.empty_user, by, person)
    if person.is_platform_staff:
        raise StaffStay()
    addresses = person.confirmed_addresses()
    for membership in Membership.objects.active().filter(user=person).select_related("organisation"):
        leave_organisation(membership, by=person)
    for invitation in MemberInvitation.objects.filter(email__in=addresses):
        forget_invited(invitation, by=by)
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()
    person.username = f"left-{person.pk}-{secrets.token_hex(4)}"
    person.email = None
    person.name = person.phone = ""
    person.is_active = False
    person.left_at = clock.now()
    person.set_unusable_password()
    person.save()
    journal.record(Kind.USER_EMPTIED, person, by=by)
