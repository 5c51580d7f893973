"""K15 需求: technology needs published and solved, as queries (definitions: domain.md §7.1)."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Subquery

from marketplace.core.journal import Entry, Kind
from marketplace.indicators.periods import Period
from marketplace.indicators.queries import Measured, end_of, start_of
from marketplace.needs.models import TechnologyNeed


def needs_published(period: Period) -> Measured:
    """K15.1: needs first published in the period."""
    records = TechnologyNeed.objects.filter(published_at__gte=start_of(period), published_at__lt=end_of(period))
    return Measured(records.count, records)


def needs_solved(period: Period) -> Measured:
    """K15.2: needs whose enterprise said in the period that they are solved; that is final. Each with `solved_at`."""
    solved = Entry.objects.filter(
        kind=Kind.NEED_SOLVED,
        subject_type=ContentType.objects.get_for_model(TechnologyNeed),
        recorded_at__gte=start_of(period),
        recorded_at__lt=end_of(period),
    )
    said = solved.filter(subject_id=OuterRef("pk")).values("recorded_at")[:1]
    records = TechnologyNeed.objects.filter(pk__in=solved.values("subject_id")).annotate(solved_at=Subquery(said))
    return Measured(records.count, records)
