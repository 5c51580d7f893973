"""Who is told what about certificates that run out; the decisions about them stand in contracts.py."""

from marketplace.brokers.models import TechBroker
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User
from marketplace.organisations.roles import Role
from tasks.notices import Tell


def broker_and_officers(entry: Entry) -> list[Tell]:
    """The broker renews, where they sign in here; the officers enter it."""
    broker = TechBroker.objects.select_related("user").get(pk=entry.subject_id)
    people = [*User.objects.holding(Role.OFFICER), *([broker.user] if broker.user else [])]
    return [Tell(people, "broker.runs_out", broker.get_absolute_url(), data={"until_on": entry.data["until"]})]


TELLS = {Kind.BROKER_REMINDED: broker_and_officers}
