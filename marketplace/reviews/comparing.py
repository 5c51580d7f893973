"""What a new version says otherwise than the public one, or than the one that was returned."""

import dataclasses
import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketplace.core.comparing import Piece, differences

if TYPE_CHECKING:
    from marketplace.reviews.revised import Revised

PROSE = {"title", "title_en", "summary", "summary_en", "problem", "problem_en", "confidential"}


@dataclass(frozen=True)
class Change:
    """One field of a version: what it says, and what the version before says where that differs."""

    field: str
    label: Any
    after: str
    before: str = ""
    pieces: list[Piece] = dataclasses.field(default_factory=list)
    is_changed: bool = False
    is_confidential: bool = False


def changes(record: "Revised", version: "Revised", *, earlier: "Revised | None" = None) -> list[Change]:
    """Return every field `version` fills, with the differences from `earlier`, else from what is or was public last."""
    base = earlier or (record if record.was_public else None)
    before = {name: text for name, _label, text in base.told()} if base is not None else None
    found = []
    for name, label, after in version.told():
        said = (before or {}).get(name, "")
        if not after and not said:
            continue
        is_changed = before is not None and said != after
        compare = differences if name in PROSE else line_differences
        pieces = compare(said, after) if is_changed else [Piece("", after)]
        found.append(Change(name, label, after, said, pieces, is_changed, name in record.CONFIDENTIAL))
    return found


def line_differences(before: str, after: str) -> list[Piece]:
    """Return the lines of both, marked as wholes: amounts and numbers are not compared digit by digit."""
    pieces: list[Piece] = []
    old, new = before.splitlines(), after.splitlines()
    for step, b_from, b_to, a_from, a_to in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            pieces += [Piece("", line) for line in new[a_from:a_to]]
        else:
            pieces += [Piece("del", line) for line in old[b_from:b_to]]
            pieces += [Piece("ins", line) for line in new[a_from:a_to]]
    return [part for place, piece in enumerate(pieces) for part in ([Piece("", "\n"), piece] if place else [piece])]
