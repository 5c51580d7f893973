"""Who is told that a result is in publicity, of objections, and of their answers."""

from collections.abc import Iterable

from marketplace.auctions.models import Lot
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.core.journal import Entry, Kind
from marketplace.deals.models import Deal, Side
from marketplace.notices.models import Notice, NoticeQuerySet
from marketplace.organisations.models import Role, User
from marketplace.publicity.models import Objection, Publicity
from tasks.notices import Tell
from tasks.notices.auctions import agents_of, lot_of, publishers_of
from tasks.notices.deals import people_of

ANSWERED_BY = {
    Publicity.Matter.SALE_RESULT: Role.ORGANISER,
    Publicity.Matter.LEAD: Role.OFFICER,
    Publicity.Matter.REWARD: Role.OFFICER,
}


def _parties(lot: Lot) -> list[User]:
    buyers = agents_of(lot.leader) if lot.leader is not None else []
    return [*publishers_of(lot), *buyers]


def _of_price(publicity: Publicity) -> tuple[list[User], Deal]:
    """Return both sides of the deal whose price is published, and the deal."""
    deal = Deal.objects.with_parties().get(price_proposals=publicity.subject_id)
    return [person for side in Side for person in people_of(deal, side)], deal


def parties_about_publicity(entry: Entry) -> list[Tell]:
    """A result or a price is published: seller and buyer hear until when; of a plan, whom it pays."""
    publicity = Publicity.objects.get(pk=entry.subject_id)
    if publicity.matter == Publicity.Matter.DISTRIBUTION:
        return _payees_about_publicity(publicity)
    if publicity.matter == Publicity.Matter.AGREED_PRICE:
        people, deal = _of_price(publicity)
        data = {"ends": publicity.ends_on.isoformat()}
        return [Tell(people, "publicity.price_begun", publicity.get_absolute_url(), deal, data)]
    if publicity.matter != Publicity.Matter.SALE_RESULT:
        return []  # of leads and rewards the broker is told with the decision that began the term
    lot = Lot.objects.select_related("outcome__owner", "leader__agent").get(pk=publicity.subject_id)
    data = {"lot": lot.number, "ends": publicity.ends_on.isoformat()}
    return [Tell(_parties(lot), "publicity.sale_begun", publicity.get_absolute_url(), data=data)]


def _payees_about_publicity(publicity: Publicity) -> list[Tell]:
    plan = DistributionPlan.objects.select_related("contract__seller").get(pk=publicity.subject_id)
    people = User.objects.filter(pk__in=plan.shares.exclude(user=None).values("user"), is_active=True)
    data = {"ends": publicity.ends_on.isoformat()}
    return [Tell(people, "publicity.plan_begun", publicity.get_absolute_url(), plan, data=data)]


def parties_about_the_end(entry: Entry) -> list[Tell]:
    """The publicity of a result ended without an upheld objection: the contract is next."""
    lot = lot_of(entry)
    return [Tell(_parties(lot), "publicity.sale_ended", lot.get_absolute_url(), data={"lot": lot.number})]


def parties_about_a_price_that_stood(entry: Entry) -> list[Tell]:
    """An agreed price stood its publicity: the contract is next. Of a sale LOT_PUBLICISED tells."""
    publicity = Publicity.objects.get(pk=entry.subject_id)
    if publicity.matter != Publicity.Matter.AGREED_PRICE:
        return []
    people, deal = _of_price(publicity)
    return [Tell(people, "publicity.price_ended", deal.get_absolute_url(), deal)]


def parties_about_extension(entry: Entry) -> list[Tell]:
    """A term is longer: those who wait for its end hear until when."""
    publicity = Publicity.objects.get(pk=entry.subject_id)
    data, path = {"ends": publicity.ends_on.isoformat()}, publicity.get_absolute_url()
    if publicity.matter == Publicity.Matter.AGREED_PRICE:
        people, _deal = _of_price(publicity)
    elif publicity.matter == Publicity.Matter.SALE_RESULT:
        lot = Lot.objects.select_related("outcome__owner", "leader__agent").get(pk=publicity.subject_id)
        people = _parties(lot)
    else:
        return []
    return [Tell(people, "publicity.extended", path, publicity, data)]


def _objection(entry: Entry) -> Objection:
    return Objection.objects.select_related("publicity", "made_by", "entered_by").get(pk=entry.subject_id)


