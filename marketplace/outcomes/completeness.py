"""What a draft must hold before it is sent to review: sentences the author can act on, by field."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.core.choices import IPKind, ReadinessEvidence
from marketplace.core.identifiers import normalise, validate_patent
from marketplace.core.money import format_unrounded

if TYPE_CHECKING:
    from marketplace.outcomes.models import ResearchOutcome

SHORTEST_SUMMARY = 30  # characters
WHOLE = Decimal(100)
PATENT_DIGITS = {IPKind.INVENTION: "18", IPKind.UTILITY_MODEL: "29", IPKind.DESIGN: "3"}  # by the type digit
SOFTWARE_FORMAT = re.compile(r"^(?:软著登字第)?\d{4}SR\d{6,7}(?:号)?$", re.ASCII)
EVIDENCE_LEVEL = {evidence: level for level, evidence in enumerate(ReadinessEvidence.values, start=1)}

Problems = dict[str, list[Any]]


def missing_in(outcome: "ResearchOutcome") -> Problems:
    """Return {field: sentences} of what is missing or does not fit; empty when the draft is complete."""
    problems: Problems = defaultdict(list)
    _text(outcome, problems)
    _readiness(outcome, problems)
    _offer(outcome, problems)
    _rights(outcome, problems)
    _owners(outcome, problems)
    return dict(problems)


def _text(outcome: "ResearchOutcome", problems: Problems) -> None:
    length = len(outcome.summary.strip())
    if length < SHORTEST_SUMMARY:
        problems["summary"].append(
            _("Write at least %(least)s characters: what problem it solves, how, and for whom. Now %(length)s.")
            % {"least": SHORTEST_SUMMARY, "length": length}
        )
    if outcome.field is None:
        problems["field"].append(_("Choose the technical field."))
    if not outcome.inventors.all():
        problems["inventors"].append(_("Name at least one person who made it."))
    for inventor in outcome.inventors.all():
        if not any(map(str.isalpha, inventor.name)):
            problems["inventors"].append(_("“%(name)s” is not a person’s name.") % {"name": inventor.name})


def _readiness(outcome: "ResearchOutcome", problems: Problems) -> None:
    if outcome.trl is None:
        problems["trl"].append(_("Choose the highest level that was reached."))
        return
    if not outcome.trl_evidence:
        problems["trl_evidence"].append(_("Say what proves TRL %(level)s.") % {"level": outcome.trl})
        return
    proven = EVIDENCE_LEVEL[outcome.trl_evidence]
    if proven < outcome.trl:
        problems["trl_evidence"].append(
            _("“%(evidence)s” proves TRL %(proven)s at most. Name stronger evidence or choose TRL %(proven)s.")
            % {"evidence": outcome.get_trl_evidence_display(), "proven": proven}
        )


def _offer(outcome: "ResearchOutcome", problems: Problems) -> None:
    if not outcome.modes:
        problems["modes"].append(_("Choose at least one way in which it may be taken over."))
    low, high = outcome.price_low, outcome.price_high
    if low is None and high is None and not outcome.is_negotiable:
        problems["price_low"].append(_("Give a price range, or choose “negotiable”."))
    swapped = price_sentence(low, high)
    if swapped:
        problems["price_high"].append(swapped)


def price_sentence(low: int | None, high: int | None) -> str | None:
    """Return the sentence about a range whose upper limit is below the lower, or None."""
    if low is None or high is None or low <= high:
        return None
    language = get_language() or "zh-hans"
    return _("The upper limit %(high)s is below the lower %(low)s. Swapped?") % {
        "high": format_unrounded(high, language),
        "low": format_unrounded(low, language),
    }


def ip_sentence(kind: str, number: str) -> str | None:
    """Return what is wrong with the number of one right of this kind, or None.

    Technical secrets have no number; the type digit of a patent number has to fit the kind (ZC 0006-2003).
    """
    if kind == IPKind.SECRET:
        return None
    if not kind:
        return _("Choose the kind.")
    if not number.strip():
        return _("Give the number as the certificate has it.")
    if kind in PATENT_DIGITS:
        return _patent_sentence(kind, number)
    if kind == IPKind.SOFTWARE and not SOFTWARE_FORMAT.match(normalise(number)):
        return _("A software registration number looks like 2024SR0000003.")
    return None


def _patent_sentence(kind: str, number: str) -> str | None:
    try:
        validate_patent(number)
    except ValidationError as error:
        return str(error.messages[0])
    told = kind_of_patent(number)
    if told == kind:
        return None
    return _("By its number this is: %(kind)s. Correct the kind or the number.") % {"kind": told.label}


def kind_of_patent(number: str) -> IPKind:
    """Return the kind told by the type digit of a valid patent number, old (9 digits) or new (13)."""
    digits = re.sub(r"^(?:ZL|CN)", "", normalise(number)).replace(".", "")
    told = digits[4] if len(digits) == 13 else digits[2]
    return next(kind for kind, types in PATENT_DIGITS.items() if told in types)


def _rights(outcome: "ResearchOutcome", problems: Problems) -> None:
    if not outcome.ip_rights.all():
        problems["ip_rights"].append(_("Name at least one right it rests on; a technical secret counts."))
    for place, sentence in wrong_rights(outcome).items():
        problems["ip_rights"].append(right_sentence(place, sentence))


def right_sentence(place: int, sentence: str) -> str:
    """Return what is wrong with one right as the list of what is missing says it."""
    return _("Right %(place)s: %(sentence)s") % {"place": place, "sentence": sentence}


def wrong_rights(outcome: "ResearchOutcome") -> dict[int, str]:
    """Return what is wrong with which right, by its place in the list from 1 on."""
    wrong, seen = {}, set()
    for place, right in enumerate(outcome.ip_rights.all(), start=1):
        sentence = ip_sentence(right.kind, right.number)
        number = normalise(right.number).removeprefix("ZL").removeprefix("CN")
        if sentence is None and number and number in seen:
            sentence = _("This number stands here twice.")
        seen.add(number)
        if sentence:
            wrong[place] = sentence
    return wrong


def _owners(outcome: "ResearchOutcome", problems: Problems) -> None:
    """No rows mean that the owner holds everything.

    Joint results pass with the consent of all who hold them (促进科技成果转化法 Art. 40). Verified organisations of the
    platform are asked by it; of others the written consent is to be on file before, or was entered from their letter.
    """
    rows = list(outcome.co_owners.all())
    if not rows:
        return
    total = sum((row.share for row in rows), Decimal(0))
    if total != WHOLE:
        problems["co_owners"].append(share_sentence(total))
    twice = named_twice(row.name for row in rows) or _held_twice(rows)
    if twice:
        problems["co_owners"].append(twice_sentence(twice))
    for row in rows:
        if row.share <= 0:
            problems["co_owners"].append(_("“%(name)s” holds no share: enter one above 0 %%.") % {"name": row.name})
    if not any(row.organisation_id == outcome.owner_id for row in rows):
        problems["co_owners"].append(_("%(owner)s is missing among the holders.") % {"owner": outcome.owner})
    prefetch_related_objects([row for row in rows if not row.has_consented], "organisation")
    for row in rows:
        is_settled = row.organisation_id == outcome.owner_id or row.has_consented or _is_asked(row)
        if not is_settled and not _agreed_by_letter(outcome, row):
            problems["co_owners"].append(_("The consent of the co-owner “%(name)s” is missing.") % {"name": row.name})


def _is_asked(row: Any) -> bool:
    """Tell whether the platform asks a co-owner itself, once the draft is sent in."""
    return row.organisation is not None and row.organisation.is_verified


def _agreed_by_letter(outcome: "ResearchOutcome", row: Any) -> bool:
    """Tell whether a letter of who is only named agrees to this share and all these ways."""
    if outcome.pk is None:  # a row of a table that is being checked
        return False
    agreed = outcome.co_ownerships.filter(organisation=None, name=row.name, share=row.share, state="agreed")
    return row.organisation_id is None and bool(agreed.filter(modes__contains=outcome.modes).exists())


def _held_twice(rows: Iterable[Any]) -> str:
    """Return the second name under which one organisation stands among the holders, or ""."""
    seen = set()
    for row in rows:
        if row.organisation_id is not None and row.organisation_id in seen:
            return str(row.name)
        seen.add(row.organisation_id)
    return ""


def named_twice(names: Iterable[str]) -> str:
    """Return the first name that stands among the holders a second time, in whatever width and spacing, or ""."""
    seen = set()
    for name in names:
        plain = "".join(unicodedata.normalize("NFKC", name).casefold().split())
        if plain in seen:
            return name
        seen.add(plain)
    return ""


def twice_sentence(name: str) -> str:
    """Return the sentence about a holder named twice."""
    return _("“%(name)s” stands here twice: write its whole share in one line.") % {"name": name}


def share_sentence(total: Decimal) -> str:
    """Return the sentence about shares that do not sum to 100 %."""
    plain = f"{total.normalize():f}"
    gap = f"{abs(WHOLE - total).normalize():f}"
    if total < WHOLE:
        return _("The shares sum to %(total)s%%; %(gap)s%% are missing.") % {"total": plain, "gap": gap}
    return _("The shares sum to %(total)s%%; that is %(gap)s%% too much.") % {"total": plain, "gap": gap}
