"""What saved searches find, and what of it a person is told: each record once per search, only what is public."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from marketplace.core import clock, journal
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User
from search.documents import SOURCES, epoch
from search.engine import PAGE_LIMIT
from search.engines import get_engine
from search.filters import Range
from search.saved.asking import question
from search.saved.matching import answered_by
from search.saved.models import Finding, Rhythm, SavedSearch

MORNING = 8  # o'clock in the district, when what was collected is told


def find_answered(kind: str, keys: Iterable[str]) -> set[int]:
    """Note which saved searches these records answer, as far as everybody may find them; return the new ones' keys."""
    return _note_answered(kind, keys) if SavedSearch.objects.kept().filter(kind=kind).exists() else set()


@transaction.atomic
def _note_answered(kind: str, keys: Iterable[str]) -> set[int]:
    source, now, found = SOURCES[kind], clock.now(), set()
    for row in source.found(keys):
        key = getattr(row, source.key)
        answered = answered_by(kind, source.build(row))
        known = set(Finding.objects.filter(saved__in=answered, key=key).values_list("saved", flat=True))
        fresh = [Finding(saved_id=pk, key=key, found_at=now) for pk in answered if pk not in known]
        Finding.objects.bulk_create(fresh, ignore_conflicts=True)
        found |= {finding.saved_id for finding in fresh}
    return found


@transaction.atomic
def note_known(saved: SavedSearch) -> None:
    """Note what a search found when alerts began, so that none of it is news later. Raises EngineDown."""
    before = Range("published", high=epoch(saved.alerts_since))
    page = get_engine().search(question(saved.kind, saved.text, saved.chosen, limit=PAGE_LIMIT, narrower=before))
    known = [Finding(saved=saved, key=key) for key in page.ids]
    Finding.objects.bulk_create(known, batch_size=1000, ignore_conflicts=True)


def alert_at_once(found: Iterable[int]) -> None:
    """Tell the people of these searches who want to hear at once."""
    asked = SavedSearch.objects.filter(pk__in=list(found), rhythm=Rhythm.AT_ONCE, person__is_active=True)
    for person in User.objects.filter(saved_searches__in=asked).distinct().order_by("pk"):
        alert_person(person, (Rhythm.AT_ONCE,))


def alert_in_the_morning() -> int:
    """Tell everybody what their searches collected, all in one; return how many people were told."""
    rhythms = (Rhythm.AT_ONCE, Rhythm.DAILY, Rhythm.WEEKLY)
    waiting = Finding.objects.filter(entry=None, found_at__isnull=False, saved__rhythm__in=rhythms)
    people = User.objects.filter(is_active=True, saved_searches__findings__in=waiting).distinct().order_by("pk")
    return sum(alert_person(person, rhythms) is not None for person in people)


@transaction.atomic
def alert_person(person: User, rhythms: Iterable[str]) -> Entry | None:
    """Gather what is due of a person's searches in one alert, and record it; None where nothing is."""
    now = clock.now()
    searches = SavedSearch.objects.kept().filter(person=person, rhythm__in=list(rhythms))
    due: list[Finding] = []
    for saved in searches.select_for_update().order_by("pk"):
        fresh = saved.findings.filter(entry=None, found_at__gte=saved.alerts_since)
        due += fresh.filter(found_at__lte=due_until(saved.rhythm, now))
    if not due:
        return None
    entry = journal.record(Kind.SEARCHES_ANSWERED, person, by=None, findings=len(due))
    Finding.objects.filter(pk__in=[finding.pk for finding in due]).update(entry=entry)
    SavedSearch.objects.filter(pk__in={finding.saved_id for finding in due}).update(told_at=now)
    return entry


def due_until(rhythm: str, now: datetime) -> datetime:
    """Return until when findings are due: weekly ones up to the last Monday morning, so a missed Monday is made up."""
    if rhythm != Rhythm.WEEKLY:
        return now
    here = timezone.localtime(now)
    monday = (here - timedelta(days=here.weekday())).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return monday if monday <= now else monday - timedelta(days=7)
