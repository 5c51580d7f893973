"""What one text says otherwise than another, as pieces that a page marks."""

import difflib
import re
from dataclasses import dataclass

LONGEST_COMPARED = 6000  # characters; longer texts are shown whole
# a number with its points and commas, a word in Latin letters, a line's end, or one sign: Chinese goes by the character
WORD = re.compile(r"\d+(?:[.,]\d+)*%?|[^\W\d_\u2e80-\u9fff\uf900-\ufaff]+|\s|.", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A stretch of text: kept (""), added ("ins") or taken out ("del")."""

    tag: str
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """Return one text in which everything taken out and added is marked, word by word, Chinese by the character.

    A number is a word: 80 that became 180 is another number, not an 80 with a 1 before it.
    """
    if max(len(before), len(after)) > LONGEST_COMPARED:
        return [Piece("del", before), Piece("ins", after)]
    old, new = WORD.findall(before), WORD.findall(after)
    pieces: list[Piece] = []
    for step, b_from, b_to, a_from, a_to in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            pieces.append(Piece("", "".join(new[a_from:a_to])))
            continue
        if b_to > b_from:
            pieces.append(Piece("del", "".join(old[b_from:b_to])))
        if a_to > a_from:
            pieces.append(Piece("ins", "".join(new[a_from:a_to])))
    return pieces


def side_by_side(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts as they are, what the other one lacks marked in each."""
    pieces = [each for each in differences(before, after) if each.text]
    return [each for each in pieces if each.tag != "ins"], [each for each in pieces if each.tag != "del"]
