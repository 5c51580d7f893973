"""Where an outcome of the pool may be used and how much of it: what is asked against what was fixed in advance.

Source: the parties fix the conditions before the trial (domain.md §4.5). Terms of before stand in words alone (no
regions, no number); whether a request stays within those, the institute compares and says so when it approves.
"""

from collections.abc import Sequence

from marketplace.core.regions import lies_in, region_name
from marketplace.trials.pool import PoolTerms
from marketplace.trials.refusals import AboveScale, CriterionTwice, OutsideTerritory, QuantityMissing, RegionMissing


def require_within(terms: PoolTerms, *, region: str, quantity: int | None) -> None:
    """Refuse what the terms do not allow. `region` is a code, `quantity` counts units of the terms.

    Raises RegionMissing, OutsideTerritory, QuantityMissing, AboveScale.
    """
    if not terms.is_counted:
        return
    if not region:
        raise RegionMissing()
    if not any(lies_in(region, area) for area in terms.regions):
        raise OutsideTerritory(place=region_name(region), territory=terms.regions_words)
    if not quantity:
        raise QuantityMissing(unit=terms.scale_unit)
    if quantity > (terms.scale_limit or 0):
        raise AboveScale(limit=terms.limit_words)


def require_once_each(criteria: Sequence[str]) -> None:
    """Refuse a criterion that says what another says, spaces and case apart. Raises CriterionTwice."""
    seen: set[str] = set()
    for text in criteria:
        plain = "".join(text.casefold().split())
        if plain in seen:
            raise CriterionTwice(text=text)
        seen.add(plain)
