"""The verbs of a draft, complete or not, which leave what is public alone: begin, save, throw away."""

import contextlib
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

import redis
from django.core.cache import cache
from django.db import transaction
from wagtail.models import Revision

from marketplace.core import clock, journal
from marketplace.core.files import files_of
from marketplace.core.rules import require
from marketplace.organisations.models import User
from marketplace.reviews import rules
from marketplace.reviews.refusals import InReview, SavedInAnotherWindow, SavedMeanwhile, TitleMissing

if TYPE_CHECKING:
    from marketplace.reviews.revised import Revised

PAGE_KEPT = 24 * 3600  # seconds: how long it is known which page saved a draft last
PAGE_KEY = "draft-saved-by-page:%s"


def mark_of(version: Revision | None, *, page: str = "") -> str:
    """Return what a page sends back to say which text it started from, and which page it is; "" before the first text.

    The key alone would not say it: while it is written, a version is written over.
    """
    return f"{version.pk}-{version.created_at:%Y%m%d%H%M%S%f};{page}" if version else ""


def mark_for_new_page(version: Revision | None) -> str:
    return mark_of(version, page=secrets.token_hex(6))


def page_of(mark: str) -> str:
    """Return which page sent a mark, "" where it does not say."""
    return mark.partition(";")[2][:40]


def _refuse_older(based_on: str, newest: Revision, by: User) -> None:
    """Refuse a page that started from another text than the newest.

    A page may be behind its own last saving, where the answer to that was lost on its way.
    """
    page = page_of(based_on)
    if not based_on or based_on == mark_of(newest, page=page):
        return
    if newest.user_id != by.pk:
        raise SavedMeanwhile()
    with contextlib.suppress(redis.RedisError):
        if cache.get(PAGE_KEY % newest.pk) not in (None, page):
            raise SavedInAnotherWindow()


def _remember_page(based_on: str, saved: Revision) -> None:
    with contextlib.suppress(redis.RedisError):
        cache.set(PAGE_KEY % saved.pk, page_of(based_on), PAGE_KEPT)


@transaction.atomic
def begin_draft(record: "Revised", *, by: User) -> None:
    """Keep a new record as a draft nobody else sees. The caller has asked its own rule; raises TitleMissing."""
    record.title = record.title.strip()
    if not record.title:
        raise TitleMissing()
    record.save()
    record.save_revision(user=by, clean=False, log_action="wagtail.create")
    journal.record(
        record.kind_of("drafted"), record, by=by, on_behalf_of=record.owning_organisation, **_public_id(record)
    )


@transaction.atomic
def save_draft(edited: "Revised", *, by: User, based_on: str = "", is_sure: bool = False) -> Revision:
    """Keep the text `edited` holds as the newest draft of its record.

    The newest version of the same person, not yet sent in, is written over (autosave). `based_on` is the mark
    of the text it started from: SavedMeanwhile is raised where another person has saved since, or the same person
    from another page, unless they are sure. Raises InReview during review, TitleMissing.
    """
    row = type(edited)._base_manager.select_for_update().get(pk=edited.pk)
    require(rules.save_draft, by, row)
    if not edited.title.strip():
        raise TitleMissing()
    if row.pending_review is not None:
        raise InReview()
    newest = row.latest_revision
    if newest is not None and not is_sure:
        _refuse_older(based_on, newest, by)
    edited.latest_revision = newest
    overwrite = newest if newest is not None and may_be_overwritten(row, newest, by) else None
    saved = edited.save_revision(user=by, clean=False, log_action=overwrite is None, overwrite_revision=overwrite)
    _remember_page(based_on, saved)
    _keep_title(row, edited)
    return saved


def _keep_title(row: "Revised", edited: "Revised") -> None:
    """Call what was never public by its newest title, in notices and wherever the row is named."""
    if row.live or row.first_published_at is not None:
        return
    if (row.title, row.title_en) != (edited.title, edited.title_en):
        titles: dict[str, str] = {"title": edited.title, "title_en": edited.title_en}
        type(row)._base_manager.filter(pk=row.pk).update(**titles)


def may_be_overwritten(row: "Revised", newest: Revision, by: User) -> bool:
    """Tell whether a draft is only its author's so far: what was ever in review or public stays as it was."""
    return newest.user_id == by.pk and newest.pk != row.live_revision_id and not newest.task_states.exists()


@transaction.atomic
def delete_draft(record: "Revised", *, by: User) -> None:
    """Throw away a draft that was never sent in, with its files."""
    record.lock()
    require(rules.delete_draft, by, record)
    owner = record.owning_organisation
    journal.record(record.kind_of("discarded"), record, by=by, on_behalf_of=owner, **_public_id(record))
    discard([record])


def discard(records: Sequence["Revised"]) -> None:
    """Delete records of one noun at once, and withdraw their files. The caller holds them and has asked was_sent_in."""
    if not records:
        return
    files_of(*records).update(withdrawn_at=clock.now())
    type(records[0])._base_manager.filter(pk__in=[record.pk for record in records]).delete()


def _public_id(record: "Revised") -> dict[str, str]:
    return {record.PUBLIC_ID: record.public_id}
