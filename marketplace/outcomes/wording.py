"""One version of an outcome as its reader is told it: labels and texts, for comparison and review."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace.core.choices import TransferMode
from marketplace.core.files import File, files_of
from marketplace.core.price_words import price_words

if TYPE_CHECKING:
    from marketplace.outcomes.models import ResearchOutcome

WHOLE = 100  # percent
Told = list[tuple[str, Any, str]]


class Purpose(models.TextChoices):
    """What a file of an outcome is for."""

    PICTURE = "picture", gettext_lazy("picture")
    EVIDENCE = "evidence", gettext_lazy("evidence of readiness")
    DOCUMENT = "document", pgettext_lazy("application", "document")


def mode_words(modes: list[str]) -> list[str]:
    """Return the names of transfer modes, in the order of the trade."""
    return [str(mode.label) for mode in TransferMode if mode in modes]


def told(outcome: "ResearchOutcome") -> Told:
    """Return (field, label, text) of everything a version says, the confidential part last."""
    label = {field.name: field.verbose_name for field in outcome._meta.fields}
    level = f"TRL {outcome.trl}" if outcome.trl else ""
    evidence = outcome.get_trl_evidence_display() if outcome.trl_evidence else ""
    price = price_words(outcome.price_low, outcome.price_high, is_negotiable=outcome.is_negotiable)
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
        ("co_owners", _("co-owners and shares"), _owners(outcome)),
        ("file_codes", _("files"), "\n".join(_file(file) for file in files_shown(outcome))),
        ("confidential", label["confidential"], outcome.confidential),
    ]


def files_shown(version: "ResearchOutcome") -> list[File]:
    """Return the files one version shows, in the order they were added."""
    return [file for file in files_of(version) if file.code in version.file_codes] if version.file_codes else []


def purpose_words(file: File) -> str:
    """Return what a file is there for."""
    return str(Purpose(file.purpose).label)


def files_for(version: "ResearchOutcome", user: Any) -> list[dict[str, Any]]:
    """Return the files of a version for components/files.html: what for, confidential or not, a link for who may."""
    return [
        {
            "kind": file.ending,
            "name": file.name,
            "href": reverse("file-download", args=[file.code]) if version.file_visible_to(user, file) else None,
            "state": _("confidential") if file.is_confidential else "",
            "size": f"{purpose_words(file)}, {filesizeformat(file.size)}",
            "at": file.added_at,
        }
        for file in files_shown(version)
    ]


def _file(file: File) -> str:
    told = [purpose_words(file), *([_("confidential")] if file.is_confidential else [])]
    return _("%(name)s (%(remark)s)") % {"name": file.name, "remark": _(", ").join(told)}


def _owners(outcome: "ResearchOutcome") -> str:
    """Return the holders with their shares. Without any row the owner holds everything; the form fills in that row."""
    rows = list(outcome.co_owners.all())
    if not rows or (len(rows) == 1 and rows[0].organisation_id == outcome.owner_id and rows[0].share == WHOLE):
        return f"{outcome.owner.name} {WHOLE}%"
    return "\n".join(_owner(outcome, row) for row in rows)


def _owner(outcome: "ResearchOutcome", row: Any) -> str:
    """Return a holder with the share and, of others than the owner, whether their consent is on file."""
    words = f"{row.name} {row.share.normalize():f}%"
    if row.organisation_id == outcome.owner_id:
        return words
    consent = _("written consent is missing") if row.organisation_id is None else _("asked on this platform")
    if row.has_consented:
        consent = _("written consent is on file")
    return _("%(name)s (%(remark)s)") % {"name": words, "remark": consent}


def _right(right: Any) -> str:
    return " ".join(part for part in (str(right.get_kind_display()), right.number, right.title) if part)
