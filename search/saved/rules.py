"""Who may do what with a saved search: one's own, and no more than fit on a page.

`unsubscribe` and `subscribe_again` have no rule: who holds the signed link of a mail may, signed in or not.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from search.saved.models import MOST_PER_PERSON, SavedSearch

if TYPE_CHECKING:
    from search.listing import Asked, ListSpec


def save_search(user: Any, asked: "Asked", spec: "ListSpec") -> str | None:
    if not spec.has_alerts:
        return _("Nobody is told of what is new in this list, so searches of it are not saved.")
    return _nothing_asked(asked) or _too_many(user)


def change_search(user: Any, saved: SavedSearch) -> str | None:
    if saved.removed_at is not None:
        return _("This saved search was deleted.")
    return _own(user, saved)


def replace_question(user: Any, saved: SavedSearch, asked: "Asked") -> str | None:
    return change_search(user, saved) or _nothing_asked(asked)


def remove_search(user: Any, saved: SavedSearch) -> str | None:
    return _own(user, saved)


def restore_search(user: Any, saved: SavedSearch) -> str | None:
    return _own(user, saved) or _too_many(user)


def _nothing_asked(asked: "Asked") -> str | None:
    if asked.text or asked.chosen:
        return None
    return _("Nothing is asked yet: type words or choose a filter first.")


def _own(user: Any, saved: SavedSearch) -> str | None:
    return None if saved.person_id == user.pk else _("This is the saved search of somebody else.")


def _too_many(user: Any) -> str | None:
    if SavedSearch.objects.kept().filter(person=user).count() >= MOST_PER_PERSON:
        return _("You have %(most)s saved searches, and more are not kept. Delete one first.") % {
            "most": MOST_PER_PERSON
        }
    return None