def _asked(publicity: Publicity) -> list[User]:
    """Return among whom those are who answer: organisers of a sale, managers and officers of a price or a plan."""
    if publicity.matter == Publicity.Matter.DISTRIBUTION:
        plan = DistributionPlan.objects.select_related("contract").get(pk=publicity.subject_id)
        return list(User.objects.managing(plan.contract.seller_id))
    if publicity.matter == Publicity.Matter.AGREED_PRICE:
        seller = Deal.objects.get(price_proposals=publicity.subject_id).seller_id
        people = {user.pk: user for user in (*User.objects.managing(seller), *User.objects.holding(Role.OFFICER))}
        return list(people.values())
    of_a_sale = publicity.matter == Publicity.Matter.SALE_RESULT
    return list(User.objects.holding(Role.ORGANISER if of_a_sale else Role.OFFICER))


def deciders_to_answer(entry: Entry) -> list[Tell]:
    """Somebody objected: who may answer hears of it."""
    objection = _objection(entry)
    publicity = objection.publicity
    answering = [
        user for user in _asked(publicity) if publicity.why_not_answer(user) is None and not objection.is_by(user)
    ]
    return [Tell(answering, "objection.to_answer", publicity.get_absolute_url(), publicity)]


def maker_about_the_answer(entry: Entry) -> list[Tell]:
    """The objection was decided: whoever made it reads why; of a letter, whoever entered it passes the answer on."""
    objection = _objection(entry)
    publicity = objection.publicity
    if objection.made_by is None:
        return _to_pass_on([objection], "objection.answered_on_paper", publicity)
    return [Tell([objection.made_by], "objection.answered", publicity.get_absolute_url(), publicity)]


def deciders_about_taking_back(entry: Entry) -> list[Tell]:
    """A letter was entered by mistake: who was asked to answer, and who entered it, hear that nothing is to answer."""
    objection = _objection(entry)
    publicity = objection.publicity
    answering = {user.pk: user for user in _asked(publicity) if publicity.why_not_answer(user) is None}
    if objection.entered_by is not None:
        answering[objection.entered_by.pk] = objection.entered_by
    return [Tell(answering.values(), "objection.taken_back", publicity.get_absolute_url(), publicity)]


def deciders_about_withdrawal(entry: Entry) -> list[Tell]:
    """An objection was withdrawn: who was asked to answer hears that nothing is to answer."""
    publicity = _objection(entry).publicity
    answering = [user for user in _asked(publicity) if publicity.why_not_answer(user) is None]
    return [Tell(answering, "objection.withdrawn", publicity.get_absolute_url(), publicity)]


def asked_to_answer(entry: Entry) -> NoticeQuerySet:
    """Return what asked for the answer to an objection."""
    entered = Entry.objects.about(_objection(entry)).filter(kind__in=[Kind.OBJECTION_MADE, Kind.OBJECTION_ENTERED])
    return Notice.objects.filter(kind="objection.to_answer", entry__in=entered)


def makers_about_the_stop(entry: Entry) -> list[Tell]:
    """A publicity was stopped: whoever objected to it and was not answered hears that no answer is needed."""
    publicity = Publicity.objects.get(pk=entry.subject_id)
    fallen = publicity.objections.filter(state=Objection.State.LAPSED).select_related("made_by", "entered_by")
    people = [one.made_by for one in fallen if one.made_by is not None and one.made_by.is_active]
    told = [Tell(people, "objection.lapsed", publicity.get_absolute_url(), publicity)]
    return [*told, *_to_pass_on(fallen, "objection.lapsed_on_paper", publicity)]


def _to_pass_on(objections: Iterable[Objection], kind: str, publicity: Publicity) -> list[Tell]:
    """Tell who entered letters what the objectors are to hear, where no mail reaches these."""
    unreached = [one for one in objections if not one.reply_email or one.mail_refused_at is not None]
    people = [one.entered_by for one in unreached if one.entered_by is not None]
    return [Tell(people, kind, publicity.get_absolute_url(), publicity)]


TELLS = {
    Kind.PUBLICITY_BEGUN: parties_about_publicity,
    Kind.PUBLICITY_EXTENDED: parties_about_extension,
    Kind.PUBLICITY_ENDED: parties_about_a_price_that_stood,
    Kind.PUBLICITY_STOPPED: makers_about_the_stop,
    Kind.LOT_PUBLICISED: parties_about_the_end,
    Kind.OBJECTION_MADE: deciders_to_answer,
    Kind.OBJECTION_ENTERED: deciders_to_answer,
    Kind.OBJECTION_ANSWERED: maker_about_the_answer,
    Kind.OBJECTION_TAKEN_BACK: deciders_about_taking_back,
    Kind.OBJECTION_WITHDRAWN: deciders_about_withdrawal,
}
SETTLES = {Kind.OBJECTION_TAKEN_BACK: asked_to_answer, Kind.OBJECTION_WITHDRAWN: asked_to_answer}
