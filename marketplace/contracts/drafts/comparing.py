"""Two versions of a draft, clause by clause, as their kept DOCX say them: what was signed is what is compared."""

from dataclasses import dataclass

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from marketplace.contracts.drafts.models import ContractDraft
from marketplace.core.comparing import Piece, differences
from marketplace.core.word import SIGNING


@dataclass(frozen=True)
class Clause:
    """One clause of the later version, or one it left out, with every change marked."""

    heading: str
    pieces: list[Piece]

    @property
    def is_changed(self) -> bool:
        return any(piece.tag for piece in self.pieces)


def clauses_of(draft: ContractDraft) -> dict[str, str]:
    """Return {heading: what stands below it} in the order of the paper; of a table a line for each row."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []  # above the first heading: title, name and number of the paper
    with draft.docx.content.open("rb") as content:
        for part in Document(content).iter_inner_content():
            if isinstance(part, Table):
                lines += ["　".join(cell.text for cell in row.cells) for row in part.rows]
            elif _is_heading(part):
                lines = found.setdefault(part.text.strip(), [])
            elif not part.text.endswith(SIGNING):
                lines.append(part.text)
    return {heading: "\n".join(said) for heading, said in found.items()}


def _is_heading(paragraph: Paragraph) -> bool:
    return bool(paragraph.runs) and bool(paragraph.runs[0].bold)


def compared(earlier: ContractDraft, later: ContractDraft) -> list[Clause]:
    """Return every clause of the later version with its changes, then those it left out."""
    before, after = clauses_of(earlier), clauses_of(later)
    gone = [heading for heading in before if heading not in after]
    return [
        Clause(heading, differences(before.get(heading, ""), after.get(heading, ""))) for heading in [*after, *gone]
    ]
