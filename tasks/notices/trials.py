"""Who is told what about the pool and about trials."""

from collections.abc import Callable

from marketplace.core.journal import Entry, Kind
from marketplace.deals.models import Deal, Side
from marketplace.organisations.models import Role, User
from marketplace.organisations.roles import MemberRole
from marketplace.outcomes.models import ResearchOutcome
from marketplace.publicity.models import Publicity
from marketplace.trials.models import Trial
from marketplace.trials.party import Party
from marketplace.trials.pool import PoolEntry
from marketplace.trials.rules import OWNS, TRIES
from tasks.notices import Tell
from tasks.notices.deals import everybody_in, people_of

ROLES = {Party.OWNER: OWNS, Party.ENTERPRISE: TRIES}


def _trial(entry: Entry) -> Trial:
    return Trial.objects.with_parties().get(pk=entry.subject_id)


def _people(trial: Trial, *parties: Party, without: int | None = None) -> list[User]:
    """Return those who act for the parties, each once, without the one who did it."""
    found = {
        person.pk: person
        for party in parties
        for person in User.objects.active_in(trial.organisation(party), *ROLES[party]).distinct()
    }
    found.pop(without or 0, None)
    return list(found.values())


def to(kind: str, *parties: Party, **data: str) -> Callable[[Entry], list[Tell]]:
    """The parties named, without the actor; `data` maps names in the notice to names in the entry."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        trial = _trial(entry)
        told = {name: entry.data[source] for name, source in data.items()}
        people = _people(trial, *parties, without=entry.actor_id)
        return [Tell(people, kind, trial.get_absolute_url(), trial, told)]

    return whom_to_tell


def the_other(kind: str, **data: str) -> Callable[[Entry], list[Tell]]:
    """The party that did not act."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        trial = _trial(entry)
        other = Party.ENTERPRISE if entry.on_behalf_of_id == trial.outcome.owner_id else Party.OWNER
        told = {name: entry.data.get(source, "") for name, source in data.items()}
        return [Tell(_people(trial, other), kind, trial.get_absolute_url(), trial, told)]

    return whom_to_tell


def others_about_taker(entry: Entry) -> list[Tell]:
    """An outcome is converted: who tries it or deals over it hears that."""
    return _others_about(ResearchOutcome.objects.get(pk=entry.subject_id), entry)


def _others_about(outcome: ResearchOutcome, entry: Entry) -> list[Tell]:
    """Whoever tries an outcome or deals over it, but the one who has it now."""
    deals = Deal.objects.open().with_parties().select_related("broker__user").filter(outcome=outcome)
    trials = Trial.objects.under_way().with_parties().filter(outcome=outcome, holds_outcome=False)
    return [
        *(tell for deal in deals.exclude(state=Deal.State.PERFORMANCE) for tell in _about_overtaken(deal, entry)),
        *(
            Tell(_people(trial, Party.ENTERPRISE), "trial.overtaken", trial.get_absolute_url(), trial)
            for trial in trials.filter(deal=None)
        ),
    ]


def _about_overtaken(deal: Deal, entry: Entry) -> list[Tell]:
    """The seller knows to whom the outcome went, and is asked to end the deal with the other."""
    sellers = {person.pk for person in people_of(deal, Side.SELLER)}
    everybody = everybody_in(deal, entry)
    told = (
        ("deal.to_end", [person for person in everybody if person.pk in sellers]),
        ("deal.overtaken", [person for person in everybody if person.pk not in sellers]),
    )
    return [Tell(people, kind, deal.get_absolute_url(), deal) for kind, people in told]


def parties_about_conversion(entry: Entry) -> list[Tell]:
    """A paid contract is registered: both parties hear it; of a licence to one alone, others who wait for it too."""
    trial = _trial(entry)
    told = to("trial.converted", *Party)(entry)
    if not trial.holds_outcome or trial.outcome.state != ResearchOutcome.State.RESERVED:
        return told
    return [*told, *_others_about(trial.outcome, entry)]


def _officers_outside(*parties: int) -> list[User]:
    officers = User.objects.holding(Role.OFFICER)
    return [officer for officer in officers if not any(officer.acts_for(party) for party in parties)]


def parties_and_officers_about_dispute(entry: Entry) -> list[Tell]:
    """A breach is reported: the other party reads it, and officers resolve it."""
    trial = _trial(entry)
    officers = _officers_outside(trial.outcome.owner_id, trial.enterprise_id)
    return [
        *the_other("trial.disputed", until="until")(entry),
        Tell(officers, "trial.to_resolve", trial.get_absolute_url(), trial),
    ]


def whom_an_answer_concerns(entry: Entry) -> list[Tell]:
    """A breach is answered: who reported it reads that, and the officers who decide."""
    trial = _trial(entry)
    officers = _officers_outside(trial.outcome.owner_id, trial.enterprise_id)
    return [
        *the_other("trial.breach_answered")(entry),
        Tell(officers, "trial.to_resolve", trial.get_absolute_url(), trial),
    ]


def institute_about_policy(entry: Entry) -> list[Tell]:
    """A policy is entered: the institute hears that it may begin the trial, or that one took another's place."""
    trial = _trial(entry)
    kind = "trial.insured" if trial.state == Trial.State.INSURED else "trial.policy_replaced"
    return [Tell(_people(trial, Party.OWNER, without=entry.actor_id), kind, trial.get_absolute_url(), trial)]


