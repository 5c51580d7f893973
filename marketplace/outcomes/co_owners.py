"""The co-owners of one version: which of them are organisations of the platform, and where their consent stands.

Of whoever is only named the applicant says that written consent is on file, until a letter of theirs is entered.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.core.languages import paragraph
from marketplace.organisations.models import Organisation

if TYPE_CHECKING:
    from marketplace.outcomes.co_ownership import CoOwnerAnswer, CoOwnership
    from marketplace.outcomes.models import ResearchOutcome
    from marketplace.outcomes.parts import CoOwner

WIDE_BRACKETS = str.maketrans("()", "（）")
ANSWERS = ("answers__answered_by", "answers__entered_by")
TONES = {"agreed": "go", "objected": "stop", "waiting": "wait", "to_ask": "way", "on_file": "idle", "missing": "wait"}


def organisations_named(names: Iterable[str]) -> dict[str, Organisation]:
    """Return {name: the verified organisation of exactly that name}; one query.

    Width of letters and brackets apart. A name that two verified organisations bear names neither of them.
    """
    written = {name: _ways_to_write(name) for name in names if name.strip()}
    if not written:
        return {}
    found: dict[str, list[Organisation]] = {}
    for organisation in Organisation.objects.verified().filter(name__in=set().union(*written.values())):
        found.setdefault(organisation.name, []).append(organisation)
    alike = {name: [one for way in ways for one in found.get(way, ())] for name, ways in written.items()}
    return {name: organisations[0] for name, organisations in alike.items() if len(organisations) == 1}


def _ways_to_write(name: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", name).strip()
    return {name.strip(), plain, plain.translate(WIDE_BRACKETS)}


@dataclass(frozen=True)
class Standing:
    """Where one co-owner’s consent stands: `key` is one of TONES; `before` was answered before it was asked anew."""

    name: str
    share: Decimal
    key: str
    asked: "CoOwnership | None" = None
    answer: "CoOwnerAnswer | None" = None
    before: "CoOwnerAnswer | None" = None
    is_on_file: bool = False
    is_verified: bool = True

    @property
    def tone(self) -> str:
        return TONES[self.key]

    @property
    def words(self) -> str:
        """Return it in a few words, for a pill."""
        return {
            "agreed": _("agrees"),
            "objected": _("objects"),
            "waiting": _("not answered yet"),
            "to_ask": _("is asked when it is sent in"),
            "on_file": _("not on the platform"),
            "missing": _("not on the platform"),
        }[self.key]

    @property
    def heading(self) -> str:
        """Return name, share and words in one line."""
        told = {"name": self.name, "share": f"{self.share.normalize():f}", "standing": self.words}
        return _("%(name)s (%(share)s%%): %(standing)s.") % told

    @property
    def details(self) -> list[str]:
        """Return what stands beside it, a sentence each: who answered when and why, and what the applicant says."""
        told = [answer_in_words(self.answer)] if self.answer is not None else []
        if self.before is not None:
            before = {"answer": self.before.get_answer_display(), "said": answer_in_words(self.before)}
            told.append(_("Before it was asked anew: %(answer)s, %(said)s") % before)
        if not self.is_verified:
            told.append(_("This organisation is not verified now; its answer stops nothing."))
        if self.key != "agreed":
            told.append(
                _("The applicant says that written consent is on file.")
                if self.is_on_file
                else _("No written consent is on file.")
            )
        return told

    @property
    def stops(self) -> str:
        """Return why the version is not published while it stands so, or ""."""
        if self.key == "objected" and self.is_verified:
            reason = self.answer.reason if self.answer else ""
            return _("The co-owner %(name)s objects: %(reason)s") % {"name": self.name, "reason": reason}
        if self.key != "agreed" and not self.is_on_file:
            told = {"name": self.name}
            return _("The co-owner %(name)s has not agreed, and no written consent is on file.") % told
        return ""


def answer_in_words(answer: "CoOwnerAnswer") -> str:
    """Return who answered, when and, of an objection, why."""
    told = {
        "person": answer.who,
        "at": f"{timezone.localtime(answer.answered_at):%Y-%m-%d %H:%M}",
        "reason": answer.reason,
    }
    if answer.reason:
        return _("%(person)s, %(at)s: %(reason)s") % told
    return _("%(person)s, %(at)s.") % told


def standings_of(version: "ResearchOutcome") -> list[Standing]:
    """Return where the consent of each co-owner but the owner stands; no query where nobody else holds a share."""
    rows = [row for row in version.co_owners.all() if row.organisation_id != version.owner_id]
    if not rows:
        return []
    prefetch_related_objects(rows, "organisation")
    asked = _asked(version)
    return [_standing(row, [one for one in asked if is_about(one, row)]) for row in rows]


def is_about(asked: "CoOwnership", row: "CoOwner") -> bool:
    """Tell whether a record is about the holder of this row: the same organisation, or the same name without one."""
    if row.organisation_id is None:
        return asked.organisation_id is None and asked.name == row.name
    return asked.organisation_id == row.organisation_id


def _asked(version: "ResearchOutcome") -> list["CoOwnership"]:
    return list(version.co_ownerships.prefetch_related(*ANSWERS))


def _standing(row: "CoOwner", asked: list["CoOwnership"]) -> Standing:
    facts: dict[str, Any] = {"name": row.name, "share": row.share, "is_on_file": row.has_consented}
    verified = row.organisation is None or row.organisation.is_verified
    current = next((one for one in asked if one.share == row.share), None)
    answers = sorted((answer for one in asked for answer in one.answers.all()), key=lambda answer: -answer.pk)
    if current is None or current.state == current.State.WAITING:
        key = "to_ask" if current is None else "waiting"
        if row.organisation_id is None:
            key = "on_file" if row.has_consented else "missing"
        return Standing(key=key, asked=current, before=next(iter(answers), None), is_verified=verified, **facts)
    return Standing(key=current.state, asked=current, answer=current.last_answer, is_verified=verified, **facts)


def why_not_consented(version: "ResearchOutcome") -> str | None:
    """Return why a version may not become public for want of a co-owner's consent, or None."""
    return next((each.stops for each in standings_of(version) if each.stops), None)


def notes_for_reviewer(version: "ResearchOutcome") -> list[dict[str, str]]:
    """Return what a reviewer is told beside the shares: a note for each co-owner."""
    return [note_on(each.asked, each.tone, each.heading, each.details) for each in standings_of(version)]


def note_on(asked: "CoOwnership | None", tone: str, strong: str, said: list[str]) -> dict[str, str]:
    """Return a note beside the shares, with the way to what was asked where something was."""
    href = asked.get_absolute_url() if asked is not None else ""
    return {"field": "co_owners", "tone": tone, "strong": strong, "text": paragraph(said), "href": href}


def objection_to(outcome: "ResearchOutcome") -> str | None:
    """Return which co-owner objects to what is public, with the reason, or None. One query where nobody objects."""
    objecting = outcome.co_ownerships.objecting().select_related("organisation").first()
    if objecting is None:
        return None
    told = {"name": objecting.co_owner, "reason": objecting.last_answer.reason if objecting.last_answer else ""}
    return _("The co-owner %(name)s objects: %(reason)s") % told
