"""What officers decide about an application: ask for more, find the materials in order, refuse, file."""

import re

from django.db import transaction

from marketplace.brokers.actions import ReasonMissing, file_broker, renew_broker
from marketplace.brokers.applications import rules
from marketplace.brokers.applications.models import BrokerApplication
from marketplace.brokers.models import TechBroker
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import User


def _decide(application: BrokerApplication, state: str, *, by: User, reason: str = "") -> None:
    application.move_to(state)
    application.reason, application.decided_by, application.decided_at = reason, by, clock.now()
    application.save(update_fields=["state", "reason", "decided_by", "decided_at"])


def _stated(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing()
    return reason.strip()[:1000]


@transaction.atomic
def return_application(application: BrokerApplication, *, by: User, reason: str) -> None:
    """Ask for what is missing. Raises ReasonMissing, WrongState."""
    application.lock()
    require(rules.return_application, by, application)
    _decide(application, application.State.RETURNED, by=by, reason=_stated(reason))
    journal.record(Kind.APPLICATION_RETURNED, application, by=by)


@transaction.atomic
def check_application(application: BrokerApplication, *, by: User) -> None:
    """Find the materials complete and true to the proof. Raises WrongState."""
    application.lock()
    require(rules.check_application, by, application)
    _decide(application, application.State.CHECKED, by=by)
    journal.record(Kind.APPLICATION_CHECKED, application, by=by)


@transaction.atomic
def refuse_application(application: BrokerApplication, *, by: User, reason: str) -> None:
    """Refuse for good, with the reason. Raises ReasonMissing, WrongState."""
    application.lock()
    require(rules.refuse_application, by, application)
    _decide(application, application.State.REFUSED, by=by, reason=_stated(reason))
    journal.record(Kind.APPLICATION_REFUSED, application, by=by)


@transaction.atomic
def file_application(application: BrokerApplication, *, by: User, filing_number: str = "") -> TechBroker:
    """Enter the applicant in the register under a filing number, or renew; return the record.

    Raises WrongState; of a renewal NotLater; of a first filing AlreadyFiled, NotOfScheme, EndMissing, LongerThanScheme.
    """
    application.lock()
    require(rules.file_application, by, application)
    _decide(application, application.State.FILED, by=by)
    if application.broker is not None and application.valid_until is not None:
        renew_broker(application.broker, by=by, valid_until=application.valid_until)
    else:
        names = ("name", "certificate_no", "issuer", "level", "scheme", "valid_from", "valid_until", "firm")
        application.broker = file_broker(
            by=by,
            fields=application.fields.all(),
            user=application.applicant,
            filing_number=filing_number.strip(),
            introduction=application.introduction,
            **{name: getattr(application, name) for name in names},
        )
        application.save(update_fields=["broker"])
    journal.record(Kind.APPLICATION_FILED, application, by=by, broker=application.broker.code)
    return application.broker


def next_filing_number() -> str:
    """Return the filing number after the newest one; "" where the newest does not end in digits."""
    newest = TechBroker.objects.order_by("-pk").values_list("filing_number", flat=True).first() or ""
    found = re.search(r"[0-9]+$", newest)
    if found is None:
        return ""
    return newest[: found.start()] + str(int(found[0]) + 1).zfill(len(found[0]))
