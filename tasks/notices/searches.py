"""Who is told what their saved searches found."""

from typing import Any

from django.urls import reverse

from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User
from search.documents import SOURCES
from search.saved.mail import letter
from search.saved.models import Finding
from tasks.notices import Tell


def person_about_findings(entry: Entry) -> list[Tell]:
    """One alert: of a single record by its title, of several by their number; of what is public by now alone."""
    people = list(User.objects.filter(pk=entry.subject_id))
    public = _public(entry)
    if len(public) == 1:
        return [Tell(people, "search.found_one", public[0].get_absolute_url(), public[0])]
    if not public:
        return []
    return [Tell(people, "search.found_several", reverse("saved-list"), data={"number": len(public)})]


def _public(entry: Entry) -> list[Any]:
    """Return the records an alert is about that everybody may find, each once."""
    pairs = Finding.objects.filter(entry=entry).values_list("saved__kind", "key").distinct()
    keys: dict[str, list[str]] = {}
    for kind, key in pairs:
        keys.setdefault(kind, []).append(key)
    return [row for kind, several in keys.items() for row in SOURCES[kind].found(several)]


TELLS = {Kind.SEARCHES_ANSWERED: person_about_findings}
MAILS = {"search.found_one": letter, "search.found_several": letter}
