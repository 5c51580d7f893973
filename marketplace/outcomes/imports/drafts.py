"""From a checked row to a draft, and back again while nobody has touched it."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Count
from wagtail.models import Revision

from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.drafting import new_draft
from marketplace.outcomes.imports.checking import Checked
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import CoOwner, Inventor, IPRight
from marketplace.reviews.drafts import discard

PLAIN = ("title", "summary", "trl", "trl_evidence", "modes", "price_low", "price_high", "is_negotiable",
         "confidential", "title_en", "summary_en", "field_id")  # fmt: skip


def draft_from_row(checked: Checked, *, owner: Organisation, by: User) -> ResearchOutcome:
    """Write the draft one good row describes, with its first revision. The caller holds the transaction."""
    values = checked.values
    outcome = new_draft(owner=owner, by=by)
    outcome.import_row = checked.fingerprint
    for name in PLAIN:
        if name in values:
            setattr(outcome, name, values[name])
    outcome.save()
    outcome.industries = values.get("industries", [])
    outcome.inventors.set([Inventor(name=name) for name in values.get("inventors", [])])
    outcome.ip_rights.set([IPRight(kind=kind, number=number) for kind, number in values.get("ip_rights", [])])
    outcome.co_owners.set(
        [
            CoOwner(name=name, share=Decimal(share), organisation=owner if name == owner.name else None)
            for name, share in values.get("owners", [])
        ]
    )
    outcome.save()
    outcome.save_revision(clean=False)  # nobody's: who goes on writing makes a version of their own
    return outcome


def delete_untouched_drafts(keys: Iterable[int]) -> tuple[list[str], int]:
    """Delete the drafts that nobody wrote in since and that were never sent in; return (their numbers, how many stay).

    The caller holds the transaction: a draft somebody is saving or sending in is waited for.
    """
    drafts = list(ResearchOutcome.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk"))
    versions = dict(
        Revision.objects.filter(
            base_content_type=ResearchOutcome.get_base_content_type(), object_id__in=[str(each.pk) for each in drafts]
        )
        .order_by()
        .values_list("object_id")
        .annotate(Count("pk"))
    )
    untouched = [each for each in drafts if versions.get(str(each.pk)) == 1 and not each.was_sent_in]
    discard(untouched)
    return [each.number for each in untouched], len(drafts) - len(untouched)
