"""This year's figures for the home page: the board's own functions, so that both always say the same."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cms.portal.places import Place, address
from cms.portal.remembering import remembered
from cms.templatetags.amounts import percent
from marketplace.core import clock
from marketplace.core.money import format_money
from marketplace.indicators.figures import BY_SLUG
from marketplace.indicators.indicator import Unit, on_day
from marketplace.indicators.periods import Period
from marketplace.indicators.small_groups import TOO_FEW
from marketplace.indicators.withheld import withheld_from
from marketplace.needs.models import TechnologyNeed


def board_of_this_year() -> str:
    return f"{address(Place.BOARD)}?period={clock.today().year}"


@remembered
def tiles() -> list[dict[str, Any]]:
    """Return this year's figures as components/tile.html wants them; contracts are opened from the board."""
    year = Period.containing(clock.today(), "year")
    lots = {"sold": _value("lots-sold", year), "over": _value("lots-offered", year)}
    return [
        *({**figure, "link": _("See the figures")} for figure in _contracts(year)),
        {
            "label": _("Open needs"),
            "value": TechnologyNeed.objects.listed().count(),
            "when": on_day(clock.today()),
            "delta": _("each with its target indicators"),
            "href": address(Place.NEEDS),
            "link": _("See the needs"),
        },
        {
            **_figure("sell-through", year),
            "label": _("Sold in Ou Auction"),
            "delta": ngettext("%(sold)s of %(over)s lot", "%(sold)s of %(over)s lots", lots["over"]) % lots,
            "link": _("See the lots"),
        },
        {
            **_figure("brokers-valid", year),
            "link": _("See the brokers"),
        },
    ]


def _contracts(year: Period) -> list[dict[str, Any]]:
    withheld = withheld_from(AnonymousUser(), year)  # the home page says the same to everybody
    landed = str(TOO_FEW)
    if "landed-technical" not in withheld:
        landed = format_money(_value("landed-technical", year), get_language() or "zh-hans")
    number = _value("contract-count", year)
    count = ngettext("%(count)s contract", "%(count)s contracts", number) % {"count": number}
    total = {**_figure("contract-total", year), **_on_board("contract-total"), "delta": count}
    if "contract-total" in withheld:
        total |= {"fen": None, "value": "—", "delta": f"{count}{_('; ')}{TOO_FEW}"}
    return [
        total,
        {
            **_figure("landed-count", year),
            **_on_board("landed-count"),
            "delta": _("technical amount %(amount)s") % {"amount": landed},
        },
    ]


def _on_board(slug: str) -> dict[str, str]:
    """Return the address of a figure on the board, where its records are not for everybody."""
    return {"href": f"{board_of_this_year()}#{BY_SLUG[slug].anchor}"}


def _value(slug: str, period: Period) -> Any:
    return BY_SLUG[slug].measure(period).value


def _figure(slug: str, period: Period) -> dict[str, Any]:
    """Return a figure of the board with its records' address."""
    indicator, value = BY_SLUG[slug], _value(slug, period)
    shown = {Unit.FEN: {"fen": value}, Unit.SHARE: {"value": percent(value)}}
    return {
        "label": indicator.label,
        "when": indicator.when(period, clock.today()),
        "href": f"{reverse('board-records', args=[slug])}?period={period.code}",
        **shown.get(indicator.unit, {"value": value, "unit": indicator.unit.behind(value)}),
    }
