"""How papers of 瓯来拍 print amounts, times and what a frozen record names by a code."""

from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.auctions.ladder import read_instant
from marketplace.core.languages import is_english
from marketplace.core.money import format_exact


def amount(fen: int | None) -> str:
    """Return an exact amount, or a dash where there is none."""
    return "—" if fen is None else format_exact(fen, get_language() or "zh-hans")


def at(moment: datetime | str | None, precision: str = "minute") -> str:
    """Return an instant (of a row, or as the record writes it) by the district's clock: to the minute, second or ms."""
    if not moment:
        return "—"
    local = timezone.localtime(read_instant(moment) if isinstance(moment, str) else moment)
    day = f"{local:%Y-%m-%d %H:%M}"
    return {"minute": day, "second": f"{day}:{local:%S}"}.get(
        precision, f"{day}:{local:%S}.{local.microsecond // 1000:03d}"
    )


def span(first: date | str | None, last: date | str | None) -> str:
    """Return two days or instants as a range."""
    return _("%(first)s to %(last)s") % {"first": first or "—", "last": last or "—"}


def word(choices: type[TextChoices], value: str) -> str:
    """Return the word for a code, or the code where it is not known (any more)."""
    return str(choices(value).label) if value in choices.values else value


def titled(frozen: dict[str, Any], otherwise: str = "") -> str:
    """Return the frozen title in the reader's language."""
    title = str(frozen.get("title") or otherwise)
    return str(frozen.get("title_en") or title) if is_english() else title


def raises(ladder: list[dict[str, int]]) -> str:
    """Return the minimum raises, a band on each line."""
    lines = []
    for band in ladder:
        words = {"begins": amount(band["from"]), "step": amount(band["step"])}
        lines.append(_("from %(begins)s: %(step)s") % words if band["from"] else _("below: %(step)s") % words)
    return "\n".join(lines) if len(lines) > 1 else amount(ladder[0]["step"])
