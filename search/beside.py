"""Two records side by side: field by field, with what both say and what only one says told apart."""

import difflib
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from marketplace.core.comparing import LONGEST_COMPARED
from marketplace.core.rules import why_not
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.comparing import PROSE
from marketplace.reviews.revised import Revised
from marketplace.reviews.rules import see_draft

# what can be put side by side, and in which states it is public no longer
MODELS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "outcome": (ResearchOutcome, (ResearchOutcome.State.WITHDRAWN,)),
    "need": (TechnologyNeed, ()),
}
NOT_COMPARED = {"file_codes"}  # the name of a confidential file is confidential too
SHORTEST = 2  # characters in a row; single ones in common say nothing


@dataclass(frozen=True)
class Stretch:
    """A stretch of one text that the other has too, or has not."""

    text: str
    is_common: bool
    ends_line: bool = False


@dataclass(frozen=True)
class Row:
    """One field of both versions."""

    label: Any
    left: list[Stretch]
    right: list[Stretch]

    @property
    def is_same(self) -> bool:
        return all(stretch.is_common for stretch in (*self.left, *self.right))


def version_for(user: Any, noun: str, key: str, *, is_newest: bool = False) -> Any:
    """Return a record as this person may read it: the newest version of their own, the public one of others.

    Who may read the draft of others gets it where nothing is public, or where the newest version is asked for.
    Raises Http404 for whoever may see neither.
    """
    model, withheld = MODELS[noun]
    seen = model.objects.visible_to(user).select_related(model.OWNER, "field__parent", "latest_revision")
    record = seen.filter(**{model.PUBLIC_ID: key}).first()
    if record is None:
        raise Http404(_("There is no such page, or you may not see it."))
    is_public = record.live and record.state not in withheld
    if user.acts_for(record.owning_organisation):
        return record.newest_version
    if (is_newest or not is_public) and why_not(see_draft, user, record) is None:
        return record.newest_version
    if is_public:
        return record
    raise Http404(_("There is no such page, or you may not see it."))


def rows(left: Revised, right: Revised) -> list[Row]:
    """Return every public field that one of the two fills. Both are of one noun."""
    other = {name: text for name, _label, text in right.told()}
    found = []
    for name, label, text in left.told():
        if name in left.CONFIDENTIAL or name in NOT_COMPARED or not (text or other[name]):
            continue
        split = sides if name in PROSE else line_sides
        found.append(Row(label, *split(text, other[name])))
    return found


def sides(left: str, right: str) -> tuple[list[Stretch], list[Stretch]]:
    """Return both texts in stretches, told apart character by character."""
    if max(len(left), len(right)) > LONGEST_COMPARED:
        return line_sides(left, right)
    first: list[Stretch] = []
    second: list[Stretch] = []
    for step, l_from, l_to, r_from, r_to in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        is_common = step == "equal" and (l_to - l_from >= SHORTEST or left == right)
        _add(first, left[l_from:l_to], is_common)
        _add(second, right[r_from:r_to], is_common)
    return first, second


def line_sides(left: str, right: str) -> tuple[list[Stretch], list[Stretch]]:
    """Return the lines of both texts; a line is common where the other has it as a whole, wherever it stands."""
    one, other = left.splitlines(), right.splitlines()
    return [Stretch(line, line in other, True) for line in one], [Stretch(line, line in one, True) for line in other]


def _add(stretches: list[Stretch], text: str, is_common: bool) -> None:
    """Append a stretch, or lengthen the last one of its kind."""
    if text and stretches and stretches[-1].is_common == is_common:
        stretches[-1] = Stretch(stretches[-1].text + text, is_common)
    elif text:
        stretches.append(Stretch(text, is_common))
