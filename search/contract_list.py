"""The register of contracts as everybody may know it: that a number is registered, when and as what."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import BooleanField, Exists, OuterRef, QuerySet, Value
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace.contracts.choices import ContractType
from marketplace.contracts.models import TechnologyContract
from marketplace.core.languages import is_english
from search import documents
from search.engine import Hit
from search.facets import words_of
from search.listing import FacetSpec, ListSpec
from search.wording import marked_or


def rows(user: Any, codes: list[str]) -> Mapping[str, TechnologyContract]:
    return {contract.code: contract for contract in _for(user).filter(code__in=codes)}


def newest(user: Any) -> Any:
    return _for(user).order_by("-registered_at", "-pk")


def _for(user: Any) -> QuerySet[TechnologyContract]:
    """Return the register, telling of each contract whether this reader may open it."""
    may_open: Exists | Value = Value(False, output_field=BooleanField())
    if user is not None and user.is_authenticated:
        may_open = Exists(TechnologyContract.objects.visible_to(user).filter(pk=OuterRef("pk")))
    return documents.contracts().annotate(may_open=may_open)


def year_words(values: Iterable[str]) -> Mapping[str, str]:
    return {year: year for year in sorted(set(values), reverse=True)}


def shown(contract: Any, hit: Hit | None) -> dict[str, Any]:
    """Return what components/result.html prints; parties, broker and outcome are no part of it."""
    return {
        "href": contract.get_absolute_url() if contract.may_open else _check(contract),
        "title": marked_or(hit, "number", contract.number),
        "summary": "" if contract.may_open else _("Who has the code on its certificate can check it here."),
        "meta": [contract.get_contract_type_display(), contract.registered_on.isoformat()],
        "tags": [contract.end_for_all] if contract.is_terminated else [],
        "state": contract.get_state_display(),
        "tone": "done",
        "no_price": True,
    }


def _check(contract: TechnologyContract) -> str:
    """Return the page of the check, which has no language in its address; it repeats the number and wants the code."""
    asked = {"number": contract.number or ""} | ({"lang": "en"} if is_english() else {})
    return f"{reverse('verify')}?{urlencode(asked)}"


def cells(contract: TechnologyContract) -> Sequence[Any]:
    return contract.number, contract.get_contract_type_display(), contract.registered_on


CONTRACTS = ListSpec(
    kind="contract",
    url_name="search",
    template="search/search_kind.html",
    facets=(
        FacetSpec(
            "type", gettext_lazy("Contract type"), words_of(ContractType), values=ContractType.values, is_open=True
        ),
        FacetSpec("year", gettext_lazy("Year of registration"), year_words, is_open=True),
    ),
    sorts=(
        ("", pgettext_lazy("sort", "most relevant"), ""),
        ("newest", pgettext_lazy("sort", "newest"), "-registered"),
    ),
    rows=rows,
    newest=newest,
    shown=shown,
    headings=(gettext_lazy("registration number"), gettext_lazy("contract type"), gettext_lazy("registration date")),
    cells=cells,
    has_alerts=False,
)
