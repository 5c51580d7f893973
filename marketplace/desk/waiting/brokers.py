"""The register of brokers: applications, certificates that end soon, continuing hours to confirm."""

from datetime import timedelta
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.brokers.actions import REMINDERS
from marketplace.brokers.applications.models import UNDECIDED, BrokerApplication
from marketplace.brokers.models import TechBroker
from marketplace.brokers.training.models import TrainingRecord
from marketplace.core.working_days import add_working_days
from marketplace.desk.piles import Pile
from marketplace.desk.rows import Reader, Row, first_of
from marketplace.organisations.roles import Role

NOTICE_TIME = timedelta(days=max(REMINDERS))
CHECKED_WITHIN = 5  # working days an officer has for an application, as for an organisation


def waiting(reader: Reader) -> list[Pile]:
    officer = reader.user.has_role(Role.OFFICER)
    piles = [_ending(reader, officer=officer)]
    if officer:
        piles += [_applications(reader)]
    if not reader.user.is_platform_staff:  # of staff's own applications a notice tells
        piles += [_returned(reader)]
    return [*piles, _hours()] if officer else piles


def _ending(reader: Reader, *, officer: bool) -> Pile:
    """Certificates that end soon; of one whose renewal was applied for, the application is the thing to do."""
    ending: QuerySet[TechBroker] = TechBroker.objects.running_out(reader.today, reader.today + NOTICE_TIME)
    if not officer:
        ending = ending.filter(user=reader.user)
    found = ending.exclude(applications__state__in=UNDECIDED).select_related("firm")
    return Pile(ending, lambda: [_renew(broker, officer=officer) for broker in found[:10]])


def _renew(broker: TechBroker, *, officer: bool) -> Row:
    return Row(
        title=_("Renew the certificate of %(name)s") % {"name": broker},
        about=(broker.certificate_no, str(broker.firm or _("independent"))),
        url=reverse("broker-renew" if officer else "broker-renewal", args=[broker.code]),
        act=_("Renew") if officer else _("Apply for renewal"),
        icon="identification",
        due=broker.valid_until,
    )


def _applications(reader: Reader) -> Pile:
    others = BrokerApplication.objects.to_decide().exclude(applicant=reader.user)
    found, decide = others.select_related("firm"), partial(_decide, reader=reader)
    return Pile(others, lambda: first_of(found, decide, url=reverse("application-list"), icon="identification"))


def _returned(reader: Reader) -> Pile:
    returned = BrokerApplication.objects.filter(applicant=reader.user, state=BrokerApplication.State.RETURNED)
    return Pile(returned, lambda: [_complete(one) for one in returned])


def _decide(application: BrokerApplication, *, reader: Reader) -> Row:
    checked = application.state == BrokerApplication.State.CHECKED
    words = _("File the broker %(name)s") if checked else _("Check the filing application of %(name)s")
    return Row(
        title=words % {"name": application.name},
        about=(str(application.get_kind_display()), application.certificate_no),
        url=application.get_absolute_url(),
        act=_("Open"),
        icon="identification",
        due=add_working_days(application.sent_at.date(), CHECKED_WITHIN, declared=reader.declared),
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


def _hours() -> Pile:
    entered = TrainingRecord.objects.filter(state=TrainingRecord.State.ENTERED)
    found = entered.select_related("broker").order_by("entered_at")
    return Pile(entered, lambda: [_confirm(one) for one in found[:6]])


def _confirm(record: TrainingRecord) -> Row:
    return Row(
        title=_("Confirm the continuing hours of %(name)s") % {"name": record.broker},
        about=(record.course,),
        url=record.get_absolute_url(),
        act=_("Open"),
        icon="academic-cap",
        since=record.entered_at,
    )
