"""What a review answers with "no". Where Wagtail's admin may be the caller, it is a PermissionDenied too."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from marketplace.core.refusals import Refused


class AlreadyInReview(Refused):
    message = _("This draft is in review already.")


class NotInReview(Refused):
    message = _("This draft is not in review.")


class InReview(Refused):
    message = _("This draft is in review and stays as it is until a reviewer decides. Take it back to change it.")


class SavedMeanwhile(Refused):
    message = _("Somebody else has saved this draft in the meantime. Open it again to see both versions.")


class SavedInAnotherWindow(SavedMeanwhile):
    message = _("You have saved this draft in another window in the meantime. Open it again to see that text.")
    code = "SavedMeanwhile"  # the same ways on are offered


class TitleMissing(Refused):
    message = _("Give a title first; everything else can wait.")
    field = "title"


class NothingToReview(Refused):
    message = _("Nothing has changed since the public version.")


class NoReviewSetUp(Refused):
    message = _("No review is set up for this. Ask the district office.")


class AlreadyDecided(Refused, PermissionDenied):
    """Too late; `became` says what became of the step, by whom and when (history.became_of)."""

    message = "%(became)s"


class RemarkStands(Refused, PermissionDenied):
    """An approval with a remark to a field: nobody would read it."""

    message = _(
        "The author gets a remark with a return only. Return the draft, or empty this field and approve; "
        "what you write as comment goes with either."
    )

    def __init__(self, about: str) -> None:
        super().__init__()
        self.field = f"remark-{about}"


class CommentMissing(Refused, PermissionDenied):
    message = _("Say what is to be changed: the author reads it.")
    field = "comment"


class NotPublishable(Refused, PermissionDenied):
    message = "%(reason)s"


class NotTakenOffline(Refused, PermissionDenied):
    message = "%(reason)s"


class OfflineReasonMissing(Refused, PermissionDenied):
    message = _("Say why it is taken offline: its owner reads it.")
    field = "reason"


class NotOnline(Refused):
    message = _("This is not public, so there is nothing to take offline.")


class Incomplete(Refused):
    """A draft that lacks something; `problems` holds {field: sentences}."""

    message = ngettext_lazy(
        "%(count)s thing is missing before this can be sent to review.",
        "%(count)s things are missing before this can be sent to review.",
        "count",
    )

    def __init__(self, problems: dict[str, list[Any]]) -> None:
        self.problems = problems
        super().__init__(count=sum(len(sentences) for sentences in problems.values()))
