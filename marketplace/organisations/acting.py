"""For whom a signed-in person acts: chosen in the session, checked against the memberships on every request."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from marketplace.organisations.models import Membership, Organisation, User

KEY = "acting_for"
PAGE_FIELD = "page_acts_for"  # in each form of a person with organisations
OF_ALL = "all"  # `of=all` in the address of a list: of all one's organisations, not only the one acted for
ALONE = ""  # chosen to act for nobody but oneself
# Every request asks: in words of SQL, because put together by the ORM it took more than twice as long
MY_ORGANISATIONS = """
    SELECT o.*, m.roles AS roles_there
    FROM marketplace_organisation o JOIN marketplace_membership m ON m.organisation_id = o.id
    WHERE m.user_id = %s AND m.state = %s ORDER BY o.name
"""


def choose(request: HttpRequest, code: str) -> Organisation | None:
    """Act from now on for the organisation of that code, or for oneself with "".

    Returns the organisation; raises Organisation.DoesNotExist where the person is no member of it.
    """
    organisation = None if code == ALONE else Organisation.objects.of(request.user).get(code=code)  # type: ignore[arg-type]
    request.session[KEY] = code
    return organisation


def go_on(request: Any) -> Organisation | None:
    """Go on acting for the only organisation so far when one more is joined, and return it: else nobody would be."""
    if len(request.my_organisations) == 1 and request.organisation is not None:
        request.session[KEY] = request.organisation.code
    return request.organisation


def listed_house(request: Any) -> Organisation | None:
    """Return the organisation to whose records a list keeps: the one a person of several acts for.

    None where `of=all` asks for those of all, for who belongs to one, and for staff, whose lists are the platform's.
    """
    if len(getattr(request, "my_organisations", ())) < 2 or request.GET.get("of") == OF_ALL:
        return None
    return None if request.user.is_platform_staff else request.organisation


def may_have_some(user: Any) -> bool:
    """Tell whether a list of own records may ever hold something: not that of staff who belong to no party."""
    if user.member_roles or user.reads_everything or not user.is_platform_staff:
        return True
    return hasattr(user, "broker")


def _chosen(request: HttpRequest, mine: list[Organisation]) -> Organisation | None:
    code = request.session.get(KEY)
    if code == ALONE:
        return None
    found = next((organisation for organisation in mine if organisation.code == code), None)
    return mine[0] if found is None and len(mine) == 1 else found


def _note_only(session: Any, mine: list[Organisation]) -> None:
    """Note the only organisation as the chosen one: who is let into another one goes on acting for it.

    Noted as soon as the session is written anyway (`seen.py`: its first request, then every five minutes); at once
    where another one, or none, is noted.
    """
    only = mine[0].code if len(mine) == 1 else None
    is_noted = KEY in session
    if len(mine) > 1 or (is_noted and session[KEY] in (ALONE, only)):
        return
    if is_noted or session.modified:
        session[KEY] = only


def _my_organisations(user: User) -> list[Organisation]:
    """Return the organisations of a person, who remembers the roles read with them: one query for both."""
    mine: list[Any] = list(Organisation.objects.raw(MY_ORGANISATIONS, [user.pk, Membership.State.ACTIVE]))
    user.member_roles = {each.pk: frozenset(each.roles_there) for each in mine}
    return mine


class ActingFor:
    """Set `request.organisation` (or None) and `request.my_organisations` on every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        known = request.user.is_authenticated
        request.my_organisations = _my_organisations(request.user) if known else []
        request.organisation = _chosen(request, request.my_organisations) if known else None
        return self.get_response(request)

    def process_view(self, request: Any, *view: Any) -> None:
        """Let a form act for the organisation its page was opened for, whichever another window has chosen since."""
        if request.user.is_authenticated:
            _note_only(request.session, request.my_organisations)
        code = request.POST.get(PAGE_FIELD) if request.method == "POST" else None
        if code is not None:
            request.organisation = next((each for each in request.my_organisations if each.code == code), None)


def acting(request: Any) -> dict[str, Any]:
    """Tell every page for whom the person acts and could act (context processor)."""
    return {
        "acting_for": getattr(request, "organisation", None),
        "my_organisations": getattr(request, "my_organisations", []),
        "listed_house": listed_house(request),
    }
