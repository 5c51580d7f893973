"""The register as it stood: what was decided about a certificate later does not change an earlier day."""

from datetime import date, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import DateField, F, OuterRef, Q, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from marketplace.brokers.models import BrokerQuerySet, TechBroker
from marketplace.core.journal import Entry, Kind

STOPPED = (Kind.BROKER_SUSPENDED, Kind.BROKER_REVOKED)


def valid_on(day: date) -> BrokerQuerySet:
    """Return the brokers whose certificate held at the end of `day`, by what the register said then.

    Suspensions, their ends, revocations and renewals are those recorded by that day; other facts are as they are now.
    A certificate filed later counts on the days it held.
    """
    after = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    kind = ContentType.objects.get_for_model(TechBroker)
    entries = Entry.objects.filter(subject_type=kind, subject_id=OuterRef("pk"))
    decided = entries.filter(kind__in=(*STOPPED, Kind.BROKER_REINSTATED), recorded_at__lt=after).order_by("-id")
    renewed = entries.filter(kind=Kind.BROKER_RENEWED, recorded_at__gte=after).order_by("id")
    until = Subquery(renewed.values_list(KeyTextTransform("before", "data"))[:1])
    as_it_stood = TechBroker.objects.annotate(
        last_decision=Coalesce(Subquery(decided.values("kind")[:1]), Value("")),
        ended=Coalesce(Cast(until, DateField()), F("valid_until")),
    )
    held = as_it_stood.filter(Q(ended=None) | Q(ended__gte=day), valid_from__lte=day)
    return held.exclude(last_decision__in=STOPPED)
