"""Why an outcome that was public is so no more, and since when: what those who deal over it are told."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.journal import Entry, Kind
from marketplace.outcomes.models import ResearchOutcome


class Hidden(models.TextChoices):
    """Why nobody finds an outcome; what the district did counts before all else."""

    OFFLINE = "offline", _("taken offline by the district")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


KINDS = {
    Hidden.OFFLINE: Kind.OUTCOME_UNPUBLISHED,
    Hidden.WITHDRAWN: Kind.OUTCOME_WITHDRAWN,
    Hidden.EXPIRED: Kind.OUTCOME_EXPIRED,
}


def is_offline(outcome: ResearchOutcome) -> bool:
    """Tell whether the district took the page offline and no version has passed review since."""
    return not outcome.live and not outcome.expired


def hidden_as(outcome: ResearchOutcome) -> Hidden | None:
    """Return why an outcome that was public is not found now; None while it is."""
    if is_offline(outcome):
        return Hidden.OFFLINE
    if outcome.state == outcome.State.WITHDRAWN:
        return Hidden.WITHDRAWN
    return None if outcome.live else Hidden.EXPIRED


def hidden_since(outcome: ResearchOutcome) -> datetime | None:
    """Return since when it is not found, as the journal has it."""
    why = hidden_as(outcome)
    if why is None:
        return None
    entries = Entry.objects.about(outcome).filter(kind=KINDS[why])
    return entries.values_list("recorded_at", flat=True).first()


def is_back(entry: Entry) -> bool:
    """Tell whether this publication made an outcome public that the district had taken offline."""
    states = (Kind.OUTCOME_PUBLISHED, Kind.OUTCOME_UNPUBLISHED, Kind.OUTCOME_EXPIRED)
    earlier = Entry.objects.filter(subject_type=entry.subject_type_id, subject_id=entry.subject_id, pk__lt=entry.pk)
    return earlier.filter(kind__in=states).values_list("kind", flat=True).first() == Kind.OUTCOME_UNPUBLISHED
