"""The register of brokers: applications, certificates that end soon, continuing hours to confirm."""

from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.brokers.actions import REMINDERS
from marketplace.brokers.applications.models import UNDECIDED, BrokerApplication
from marketplace.brokers.models import TechBroker
from marketplace.brokers.training.models import TrainingRecord
from marketplace.core.working_days import add_working_days
from marketplace.desk.rows import Reader, Row, first_of
from marketplace.organisations.roles import Role

NOTICE_TIME = timedelta(days=max(REMINDERS))
CHECKED_WITHIN = 5  # working days an officer has for an application, as for an organisation


def waiting(reader: Reader) -> list[Row]:
    officer = reader.user.has_role(Role.OFFICER)
    return [*_ending(reader, officer=officer), *_applications(reader, officer=officer), *_hours(officer)]


def _ending(reader: Reader, *, officer: bool) -> list[Row]:
    """Certificates that end soon; of one whose renewal was applied for, the application is the thing to do."""
    found: QuerySet[TechBroker] = TechBroker.objects.running_out(reader.today, reader.today + NOTICE_TIME)
    found = found.exclude(applications__state__in=UNDECIDED)
    if not officer:
        found = found.filter(user=reader.user)
    return [_renew(broker, officer=officer) for broker in found.select_related("firm")[:10]]


def _renew(broker: TechBroker, *, officer: bool) -> Row:
    return Row(
        title=_("Renew the certificate of %(name)s") % {"name": broker},
        about=(broker.certificate_no, str(broker.firm or _("independent"))),
        url=reverse("broker-renew" if officer else "broker-renewal", args=[broker.code]),
        act=_("Renew") if officer else _("Apply for renewal"),
        icon="identification",
        due=broker.valid_until,
    )


def _applications(reader: Reader, *, officer: bool) -> list[Row]:
    rows: list[Row] = []
    if officer:
        rows = first_of(
            BrokerApplication.objects.to_decide().exclude(applicant=reader.user).select_related("firm"),
            _decide,
            url=reverse("application-list"),
            icon="identification",
        )
    if reader.user.is_platform_staff:  # staff do not spend a question on applications of their own: a notice tells
        return rows
    returned = BrokerApplication.objects.filter(applicant=reader.user, state=BrokerApplication.State.RETURNED)
    return [*rows, *(_complete(one) for one in returned)]


def _decide(application: BrokerApplication) -> Row:
    checked = application.state == BrokerApplication.State.CHECKED
    words = _("File the broker %(name)s") if checked else _("Check the filing application of %(name)s")
    return Row(
        title=words % {"name": application.name},
        about=(str(application.get_kind_display()), application.certificate_no),
        url=application.get_absolute_url(),
        act=_("Open"),
        icon="identification",
        due=add_working_days(application.sent_at.date(), CHECKED_WITHIN),
        since=application.sent_at,
    )


def _complete(application: BrokerApplication) -> Row:
    return Row(
        title=_("Complete your application as a broker"),
        about=(application.certificate_no,),
        url=application.get_absolute_url(),
        act=_("Complete"),
        icon="identification",
        since=application.decided_at,
    )


def _hours(officer: bool) -> list[Row]:
    if not officer:
        return []
    entered = TrainingRecord.objects.filter(state=TrainingRecord.State.ENTERED).order_by("entered_at")
    return [_confirm(one) for one in entered.select_related("broker")[:6]]


def _confirm(record: TrainingRecord) -> Row:
    return Row(
        title=_("Confirm the continuing hours of %(name)s") % {"name": record.broker},
        about=(record.course,),
        url=record.get_absolute_url(),
        act=_("Open"),
        icon="academic-cap",
        since=record.entered_at,
    )
