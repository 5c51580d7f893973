"""先用后转: an outcome is offered for trial first, in the words everybody reads and in those being drafted."""

from django.db import transaction

from marketplace.core import journal
from marketplace.core.choices import TransferMode
from marketplace.core.journal import Kind
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


@transaction.atomic
def offer_trial(outcome: ResearchOutcome, *, by: User, organisation: Organisation) -> bool:
    """Add trial first to the modes of a published outcome and of its drafts; tell whether it was not offered yet.

    Called by auctions, whose rule asked the owner. The newest versions say it too, so that publishing one of them
    does not take it back.
    """
    outcome.lock()
    if TransferMode.TRIAL_FIRST in outcome.modes:
        return False
    outcome.modes = [*outcome.modes, TransferMode.TRIAL_FIRST.value]
    outcome.save(update_fields=["modes"])
    newest = {revision.pk: revision for revision in (outcome.live_revision, outcome.latest_revision) if revision}
    for revision in newest.values():
        version = revision.as_object()
        if TransferMode.TRIAL_FIRST not in version.modes:
            version.modes = [*version.modes, TransferMode.TRIAL_FIRST.value]
            revision.content = revision.content | {"modes": version.serializable_data()["modes"]}
            revision.save(update_fields=["content"])
    journal.record(Kind.OUTCOME_TRIAL_OFFERED, outcome, by=by, on_behalf_of=organisation)
    return True
