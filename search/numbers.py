"""Numbers of records as people type them: without hyphens, in full width or in small letters."""

import re

from marketplace.core.identifiers import PATENT_FORMAT, normalise, normalise_patent

_OWN = re.compile(r"(?P<series>CG|OH)(?P<year>20\d{2})(?P<rest>\d{2,6})", re.ASCII)  # CG-2026-0042, OH-2026-18
_PATENT = re.compile(rf"(?=ZL|CN){PATENT_FORMAT.pattern}", re.ASCII)


def as_written(text: str) -> str:
    """Return the number as its record bears it, where the whole question is one, or ""."""
    code = normalise(text)
    if own := _OWN.fullmatch(code):
        return "-".join(own.groups())
    return normalise_patent(code) if _PATENT.match(code) else ""
