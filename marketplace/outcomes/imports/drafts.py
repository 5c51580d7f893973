"""From a checked row to a draft, and back again while nobody has touched it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count
from wagtail.models import Revision

from marketplace.core.classifications import TechnicalField
from marketplace.core.languages import paragraph
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.co_owners import organisations_named
from marketplace.outcomes.completeness import missing_in
from marketplace.outcomes.drafting import new_draft
from marketplace.outcomes.imports.checking import Checked
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import CoOwner, Inventor, IPRight
from marketplace.reviews.drafts import discard

PLAIN = ("title", "summary", "trl", "trl_evidence", "modes", "price_low", "price_high", "is_negotiable",
         "confidential", "title_en", "summary_en", "field_id")  # fmt: skip
COLUMN_OF = {"trl_evidence": "evidence", "ip_rights": "ip", "co_owners": "owners", "price_low": "price"}


def draft_from_row(checked: Checked, *, owner: Organisation, by: User, number: str) -> ResearchOutcome:
    """Write the draft one good row describes, with its first revision. The caller holds the transaction."""
    values, parts = checked.values, _parts(checked, owner=owner)
    outcome = new_draft(owner=owner, by=by, number=number)
    outcome.import_row = checked.fingerprint
    for name in PLAIN:
        if name in values:
            setattr(outcome, name, values[name])
    _hold(outcome, {name: part for name, part in parts.items() if part})
    outcome.save()
    nothing = {name: part for name, part in parts.items() if not part}  # not held, the revision would ask for it
    _hold(outcome, nothing | {"industries": values.get("industries", [])})
    outcome.industries.commit()
    outcome.save_revision(clean=False)  # nobody's: who goes on writing makes a version of their own
    return outcome


def lacking(checked: Checked, *, owner: Organisation) -> dict[str, str]:
    """Return {column key: sentence} of what the draft of a good row will lack before it can be sent to review."""
    values = checked.values
    draft = ResearchOutcome(
        owner=owner, **{name: values[name] for name in PLAIN if name in values and name != "field_id"}
    )
    if "field_id" in values:
        draft.field = TechnicalField(pk=values["field_id"])  # that there is one is all that is asked
    _hold(draft, _parts(checked, owner=owner))
    return {COLUMN_OF.get(name, name): paragraph(found) for name, found in missing_in(draft).items()}


def _parts(checked: Checked, *, owner: Organisation) -> dict[str, list[Any]]:
    """Return {name of a relation: the rows of it that this one describes}."""
    values = checked.values
    co_owners = [
        CoOwner(name=name, share=Decimal(share), organisation=owner if name == owner.name else None)
        for name, share in values.get("owners", [])
    ]
    _know_holders(co_owners)
    return {
        "inventors": [Inventor(name=name) for name in values.get("inventors", [])],
        "ip_rights": [IPRight(kind=kind, number=number) for kind, number in values.get("ip_rights", [])],
        "co_owners": co_owners,
    }


def _know_holders(rows: list[CoOwner]) -> None:
    """Give the co-owners of a row their organisations, where the platform knows exactly one of that name."""
    found = organisations_named(row.name for row in rows if row.organisation is None)
    for row in rows:
        row.organisation = row.organisation or found.get(row.name)


def _hold(outcome: ResearchOutcome, parts: dict[str, list[Any]]) -> None:
    for name, part in parts.items():
        getattr(outcome, name).set(part)


def delete_untouched_drafts(keys: Iterable[int]) -> tuple[list[str], int]:
    """Delete the drafts that nobody wrote in since and that were never sent in; return (their numbers, how many stay).

    The caller holds the transaction: a draft somebody is saving or sending in is waited for.
    """
    taken = ResearchOutcome.objects.filter(pk__in=list(keys))
    drafts = list(taken.select_for_update().order_by("pk"))
    versions = dict(
        Revision.objects.filter(
            base_content_type=ResearchOutcome.get_base_content_type(), object_id__in=[str(each.pk) for each in drafts]
        )
        .order_by()
        .values_list("object_id")
        .annotate(Count("pk"))
    )
    sent_in = set(taken.filter(ResearchOutcome.sent_in()).values_list("pk", flat=True))
    untouched = [each for each in drafts if versions.get(str(each.pk)) == 1 and each.pk not in sent_in]
    discard(untouched)
    return [each.number for each in untouched], len(drafts) - len(untouched)
