"""Roles in the data of an entry of the journal: what was given, what was taken; why an account was locked."""

from typing import Any

from marketplace.core.journal import Entry, Kind
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.staff_accounts import LockReason

ROLES = frozenset({"given", "taken", "former", "roles"})


def in_words(entry: Entry) -> dict[str, Any]:
    """Return the data of an entry with its roles by name; where it kept the former ones, also what changed."""
    if entry.kind == Kind.STAFF_LOCKED:
        return entry.data | {"reason": LockReason(entry.data["reason"]).label}
    held: type[Role] | type[MemberRole] = Role if entry.kind == Kind.STAFF_APPOINTED else MemberRole
    if held is MemberRole and not entry.kind.startswith("membership."):
        return entry.data
    data = dict(entry.data)
    if "former" in data:
        former, roles = data.pop("former"), data.pop("roles")
        given, taken = ([each for each in a if each not in b] for a, b in ((roles, former), (former, roles)))
        data = {"given": given, "taken": taken, "former": former, "roles": roles} | data
    return {name: _named(held, value) if name in ROLES else value for name, value in data.items()}


def _named(held: type[Role] | type[MemberRole], codes: list[str]) -> list[str]:
    """Return roles by name, in the order of the list of roles."""
    names = {str(code): str(label) for code, label in held.choices}
    return [name for code, name in names.items() if code in codes] + [code for code in codes if code not in names]
