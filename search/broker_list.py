"""The register of technology brokers: its facets, orders and rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace.brokers.models import TechBroker
from marketplace.core import clock
from marketplace.core.code_lists import CodeList
from search import documents
from search.engine import Hit
from search.facets import FIELD, REGION, owner_words, words_from, words_listed_in, words_of
from search.listing import FacetSpec, ListSpec

TONES = {"valid": "go", "not_yet": "idle", "expired": "stop", "suspended": "wait", "revoked": "stop"}
PRACTICE = {"firm": gettext_lazy("in a firm"), "independent": gettext_lazy("independent")}


def rows(user: Any, codes: list[str]) -> Mapping[str, TechBroker]:
    return {broker.code: broker for broker in documents.brokers().filter(code__in=codes)}


def newest(user: Any) -> Any:
    return documents.brokers().order_by("-filed_at", "-pk")


def validity(broker: TechBroker) -> str:
    """Return "valid until 2027-09-30" in the reader's language."""
    if broker.state == TechBroker.State.REVOKED:
        return ""
    if broker.valid_until is None:
        return _("valid without end date")
    return _("valid until %(day)s") % {"day": broker.valid_until.isoformat()}


def firm(broker: TechBroker) -> str:
    return broker.firm.called if broker.firm else _("independent")


def fields(broker: TechBroker) -> str:
    return _(", ").join(str(field) for field in broker.fields.all())


def shown(broker: TechBroker, hit: Hit | None) -> dict[str, Any]:
    """Return what components/result.html prints of one broker."""
    standing = broker.standing(clock.today())
    return {
        "href": broker.get_absolute_url(),
        "title": broker.name,
        "summary": fields(broker),
        "meta": list(filter(None, [firm(broker), broker.certificate_no, validity(broker)])),
        "tags": [broker.get_level_display()],
        "state": TechBroker.Standing(standing).label,
        "tone": TONES[standing],
        "no_price": True,
    }


def cells(broker: TechBroker) -> Sequence[Any]:
    return (
        broker.name,
        broker.certificate_no,
        broker.issuer,
        broker.get_level_display(),
        broker.filing_number,
        firm(broker),
        fields(broker),
        broker.valid_from,
        broker.valid_until,
        TechBroker.Standing(broker.standing(clock.today())).label,
    )


BROKERS = ListSpec(
    kind="broker",
    url_name="broker-list",
    template="search/broker_list.html",
    facets=(
        FIELD,
        FacetSpec("state", gettext_lazy("Certificate"), words_of(TechBroker.Standing), is_open=True),
        FacetSpec("level", gettext_lazy("Level"), words_listed_in(CodeList.BROKER_LEVEL), is_open=True),
        FacetSpec("firm", gettext_lazy("Practice"), words_from(PRACTICE), is_open=True),
        FacetSpec("owner", gettext_lazy("Firm"), owner_words),
        REGION,
    ),
    sorts=(
        ("", pgettext_lazy("sort", "most relevant"), ""),
        ("newest", pgettext_lazy("sort", "newest"), "-published"),
        ("valid", pgettext_lazy("sort", "longest valid"), "-valid_until"),
    ),
    rows=rows,
    newest=newest,
    shown=shown,
    headings=(
        pgettext_lazy("person", "name"), gettext_lazy("certificate number"), gettext_lazy("issuer"),
        gettext_lazy("level"), gettext_lazy("filing number"), gettext_lazy("firm"), gettext_lazy("fields served"),
        gettext_lazy("valid from"), gettext_lazy("valid until"), gettext_lazy("state"),
    ),
    cells=cells,
)  # fmt: skip
