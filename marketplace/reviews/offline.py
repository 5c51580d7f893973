"""What the district took offline and is not public again: when, by whom, and why."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from marketplace.core.journal import Entry
from marketplace.reviews.models import TakenOffline

if TYPE_CHECKING:
    from marketplace.reviews.revised import Revised


def offline_of(record: "Revised") -> Entry | None:
    """Return the entry of a record that the district has taken offline; None where it is public, or was never."""
    return offline_among([record]).get(record.pk)


def offline_among(records: Iterable["Revised"]) -> dict[int, Entry]:
    """Return {primary key: that entry}, by one query for all records of one model."""
    gone = {one.pk: one for one in records if not one.live and not one.expired and one.was_public}
    if not gone:
        return {}
    any_of_them = next(iter(gone.values()))
    entries = Entry.objects.filter(
        kind=any_of_them.kind_of("unpublished"),
        subject_type=ContentType.objects.get_for_model(any_of_them),
        subject_id__in=list(gone),
    )
    return {entry.subject_id: entry for entry in entries.select_related("actor", "taken_offline").order_by("pk")}


def reason_of(entry: Entry) -> str:
    """Return why a record was taken offline; "" where the platform did it, or before reasons were asked for."""
    try:
        return entry.taken_offline.reason
    except TakenOffline.DoesNotExist:
        return ""


def reasons_of(entries: Iterable[Entry]) -> dict[int, str]:
    """Return {key of the entry: why}, by one query, where any of them is about taking offline."""
    keys = [entry.pk for entry in entries if entry.kind.endswith(".unpublished")]
    return dict(TakenOffline.objects.filter(entry__in=keys).values_list("entry", "reason")) if keys else {}
