"""Whether a plan pays the persons its outcome names as having made it (完成人).

What differs is said to who writes and approves the plan and to who reads its publicity, and never refused: people may
have joined or left, which a reason may say (促进科技成果转化法 Art. 44 rewards who made and who transformed it).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from unicodedata import normalize

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from marketplace.contracts.models import TechnologyContract
    from marketplace.contracts.sharing.models import PlanShare

BEHIND_A_NAME = (" ", "(", ",", "·", "、", "-")  # begins the word that tells people of the same name apart


def named_by_outcome(contract: "TechnologyContract") -> list[str]:
    """Return the names of those who made the outcome of a contract; of none where it is over no outcome."""
    return [one.name for one in contract.outcome.inventors.order_by("pk")] if contract.outcome is not None else []


def apart_from_outcome(contract: "TechnologyContract", shares: Iterable["PlanShare"]) -> list[str]:
    """Return in sentences which inventors of a plan the outcome does not name, and which it names the plan leaves out.

    Nothing where the outcome names nobody, or the plan no inventor yet.
    """
    made = list(contract.outcome.inventors.order_by("pk")) if contract.outcome is not None else []
    paid = [share for share in shares if share.kind == "inventor"]
    if not made or not paid:
        return []
    accounts = {one.user_id for one in made if one.user_id is not None}
    strangers = [
        share.name
        for share in paid
        if share.user_id not in accounts and not any(_is_same(share.name, one.name) for one in made)
    ]
    rewarded = {share.user_id for share in paid if share.user_id is not None}
    left_out = [
        one.name
        for one in made
        if one.user_id not in rewarded and not any(_is_same(share.name, one.name) for share in paid)
    ]
    found = []
    if strangers:
        found.append(_("Not among those the outcome names as having made it: %(names)s.") % _listed(strangers))
    if left_out:
        found.append(_("Made the outcome, and get nothing as inventors by this plan: %(names)s.") % _listed(left_out))
    return found


def _listed(names: list[str]) -> dict[str, str]:
    return {"names": _(", ").join(names)}


def _is_same(paid: str, made: str) -> bool:
    """Tell whether a payee bears a name, whatever word behind it tells people of that name apart."""
    paid, made = (normalize("NFKC", name).strip().casefold() for name in (paid, made))
    return paid == made or paid.startswith(tuple(f"{made}{mark}" for mark in BEHIND_A_NAME))
