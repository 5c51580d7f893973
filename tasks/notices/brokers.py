"""Who is told what about certificates that run out, applications and hours; decisions on certificates: contracts.py."""

from collections.abc import Callable

from marketplace.brokers.applications.models import BrokerApplication
from marketplace.brokers.models import TechBroker
from marketplace.brokers.training.models import TrainingRecord
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User
from marketplace.organisations.roles import Role
from tasks.notices import Tell


def broker_and_officers(entry: Entry) -> list[Tell]:
    """The broker applies for renewal, where they sign in here; the officers enter it for the others."""
    broker = TechBroker.objects.select_related("user").get(pk=entry.subject_id)
    people = [*User.objects.holding(Role.OFFICER), *([broker.user] if broker.user else [])]
    return [Tell(people, "broker.runs_out", broker.get_absolute_url(), data={"until_on": entry.data["until"]})]


def officers_about_application(entry: Entry) -> list[Tell]:
    """An application came: officers check it, except the applicant's own."""
    application = BrokerApplication.objects.get(pk=entry.subject_id)
    people = [one for one in User.objects.holding(Role.OFFICER) if one.pk != application.applicant_id]
    return [Tell(people, "application.to_check", application.get_absolute_url(), application)]


def applicant(kind: str) -> Callable[[Entry], list[Tell]]:
    """The applicant hears what was decided."""

    def told(entry: Entry) -> list[Tell]:
        application = BrokerApplication.objects.select_related("applicant").get(pk=entry.subject_id)
        return [Tell([application.applicant], kind, application.get_absolute_url(), application)]

    return told


def officers_about_hours(entry: Entry) -> list[Tell]:
    """Hours were entered: officers confirm them."""
    record = TrainingRecord.objects.select_related("broker").get(pk=entry.subject_id)
    return [Tell(User.objects.holding(Role.OFFICER), "training.to_confirm", record.get_absolute_url(), record)]


def broker_about_hours(entry: Entry) -> list[Tell]:
    """The broker hears whether the hours count."""
    record = TrainingRecord.objects.select_related("broker__user").get(pk=entry.subject_id)
    people = [record.broker.user] if record.broker.user else []
    return [Tell(people, entry.kind, record.get_absolute_url(), record)]


TELLS = {
    Kind.BROKER_REMINDED: broker_and_officers,
    Kind.APPLICATION_SENT: officers_about_application,
    Kind.APPLICATION_RETURNED: applicant("application.returned"),
    Kind.APPLICATION_REFUSED: applicant("application.refused"),
    Kind.TRAINING_ENTERED: officers_about_hours,
    Kind.TRAINING_CONFIRMED: broker_about_hours,
    Kind.TRAINING_DECLINED: broker_about_hours,
}
