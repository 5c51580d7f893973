"""公示 in the background: what has stood its term ends; what waited for it follows."""

from collections.abc import Iterable
from smtplib import SMTPRecipientsRefused

from marketplace.auctions.actions import end_result_publicity, rescind_objected_sale
from marketplace.auctions.models import Lot
from marketplace.brokers.leads.actions import overturn_lead, settle_lead
from marketplace.brokers.leads.models import Lead
from marketplace.contracts.sharing.approving import drop_objected_plan, enact_plan
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.core import clock
from marketplace.core.journal import Kind
from marketplace.deals.parts import PriceProposal
from marketplace.deals.publishing import end_agreed_price_publicity, send_back_objected_price
from marketplace.publicity.actions import end_publicity
from marketplace.publicity.models import Objection, Publicity
from marketplace.publicity.objector_mail import letter_to_objector
from marketplace.rewards.actions import drop_claim, publicise_claim
from marketplace.rewards.models import RewardClaim
from tasks.app import app
from tasks.models import Delivery


@app.task
def end_due_publicity() -> None:
    """End each term that is over and has no objection without an answer."""
    for publicity in Publicity.objects.due(clock.today()):
        end_publicity(publicity)


def follow_end_of_publicity(delivery: Delivery) -> None:
    """What stood its publicity goes on: the contract of a sale or price, a plan, a lead that stands, a reward."""
    subject = _subject_of(delivery)
    if isinstance(subject, Lot):
        end_result_publicity(subject, by=delivery.entry.actor)
    elif isinstance(subject, PriceProposal):
        end_agreed_price_publicity(subject, by=delivery.entry.actor)
    elif isinstance(subject, DistributionPlan):
        enact_plan(subject)
    elif isinstance(subject, Lead):
        settle_lead(subject)
    elif isinstance(subject, RewardClaim):
        publicise_claim(subject)


def follow_stop_of_publicity(delivery: Delivery) -> None:
    """An objection was upheld: the sale, plan or lead falls, the deal goes back to its price, the reward is refused.

    A publicity that fell with its record leads to nothing.
    """
    subject, by = _subject_of(delivery), delivery.entry.actor
    if by is None or not delivery.entry.data["upheld"]:
        return
    if isinstance(subject, Lot):
        rescind_objected_sale(subject, by=by)
    elif isinstance(subject, PriceProposal):
        send_back_objected_price(subject, by=by)
    elif isinstance(subject, DistributionPlan):
        drop_objected_plan(subject, by=by)
    elif isinstance(subject, Lead):
        overturn_lead(subject, by=by)
    elif isinstance(subject, RewardClaim):
        upheld = Objection.objects.filter(publicity=delivery.entry.subject_id, state=Objection.State.UPHELD)
        drop_claim(subject, by=by, reason=upheld.latest("answered_at").answer)


def mail_objectors(delivery: Delivery) -> None:
    """Mail whoever objected on paper and gave an address where their objection stands. May be repeated.

    An address that its server refuses for good is noted: staff read it beside the objection.
    """
    for objection in _on_paper(delivery):
        try:
            letter_to_objector(objection).send()
        except SMTPRecipientsRefused:
            Objection.objects.filter(pk=objection.pk).update(mail_refused_at=clock.now())


def _on_paper(delivery: Delivery) -> Iterable[Objection]:
    """Return the letters the entry is about that name an address, still in the state it tells of."""
    entry, State = delivery.entry, Objection.State
    found = Objection.objects.select_related("publicity").filter(mail_refused_at=None).exclude(reply_email="")
    if entry.kind == Kind.PUBLICITY_STOPPED:
        return found.filter(publicity=entry.subject_id, state=State.LAPSED)
    told = {
        Kind.OBJECTION_ENTERED: [State.MADE],
        Kind.OBJECTION_ANSWERED: [State.DISMISSED, State.UPHELD],
        Kind.OBJECTION_TAKEN_BACK: [State.TAKEN_BACK],
    }
    return found.filter(pk=entry.subject_id, state__in=told[Kind(entry.kind)])


def _subject_of(delivery: Delivery) -> Lot | PriceProposal | DistributionPlan | Lead | RewardClaim | None:
    publicity = Publicity.objects.get(pk=delivery.entry.subject_id)
    if publicity.matter == Publicity.Matter.SALE_RESULT:
        return Lot.objects.select_related("outcome__owner", "session").get(pk=publicity.subject_id)
    if publicity.matter == Publicity.Matter.AGREED_PRICE:
        return PriceProposal.objects.select_related("deal").get(pk=publicity.subject_id)
    if publicity.matter == Publicity.Matter.DISTRIBUTION:
        return DistributionPlan.objects.select_related("contract").get(pk=publicity.subject_id)
    if publicity.matter == Publicity.Matter.LEAD:
        return Lead.objects.with_records().get(pk=publicity.subject_id)
    if publicity.matter == Publicity.Matter.REWARD:
        return RewardClaim.objects.with_records().get(pk=publicity.subject_id)
    return None
