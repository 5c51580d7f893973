"""What was asked, noted without who asked: the questions that find nothing show which synonyms are missing."""

import re

import structlog
from django.db import DatabaseError, transaction

from marketplace.core import clock
from search.models import SearchLog, plain

log = structlog.get_logger(__name__)

LONGEST = 100
LONGEST_TIME = 3_600_000  # ms
_JOINTS = re.compile(r"(?<=\d)[\s.()\-–—]+(?=\d)")
_PERSONAL = re.compile(
    r"\S@\S"  # e-mail
    r"|(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)"  # mobile phone
    r"|(?<!\d)0\d{9,11}(?!\d)"  # phone with its area code
    r"|(?<!\d)\d{17}[\dx](?!\w)|(?<!\d)\d{15,19}(?!\d)"  # identity card, bank card
    r"|(?<![a-z\d])[a-z]\d{8}(?!\d)"  # passports and permits
)


def note_search(kind: str, text: str, *, results: int, took_ms: float) -> None:
    """Note a question; one that may name a person is not noted. Never raises: a page does not fail for its log."""
    text = plain(text)
    if not text or is_personal(text):
        return
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    try:
        with transaction.atomic():
            SearchLog.objects.create(
                hour=hour,
                kind=kind,
                text=text[:LONGEST],
                results=results,
                is_empty=not results,
                took_ms=min(round(took_ms), LONGEST_TIME),
            )
    except DatabaseError:
        log.warning("a question could not be noted", exc_info=True)


def is_personal(text: str) -> bool:
    """Tell whether normalised text looks like a phone number, an e-mail address or the number of a card."""
    return bool(_PERSONAL.search(text) or _PERSONAL.search(_JOINTS.sub("", text)))
