"""One version of an outcome as its reader is told it: labels and texts, for comparison and review."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.core.choices import TransferMode
from marketplace.core.files import files_of
from marketplace.core.price_words import price_words

if TYPE_CHECKING:
    from marketplace.outcomes.models import ResearchOutcome

Told = list[tuple[str, Any, str]]


def mode_words(modes: list[str]) -> list[str]:
    """Return the names of transfer modes, in the order of the trade."""
    return [str(mode.label) for mode in TransferMode if mode in modes]


def told(outcome: "ResearchOutcome") -> Told:
    """Return (field, label, text) of everything a version says, the confidential part last."""
    label = {field.name: field.verbose_name for field in outcome._meta.fields}
    level = f"TRL {outcome.trl}" if outcome.trl else ""
    evidence = outcome.get_trl_evidence_display() if outcome.trl_evidence else ""
    price = price_words(outcome.price_low, outcome.price_high, is_negotiable=outcome.is_negotiable)
    owners = "\n".join(f"{row.name} {row.share.normalize():f}%" for row in outcome.co_owners.all())
    return [
        ("title", label["title"], outcome.title),
        ("title_en", label["title_en"], outcome.title_en),
        ("summary", label["summary"], outcome.summary),
        ("summary_en", label["summary_en"], outcome.summary_en),
        ("field", label["field"], str(outcome.field or "")),
        ("industries", _("industries"), "\n".join(str(each) for each in outcome.industries.all())),
        ("trl", label["trl"], level),
        ("trl_evidence", label["trl_evidence"], str(evidence)),
        ("modes", label["modes"], "\n".join(mode_words(outcome.modes))),
        ("price_low", _("price"), price),
        ("ip_rights", _("intellectual property"), "\n".join(_right(each) for each in outcome.ip_rights.all())),
        ("inventors", _("inventors"), "\n".join(each.name for each in outcome.inventors.all())),
        ("co_owners", _("co-owners and shares"), owners),
        ("file_codes", _("files"), "\n".join(_file_names(outcome))),
        ("confidential", label["confidential"], outcome.confidential),
    ]


def _file_names(outcome: "ResearchOutcome") -> list[str]:
    return [file.name for file in files_of(outcome) if file.code in outcome.file_codes] if outcome.file_codes else []


def _right(right: Any) -> str:
    return " ".join(part for part in (str(right.get_kind_display()), right.number, right.title) if part)