def enterprise_about_extension(entry: Entry) -> list[Tell]:
    """More time is granted, until when; or refused."""
    kind = "trial.extension_granted" if entry.data["granted"] else "trial.extension_refused"
    return to(kind, Party.ENTERPRISE, ends="ends_on")(entry)


def parties_about_publicity(entry: Entry) -> list[Tell]:
    """An agreed price is published: both parties hear until when."""
    publicity = Publicity.objects.get(pk=entry.subject_id)
    if publicity.matter != Publicity.Matter.TRIAL_PRICE:
        return []
    trial = Trial.objects.with_parties().get(pk=publicity.subject_id)
    data = {"ends": publicity.ends_on.isoformat()}
    people = _people(trial, *Party)
    return [Tell(people, "trial.price_in_publicity", publicity.get_absolute_url(), trial, data)]


def _entry(entry: Entry) -> PoolEntry:
    return PoolEntry.objects.select_related("outcome__owner").get(pk=entry.subject_id)


def officers_to_check(entry: Entry) -> list[Tell]:
    """Terms wait for the district, where it checks them."""
    pooled = _entry(entry)
    if pooled.state != PoolEntry.State.CHECKING:
        return []
    officers = _officers_outside(pooled.outcome.owner_id)
    return [Tell(officers, "pool.to_check", pooled.get_absolute_url(), pooled)]


def managers_about_pool(kind: str) -> Callable[[Entry], list[Tell]]:
    """The managers of the institute, without the actor."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        pooled = _entry(entry)
        people = User.objects.active_in(pooled.outcome.owner, MemberRole.MANAGER).exclude(pk=entry.actor_id).distinct()
        return [Tell(people, kind, pooled.get_absolute_url(), pooled)]

    return whom_to_tell


TELLS = {
    Kind.POOL_ENTERED: officers_to_check,
    Kind.POOL_TERMS_CHANGED: officers_to_check,
    Kind.POOL_OPENED: managers_about_pool("pool.opened"),
    Kind.POOL_RETURNED: managers_about_pool("pool.returned"),
    Kind.TRIAL_REQUESTED: to("trial.requested", Party.OWNER),
    Kind.TRIAL_WITHDRAWN: to("trial.withdrawn", Party.OWNER),
    Kind.TRIAL_APPROVED: to("trial.approved", *Party, until="until"),
    Kind.TRIAL_REFUSED: to("trial.refused", Party.ENTERPRISE),
    Kind.TRIAL_SIGNED: to("trial.signed", *Party),
    Kind.TRIAL_STARTED: to("trial.started", *Party, ends="ends_on"),
    Kind.TRIAL_INSURED: institute_about_policy,
    Kind.TRIAL_MILESTONE_REACHED: the_other("trial.milestone_reached"),
    Kind.TRIAL_MILESTONE_TAKEN_OUT: the_other("trial.milestone_taken_out"),
    Kind.TRIAL_SUPPORTED: to("trial.supported", Party.ENTERPRISE, hours="hours"),
    Kind.TRIAL_SUPPORT_TAKEN_BACK: to("trial.support_taken_back", Party.ENTERPRISE, hours="hours"),
    Kind.TRIAL_OUTPUT_REPORTED: to("trial.output_reported", Party.OWNER, output_fen="output", due_fen="due"),
    Kind.TRIAL_OUTPUT_TAKEN_BACK: to("trial.output_taken_back", Party.OWNER, output_fen="output", due_fen="due"),
    Kind.TRIAL_EVALUATED: to("trial.evaluated", Party.OWNER),
    Kind.TRIAL_EXTENSION_ASKED: to("trial.extension_asked", Party.OWNER, days="days"),
    Kind.TRIAL_EXTENSION_ANSWERED: enterprise_about_extension,
    Kind.TRIAL_CONVERSION_CHOSEN: to("trial.conversion_chosen", Party.OWNER),
    Kind.TRIAL_PRICE_PROPOSED: the_other("trial.price_proposed", amount_fen="amount"),
    Kind.PUBLICITY_BEGUN: parties_about_publicity,
    Kind.TRIAL_PRICE_PUBLISHED: to("trial.price_published", *Party),
    Kind.TRIAL_PRICE_REOPENED: to("trial.price_reopened", *Party),
    Kind.TRIAL_CONVERTED: parties_about_conversion,
    Kind.OUTCOME_CONVERTED: others_about_taker,
    Kind.TRIAL_STOPPED: to("trial.stopped", *Party),
    Kind.TRIAL_CLOSED: to("trial.closed", *Party),
    Kind.TRIAL_DISPUTED: parties_and_officers_about_dispute,
    Kind.TRIAL_BREACH_ANSWERED: whom_an_answer_concerns,
    Kind.TRIAL_CALLED_OFF: the_other("trial.called_off"),
    Kind.TRIAL_RESOLVED: to("trial.resolved", *Party),
    Kind.TRIAL_REMINDED: to("trial.reminded", *Party, due="due"),
    Kind.TRIAL_EXPIRED: to("trial.expired", *Party),
    Kind.TRIAL_LAPSED: to("trial.lapsed", *Party),
}
