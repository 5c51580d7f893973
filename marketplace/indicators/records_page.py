"""The records behind a figure of the board: listed with its value, and as a table to take away."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, QuerySet, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from marketplace.contracts.choices import ContractType
from marketplace.core import clock
from marketplace.core.classifications import TechnicalField
from marketplace.core.paging import FEW_FIRST, page_of, rows_asked
from marketplace.core.tables import table_response
from marketplace.indicators import queries, trial_tables
from marketplace.indicators.board_tables import (
    broker_table,
    distribution_table,
    lot_table,
    need_table,
    register_table,
    session_table,
)
from marketplace.indicators.figures import BY_SLUG
from marketplace.indicators.indicator import Indicator, Unit
from marketplace.indicators.lot_queries import SOLD
from marketplace.indicators.period_choice import asked_part, notice_of_a_part, part_of_a_file
from marketplace.indicators.periods import Period
from marketplace.indicators.views import NOT_CLASSIFIED

OF_A_CONTRACT = (  # what rows of records show
    "code", "project_name", "seller__name", "buyer_name", "number", "terminated_on", "terminated_how",
)  # fmt: skip
OF_THE_REGISTER = ("kind", "counted_on", "total", "technical", *(f"contract__{name}" for name in OF_A_CONTRACT))
OF_PAYMENTS = ("receipt__amount", "receipt__received_on", *(f"receipt__contract__{name}" for name in OF_A_CONTRACT))
SHOWN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # of other records: their order, what comes with them
    "sessions": (("ended_at", "number"), ()),
    "lots": (("ends_at", "number"), ("session", "outcome")),
    "brokers": (("name", "id"), ("firm",)),
    "distributions": (("made_at", "id"), ()),
    "needs": (("published_at", "pk"), ("organisation",)),
}


def _asked(request: Any) -> dict[str, Any]:
    """Return which contracts the address asks for: of one type or field, as the cells of the board's tables do."""
    asked: dict[str, Any] = {}
    if request.GET.get("contract_type") in ContractType.values:
        asked["contract__contract_type"] = request.GET["contract_type"]
    field = request.GET.get("field", "")
    if field == NOT_CLASSIFIED:
        asked["contract__field"] = None
    elif field.isascii() and field.isdigit() and len(field) < 10:
        asked["contract__field"] = int(field)
    return asked


def _narrowed(request: Any) -> str:
    """Return in words which contracts the address asks for; "" where all."""
    asked, said = _asked(request), []
    if "contract__contract_type" in asked:
        said.append(str(ContractType(asked["contract__contract_type"]).label))
    if "contract__field" in asked:
        key = asked["contract__field"]
        said.append(_("not classified") if key is None else str(TechnicalField.objects.filter(pk=key).first() or "—"))
    return _(", ").join(said)


def board_records(request: Any, slug: str) -> HttpResponse:
    """The records behind one figure, with the figure computed over exactly them."""
    indicator = BY_SLUG.get(slug)
    if indicator is None:
        raise Http404
    if closed := indicator.why_closed(request.user):
        raise PermissionDenied(closed)
    form = request.GET.get("format", "")
    period = part_of_a_file(request) if form else asked_part(request)
    measured = indicator.over(period, clock.today())
    records = _ordered(request, indicator, measured)
    if form:
        return _download(indicator, period, records, form=form, narrowed=_narrowed(request))
    sums = _sums(records, measured.column) if measured.column else None
    count, shown = sums["rows"] if sums else measured.count, rows_asked(request.GET, FEW_FIRST)
    page = page_of(_in_rows(indicator, records), shown, request.GET.get("page"), count=count)
    value = sums["part"] if sums and measured.found is not None else measured.value
    narrowed = _narrowed(request) if indicator.records == "contracts" else ""
    context = {
        "indicator": indicator,
        "period": period,
        "period_notice": notice_of_a_part(request, period),
        "page_obj": page,
        "rows": trial_tables.rows(page) if indicator.records == "trials" else page,
        "sold": SOLD,
        "value": value,
        "unit": indicator.unit.behind(value),
        "when": indicator.when(period, clock.today()),
        "sums": sums,
        "shared": queries.sums_shared(records) if indicator.records == "distributions" else None,
        "narrowed": narrowed,
        "whole": measured.value if narrowed else None,
        "state_head": _state_head(period),
        "row_choices": FEW_FIRST,
        "today": clock.today(),
    }
    return render(request, "marketplace/indicators/board_records.html", context)


def _state_head(period: Period) -> str:
    """Return what stands over the states of records: of a period that is over, that they are those of today."""
    return _("State today") if period.last < clock.today() else _("State")


def _ordered(request: Any, indicator: Indicator, measured: queries.Measured) -> QuerySet[Any]:
    """Return the records of a figure in the order of its page; of the register's, those that the address asks for."""
    records = measured.records
    if indicator.records == "contracts":
        narrowed = records.filter(**_asked(request))
        return narrowed.annotate(part=F(measured.column)).order_by("counted_on", "id")
    if indicator.records in ("pool", "trials"):
        return trial_tables.ordered(indicator, records)
    order, joined = SHOWN[indicator.records]
    return records.order_by(*order).select_related(*joined) if joined else records.order_by(*order)


def _in_rows(indicator: Indicator, records: QuerySet[Any]) -> QuerySet[Any]:
    """Load of the longest lists what their rows show; a download reads more."""
    if indicator.records == "contracts":
        return records.select_related(None).select_related("contract__seller").only(*OF_THE_REGISTER)
    if indicator.records == "distributions":
        return records.only("made_at", "net", "to_inventors", *OF_PAYMENTS)
    return records


def _sums(rows: QuerySet[Any], column: str) -> dict[str, int]:
    """Return the number of rows of the register and the sums below them; `part`: of what each adds to the figure."""
    summed = {"count": "count", "total": "total", "technical": "technical", "part": column}
    sums = {f"of_{name}": Sum(each) for name, each in summed.items()}
    found = rows.order_by().aggregate(of_rows=Count("pk"), **sums)
    return {name.removeprefix("of_"): each or 0 for name, each in found.items()}


def _download(
    indicator: Indicator, period: Period, records: QuerySet[Any], *, form: str, narrowed: str
) -> HttpResponse:
    """Send the records behind a figure as a table, whose name says of which period and what it is narrowed to."""
    name = f"{indicator.code}-{indicator.slug}-{period.code}"
    if period.is_cut:
        name = f"{name}-{period.last.isoformat()}"
    if narrowed and indicator.records == "contracts":
        name = f"{name}-{narrowed}"
    if indicator.records in ("pool", "trials"):
        return table_response(name, *_dated(period, *trial_tables.table(indicator, records)), form=form)
    tables: dict[str, Callable[[QuerySet[Any]], tuple[list[str], list[list[Any]]]]] = {
        "contracts": partial(register_table, is_amount=indicator.unit == Unit.FEN),
        "sessions": session_table,
        "lots": lot_table,
        "brokers": broker_table,
        "distributions": distribution_table,
        "needs": partial(need_table, with_moments=indicator.has_moments),
    }
    return table_response(name, *_dated(period, *tables[indicator.records](records)), form=form)


def _dated(period: Period, heads: list[str], rows: list[list[Any]]) -> tuple[list[str], list[list[Any]]]:
    """Return a table whose head over the states says of which day they are."""
    return [_state_head(period) if head == _("State") else head for head in heads], rows
