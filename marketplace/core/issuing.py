"""Who gives a paper out, and on which day: the district, as it was called on the day of the record."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.core.regions import district_code, region_name


def issued_by_register(at: datetime) -> list[tuple[str, str]]:
    """Return the facts of a paper of the register of technology contracts that is of this instant."""
    return _issued(_("%(district)s, registration of technology contracts"), at)


def issued_by_marketplace(at: datetime) -> list[tuple[str, str]]:
    """Return the facts of a paper of the marketplace that is of this instant."""
    return _issued(_("%(district)s, technology transfer marketplace"), at)


def _issued(body: str, at: datetime) -> list[tuple[str, str]]:
    day = timezone.localdate(at)
    name = body % {"district": region_name(district_code(day), on=day)}
    return [(_("Issuing body"), name), (_("Day of issue"), day.isoformat())]
