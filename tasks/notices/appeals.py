"""Who is told of an appeal against a default, and of its decision."""

from django.urls import reverse

from marketplace.auctions import rules
from marketplace.core.journal import Entry, Kind
from marketplace.core.rules import why_not
from marketplace.organisations.models import User
from marketplace.organisations.roles import Role
from tasks.notices import Tell
from tasks.notices.auctions import agents_of, in_earnest, lot_of


def who_may_decide(entry: Entry) -> list[Tell]:
    """The buyer appealed: organisers and officers hear of it, but not whoever declared the default."""
    lot = lot_of(entry)
    staff = {user.pk: user for role in (Role.ORGANISER, Role.OFFICER) for user in User.objects.holding(role)}
    deciding = [user for user in staff.values() if why_not(rules.decide_appeal, user, lot) is None]
    path = reverse("lot-manage", args=[lot.number])
    return [Tell(deciding, "appeal.to_decide", path, lot, {"lot": lot.number})]


def buyer_about_the_decision(entry: Entry) -> list[Tell]:
    """The appeal was decided: the buyer's agent reads why."""
    lot = lot_of(entry)
    if lot.leader is None:
        return []
    return [Tell(agents_of(lot.leader), "appeal.decided", lot.leader.get_absolute_url(), lot, {"lot": lot.number})]


TELLS = {
    Kind.DEFAULT_APPEALED: in_earnest(who_may_decide),
    Kind.DEFAULT_APPEAL_DECIDED: in_earnest(buyer_about_the_decision),
}
