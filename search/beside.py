"""Two outcomes side by side: field by field, with what both say and what only one says told apart."""

import difflib
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from marketplace.core.comparing import LONGEST_COMPARED
from marketplace.core.rules import why_not
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.comparing import PROSE
from marketplace.reviews.rules import see_draft

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


def version_for(user: Any, number: str) -> ResearchOutcome:
    """Return an outcome as this person may read it: the newest version of their own, the public one of others.

    Raises Http404 for whoever may see neither.
    """
    seen = ResearchOutcome.objects.visible_to(user).select_related("owner", "field__parent", "latest_revision")
    outcome = seen.filter(number=number).first()
    if outcome is not None and user.acts_for(outcome.owner):
        return outcome.newest_version
    if outcome is not None and outcome.live and outcome.state != outcome.State.WITHDRAWN:
        return outcome
    if outcome is not None and why_not(see_draft, user, outcome) is None:
        return outcome.newest_version
    raise Http404(_("There is no such page, or you may not see it."))


def rows(left: ResearchOutcome, right: ResearchOutcome) -> list[Row]:
    """Return every public field that one of the two fills."""
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
