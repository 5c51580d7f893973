"""The particulars of an organisation: which there are, whether they are in order, and a mark of what was looked at."""

import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.core.identifiers import normalise, validate_uscc
from marketplace.core.refusals import Refused
from marketplace.organisations.models import Organisation

PROVEN = ("kind", "name", "uscc", "region")  # what verification looked at; figures count by the last
DESCRIBED = (
    "name_en",
    "address",
    "legal_representative",
    "contact",
    "phone",
    "introduction",
    "related_usccs",
)


class UsccTaken(Refused):
    message = _("%(organisation)s is already registered with this credit code. Ask to join it.")
    field = "uscc"


class RelatedToItself(Refused):
    message = _("This is the organisation's own credit code: name the others only.")
    field = "related_usccs"


def checked(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts with the credit code normalised. Raises ValidationError, KeyError for an unknown field."""
    unknown = set(facts) - set(PROVEN) - set(DESCRIBED)
    if unknown:
        raise KeyError(f"Organisations have no {sorted(unknown)}.")
    if "uscc" in facts:
        facts = facts | {"uscc": normalise(facts["uscc"])}
        validate_uscc(facts["uscc"])
    return facts


def refuse_taken(uscc: str, *, but: int | None = None) -> None:
    taken = Organisation.objects.filter(uscc=uscc).first()
    if taken is not None and taken.pk != but:
        raise UsccTaken(organisation=taken.name, code_of_other=taken.code)


def refuse_own_code(uscc: str, related: Collection[str]) -> None:
    if uscc in related:
        raise RelatedToItself()


def mark_of_facts(organisation: Organisation) -> str:
    """Return what the page of a decision sends back to say which particulars were looked at."""
    facts = {name: getattr(organisation, name) for name in (*PROVEN, *DESCRIBED)}
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]
