"""The pages that must not cost more where the register is long: lists, boards, desks, figures, and records in them."""

from dataclasses import dataclass
from types import SimpleNamespace

from django.test import Client
from django.urls import reverse

from marketplace.core import clock
from marketplace.indicators.figures import INDICATORS
from tests.factories.people import sign_in

OF_MONEY = ("contracts", "distributions")
READERS = ("institute manager", "enterprise manager", "broker", "registrar", "officer", "auditor")


@dataclass(frozen=True)
class Page:
    """One address as one role sees it."""

    role: str
    address: str


def pages(world: SimpleNamespace) -> list[Page]:
    """Return what is measured, in the order of the table."""
    return [
        *(Page(role, reverse("contract-list")) for role in READERS[:5]),
        *(Page("registrar", f"{reverse('contract-list')}?{words}") for words in _WAYS),
        Page("registrar", reverse("contract-queue")),
        Page("registrar", reverse("list-list")),
        Page("registrar", reverse("list-new")),
        Page("registrar", reverse("numbers-list")),
        *(Page(role, reverse("deal-list")) for role in ("institute manager", "broker", "officer")),
        Page("institute manager", f"{reverse('deal-list')}?view=list"),
        Page("institute manager", f"{reverse('deal-list')}?view=list&ended=1&page=999"),
        Page("institute manager", reverse("interest-list")),
        *(Page(role, reverse("desk")) for role in READERS[:5]),
        Page("broker", reverse("broker-desk")),
        *_figures(),
        Page("institute manager", reverse("organisation-journal", args=[world.institute.code])),
        Page("publisher", reverse("statement-list")),
        *_admin(),
        *_records(),
    ]


_WAYS = ("state=registered", "order=total", "order=due", "order=registered", "page=999")


def _figures() -> list[Page]:
    year, board = clock.today().year, reverse("board")
    shown = [each for each in INDICATORS if each.records in OF_MONEY]
    return [
        Page("visitor", board),
        Page("officer", f"{board}?period={year}"),
        *(Page("officer", f"{reverse('board-records', args=[each.slug])}?period={year}") for each in shown),
        Page("officer", reverse("board-stage", args=["registered"])),
    ]


def _admin() -> list[Page]:
    listings = [reverse(f"{name}:index") for name in ("journal", "deals", "contracts", "deliveries")]
    more = [f"{listings[0]}?p=2", f"{listings[0]}?q=deal.noted", f"{listings[2]}?q=检测"]
    return [Page("auditor", address) for address in (*listings, *more)]


def _records() -> list[Page]:
    """One contract and one deal among all, each with its own history."""
    contract, deal = f"C{8:011}", f"D{8:011}"
    return [
        Page("registrar", reverse("contract-detail", args=[contract])),
        Page("institute manager", reverse("sharing-overview", args=[contract])),
        Page("institute manager", reverse("deal-detail", args=[deal])),
    ]


def clients(world: SimpleNamespace) -> dict[str, Client]:
    """Return a signed-in browser for each role."""
    found = {}
    for role in (*READERS, "publisher", "visitor"):
        found[role] = Client()
        if (user := world.people[role]) is not None:
            sign_in(found[role], user)
            found[role].get("/healthz")  # allauth writes the session's row at its first request
    return found
