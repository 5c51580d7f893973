"""The files of an evaluation: documents and questions as JSON lines, judgements and runs as TREC writes them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

Judgements = dict[str, dict[str, int]]  # question → {document: how relevant}


class BadLines(ValueError):
    """Lines of a file that cannot be used; the message names each by its number."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        self.number = len(problems)
        shown = "\n".join(f"  {problem}" for problem in problems[:20])
        more = f"\n  … and {len(problems) - 20} more" if len(problems) > 20 else ""
        super().__init__(f"{path}: {len(problems)} line(s) cannot be used:\n{shown}{more}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One document or question; a question to search has no title."""

    id: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """Title and text, each on its line."""
        return "\n".join(part for part in (self.title, self.text) if part)


def read_entries(path: Path) -> tuple[list[Entry], BadLines | None]:
    """Read lines of {id, text} and perhaps {title}; other keys are ignored. Raises OSError.

    Lines that cannot be used are told beside the others, and do not keep them from being used.
    """
    entries: list[Entry] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            found = _entry(line)
            if isinstance(found, str):
                problems.append(f"line {number}: {found}")
            elif found.id in seen:
                problems.append(f"line {number}: the id {found.id!r} stands in line {seen[found.id]} already")
            else:
                seen[found.id] = number
                entries.append(found)
    return entries, BadLines(path, problems) if problems else None


def _entry(line: str) -> Entry | str:
    """Return what one line says, or what is wrong with it."""
    try:
        found = json.loads(line)
    except ValueError as error:
        return f"no JSON ({error})"
    if not isinstance(found, dict):
        return "an object {id, text} is wanted"
    identifier = found.get("id")
    if isinstance(identifier, int) and not isinstance(identifier, bool):
        identifier = str(identifier)
    if not isinstance(identifier, str) or not identifier or any(char.isspace() for char in identifier):
        return "id: a word without spaces is wanted"
    title, text = found.get("title") or "", found.get("text") or ""
    if not isinstance(title, str) or not isinstance(text, str):
        return "title and text: texts are wanted"
    if not {"title", "text"} & found.keys():
        return "neither title nor text"
    return Entry(identifier, title, text)


def read_judgements(path: Path) -> Judgements:
    """Read lines of `question 0 document relevance`. Raises BadLines, OSError."""
    found: Judgements = {}
    problems: list[str] = []
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            parts = line.split()
            if not parts:
                continue
            if len(parts) != 4 or not parts[3].lstrip("-").isdecimal():
                problems.append(f"line {number}: `question 0 document relevance` is wanted")
                continue
            found.setdefault(parts[0], {})[parts[2]] = max(0, int(parts[3]))
    if problems:
        raise BadLines(path, problems)
    return found


def write_run(out: TextIO, question: str, ranked: Iterable[tuple[str, float]], tag: str) -> None:
    """Write the lines of one question: `question Q0 document rank score tag`."""
    for rank, (document, score) in enumerate(ranked, start=1):
        out.write(f"{question} Q0 {document} {rank} {score:.6f} {tag}\n")
