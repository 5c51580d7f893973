"""The list of contracts as its address asks for it: words, a type, a state, an end, days, amounts, and an order."""

import unicodedata
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.choices import ContractType
from marketplace.contracts.models import ContractQuerySet, TechnologyContract
from marketplace.contracts.narrowing import NarrowForm
from marketplace.contracts.parts import JointSeller
from marketplace.core import clock
from marketplace.core.identifiers import normalise
from marketplace.organisations.models import Organisation, Role

ORDERS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "": (_("newest first"), ("-drafted_at", "-id")),
    "total": (_("largest total first"), ("-total_amount", "-id")),
    "technical": (_("largest technical amount first"), ("-technical_amount", "-id")),
    "registered": (_("last registered first"), (F("registered_on").desc(nulls_last=True), "-id")),
    "due": (_("longest complete first"), (F("complete_on").asc(nulls_last=True), "id")),
}
ENDS = {
    "ended": _("ended before its time"),
    "coming": _("end on a day to come"),
    "disputed": _("end in dispute"),
}
BRACKETS = str.maketrans("()", "（）")
LONGEST = 200  # characters of a search; no name is longer
CODE_LENGTH = 18  # of a unified social credit code


def asked_for(user: Any, asked: Any, house: Organisation | None = None) -> ContractQuerySet:
    """Return the contracts `user` sees, as the address filters and orders them; anything else in it is left aside.

    With `house`, only those it sells or buys, and those `user` brokered.

    `waiting=1` asks for all that are under review, which may get a number, whatever state is named beside it.
    """
    contracts = TechnologyContract.objects.visible_to(user)
    if house is not None:
        contracts = contracts.filter(Q(seller=house) | Q(buyer=house) | Q(broker__user=user))
    state = asked.get("state", "")
    if asked.get("waiting") == "1":
        contracts = contracts.filter(state__in=TechnologyContract.UNDER_REVIEW)
    elif state in TechnologyContract.State.values:
        contracts = contracts.filter(state=state)
    contracts = _ending(contracts, asked.get("end", ""))
    if asked.get("type", "") in ContractType.values:
        contracts = contracts.filter(contract_type=asked["type"])
    contracts = NarrowForm(asked).narrow(contracts)
    for word in words_of(asked).split():
        contracts = contracts.filter(_named(word))
    _label, columns = ORDERS.get(asked.get("order", ""), ORDERS[""])
    return contracts.order_by(*columns)


def _ending(contracts: ContractQuerySet, end: str) -> ContractQuerySet:
    """Return those that ended before their time as the filter says; all where it says nothing."""
    today = clock.today()
    if end == "ended":
        return contracts.terminated(today)
    if end == "coming":
        return contracts.filter(terminated_on__gt=today)
    return contracts.filter(terminated_how=TechnologyContract.Ended.DISPUTED) if end == "disputed" else contracts


def words_of(asked: Any) -> str:
    """Return what is searched for."""
    return asked.get("q", "").strip()[:LONGEST]


def _spellings(words: str) -> set[str]:
    """Return words as typed, in half width, and so with the wide brackets that names of companies have."""
    narrow = unicodedata.normalize("NFKC", words)
    return {words, narrow, narrow.translate(BRACKETS)}


def _named(words: str) -> Q:
    """Return the condition that a contract bears a word: in its title, its numbers, a party's name or credit code."""
    joint, found = JointSeller.objects.filter(contract=OuterRef("pk")), Q()
    for each in sorted(_spellings(words)):
        found |= Q(project_name__icontains=each) | Q(number__icontains=each) | Q(code__iexact=each)
        found |= Q(seller__name__icontains=each) | Q(buyer_name__icontains=each)
        found |= Q(Exists(joint.filter(name__icontains=each)))
    code = normalise(words)
    if len(code) == CODE_LENGTH:
        found |= Q(seller__uscc=code) | Q(buyer_uscc=code) | Q(Exists(joint.filter(uscc=code)))
    return found


def _states_for(user: Any) -> list[Any]:
    """Return the states that contracts may have which `user` sees: a registrar of no organisation meets no draft."""
    state = TechnologyContract.State
    sees_drafts = user.reads_everything or user.member_roles
    return [(value, label) for value, label in state.choices if sees_drafts or value != state.DRAFT]


def filters_of(asked: Any, user: Any) -> dict[str, Any]:
    """Return what the page of the list says of its filters: what can be chosen, what is, and whether anything is."""
    more = NarrowForm(asked, auto_id="id_more_%s")
    chosen = {"q": words_of(asked)} | {name: asked.get(name, "") for name in ("type", "state", "end")}
    return {
        "states": _states_for(user),
        "types": ContractType.choices,
        "ends": list(ENDS.items()),
        "orders": [(name, label) for name, (label, _columns) in ORDERS.items()],
        "order": asked.get("order", ""),
        "chosen": chosen,
        "more": more,
        "is_filtered": any(chosen.values()) or more.is_used,
    }


def whose(user: Any) -> str:
    """Return in words which contracts the list of `user` holds."""
    if user.reads_everything:
        return gettext("All technology contracts of the platform, from the draft on.")
    if user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER):
        return gettext("All technology contracts that were submitted to the register.")
    return gettext("Technology contracts you sell, buy or broker.")
