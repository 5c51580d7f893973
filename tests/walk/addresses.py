"""Every address of the house, filled in with records of the world."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from tests.factories.world import addresses_of

# Of other houses, without a page of their own here: keys of hardware and sign-in by other providers, which
# settings do not offer; and Wagtail's helpers.
NOT_OFFERED = ("mfa_remove_webauthn", "mfa_edit_webauthn", "openid_connect_", "wagtailcore_", "wagtail_serve")

# One address for several verbs: each is walked
VERBS = {
    "outcome-act": ("verb", "confirm withdraw offer-again recall"),
    "need-act": ("verb", "recall reopen"),
    "trial-act": (
        "verb",
        "approve refuse withdraw sign insure start milestone reach support evaluate extend extension convert price "
        "accept stop return breach answer call-off resolve output",
    ),
    "pool-act": ("verb", "pass return pause resume leave"),
    "lot-payment": ("verb", "received missing"),
    "lot-conduct": ("verb", "bid call hammer extend void suspend resume"),
    "lot-move": ("verb", "submit decline approve return withdraw suspend resume confirm default appeal"),
    "plan-move": ("verb", "submit approve-department approve-institute withdraw"),
    "priority-move": ("verb", "invite strike"),
    "authority-move": ("verb", "accept refuse"),
    "session-move": ("verb", "announce cancel suspend resume"),
    "registration-move": ("verb", "admit ask reject revoke qualify"),
    "stray-settle": ("verb", "assign return take-back take-back-return"),
    "staff-act": ("verb", "factor lock unlock"),
    "import-row-act": ("act", "skip restore keep"),
}


def patterns(resolver: Any = None, space: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Yield (full name, pattern) of every address that has a name."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each, (*space, *([each.namespace] if each.namespace else [])))
        elif each.name:
            yield ":".join((*space, each.name)), each


def ours() -> list[str]:
    """Return the names of the portal's addresses."""
    names = {name for name, _pattern in patterns() if ":" not in name and not name.startswith("wagtail")}
    return sorted(name for name in names if not name.startswith(NOT_OFFERED))


def pages(world: SimpleNamespace) -> dict[str, str]:
    """Return {name: address} of the portal."""
    given = addresses_of(world)
    return {name: reverse(name, kwargs=given.get(name)) for name in ours()}


def posted(world: SimpleNamespace) -> dict[str, str]:
    """Return {name, or "name verb": address}, with every verb of the addresses that take one."""
    given, found = addresses_of(world), pages(world)
    for name, (argument, verbs) in VERBS.items():
        del found[name]
        found |= {f"{name} {verb}": reverse(name, kwargs=given[name] | {argument: verb}) for verb in verbs.split()}
    return found
