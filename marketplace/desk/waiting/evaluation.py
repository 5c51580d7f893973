"""The yearly evaluation of brokers: officers compute and finish it, the broker comments; parties mark the broker."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.brokers.models import TechBroker
from marketplace.core.rules import why_not
from marketplace.deals.models import Deal, DealQuerySet, Side
from marketplace.deals.rules import ROLES
from marketplace.desk.piles import Pile
from marketplace.desk.rows import SHOWN, Reader, Row
from marketplace.organisations.roles import Role
from marketplace.rewards.evaluation import rules
from marketplace.rewards.evaluation.models import EvaluationQuerySet, YearlyEvaluation
from marketplace.rewards.evaluation.open_years import not_evaluated
from marketplace.rewards.rules import rate_broker
from marketplace.rewards.satisfaction import BrokerMark

ICON = "chart-bar"
ASKED_FOR = timedelta(days=90)  # after the end of a deal; the page stays open longer


def waiting(reader: Reader) -> list[Pile]:
    if reader.user.has_role(Role.OFFICER):
        return [_to_evaluate(reader), _to_finish(reader)]
    if reader.user.is_platform_staff:
        return []
    own = _open_to_comment(YearlyEvaluation.objects.filter(broker__user=reader.user), reader.today)
    return [Pile(own, lambda: [_comment(one) for one in own]), *_to_mark(reader)]


def _to_evaluate(reader: Reader) -> Pile:
    """Return one row for all brokers whose last year is not evaluated, once a rule held at its end."""
    year = reader.today.year - 1
    left = not_evaluated(year, reader.user)
    return Pile(left, lambda: [_evaluate(year, left.count())])


def _evaluate(year: int, count: int) -> Row:
    words = ngettext(
        "Evaluate the year %(year)s of %(count)s broker", "Evaluate the year %(year)s of %(count)s brokers", count
    )
    return Row(
        title=words % {"year": year, "count": count},
        url=reverse("evaluation-list"),
        act=_("Open the list"),
        icon=ICON,
        count=count,
    )


def _to_finish(reader: Reader) -> Pile:
    """Return the evaluations that were commented on, or whose term of comments is over."""
    proposed = YearlyEvaluation.objects.filter(state=YearlyEvaluation.State.PROPOSED)
    proposed = proposed.filter(~Q(comment="") | Q(comment_until__lt=reader.today))
    found = proposed.select_related("broker").order_by("comment_until", "pk")[: SHOWN * 2]
    may = lambda one: why_not(rules.finish_evaluation, reader.user, one) is None  # noqa: E731
    return Pile(proposed, lambda: [_finish(one) for one in found if may(one)])


def _finish(evaluation: YearlyEvaluation) -> Row:
    words = _("Answer the comment: evaluation of %(broker)s") if evaluation.comment else _("Make final: %(broker)s")
    return Row(
        title=words % {"broker": evaluation},
        about=(evaluation.get_result_display(),),
        url=evaluation.get_absolute_url(),
        act=_("Open"),
        icon=ICON,
        since=evaluation.commented_at or evaluation.computed_at,
    )


def evaluations_to_comment(broker: TechBroker, *, today: date) -> list[Row]:
    """Return the evaluations on which a broker may still comment; the broker's desk shows the same."""
    return [_comment(one) for one in _open_to_comment(YearlyEvaluation.objects.filter(broker=broker), today)]


def _open_to_comment(found: EvaluationQuerySet, today: date) -> EvaluationQuerySet:
    return found.filter(state=YearlyEvaluation.State.PROPOSED, comment="", comment_until__gte=today)


def _comment(evaluation: YearlyEvaluation) -> Row:
    return Row(
        title=_("Look at your evaluation of %(year)s; you may comment") % {"year": evaluation.year},
        about=(evaluation.get_result_display(),),
        url=evaluation.get_absolute_url(),
        act=_("Open"),
        icon=ICON,
        due=evaluation.comment_until,
    )


def _to_mark(reader: Reader) -> list[Pile]:
    """Return the completed deals whose broker a side of the reader has not marked yet."""
    sides = {Side.SELLER: reader.holds(*ROLES[Side.SELLER]), Side.BUYER: reader.holds(*ROLES[Side.BUYER])}
    if not any(sides.values()):
        return []
    own = Q(seller__in=sides[Side.SELLER]) | Q(buyer__in=sides[Side.BUYER])
    done = Deal.objects.filter(own, state=Deal.State.DONE, broker__isnull=False, ended_at__gte=reader.at - ASKED_FOR)
    return [Pile(done, lambda: _unmarked(reader, done, sides))]


def _unmarked(reader: Reader, done: DealQuerySet, sides: dict[Side, list[int]]) -> list[Row]:
    asked = Q(pk=None)
    for side, keys in sides.items():
        given = BrokerMark.objects.filter(deal=OuterRef("pk"), side=side)
        asked |= Q(**{f"{side}__in": keys}) & Q(~Exists(given))
    found = done.filter(asked).select_related("outcome", "broker", "seller", "buyer").order_by("ended_at")[:SHOWN]
    return [_mark(deal) for deal in found if _may_mark(reader, deal, sides)]


def _may_mark(reader: Reader, deal: Deal, sides: dict[Side, list[int]]) -> bool:
    mine = [deal.party(side) for side, keys in sides.items() if deal.party(side).pk in keys]
    return any(why_not(rate_broker, reader.user, deal, organisation=party) is None for party in mine)


def _mark(deal: Deal) -> Row:
    return Row(
        title=_("Say how satisfied you are with the broker of %(deal)s") % {"deal": deal.outcome.heading},
        about=(deal.broker.name if deal.broker else "",),
        url=reverse("broker-rate", args=[deal.code]),
        act=_("Give a mark"),
        icon="star",
        since=deal.ended_at,
    )
