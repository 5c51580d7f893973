"""Who is told that a result is in publicity, of objections, and of their answers."""

from marketplace.auctions.models import Lot
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import Role, User
from marketplace.publicity.models import Objection, Publicity
from tasks.notices import Tell
from tasks.notices.auctions import agents_of, lot_of, publishers_of

ANSWERED_BY = {
    Publicity.Matter.SALE_RESULT: Role.ORGANISER,
    Publicity.Matter.LEAD: Role.OFFICER,
    Publicity.Matter.REWARD: Role.OFFICER,
}


def _parties(lot: Lot) -> list[User]:
    buyers = agents_of(lot.leader) if lot.leader is not None else []
    return [*publishers_of(lot), *buyers]


def parties_about_publicity(entry: Entry) -> list[Tell]:
    """The result is published: seller and buyer hear until when."""
    publicity = Publicity.objects.get(pk=entry.subject_id)
    if publicity.matter != Publicity.Matter.SALE_RESULT:
        return []  # of leads and rewards the broker is told with the decision that began the term
    lot = Lot.objects.select_related("outcome__owner", "leader__agent").get(pk=publicity.subject_id)
    data = {"lot": lot.number, "ends": publicity.ends_on.isoformat()}
    return [Tell(_parties(lot), "publicity.sale_begun", publicity.get_absolute_url(), data=data)]


def parties_about_the_end(entry: Entry) -> list[Tell]:
    """The publicity of a result ended without an upheld objection: the contract is next."""
    lot = lot_of(entry)
    return [Tell(_parties(lot), "publicity.sale_ended", lot.get_absolute_url(), data={"lot": lot.number})]


def _objection(entry: Entry) -> Objection:
    return Objection.objects.select_related("publicity", "made_by").get(pk=entry.subject_id)


def organisers_to_answer(entry: Entry) -> list[Tell]:
    """Somebody objected: who may answer hears of it."""
    objection = _objection(entry)
    publicity = objection.publicity
    answering = [
        user
        for user in User.objects.holding(ANSWERED_BY[Publicity.Matter(publicity.matter)])
        if publicity.why_not_answer(user) is None and user.pk != objection.made_by_id
    ]
    return [Tell(answering, "objection.to_answer", publicity.get_absolute_url(), publicity)]


def maker_about_the_answer(entry: Entry) -> list[Tell]:
    """The objection was decided: whoever made it reads why."""
    objection = _objection(entry)
    publicity = objection.publicity
    return [Tell([objection.made_by], "objection.answered", publicity.get_absolute_url(), publicity)]


TELLS = {
    Kind.PUBLICITY_BEGUN: parties_about_publicity,
    Kind.LOT_PUBLICISED: parties_about_the_end,
    Kind.OBJECTION_MADE: organisers_to_answer,
    Kind.OBJECTION_ANSWERED: maker_about_the_answer,
}
