"""The tabs over the pages of the register: what waits, changes, all contracts, lists, numbers that came back."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.queue import changes_to_decide
from marketplace.organisations.models import Role

# what a tab adds to the address it shares with another one
ASKED = {"changes": "?of=changes", "returned": "?of=returned"}


def register_tabs(request: Any, here: str) -> list[dict[str, Any]]:
    """Return the tabs for those who decide for the register and those who read everything; nobody else has them."""
    user = request.user
    decides = user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER)
    if not (decides or user.reads_everything):
        return []
    waiting = TechnologyContract.objects.awaiting_registration().count() if decides else None
    changes = changes_to_decide().count() if decides else None
    returned = TechnologyContract.objects.to_supplement().count() if decides else None
    tabs = [
        ("queue", _("To register"), "contract-queue", waiting),
        ("changes", _("Changes to decide"), "contract-queue", changes),
        ("returned", _("Waiting for supplement"), "contract-queue", returned),
        ("list", _("All contracts"), "contract-list", None),
        ("lists", _("Registration lists"), "list-list", None),
        ("numbers", _("Returned numbers"), "numbers-list", None),
    ]
    return [
        {"label": label, "href": reverse(address) + ASKED.get(name, ""), "count": count, "current": here == name}
        for name, label, address, count in tabs
        if decides or name not in ("queue", "changes", "returned")
    ]
