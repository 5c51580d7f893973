"""The ladder of minimum raises as a session lays it down: bands from 0 upwards."""

from typing import Any

from marketplace.auctions.ladder import MOST, WAN


def default_ladder() -> list[dict[str, int]]:
    """Return the minimum raises of the house: under 50 万元 1, from 50 5, from 200 10 (all in 万元)."""
    return [{"from": 0, "step": WAN}, {"from": 50 * WAN, "step": 5 * WAN}, {"from": 200 * WAN, "step": 10 * WAN}]


def is_ladder(value: Any) -> bool:
    """Tell whether `value` is a ladder: bands from 0 upwards, each with a positive minimum raise (its `step`)."""
    if not isinstance(value, list) or not value:
        return False
    if not all(isinstance(band, dict) and set(band) == {"from", "step"} for band in value):
        return False
    if not all(type(number) is int for band in value for number in band.values()):
        return False
    starts = [band["from"] for band in value]
    return starts[0] == 0 and starts == sorted(set(starts)) and all(0 < band["step"] <= MOST for band in value)
