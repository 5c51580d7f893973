"""Who is told what: for each kind of journal entry, the notices that follow from it.

One module per noun holds TELLS = {journal kind: function(entry) → list of Tell}. A kind may stand in several
modules. The words of a notice stand in marketplace/notices/texts/<noun>.py under the Tell's kind. Where its mail says
more than its title, the module holds MAILS = {kind of notice: function(notice) → the mail, or None for none}. Where an
entry leaves nothing to be done of what others asked for, it holds SETTLES = {journal kind: function(entry) → notices}.
"""

import pkgutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.translation import override

from marketplace.core.journal import Entry
from marketplace.notices.actions import Writer, mail_notices, settle, tell
from marketplace.notices.groups import Group
from marketplace.notices.models import Notice, NoticeQuerySet
from marketplace.organisations.models import User
from tasks.models import Delivery

TOLD = "notices.tell_people"


@dataclass(frozen=True)
class Tell:
    """That some people are to be told one thing, and where it leads them."""

    users: Iterable[User]
    kind: str
    path: str
    subject: models.Model | None = None
    data: dict[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None


@cache
def tells() -> dict[str, list[Callable[[Entry], list[Tell]]]]:
    """Return, for each kind of journal entry, the functions that say whom to tell."""
    found: dict[str, list[Callable[[Entry], list[Tell]]]] = defaultdict(list)
    for module in pkgutil.iter_modules(__path__):
        for kind, function in import_module(f"{__name__}.{module.name}").TELLS.items():
            found[kind].append(function)
    return dict(found)


@cache
def mails() -> dict[str, Writer]:
    """Return, for the kinds of notices whose mail is more than their title, the functions that write it."""
    found: dict[str, Writer] = {}
    for module in pkgutil.iter_modules(__path__):
        found |= getattr(import_module(f"{__name__}.{module.name}"), "MAILS", {})
    return found


@cache
def settles() -> dict[str, list[Callable[[Entry], NoticeQuerySet]]]:
    """Return, for the kinds of journal entries that settle what was asked before, which notices asked it."""
    found: dict[str, list[Callable[[Entry], NoticeQuerySet]]] = defaultdict(list)
    for module in pkgutil.iter_modules(__path__):
        for kind, function in getattr(import_module(f"{__name__}.{module.name}"), "SETTLES", {}).items():
            found[kind].append(function)
    return dict(found)


def asked_no_longer(person: User) -> NoticeQuerySet:
    """Return what still asks a person to do something that they would not be asked now: they left, or lost the role.

    A notice does not say for which organisation it was sent, and one may stand for two. So each entry is asked once
    more whom it tells: whoever acts for another party, is the broker or holds a role of the platform stays asked.
    """
    asked = Notice.objects.filter(user=person).unread().of_group(Group.TASKS).select_related("entry")
    gone = [notice.pk for notice in asked if notice.kind not in _kinds_told(notice.entry, person)]
    return Notice.objects.filter(pk__in=gone)


def _kinds_told(entry: Entry, person: User) -> set[str]:
    """Return the kinds of notices by which an entry would tell a person today; none where its record is gone."""
    with override(settings.LANGUAGE_CODE):
        try:
            told = [one for whom_to_tell in tells().get(entry.kind, ()) for one in whom_to_tell(entry)]
        except ObjectDoesNotExist:
            return set()
    return {one.kind for one in told if any(user.pk == person.pk for user in one.users)}


def settle_notices(delivery: Delivery) -> None:
    """Count as read what asked for something that the entry leaves nobody to do. May be repeated."""
    for asked in settles()[delivery.entry.kind]:
        settle(asked(delivery.entry))


def tell_people(delivery: Delivery) -> None:
    """Tell everybody whom the entry concerns, in the site. May be repeated."""
    _tell(delivery.entry)


def mail_people(delivery: Delivery) -> None:
    """Send what the entry made people be told, by mail. May be repeated or come first; its delivery is held."""
    notices = Notice.objects.filter(entry=delivery.entry)
    if not mail_notices(notices, writers=mails()):  # all are told in one transaction: one stands for all
        if not _has_told(delivery.entry):
            _tell(delivery.entry)
        mail_notices(notices, writers=mails())  # who asks second may hear that all were told between


def _has_told(entry: Entry) -> bool:
    return Delivery.objects.filter(entry=entry, consequence=TOLD, done_at__isnull=False).exists()


def _tell(entry: Entry) -> None:
    with override(settings.LANGUAGE_CODE):  # addresses are kept without a language
        told = [one for whom_to_tell in tells().get(entry.kind, ()) for one in whom_to_tell(entry)]
    for one in told:
        tell(one.users, one.kind, entry, path=one.path, subject=one.subject, data=one.data, due_at=one.due_at)
