"""What the district means to reach in a year (年度目标), figure by figure, and how far it has come."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.indicators.figures import BY_SLUG, INDICATORS
from marketplace.indicators.indicator import Indicator, Unit
from marketplace.indicators.periods import Period

COUNTED = tuple(each for each in INDICATORS if each.unit not in (Unit.SHARE, Unit.DAYS))  # what a year adds up to


class YearTarget(models.Model):
    """One figure's target for one year: fen of amounts, else how many; None where it was taken back."""

    year = models.PositiveSmallIntegerField(gettext_lazy("year"))
    indicator = models.SlugField(gettext_lazy("figure"))
    value = models.BigIntegerField(gettext_lazy("target"), null=True)

    class Meta:
        verbose_name = gettext_lazy("target of a year")
        verbose_name_plural = gettext_lazy("targets of years")
        ordering = ["-year", "indicator"]
        constraints = [
            models.UniqueConstraint(fields=["year", "indicator"], name="one_target_of_a_figure_and_year"),
            models.CheckConstraint(condition=models.Q(value=None) | models.Q(value__gt=0), name="target_above_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {BY_SLUG[self.indicator].label}"


def targets_of(year: int) -> dict[str, int]:
    """Return {slug: target} of a year."""
    rows = YearTarget.objects.filter(year=year).values_list("indicator", "value")
    return {slug: value for slug, value in rows if value is not None}


@dataclass(frozen=True)
class Progress:
    """How far a figure has come towards its target on a day of its year."""

    target: int
    reached: float
    day: date
    is_standing: bool = False  # a figure of one day does not grow with the year

    @property
    def share(self) -> float:
        return self.reached / self.target

    @property
    def ahead(self) -> float | None:
        """Return by how much the share is above that of the year that is over (时序进度差); None of what stands."""
        if self.is_standing:
            return None
        days = (date(self.day.year + 1, 1, 1) - date(self.day.year, 1, 1)).days
        return self.share - self.day.timetuple().tm_yday / days

    @property
    def pace(self) -> str:
        """Return the same in words."""
        if self.ahead is None:
            return ""
        points = f"{abs(self.ahead) * 100:.1f}"
        if self.ahead >= 0:
            return _("%(points)s percentage points ahead of the calendar") % {"points": points}
        return _("%(points)s percentage points behind the calendar") % {"points": points}


def progress_of(period: Period, today: date) -> dict[str, Progress]:
    """Return {slug: progress} of the figures that have a target in the year of a period, up to its end or today.

    A figure over a span counts from the first of January; one that is counted on a day, on the last of these days.
    Of a period that has not begun nothing is said.
    """
    if period.is_to_come(today):
        return {}
    so_far = year_so_far(period, today)
    return {
        slug: Progress(target, _value(BY_SLUG[slug], so_far), so_far.last, BY_SLUG[slug].is_standing)
        for slug, target in targets_of(period.first.year).items()
        if slug in BY_SLUG
    }


def year_so_far(period: Period, today: date) -> Period:
    """Return the days of its year until a period ends, or until today."""
    return Period("year", date(period.first.year, 1, 1), until=min(period.last, today))


def _value(indicator: Indicator, period: Period) -> float:
    return indicator.measure(period).value or 0
