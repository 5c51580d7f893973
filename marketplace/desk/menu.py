"""The side menu of the desk, and what a person may begin: by role, and only where the room exists."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.contracts.sharing.models import PlanShare
from marketplace.organisations.models import Organisation
from marketplace.organisations.roles import MemberRole, Role

R = Role
Kind = Organisation.Kind
READERS = (R.OFFICER, R.AUDITOR)


def address(route: str) -> str:
    """Return where a room is, or "" where it is not built."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def _rooms(user: Any) -> list[tuple[str, str, str, bool]]:
    """Return (words, icon, route, may this person use it) for every room that has a list."""
    member = bool(user.member_roles)
    manages = any(MemberRole.MANAGER in roles for roles in user.member_roles.values())
    brokers = hasattr(user, "broker")
    trades = member or brokers
    sees_contracts = trades or user.has_role(R.REGISTRAR, R.SECOND_REVIEWER, *READERS)
    sessions = pgettext("auction", "Sessions")
    return [
        (_("Reviews"), "clipboard-document-check", "review-queue", manages or user.has_role(R.LIAISON, *READERS)),
        (_("Matches"), "link", "match-list", member or user.has_role(*READERS)),
        (_("Interest"), "hand-raised", "interest-list", member),
        (_("Deals"), "briefcase", "deal-list", trades or user.has_role(*READERS)),
        (_("Broker's desk"), "identification", "broker-desk", brokers),
        (_("Leads"), "flag", "lead-list", trades or user.has_role(*READERS)),
        (_("Rewards of brokers"), "banknotes", "reward-list", brokers or user.has_role(R.FINANCE, *READERS)),
        (_("Yearly evaluations"), "chart-bar", "evaluation-list", brokers or user.has_role(*READERS)),
        (_("Our outcomes"), "light-bulb", "outcome-mine", member),
        (_("Our needs"), "puzzle-piece", "need-mine", member),
        (_("Trials"), "beaker", "trial-list", member or user.has_role(*READERS)),
        (_("Pool of trials"), "archive-box", "pool-list", member or user.has_role(*READERS)),
        (_("Contracts"), "document-text", "contract-list", sees_contracts),
        (_("My shared income"), "gift", "statement-list", brokers or PlanShare.objects.paying(user).exists()),
        (_("Benefit calculator"), "calculator", "sharing-calculator", trades or user.has_role(*READERS)),
        (_("To register"), "inbox-stack", "contract-queue", user.has_role(R.REGISTRAR)),
        (_("Our bidding"), "ticket", "registration-list", member),
        (_("Applications of brokers"), "identification", "application-list", user.has_role(*READERS)),
        (sessions, "megaphone", "session-manage-list", user.has_role(R.ORGANISER, R.AUCTIONEER, *READERS)),
        (_("Deposits"), "banknotes", "deposit-list", user.has_role(R.FINANCE, *READERS)),
        (_("To verify"), "shield-check", "organisation-pending", user.has_role(*READERS)),
        (_("Staff"), "users", "staff-list", user.is_superuser or user.has_role(R.OFFICER)),
        (_("My organisations"), "building-office-2", "organisation-mine", member or not user.is_platform_staff),
        (_("Figures"), "chart-bar", "board", user.is_platform_staff),
        (_("Administration"), "cog-6-tooth", "wagtailadmin_home", user.is_staff),
    ]


def rooms_of(user: Any) -> list[dict[str, Any]]:
    """Return the rooms this person uses, for the menu and for a desk on which nothing waits."""
    found = [(label, icon, address(route)) for label, icon, route, may in _rooms(user) if may]
    return [{"label": label, "icon": icon, "href": href} for label, icon, href in found if href]


def menu_of(request: Any, rooms: list[dict[str, Any]], *, waiting: int | None = None) -> list[dict[str, Any]]:
    """Return the items of the side menu; `waiting` is the number beside the first, where the page counted it."""
    desk = {"label": _("To do"), "icon": "view-columns", "href": reverse("desk"), "count": waiting, "quiet": False}
    notices = {"label": _("Notices"), "icon": "bell", "href": reverse("notice-list")}
    searches = {"label": _("My searches"), "icon": "bookmark", "href": address("saved-list")}
    items = [desk, *rooms, searches, notices]
    here = max((item["href"] for item in items if request.path.startswith(item["href"])), key=len, default="")
    return [item | {"current": item["href"] == here} for item in items]


def desk_menu(request: Any) -> dict[str, Any]:
    """Give pages of the work place `desk_menu`, put together only where a page shows it (context processor)."""
    user = request.user
    return {"desk_menu": SimpleLazyObject(lambda: menu_of(request, rooms_of(user)) if user.is_authenticated else [])}


def _publishes(user: Any, organisation: Organisation) -> bool:
    return bool(user.acts_for(organisation, MemberRole.PUBLISHER))


def beginnings(user: Any, organisation: Organisation | None) -> list[dict[str, str]]:
    """Return what the person may begin here, the most usual last."""
    found: list[tuple[str, str]] = []
    trades = organisation is not None and organisation.kind in (Kind.INSTITUTE, Kind.ENTERPRISE)
    if organisation is not None and trades and organisation.is_verified and _publishes(user, organisation):
        upload, outcome = (_("Upload a sheet"), "import-new"), (_("Publish an outcome"), "outcome-new")
        need = (_("Post a need"), "need-new")
        found += [need, upload, outcome] if organisation.kind == Kind.INSTITUTE else [outcome, need]
    if hasattr(user, "broker"):
        found.append((_("File a lead"), "lead-new"))
    if user.has_role(Role.OFFICER):
        found.append((_("File a broker"), "broker-create"))
    if user.has_role(Role.ORGANISER):
        found.append((_("Plan a session"), "session-plan"))
    return [{"label": label, "href": address(route)} for label, route in found if address(route)]
