"""What officers do in the register of brokers: file, change, renew, suspend, reinstate, revoke."""

import calendar
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, NotRequired, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.brokers import rules
from marketplace.brokers.models import TechBroker, plain_number
from marketplace.brokers.schemes import BrokerScheme
from marketplace.core import clock, journal
from marketplace.core.classifications import TechnicalField
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

if TYPE_CHECKING:
    from marketplace.brokers.applications.models import BrokerApplication

REMINDERS = (90, 30, 7)  # days before the end of a certificate


class BrokerFacts(TypedDict):
    """What the register holds about a broker, besides the fields served."""

    name: str
    certificate_no: str
    issuer: str
    level: str
    filing_number: str
    valid_from: date
    valid_until: date | None
    firm: Organisation | None
    user: User | None
    introduction: str
    scheme: NotRequired[BrokerScheme | None]


class AlreadyFiled(Refused):
    message = _("This certificate, filing number or person is in the register already.")
    field = "certificate_no"


class NotOfScheme(Refused):
    message = _("Certificates of the scheme %(scheme)s are of the level %(level)s and issued by %(issuer)s.")
    field = "level"


class EndMissing(Refused):
    message = _("Certificates of this scheme have an end. State it.")
    field = "valid_until"


class LongerThanScheme(Refused):
    message = _(
        "Certificates of this scheme hold for %(months)s months, so at most until %(until)s. "
        "State the day of the last renewal as the beginning of one that was renewed."
    )
    field = "valid_until"


class NotLater(Refused):
    message = _("The new end must be later than %(until)s.")
    field = "valid_until"


class ReasonMissing(Refused):
    message = _("Give the reason: it is shown to the broker and on the verification page.")
    field = "reason"


def _months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last of its month where that has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def require_fits_scheme(filed: "TechBroker | BrokerApplication") -> None:
    """Refuse a first filing its scheme does not know; a certificate renewed before is stated from its renewal on.

    Raises NotOfScheme, EndMissing, LongerThanScheme.
    """
    scheme = filed.scheme
    if scheme is None:
        return
    if (filed.level, filed.issuer.strip()) != (scheme.level, scheme.issuer):
        raise NotOfScheme(scheme=scheme, level=scheme.get_level_display(), issuer=scheme.issuer)
    if not scheme.months_valid:
        return
    if filed.valid_until is None:
        raise EndMissing()
    last = _months_later(filed.valid_from, scheme.months_valid)
    if filed.valid_until > last:
        raise LongerThanScheme(months=scheme.months_valid, until=last.isoformat())


def require_within_scheme(broker: TechBroker, valid_until: date) -> None:
    """Refuse a renewal longer than one term of the scheme from the old end, or from today once that is over.

    Raises LongerThanScheme.
    """
    scheme = broker.scheme
    if scheme is None or not scheme.months_valid or broker.valid_until is None:
        return
    last = _months_later(max(broker.valid_until, clock.today()), scheme.months_valid)
    if valid_until > last:
        raise LongerThanScheme(months=scheme.months_valid, until=last.isoformat())


def _plain(facts: BrokerFacts) -> BrokerFacts:
    numbers = ("certificate_no", "filing_number")
    return facts | {name: plain_number(facts[name]) for name in numbers if name in facts}  # type: ignore[literal-required, return-value]


def _save(broker: TechBroker, fields: Iterable[TechnicalField]) -> None:
    """Write one record of the register; two officers filing the same certificate meet at the UNIQUE columns."""
    try:
        with transaction.atomic():
            broker.save()
    except IntegrityError as error:
        raise AlreadyFiled() from error
    broker.fields.set(fields)


@transaction.atomic
def file_broker(*, by: User, fields: Iterable[TechnicalField], **facts: Unpack[BrokerFacts]) -> TechBroker:
    """Enter a broker in the register and return the record.

    Raises AlreadyFiled, NotOfScheme, EndMissing, LongerThanScheme.
    """
    now = clock.now()
    require(rules.file_broker, by)
    facts = _plain(facts)
    broker = TechBroker(**facts, filed_at=now, filed_by=by)
    require_fits_scheme(broker)
    require(rules.change_broker, by, broker)
    _save(broker, fields)
    journal.record(Kind.BROKER_FILED, broker, by=by, certificate_no=broker.certificate_no, level=broker.level)
    return broker


