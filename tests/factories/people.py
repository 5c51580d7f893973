"""People, organisations and sign-ins for tests.

manager = person()                                    # signed up, consented
institute = organisation(manager=manager)             # verified, kind enterprise
agent = member(institute, MemberRole.BIDDER)
officer = staff(Role.OFFICER)
sign_in(client, officer)                              # session with a second factor where staff need one
"""

import itertools
import time
from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from marketplace.core import clock
from marketplace.core.identifiers import USCC_ALPHABET, uscc_check_digit
from marketplace.organisations import privacy, seen
from marketplace.organisations.models import Membership, Organisation, User
from marketplace.organisations.roles import MemberRole, Role

PASSWORD = "celadon-bowl-2026"
numbers = itertools.count(1)

# one question instead of two for each person, of whom the tests have twenty thousand
OWN = [field for field in User._meta.concrete_fields if not field.primary_key]
MAKE_PERSON = f"""
WITH made AS (
    INSERT INTO marketplace_user ({", ".join(field.column for field in OWN)})
    VALUES ({", ".join(["%s"] * len(OWN))}) RETURNING id
), agreed AS (
    INSERT INTO marketplace_consent (user_id, notice, version, given_at) SELECT id, %s, %s, %s FROM made
)
SELECT id FROM made
"""

# one question instead of four for each person of the staff, of whom most tests have several
JOIN_GROUPS = """
WITH made AS (
    INSERT INTO auth_group (name) SELECT unnest(%(names)s::text[]) ON CONFLICT (name) DO NOTHING RETURNING id
)
INSERT INTO marketplace_user_groups (user_id, group_id)
SELECT %(user)s, id FROM made UNION SELECT %(user)s, id FROM auth_group WHERE name = ANY(%(names)s::text[])
"""


def uscc(number: int | None = None) -> str:
    """Return a valid credit code of the region 000000, so that it cannot be real."""
    number = next(numbers) if number is None else number
    digits = ""
    for _ in range(7):
        number, rest = divmod(number, len(USCC_ALPHABET))
        digits = USCC_ALPHABET[rest] + digits
    body = "91000000MA" + digits
    return body + uscc_check_digit(body)


def person(**facts: Any) -> User:
    """Return somebody who signed up and consented; belongs to nothing, and is known to: nobody asks for their roles."""
    number = next(numbers)
    facts = {"username": f"person{number}", "email": f"person{number}@example.cn", "name": f"样例人{number}"} | facts
    password = facts.pop("password", PASSWORD)
    user = User(**facts)
    user.set_password(password)
    values = [field.get_db_prep_save(field.pre_save(user, add=True), connection) for field in OWN]
    with connection.cursor() as cursor:
        cursor.execute(MAKE_PERSON, [*values, privacy.NOTICE, privacy.VERSION, clock.now()])
        (user.pk,) = cursor.fetchone()
    user._state.adding, user._state.db = False, connection.alias
    user.roles, user.member_roles = frozenset(), {}
    return user


def staff(*roles: Role, **facts: Any) -> User:
    """Return a person who holds these platform roles."""
    user = person(**facts)
    if not roles:
        return user
    with connection.cursor() as cursor:
        cursor.execute(JOIN_GROUPS, {"user": user.pk, "names": [role.value for role in roles]})
    user.roles = frozenset(role.value for role in roles)
    return user


def organisation(*, manager: User | None = None, state: str = "verified", **facts: Any) -> Organisation:
    """Return an organisation (verified unless told otherwise), with a manager where one is given."""
    now = clock.now()
    facts = {"kind": "enterprise", "name": f"样例企业{next(numbers):02}", "uscc": uscc(), "registered_at": now} | facts
    if state != "pending":
        facts.setdefault("decided_at", now)
    made = Organisation.objects.create(state=state, **facts)
    if manager is not None:
        join(manager, made, MemberRole.MANAGER)
    return made


def join(user: User, organisation: Organisation, *roles: MemberRole, state: str = "active") -> Membership:
    """Return the membership of a person, active unless told otherwise."""
    if state == "active":
        user.member_roles = user.member_roles | {organisation.pk: frozenset(map(str, roles))}
    return Membership.objects.create(
        user=user, organisation=organisation, roles=list(roles), state=state, asked_at=clock.now()
    )


def member(organisation: Organisation, *roles: MemberRole, **facts: Any) -> User:
    """Return a person who belongs to the organisation in these roles."""
    user = person(**facts)
    join(user, organisation, *roles)
    return user


def confirmed(user: User, email: str = "") -> User:
    """Return the person, who has shown to read an address: their own, or one more."""
    address = email or user.email or ""
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=not email)
    return user


def sign_in(client: Client, user: User, *, factor: bool | None = None, anew: bool = False) -> Client:
    """Sign a person in without the pages; staff get the trace of a second factor unless `factor=False`.

    The session is as one that was used a moment ago by this client: one row is written, where signing in and a first
    request write five and ask fifteen questions, thousands of times. With `anew` its first request is still to come.
    """
    key = get_random_string(32, VALID_KEY_CHARS)
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    session._session_cache = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    if not anew:
        session["privacy"] = privacy.VERSION
        session[seen.KEY] = {"client": [key, "127.0.0.1", ""], "at": timezone.now().isoformat()}
    if user.is_platform_staff if factor is None else factor:
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
        session["account_authentication_methods_user"] = str(user.pk)
    session.save(must_create=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client
