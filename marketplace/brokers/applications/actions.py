"""What an applicant does: apply, complete what is missing, withdraw."""

from collections.abc import Iterable
from datetime import date
from typing import TypedDict, Unpack

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.actions import require_fits_scheme, require_within_scheme
from marketplace.brokers.applications import rules
from marketplace.brokers.applications.models import BrokerApplication
from marketplace.brokers.models import TechBroker, plain_number
from marketplace.brokers.schemes import BrokerScheme
from marketplace.core import clock, files, journal
from marketplace.core.classifications import TechnicalField
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

PROOF = "proof"
ONE_AT_A_TIME = "brokerapplication_one_at_a_time"  # the constraint of the model


class Stated(TypedDict):
    """What the applicant states, besides the fields served and the proof."""

    name: str
    scheme: BrokerScheme
    certificate_no: str
    valid_from: date
    valid_until: date | None
    firm: Organisation | None
    introduction: str


class AppliedAlready(Refused):
    message = _("An application of yours waits already. Complete or withdraw it first.")


class CertificateKnown(Refused):
    message = _("This certificate number is in the register already. Ask an officer to link it to your account.")
    field = "certificate_no"


class ProofMissing(Refused):
    message = _("Add a scan of the certificate.")
    field = "proof"


class NotOfFirm(Refused):
    message = _("You do not belong to %(firm)s. Ask its manager to take you in, or apply as independent.")
    field = "firm"


class OverAlready(Refused):
    message = _("The certificate ended on %(until)s, so it cannot be filed.")
    field = "valid_until"


class EndBeforeBeginning(Refused):
    message = _("The end lies before the beginning.")
    field = "valid_until"


class NotLonger(Refused):
    message = _("The new end must be later than %(until)s.")
    field = "valid_until"


def _require_fit(stated: Stated, *, by: User, today: date) -> None:
    firm, until = stated["firm"], stated["valid_until"]
    if until is not None and until < stated["valid_from"]:
        raise EndBeforeBeginning()
    stated["certificate_no"] = plain_number(stated["certificate_no"])
    if TechBroker.objects.filter(certificate_no=stated["certificate_no"]).exists():
        raise CertificateKnown()
    if firm is not None and not (by.acts_for(firm) and firm.is_verified and firm.kind == firm.Kind.BROKERAGE):
        raise NotOfFirm(firm=firm.called)
    if until is not None and until < today:
        raise OverAlready(until=until.isoformat())


def _keep_proof(application: BrokerApplication, proof: Iterable[UploadedFile], *, by: User) -> None:
    for upload in proof:
        try:
            files.keep(upload, subject=application, by=by, purpose=PROOF, confidential=True)
        except Refused as refusal:
            refusal.field = "proof"
            raise
    if not files.files_of(application).exists():
        raise ProofMissing()


def _insert(application: BrokerApplication) -> None:
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != ONE_AT_A_TIME:  # type: ignore[union-attr]
            raise
        raise AppliedAlready() from error


@transaction.atomic
def apply_for_filing(
    *, by: User, fields: Iterable[TechnicalField], proof: Iterable[UploadedFile], **stated: Unpack[Stated]
) -> BrokerApplication:
    """Apply to be filed as a broker, with a scan of the certificate.

    Raises AppliedAlready, EndBeforeBeginning, CertificateKnown, NotOfFirm, OverAlready, EndMissing, LongerThanScheme,
    ProofMissing.
    """
    now, today = clock.now(), clock.today()
    require(rules.apply_for_filing, by)
    _require_fit(stated, by=by, today=today)
    scheme = stated["scheme"]
    application = BrokerApplication(
        **stated, kind="first", applicant=by, issuer=scheme.issuer, level=scheme.level, sent_at=now
    )
    require_fits_scheme(application)
    _insert(application)
    application.fields.set(fields)
    _keep_proof(application, proof, by=by)
    journal.record(Kind.APPLICATION_SENT, application, by=by, kind_of=application.kind)
    return application


@transaction.atomic
def apply_for_renewal(
    broker: TechBroker, *, by: User, valid_until: date, proof: Iterable[UploadedFile]
) -> BrokerApplication:
    """Apply for a later end of one's own certificate, with a scan of the renewed one.

    Raises NotLonger, LongerThanScheme, AppliedAlready, ProofMissing.
    """
    broker.lock()
    now = clock.now()
    require(rules.apply_for_renewal, by, broker)
    if broker.valid_until is not None and valid_until <= broker.valid_until:
        raise NotLonger(until=broker.valid_until.isoformat())
    require_within_scheme(broker, valid_until)
    names = ("scheme", "name", "certificate_no", "issuer", "level", "valid_from", "firm", "introduction")
    stated = {name: getattr(broker, name) for name in names}
    application = BrokerApplication(
        **stated, kind="renewal", broker=broker, applicant=by, valid_until=valid_until, sent_at=now
    )
    _insert(application)
    application.fields.set(broker.fields.all())
    _keep_proof(application, proof, by=by)
    journal.record(Kind.APPLICATION_SENT, application, by=by, kind_of=application.kind)
    return application


@transaction.atomic
def complete_application(
    application: BrokerApplication,
    *,
    by: User,
    fields: Iterable[TechnicalField],
    proof: Iterable[UploadedFile],
    **stated: Unpack[Stated],
) -> None:
    """Send a returned first application again, corrected. Raises WrongState and what applying raises."""
    application.lock()
    now = clock.now()
    require(rules.complete_application, by, application)
    application.move_to(application.State.APPLIED)
    _require_fit(stated, by=by, today=clock.today())
    for name, value in stated.items():
        setattr(application, name, value)
    application.issuer, application.level = stated["scheme"].issuer, stated["scheme"].level
    require_fits_scheme(application)
    application.sent_at = now
    application.save()
    application.fields.set(fields)
    _keep_proof(application, proof, by=by)
    journal.record(Kind.APPLICATION_SENT, application, by=by, kind_of=application.kind)


@transaction.atomic
def complete_renewal(
    application: BrokerApplication, *, by: User, valid_until: date, proof: Iterable[UploadedFile]
) -> None:
    """Send a returned renewal again. Raises WrongState, NotLonger, LongerThanScheme, ProofMissing."""
    application.lock()
    now = clock.now()
    require(rules.complete_application, by, application)
    application.move_to(application.State.APPLIED)
    broker = application.broker
    if broker is not None and broker.valid_until is not None and valid_until <= broker.valid_until:
        raise NotLonger(until=broker.valid_until.isoformat())
    if broker is not None:
        require_within_scheme(broker, valid_until)
    application.valid_until, application.sent_at = valid_until, now
    application.save(update_fields=["state", "valid_until", "sent_at"])
    _keep_proof(application, proof, by=by)
    journal.record(Kind.APPLICATION_SENT, application, by=by, kind_of=application.kind)


@transaction.atomic
def withdraw_application(application: BrokerApplication, *, by: User) -> None:
    """Take an application back before it is decided. Raises WrongState."""
    application.lock()
    require(rules.withdraw_application, by, application)
    application.move_to(application.State.WITHDRAWN)
    application.save(update_fields=["state"])
    journal.record(Kind.APPLICATION_WITHDRAWN, application, by=by)
