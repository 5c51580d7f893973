"""Outcomes that several organisations hold, brought forward by the real actions only."""

from marketplace.outcomes.actions import submit_outcome
from marketplace.outcomes.co_owning import answer_co_ownership
from marketplace.outcomes.parts import CoOwner
from marketplace.reviews.drafts import save_draft
from tests.marketplace.outcomes.making import fresh, organisation, person


class Partner:
    """A verified enterprise that holds a share, with a publisher and a manager."""

    def __init__(self, **facts):
        self.organisation = organisation(**({"kind": "enterprise"} | facts))
        self.publisher = person(of=self.organisation, roles=["publisher"])
        self.manager = person(of=self.organisation, roles=["manager"])


def held_with(outcome, partner, share=40, *, on_file=False, by, modes=None):
    """Write into the draft that a partner holds a share; return the row."""
    version = fresh(outcome).newest_version
    version.co_owners = [
        CoOwner(organisation=outcome.owner, name=outcome.owner.name, share=100 - share),
        CoOwner(organisation=partner, name=partner.name, share=share, has_consented=on_file),
    ]
    version.modes = modes or version.modes
    save_draft(version, by=by)
    return fresh(outcome)


def sent_with(institute, partner, share=40, *, on_file=False, outcome=None, modes=None):
    """Send an outcome in that a partner co-owns; return the outcome."""
    draft = outcome or institute.draft()
    held = held_with(draft, partner.organisation, share, on_file=on_file, by=institute.publisher, modes=modes)
    submit_outcome(held, by=institute.publisher, declared=True)
    return fresh(held)


def asked_of(outcome, partner):
    """Return what the partner was asked last."""
    return outcome.co_ownerships.filter(organisation=partner.organisation).order_by("-pk").first()


def agree(outcome, partner, **more):
    answer_co_ownership(asked_of(outcome, partner), by=partner.publisher, answer="agreed", **more)


def objects(outcome, partner, reason="转让须先经我方董事会讨论", **more):
    answer_co_ownership(asked_of(outcome, partner), by=partner.publisher, answer="objected", reason=reason, **more)