@transaction.atomic
def change_broker(
    broker: TechBroker,
    *,
    by: User,
    fields: Iterable[TechnicalField],
    **facts: Unpack[BrokerFacts],
) -> None:
    """Correct what the register holds about a broker; a revoked record stays as it is. Raises AlreadyFiled."""
    broker.lock()
    require(rules.change_broker, by, broker)
    if broker.state == broker.State.REVOKED:
        raise WrongState(state=broker.get_state_display())
    facts = _plain(facts)
    changed = [name for name, value in facts.items() if getattr(broker, name) != value]
    for name, value in facts.items():
        setattr(broker, name, value)
    require(rules.change_broker, by, broker)
    _save(broker, fields)
    journal.record(Kind.BROKER_CHANGED, broker, by=by, changed=changed)


@transaction.atomic
def renew_broker(broker: TechBroker, *, by: User, valid_until: date) -> None:
    """Let a filed certificate run to a later day, whether or not it has run out. Raises NotLater, LongerThanScheme."""
    broker.lock()
    today = clock.today()
    require(rules.renew_broker, by, broker)
    if broker.state != broker.State.FILED or broker.valid_until is None:
        raise WrongState(state=broker.get_state_display())
    floor = max(broker.valid_until, today)
    if valid_until <= floor:
        raise NotLater(until=floor.isoformat())
    require_within_scheme(broker, valid_until)
    before, broker.valid_until = broker.valid_until, valid_until
    broker.save(update_fields=["valid_until"])
    until = valid_until.isoformat()
    journal.record(Kind.BROKER_RENEWED, broker, by=by, valid_until=until, before=before.isoformat())


def _decide(broker: TechBroker, *, by: User, at: datetime, state: str, reason: str) -> None:
    broker.move_to(state)
    if not reason.strip():
        raise ReasonMissing()
    broker.decision_reason, broker.decided_at, broker.decided_by = reason.strip(), at, by
    broker.save(update_fields=["state", "decision_reason", "decided_at", "decided_by"])


@transaction.atomic
def suspend_broker(broker: TechBroker, *, by: User, reason: str) -> None:
    """Stop a broker from taking on deals until further notice. Raises ReasonMissing, WrongState."""
    broker.lock()
    now = clock.now()
    require(rules.suspend_broker, by, broker)
    _decide(broker, by=by, at=now, state=broker.State.SUSPENDED, reason=reason)
    journal.record(Kind.BROKER_SUSPENDED, broker, by=by)


@transaction.atomic
def reinstate_broker(broker: TechBroker, *, by: User, reason: str) -> None:
    """End a suspension. Raises ReasonMissing, WrongState."""
    broker.lock()
    now = clock.now()
    require(rules.reinstate_broker, by, broker)
    _decide(broker, by=by, at=now, state=broker.State.FILED, reason=reason)
    journal.record(Kind.BROKER_REINSTATED, broker, by=by)


@transaction.atomic
def revoke_broker(broker: TechBroker, *, by: User, reason: str) -> None:
    """End a certificate for good; the record stays, marked as revoked. Raises ReasonMissing, WrongState."""
    broker.lock()
    now = clock.now()
    require(rules.revoke_broker, by, broker)
    _decide(broker, by=by, at=now, state=broker.State.REVOKED, reason=reason)
    journal.record(Kind.BROKER_REVOKED, broker, by=by)


@transaction.atomic
def remind_broker(broker: TechBroker) -> bool:
    """Remind the broker to renew, once each 90, 30 and 7 days before the end; tell whether this call did.

    A sweep that comes late sends the nearest reminder only, not those it missed.
    """
    broker.lock()
    today = clock.today()
    if broker.state != broker.State.FILED or broker.valid_until is None:
        return False
    left = (broker.valid_until - today).days
    step = min((days for days in REMINDERS if left <= days), default=None)
    if step is None or left < 0:
        return False
    until = broker.valid_until.isoformat()
    told = journal.Entry.objects.about(broker).filter(kind=Kind.BROKER_REMINDED, data__until=until)
    if any(entry.data.get("days", step) <= step for entry in told):
        return False
    journal.record(Kind.BROKER_REMINDED, broker, by=None, until=until, days=step)
    return True
