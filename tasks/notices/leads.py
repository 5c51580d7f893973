"""Who is told what about leads and rewards."""

from collections.abc import Callable

from django.urls import reverse

from marketplace.brokers.leads.claims import rivals
from marketplace.brokers.leads.models import Lead
from marketplace.core.journal import Entry, Kind
from marketplace.deals.models import Deal, Side
from marketplace.organisations.models import User
from marketplace.organisations.roles import Role
from marketplace.publicity.models import Objection, Publicity
from marketplace.rewards.concern import why_not_decide
from marketplace.rewards.evaluation.models import YearlyEvaluation
from marketplace.rewards.models import RewardClaim
from tasks.notices import Tell
from tasks.notices.deals import people_of


def party_to_confirm(entry: Entry) -> list[Tell]:
    """A lead names the party: its managers confirm or decline."""
    lead = Lead.objects.with_records().get(pk=entry.subject_id)
    return [Tell(User.objects.managing(lead.party_id), "lead.to_confirm", lead.get_absolute_url(), lead)]


def _people_of(lead: Lead) -> list[User]:
    """Return who answers for a lead: its broker, and the managers of the party that confirmed it."""
    managing = [one for one in User.objects.managing(lead.party_id) if one.pk != lead.broker.user_id]
    return [*([lead.broker.user] if lead.broker.user else []), *managing]


def rivals_of_lead(entry: Entry) -> list[Tell]:
    """Whoever filed a lead on the same record hears of another: filed, confirmed until when, and what became of it.

    Each is led to the publicity where there is one, else to the own lead: nobody reads a rival's evidence.
    """
    lead = Lead.objects.with_records().get(pk=entry.subject_id)
    term, told = Publicity.objects.of(lead).first(), []
    for other in rivals(lead):
        people = [other.broker.user] if other.broker.user else []
        path = term.get_absolute_url() if term is not None else other.get_absolute_url()
        data = {"until": term.ends_on.isoformat()} if term is not None else {}
        told.append(Tell(people, f"{entry.kind}.rival", path, other.record, data))
    return told


def sides_about_objection(entry: Entry) -> list[Tell]:
    """Somebody objected to a lead, or was answered: broker and party hear of it; to a new one each replies once."""
    objection = Objection.objects.select_related("publicity").get(pk=entry.subject_id)
    publicity = objection.publicity
    if publicity.matter != Publicity.Matter.LEAD:
        return []
    lead = Lead.objects.with_records().select_related("broker__user").get(pk=publicity.subject_id)
    kind = "lead.objection_answered" if entry.kind == Kind.OBJECTION_ANSWERED else "lead.objected"
    return [Tell(_people_of(lead), kind, lead.get_absolute_url(), lead.record)]


def officers_about_reply(entry: Entry) -> list[Tell]:
    """A side replied to an objection: those who answer it read that first."""
    objection = Objection.objects.select_related("publicity").get(pk=entry.subject_id)
    publicity = objection.publicity
    answering = [one for one in User.objects.holding(Role.OFFICER) if publicity.why_not_answer(one) is None]
    return [Tell(answering, "objection.replied", publicity.get_absolute_url(), publicity)]


def party_of_lead(entry: Entry) -> list[Tell]:
    """The party hears that the lead it confirmed fell by an objection."""
    lead = Lead.objects.with_records().get(pk=entry.subject_id)
    return [Tell(User.objects.managing(lead.party_id), "lead.fell_for_party", lead.get_absolute_url(), lead.record)]


def together(*functions: Callable[[Entry], list[Tell]]) -> Callable[[Entry], list[Tell]]:
    return lambda entry: [tell for function in functions for tell in function(entry)]


def broker_of_lead(entry: Entry) -> list[Tell]:
    """The broker hears what became of the lead."""
    lead = Lead.objects.select_related("broker__user").get(pk=entry.subject_id)
    people = [lead.broker.user] if lead.broker.user else []
    return [Tell(people, entry.kind, lead.get_absolute_url(), lead)]


def officers(kind: str) -> Callable[[Entry], list[Tell]]:
    """A claim waits for officers whom it does not concern."""

    def told(entry: Entry) -> list[Tell]:
        claim = RewardClaim.objects.with_records().get(pk=entry.subject_id)
        people = [one for one in User.objects.holding(Role.OFFICER) if why_not_decide(one, claim) is None]
        if entry.kind == Kind.REWARD_PUBLICISED:
            people = [one for one in people if one.pk != claim.reviewed_by_id]
        return [Tell(people, kind, claim.get_absolute_url(), claim)]

    return told


