"""The figures of the board, for programs: the same functions, over a period; their records are opened on the board."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from marketplace.core import clock
from marketplace.indicators.figures import INDICATORS
from marketplace.indicators.indicator import Indicator
from marketplace.indicators.periods import Period
from marketplace.indicators.withheld import Withheld, withheld_from
from marketplace.organisations.reading import Day, Shape, answer, reads

router = Router(tags=["figures"])
PERIOD = Query(
    "",
    pattern="^(20[0-9]{2}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?|)$",
    description="2026, 2026-H1, 2026-Q2 or 2026-06; empty for the running half-year.",
)


class Figure(Shape):
    """One figure of the board."""

    code: Annotated[str, Field(description="Its line in the district's list, such as K02.")]
    slug: str
    label: Annotated[str, Field(description="In the language of Accept-Language.")]
    unit: Annotated[
        str, Field(description="fen, contracts, items, persons, lots, share (of 1), trials, days or sessions.")
    ]
    value: Annotated[
        int | float | None,
        Field(
            description="Null where there is nothing to divide by, the period has not begun, or it is an amount of one "
            "or two contracts that the reader may not open."
        ),
    ]
    is_standing: Annotated[bool, Field(description="Counted on the last day of the period, not over it.")]


class Figures(Shape):
    """The board over one period."""

    period: str
    first: Day
    last: Day
    is_running: Annotated[bool, Field(description="Whether the period is not over yet.")]
    figures: list[Figure]


@reads(router, "figures", Figures, operation_id="figures", summary="Figures of the register and the market",
       name="api-figures")  # fmt: skip
def figures(request: Any, period: str = PERIOD) -> HttpResponse:
    """Contracts by registration date, lots, brokers, trials and shared income, as the board counts them."""
    return answer(request, lambda: _figures(period, request.user))


def _figures(asked: str, user: Any) -> Figures:
    period = Period.parse(asked) or Period.containing(clock.today(), "half")
    withheld = withheld_from(user, period)
    return Figures(
        period=period.code,
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        is_running=period.last >= clock.today(),
        figures=[_figure(indicator, period, withheld) for indicator in INDICATORS],
    )


def _figure(indicator: Indicator, period: Period, withheld: Withheld) -> Figure:
    return Figure(
        code=indicator.code,
        slug=indicator.slug,
        label=str(indicator.label),
        unit=indicator.unit.value,
        value=None if indicator.slug in withheld else indicator.over(period, clock.today()).value,
        is_standing=indicator.is_standing,
    )
