"""Telling people, and what they do with what they are told."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from marketplace.core import clock, journal
from marketplace.core.journal import Entry, Kind
from marketplace.notices.groups import MAILED_BY_DEFAULT, Group
from marketplace.notices.models import MailChoice, Notice, NoticeQuerySet
from marketplace.notices.texts import text_of
from marketplace.organisations.models import User

Writer = Callable[[Notice], EmailMessage | None]


def tell(
    users: Iterable[User],
    kind: str,
    entry: Entry,
    *,
    path: str,
    subject: models.Model | None = None,
    data: dict[str, Any] | None = None,
    due_at: datetime | None = None,
) -> None:
    """Tell each of `users` once what `entry` means to them; a repetition changes nothing.

    `subject` (default: that of the entry) gives the notice its title; `path` is where it leads.
    People who left are not told, nor is the person who did it.
    """
    text_of(kind)  # an unknown kind fails here, not on the reader's page
    told = {user.pk: user for user in users if user.is_active and user.pk != entry.actor_id}
    alike = {"kind": kind, "entry": entry, "path": path, "data": data or {}, "due_at": due_at}
    if subject is None:
        alike |= {"subject_type_id": entry.subject_type_id, "subject_id": entry.subject_id}
    else:
        alike["subject"] = subject
    alike["created_at"] = clock.now()
    Notice.objects.bulk_create([Notice(user=user, **alike) for user in told.values()], ignore_conflicts=True)


@transaction.atomic
def mark_read(notice: Notice, *, by: User) -> None:
    """Note that its reader opened a notice; the first time counts."""
    Notice.objects.visible_to(by).unread().filter(pk=notice.pk).update(read_at=clock.now())


@transaction.atomic
def mark_all_read(*, by: User) -> int:
    """Note that a person has seen all their notices, and return how many were new."""
    return Notice.objects.visible_to(by).unread().update(read_at=clock.now())


@transaction.atomic
def settle(notices: NoticeQuerySet) -> int:
    """Count as read what asks its reader for something that is done or gone, and return how many were new."""
    return notices.unread().update(read_at=clock.now())


@transaction.atomic
def choose_mails(*, by: User, groups: Collection[str]) -> None:
    """Keep which groups of notices `by` wants by mail; what has legal effect stays on."""
    for group in Group:
        wanted = group in groups or group == Group.LEGAL
        MailChoice.objects.update_or_create(user=by, group=group, defaults={"by_mail": wanted})


def mailed_groups(user: User) -> set[str]:
    """Return the groups of notices the person gets by mail."""
    chosen = {choice.group: choice.by_mail for choice in user.mail_choices.all()}
    return {group for group in Group if chosen.get(group, group in MAILED_BY_DEFAULT)} | {Group.LEGAL}


def written(notice: Notice) -> EmailMessage:
    """Write the usual mail of a notice in its reader's language: its title and where it leads."""
    user = notice.user
    with override(user.language):
        title = notice.title
        context = {
            "title": title,
            "reason": notice.reason,
            "user": user,
            "link": settings.SITE_URL + notice.get_absolute_url(),
            "site": settings.WAGTAIL_SITE_NAME,
        }
        body = render_to_string("marketplace/notices/mail.txt", context)
    return EmailMessage(subject=title, body=body, to=[user.email or ""], headers={"X-Notice": notice.code})


@transaction.atomic(savepoint=False)
def mail_notices(notices: NoticeQuerySet, *, writers: Mapping[str, Writer]) -> list[Notice]:
    """Send those of `notices` that were not sent by mail yet, each in its reader's language; return them.

    `writers` holds who writes the mail of a kind of notice, where that is not the usual one. The caller sees to it that
    nobody else sends the same ones meanwhile; their readers need not wait for the mail server to read them. What its
    reader does not want by mail stays unsent. A refused address is noted; other errors escape, so that the delivery is
    tried again, with all its mails.
    """
    unsent = list(notices.filter(mailed_at=None, mail_refused_at=None).select_related("user").order_by("pk"))
    models.prefetch_related_objects(unsent, "subject")
    optional = [notice for notice in unsent if notice.text.group != Group.LEGAL]
    models.prefetch_related_objects(optional, "user__mail_choices")
    for notice in unsent:
        _mail(notice, writers.get(notice.kind, written))
    return unsent


def _mail(notice: Notice, write: Writer) -> None:
    user, group = notice.user, notice.text.group
    if not user.email or not user.is_active or not (group == Group.LEGAL or group in mailed_groups(user)):
        return
    message = write(notice)
    if message is None:
        return
    try:
        message.send()
    except SMTPRecipientsRefused:  # for good: trying again would mail the others of this entry again
        notice.mail_refused_at = clock.now()
        notice.save(update_fields=["mail_refused_at"])
        return
    notice.mailed_at = clock.now()
    notice.save(update_fields=["mailed_at"])
    if group == Group.LEGAL:
        journal.record(Kind.NOTICE_MAILED, notice, by=None, entry=notice.entry_id, user=user.pk)
