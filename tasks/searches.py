"""Saved searches in the background: what a record answers, the alerts, and the morning's."""

from marketplace.organisations.models import User
from search.saved.actions import forget_removed, forget_searches_of
from search.saved.alerts import alert_at_once, alert_in_the_morning, find_answered, note_known
from search.saved.models import SavedSearch
from tasks.app import app
from tasks.index import concerned
from tasks.models import Delivery


def find_searches(delivery: Delivery) -> None:
    """A record appeared or changed: note which saved searches it answers, and tell those who want to hear at once."""
    found: set[int] = set()
    for kind, keys in concerned(delivery.entry.subject).items():
        found |= find_answered(kind, keys)
    if found:
        alert_at_once(found)


def note_what_is_known(delivery: Delivery) -> None:
    """A search was saved or asks something else: what it finds by then is no news. Waits for the engine."""
    saved = SavedSearch.objects.filter(pk=delivery.entry.subject_id).first()
    if saved is not None:
        note_known(saved)


def forget_searches(delivery: Delivery) -> None:
    """A person left: their saved searches go."""
    forget_searches_of(User.objects.get(pk=delivery.entry.subject_id))


@app.task
def alert_searches() -> None:
    """Tell in the morning what daily and weekly searches collected; let go of what was deleted the day before."""
    alert_in_the_morning()
    forget_removed()
