"""先用后转: whether an outcome is offered for trial first, in the words everybody reads and in those being drafted."""

from collections.abc import Callable

from django.db import transaction

from marketplace.core import journal
from marketplace.core.choices import TransferMode
from marketplace.core.journal import Kind
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


@transaction.atomic
def offer_trial(outcome: ResearchOutcome, *, by: User, organisation: Organisation) -> bool:
    """Add trial first to the modes of a published outcome and of its drafts; tell whether it was not offered yet.

    Called by auctions and trials, whose rules asked the owner. The newest versions say it too, so that publishing
    one of them does not take it back.
    """
    outcome.lock()
    if TransferMode.TRIAL_FIRST in outcome.modes:
        return False
    _rewrite(outcome, lambda modes: [*modes, TransferMode.TRIAL_FIRST.value])
    journal.record(Kind.OUTCOME_TRIAL_OFFERED, outcome, by=by, on_behalf_of=organisation)
    return True


@transaction.atomic
def withdraw_trial_offer(outcome: ResearchOutcome, *, by: User | None, organisation: Organisation | None) -> bool:
    """Take trial first from the modes of an outcome and of its drafts; tell whether it was offered.

    Called by trials, whose rule asked the owner. Nothing is done where trial first is the only way: an outcome
    without any way to take it over could not be published again.
    """
    outcome.lock()
    if TransferMode.TRIAL_FIRST not in outcome.modes or len(outcome.modes) == 1:
        return False
    _rewrite(outcome, lambda modes: [mode for mode in modes if mode != TransferMode.TRIAL_FIRST])
    journal.record(Kind.OUTCOME_TRIAL_WITHDRAWN, outcome, by=by, on_behalf_of=organisation)
    return True


def _rewrite(outcome: ResearchOutcome, change: Callable[[list[str]], list[str]]) -> None:
    """Change the modes in the row and in the newest versions; modes that say it already stay as they are."""
    outcome.modes = change(outcome.modes)
    outcome.save(update_fields=["modes"])
    newest = {revision.pk: revision for revision in (outcome.live_revision, outcome.latest_revision) if revision}
    for revision in newest.values():
        version = revision.as_object()
        changed = list(dict.fromkeys(change(version.modes)))
        if changed != version.modes:
            version.modes = changed
            revision.content = revision.content | {"modes": version.serializable_data()["modes"]}
            revision.save(update_fields=["content"])
