"""K14 先用后转: each figure as a query over trials and the pool (domain.md §4.5, §7.1)."""

from functools import partial
from statistics import median

from django.db.models import Q
from django.utils import timezone

from marketplace.core import clock
from marketplace.indicators.periods import Period
from marketplace.indicators.queries import Measured, end_of, start_of, sum_of
from marketplace.trials.models import Trial, TrialQuerySet
from marketplace.trials.pool import PoolEntry


def pool_size(period: Period) -> Measured:
    """K14.1: entries standing in the pool at the end of the period, or now; paused and reserved ones included."""
    end = end_of(period)
    records = PoolEntry.objects.filter(pooled_at__lt=end).exclude(state=PoolEntry.State.LEFT, moved_at__lt=end)
    return Measured(records.count, records)


def trials_started(period: Period) -> Measured:
    """K14.2: trials that began in the period."""
    records = _started(period)
    return Measured(records.count, records)


def _started(period: Period) -> TrialQuerySet:
    return Trial.objects.started().filter(starts_on__range=(period.first, period.last))


def trials_running(period: Period) -> Measured:
    """K14.3: trials begun and not converted, stopped or expired on the last day of the period, or now."""
    day, end = min(period.last, clock.today()), end_of(period)
    open_then = Q(finished_at=None) | Q(finished_at__gte=end)
    records = Trial.objects.started().filter(open_then, starts_on__lte=day)
    return Measured(records.count, records)


def _finished(period: Period) -> TrialQuerySet:
    begun = Trial.objects.started()
    return begun.filter(finished_at__gte=start_of(period), finished_at__lt=end_of(period))


def _converted(period: Period) -> TrialQuerySet:
    return _finished(period).filter(state=Trial.State.CONVERTED)


def trials_converted(period: Period) -> Measured:
    """K14.4: trials whose paid contract was registered in the period."""
    records = _converted(period)
    return Measured(records.count, records)


def conversion_rate(period: Period) -> Measured:
    """K14.5: converted ÷ finished; finished is converted, stopped or expired in the period."""
    records = _finished(period)
    finished = records.count()
    return Measured(_converted(period).count() / finished if finished else None, records)


def days_to_conversion(period: Period) -> Measured:
    """K14.6: median of the days from the beginning of a trial to the registration of its contract."""
    records = _converted(period)
    spans = records.values_list("starts_on", "converted_at")
    days = [(timezone.localdate(at) - begun).days for begun, at in spans if begun is not None]
    return Measured(median(days) if days else None, records)


def insured_share(period: Period) -> Measured:
    """K14.7: insured ÷ started."""
    records = _started(period)
    started = records.count()
    return Measured(records.filter(insurance__isnull=False).count() / started if started else None, records)


def amount_converted(period: Period) -> Measured:
    """K14.8: sum of the prices of the trials converted in the period."""
    records = _converted(period)
    return Measured(partial(sum_of, records, "price"), records)
