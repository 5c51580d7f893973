"""Where an outcome of the pool may be used and how much of it: what is asked against what was fixed in advance.

Source: the parties fix the conditions before the trial (domain.md §4.5). Terms of before stand in words alone (no
regions, no number); whether a request stays within those, the institute compares and says so when it approves.
"""

import unicodedata
from collections.abc import Sequence

from marketplace.core.regions import COUNTRY, lies_in, present_code, region_name, regions_by_name
from marketplace.trials.pool import PoolTerms
from marketplace.trials.refusals import (
    AboveScale,
    CriterionTwice,
    OutsideTerritory,
    QuantityMissing,
    RegionMissing,
    ScaleMissing,
    TerritoryMissing,
)

MOST = 100_000_000  # of what is counted


def require_counted(regions: Sequence[str], scale_limit: int | None, scale_unit: str) -> None:
    """Refuse new terms that do not say where and how much. Raises TerritoryMissing, ScaleMissing."""
    known = {COUNTRY, *regions_by_name()}
    if not regions or not known.issuperset(map(present_code, regions)):
        raise TerritoryMissing()
    if scale_limit is None or not 0 < scale_limit <= MOST or not scale_unit.strip():
        raise ScaleMissing()


def require_within(terms: PoolTerms, *, region: str, quantity: int | None) -> None:
    """Refuse what the terms do not allow. `region` is a code, `quantity` counts units of the terms.

    Raises RegionMissing, OutsideTerritory, QuantityMissing, AboveScale.
    """
    if not terms.is_counted:
        return
    if present_code(region) not in regions_by_name():
        raise RegionMissing()
    if not any(lies_in(region, area) for area in terms.regions):
        raise OutsideTerritory(place=region_name(region), territory=terms.regions_words())
    if quantity is None or quantity < 1:
        raise QuantityMissing(unit=terms.scale_unit)
    if quantity > (terms.scale_limit or 0):
        raise AboveScale(limit=terms.limit_words)


def require_once_each(criteria: Sequence[str]) -> None:
    """Refuse a criterion that says what another says, but for spaces, case and width. Raises CriterionTwice."""
    seen: set[str] = set()
    for text in criteria:
        plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
        if plain in seen:
            raise CriterionTwice(text=text)
        seen.add(plain)
