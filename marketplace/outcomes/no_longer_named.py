"""Co-owners that were asked and that a later version does not name any more: reviewers see it, they are told."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.outcomes.co_owners import ANSWERS, answer_in_words, is_about, note_on

if TYPE_CHECKING:
    from wagtail.models import Revision

    from marketplace.outcomes.co_ownership import CoOwnership
    from marketplace.outcomes.models import ResearchOutcome


def left_out_of(version: "ResearchOutcome") -> list["CoOwnership"]:
    """Return what was asked of co-owners that this version names no longer, in any share; the objections first.

    What was left out of a version that was published is not among it: that was seen, and the co-owner was told. Who is
    only named and wrote no letter is not among it either: nobody said anything.
    """
    rows = list(version.co_owners.all())
    asked = version.co_ownerships.filter(dropped_at=None).select_related("organisation")
    left_out = [
        one
        for one in asked.prefetch_related(*ANSWERS)
        if (one.last_answer or not one.is_outside) and not any(is_about(one, row) for row in rows)
    ]
    return sorted(left_out, key=lambda one: not one.has_objected)


def notes_for_reviewer(version: "ResearchOutcome") -> list[dict[str, str]]:
    """Return a note for each co-owner the version names no longer; that one objected must not be lost with it."""
    return [_note(asked) for asked in left_out_of(version)]


def _note(asked: "CoOwnership") -> dict[str, str]:
    told: dict[str, Any] = {"name": asked.co_owner, "share": f"{asked.share.normalize():f}"}
    answer = asked.last_answer
    said = []
    if asked.has_objected:
        strong = _("%(name)s (%(share)s%%) objected and is no longer named as co-owner.") % told
        said.append(_("Ask the owner what this rests on, and return the version where nothing proves it."))
    elif answer is not None:
        strong = _("%(name)s (%(share)s%%) agreed and is no longer named as co-owner.") % told
    else:
        strong = _("%(name)s (%(share)s%%) was asked, has not answered and is no longer named as co-owner.") % told
    if asked.is_outside:
        said.append(_("It is not on the platform: tell it by letter when this version becomes public."))
    else:
        said.append(_("It is told when this version becomes public."))
    said += [answer_in_words(answer)] if answer is not None else []
    return note_on(asked, "stop" if asked.has_objected else "wait", strong, said)


def drop_unnamed_co_owners(outcome: "ResearchOutcome", revision: "Revision", *, at: datetime, by: Any) -> None:
    """Note which co-owners that were asked the version just published names no longer; each is told once.

    Who was asked about a later version is not among them: an older one may be confirmed while that is in review. The
    caller holds the outcome. What they answered stays to be read.
    """
    asked_before = outcome.co_ownerships.filter(dropped_at=None, revision__lte=revision.pk)
    dropped = list(asked_before.unnamed_in_public().select_for_update(of=("self",)))
    newest: dict[tuple[int | None, str], CoOwnership] = {}
    for asked in sorted(dropped, key=lambda one: (one.asked_at, one.pk)):
        asked.dropped_at = at
        asked.save(update_fields=["dropped_at"])
        if asked.last_answer or not asked.is_outside:  # who is only named, and wrote nothing, was never asked
            newest[asked.organisation_id, asked.name] = asked
    for (key, _name), asked in newest.items():
        facts: dict[str, Any] = {"co_owner": key, "co_ownership": asked.pk, "objected": asked.has_objected}
        journal.record(Kind.OUTCOME_CO_OWNER_DROPPED, outcome, by=by, **facts)
