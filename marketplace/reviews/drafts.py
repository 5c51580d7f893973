"""Keeping drafts of reviewed records, complete or not, without touching what is public."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from marketplace.core.refusals import Refused
from marketplace.organisations.models import User
from marketplace.reviews.refusals import InReview

if TYPE_CHECKING:
    from marketplace.reviews.revised import Revised


class SavedMeanwhile(Refused):
    message = _("Somebody else has saved this draft in the meantime. Open it again to see both versions.")


def keep_draft(edited: "Revised", *, row: "Revised", by: User, based_on: int | None = None) -> Revision:
    """Keep the text `edited` holds as the newest draft of `row`, which the caller has locked and asked the rule for.

    The newest version of the same person, not yet sent in, is written over (autosave). `based_on` is the version
    the text started from: SavedMeanwhile is raised where another person has saved since. Raises InReview.
    """
    if row.pending_review is not None:
        raise InReview()
    newest = row.latest_revision
    if based_on is not None and newest is not None and newest.pk != based_on and newest.user_id != by.pk:
        raise SavedMeanwhile()
    edited.latest_revision = newest
    overwrite = newest if newest is not None and may_be_overwritten(row, newest, by) else None
    return edited.save_revision(user=by, clean=False, log_action=overwrite is None, overwrite_revision=overwrite)


def may_be_overwritten(row: "Revised", newest: Revision, by: User) -> bool:
    """Tell whether a draft is only its author's so far: what was ever in review or public stays as it was."""
    return newest.user_id == by.pk and newest.pk != row.live_revision_id and not newest.task_states.exists()
