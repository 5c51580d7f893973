"""What a journal says of members and invitations beside what happened: the roles, and which invitation.

The journal holds no address. An invitation's code leads to its row among the members while that row is shown.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from marketplace.core.journal import Entry
from marketplace.organisations.member_invitation import MemberInvitationQuerySet
from marketplace.organisations.roles import MemberRole

MEMBERS, INVITED = "membership.", "member_invitation."


@dataclass(frozen=True)
class Line:
    """One entry, with the roles it gave in words (None where it gave none) and the code of an invitation."""

    entry: Entry
    roles: list[str] | None = None
    invitation: str = ""
    is_listed: bool = False


def about_members(entries: Iterable[Entry], listed: MemberInvitationQuerySet) -> list[Line]:
    """Return a line for each entry; `listed` are the invitations whose rows the reader finds among the members."""
    found = list(entries)
    said = [entry.data["code"] for entry in found if entry.kind.startswith(INVITED)]
    codes = set(listed.filter(code__in=said).values_list("code", flat=True)) if said else set()
    return [_line(entry, codes) for entry in found]


def _line(entry: Entry, codes: Collection[str]) -> Line:
    if not entry.kind.startswith((MEMBERS, INVITED)):
        return Line(entry)
    given = entry.data.get("roles")
    roles = None if given is None else [str(MemberRole(role).label) for role in given]
    code = entry.data["code"] if entry.kind.startswith(INVITED) else ""
    return Line(entry, roles, code, code in codes)