def finance_to_pay(entry: Entry) -> list[Tell]:
    claim = RewardClaim.objects.get(pk=entry.subject_id)
    return [Tell(User.objects.holding(Role.FINANCE), "reward.to_pay", claim.get_absolute_url(), claim)]


def broker_of_claim(entry: Entry) -> list[Tell]:
    """The broker hears what became of the claim."""
    claim = RewardClaim.objects.select_related("broker__user").get(pk=entry.subject_id)
    people = [claim.broker.user] if claim.broker.user else []
    return [Tell(people, entry.kind, claim.get_absolute_url(), claim)]


def broker_of_evaluation(entry: Entry) -> list[Tell]:
    """The broker may comment on what was computed, and reads what became final."""
    evaluation = YearlyEvaluation.objects.select_related("broker__user").get(pk=entry.subject_id)
    people = [evaluation.broker.user] if evaluation.broker.user else []
    data = {"year": evaluation.year, "until_on": evaluation.comment_until.isoformat()}
    return [Tell(people, entry.kind, evaluation.get_absolute_url(), data=data)]


def officers_to_answer(entry: Entry) -> list[Tell]:
    evaluation = YearlyEvaluation.objects.select_related("broker").get(pk=entry.subject_id)
    return [Tell(User.objects.holding(Role.OFFICER), entry.kind, evaluation.get_absolute_url(), evaluation)]


def broker_of_finished_deal(entry: Entry) -> list[Tell]:
    """A deal is completed: its broker hears of it."""
    deal = Deal.objects.select_related("broker__user", "outcome").get(pk=entry.subject_id)
    if entry.data["to"] != Deal.State.DONE or deal.broker is None or deal.broker.user is None:
        return []
    return [Tell([deal.broker.user], "deal.done_for_broker", deal.get_absolute_url(), deal)]


def broker_of_mark(entry: Entry) -> list[Tell]:
    """A side gave its mark: the broker reads it among the own marks."""
    deal = Deal.objects.select_related("broker__user").get(pk=entry.subject_id)
    people = [deal.broker.user] if deal.broker is not None and deal.broker.user is not None else []
    return [Tell(people, "deal.broker_marked", reverse("evaluation-list"), deal)]


def parties_to_mark(entry: Entry) -> list[Tell]:
    """A deal is completed: both sides say how satisfied they are with its broker."""
    deal = Deal.objects.with_parties().get(pk=entry.subject_id)
    if entry.data["to"] != Deal.State.DONE or deal.broker is None:
        return []
    people = {person.pk: person for side in Side for person in people_of(deal, side)}
    people.pop(deal.broker.user_id or 0, None)
    path = reverse("broker-rate", args=[deal.code])
    return [Tell(list(people.values()), "deal.broker_to_mark", path, deal)]


TELLS = {
    Kind.DEAL_MOVED: together(parties_to_mark, broker_of_finished_deal),
    Kind.DEAL_BROKER_MARKED: broker_of_mark,
    Kind.EVALUATION_COMPUTED: broker_of_evaluation,
    Kind.EVALUATION_FINISHED: broker_of_evaluation,
    Kind.EVALUATION_COMMENTED: officers_to_answer,
    Kind.LEAD_FILED: together(party_to_confirm, rivals_of_lead),
    Kind.LEAD_CONFIRMED: together(broker_of_lead, rivals_of_lead),
    Kind.LEAD_DECLINED: broker_of_lead,
    Kind.LEAD_STANDS: together(broker_of_lead, rivals_of_lead),
    Kind.LEAD_TAKEN_BACK: together(broker_of_lead, rivals_of_lead),
    Kind.LEAD_OVERTURNED: together(broker_of_lead, party_of_lead, rivals_of_lead),
    Kind.OBJECTION_MADE: sides_about_objection,
    Kind.OBJECTION_ENTERED: sides_about_objection,
    Kind.OBJECTION_ANSWERED: sides_about_objection,
    Kind.OBJECTION_REPLIED: officers_about_reply,
    Kind.REWARD_CLAIMED: officers("reward.to_review"),
    Kind.REWARD_PUBLICISED: officers("reward.to_approve"),
    Kind.REWARD_APPROVED: finance_to_pay,
    Kind.REWARD_REVIEWED: broker_of_claim,
    Kind.REWARD_REFUSED: broker_of_claim,
    Kind.REWARD_PAID: broker_of_claim,
}
