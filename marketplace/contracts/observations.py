"""What a machine sees in a contract and a person should check, before a number is given (机器提示). It stops nobody.

Only what the reader may open is compared: a seller hears nothing of contracts between others. What must be there before
a contract is sent stands in completeness.py, where it leaves the agreed price in agreed.py.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import JointSeller
from marketplace.contracts.party import PartyData, Side
from marketplace.core.languages import is_english
from marketplace.core.plain_names import PlainName, plain_name
from marketplace.organisations.models import Organisation

SHOWN = 3  # of the other names of one code, and of the other codes of one name


@dataclass(frozen=True)
class Observation:
    """One sentence, and where there is something to look at."""

    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Named:
    """A name with a credit code as somebody wrote them, and where they stand."""

    name: str
    uscc: str
    url: str
    link: str


def observations(contract: TechnologyContract, user: Any) -> list[Observation]:
    """Return what `user`, who writes or reviews the contract, should check; empty where nothing strikes."""
    found = [each for name, uscc in _typed(contract) for each in _of_party(contract, name, uscc, user)]
    if not contract.confidential_to(user):
        return found
    sides = {each.side: each for each in contract.party_data.select_related("industry")}
    return [*found, *_alike(contract, sides), *_empty(contract, sides, user)]


def _typed(contract: TechnologyContract) -> list[tuple[str, str]]:
    """Return name and code of the parties that were typed in; the seller is an organisation here."""
    joint = [(each.name, each.uscc) for each in contract.joint_sellers.all()]
    return [(name, uscc) for name, uscc in [(contract.buyer_name, contract.buyer_uscc), *joint] if uscc]


def _of_party(contract: TechnologyContract, name: str, uscc: str, user: Any) -> list[Observation]:
    """Compare name and code of one party with the organisations here and the parties of other contracts."""
    plain = plain_name(name)
    by_code = _unlike(_standing(contract, user, uscc=uscc), lambda other: plain_name(other.name), plain)
    by_name = _unlike(_standing(contract, user, plain=plain), lambda other: other.uscc, uscc)
    of_code = _("The credit code %(uscc)s of “%(name)s” stands elsewhere under another name: “%(other)s”.")
    of_name = _("“%(name)s” stands elsewhere under another credit code: %(other)s, here %(uscc)s.")
    said = {"name": name, "uscc": uscc}
    return [
        *(Observation(of_code % (said | {"other": each.name}), each.url, each.link) for each in by_code),
        *(Observation(of_name % (said | {"other": each.uscc}), each.url, each.link) for each in by_name),
    ]


def _unlike(others: Iterable[Named], key: Callable[[Named], str], own: str) -> list[Named]:
    """Return the first few whose key is another one, each key once."""
    found: dict[str, Named] = {}
    for other in others:
        if key(other) != own:
            found.setdefault(key(other), other)
    return list(found.values())[:SHOWN]


def _standing(contract: TechnologyContract, user: Any, *, uscc: str = "", plain: str = "") -> list[Named]:
    """Return where a credit code, or a name, stands that `user` may open: organisations first, then contracts."""

    def having(rows: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        rows = rows.filter(**{code: uscc}) if uscc else rows.annotate(plain=PlainName(name)).filter(plain=plain)
        return rows.order_by("-pk")

    other = TechnologyContract.objects.visible_to(user).exclude(pk=contract.pk)
    houses = having(Organisation.objects.visible_to(user), "name", "uscc").values_list("name", "uscc", "code")
    bought = having(other, "buyer_name", "buyer_uscc").values_list("buyer_name", "buyer_uscc", "code")
    joint = having(JointSeller.objects.filter(contract__in=other), "name", "uscc")
    to_house, to_contract = _("See the organisation"), _("See the contract")
    return [
        *(Named(name, code, reverse("organisation-detail", args=[at]), to_house) for name, code, at in houses),
        *(
            Named(name, code, reverse("contract-detail", args=[at]), to_contract)
            for name, code, at in [*bought, *joint.values_list("name", "uscc", "contract__code")]
        ),
    ]


def _alike(contract: TechnologyContract, sides: dict[str, PartyData]) -> list[Observation]:
    """Return what seller and buyer have in common, unless they say that they are related."""
    seller, buyer = sides.get(Side.SELLER), sides.get(Side.BUYER)
    if contract.is_related_party or seller is None or buyer is None:
        return []
    same = [name for name in ("address", "representative", "contact", "phone") if _is_same(name, seller, buyer)]
    if not same:
        return []
    words = _("Seller and buyer have the same: %(fields)s. The form says that they are no related parties.")
    return [Observation(words % {"fields": _listed(_labels(same))}, _parties(contract), _("See the data"))]


def _is_same(name: str, seller: PartyData, buyer: PartyData) -> bool:
    one, other = (plain_name(getattr(side, name)) for side in (seller, buyer))
    if name == "phone":
        one, other = ("".join(filter(str.isdigit, text)) for text in (one, other))
    return bool(one) and one == other


def _empty(contract: TechnologyContract, sides: dict[str, PartyData], user: Any) -> list[Observation]:
    """Return, for each side, what the national form asks about it and nobody filled in."""
    writes = contract.is_unsent and user.acts_for(contract.seller)
    url = reverse("contract-parties", args=[contract.code]) if writes else _parties(contract)
    link = _("Fill in") if writes else _("See the data")
    words = _("The national form asks more about the %(side)s: %(fields)s.")
    return [
        Observation(words % {"side": side.label, "fields": _listed(_labels(lacking))}, url, link)
        for side in (Side.SELLER, Side.BUYER)
        if (lacking := _lacking(sides.get(side)))
    ]


def _lacking(side: PartyData | None) -> list[str]:
    """Return which fields of one side are empty; the flags of the form are yes or no and never so."""
    asked = ["kind", "scale", "industry", "country", "address", "postcode", "representative", "contact", "phone"]
    if side is None:
        return asked
    if not side.is_enterprise:
        asked.remove("scale")
    return [name for name in asked if not getattr(side, name)]


def _labels(names: Iterable[str]) -> list[str]:
    return [str(PartyData._meta.get_field(name).verbose_name) for name in names]  # type: ignore[union-attr]


def _listed(words: Iterable[str]) -> str:
    return (", " if is_english() else "、").join(words)


def _parties(contract: TechnologyContract) -> str:
    return reverse("contract-detail", args=[contract.code]) + "#parties"
