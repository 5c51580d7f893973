"""An evaluation is computed, again where records were put right, commented by the broker, and made final."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.models import TechBroker
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.keeping import require_in_order, require_not_rewritten
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.core.working_days import add_working_days
from marketplace.organisations.models import User
from marketplace.rewards.evaluation import rules
from marketplace.rewards.evaluation.dated import EvaluationRule
from marketplace.rewards.evaluation.figures import SATISFACTION, computed, points_of, score_of
from marketplace.rewards.evaluation.models import YearlyEvaluation
from marketplace.rewards.evaluation.open_years import latest_filing


class YearNotOver(Refused):
    message = _("The year %(year)s is not over, so it is not evaluated yet.")
    field = "year"


class EvaluationRuleMissing(Refused):
    message = _("No rule of evaluation held at the end of %(year)s. Officers enter it in the administration.")
    field = "year"


class FiledTooLate(Refused):
    message = _(
        "The broker was filed on %(filed)s, less than %(days)s days before the end of %(year)s, so that year is not "
        "evaluated. The platform itself set these days."
    )
    field = "year"


class FinalAlready(Refused):
    message = _("This evaluation is final.")
    field = "year"


class CommentClosed(Refused):
    message = _("Comments were taken once, until %(until)s.")


class CommentMissing(Refused):
    message = _("Write your comment.")
    field = "comment"


class StillOpen(Refused):
    message = _("The broker may comment until %(until)s. It becomes final after that day, or after the comment.")


class AnswerToCommentMissing(Refused):
    message = _("The broker commented. Give the answer.")
    field = "answer"


@transaction.atomic
def keep_evaluation_rule(*, by: User, rule: EvaluationRule) -> None:
    """Save a dated rule, new or changed. What was computed before keeps its points.

    Raises NotInOrder, HoldsAlready.
    """
    require(rules.keep_evaluation_rule, by)
    require_in_order(rule)
    require_not_rewritten(rule, lays_down=EvaluationRule.LAYS_DOWN)
    rule.save()
    journal.record(Kind.EVALUATION_RULE_CHANGED, rule, by=by, holds_from=rule.holds_from.isoformat())


@transaction.atomic
def evaluate_broker(broker: TechBroker, *, by: User, year: int) -> YearlyEvaluation:
    """Compute the figures of a year that is over, or compute them again before they are final; comments open anew.

    A comment spoke to figures that are gone: the journal keeps it, and the broker may speak to the new ones.
    Raises YearNotOver, EvaluationRuleMissing, FiledTooLate, FinalAlready.
    """
    broker.lock()
    now = clock.now()
    require(rules.evaluate_broker, by, broker)
    today = clock.today()
    if year >= today.year:
        raise YearNotOver(year=year)
    rule = EvaluationRule.objects.holding(today.replace(year=year, month=12, day=31))
    if rule is None:
        raise EvaluationRuleMissing(year=year)
    _require_time_enough(broker, year)
    found = YearlyEvaluation.objects.select_for_update().filter(broker=broker, year=year).first()
    evaluation = found or YearlyEvaluation(broker=broker, year=year)
    if evaluation.state == YearlyEvaluation.State.FINAL:
        raise FinalAlready()
    figures = _figures(broker, year, rule)
    evaluation.rule, evaluation.figures = rule, figures
    evaluation.score = score_of(
        {name: each["points"] for name, each in figures.items()}, unasked=_unasked(rule, figures)
    )
    evaluation.result = _result(evaluation.score, rule)
    evaluation.computed_at, evaluation.comment_until = now, add_working_days(today, rule.comment_days)
    facts: dict[str, Any] = {"year": year, "score": evaluation.score, "result": evaluation.result}
    if evaluation.comment:
        facts["comment_before"] = evaluation.comment
        evaluation.comment, evaluation.commented_at = "", None
    evaluation.save()
    journal.record(Kind.EVALUATION_COMPUTED, evaluation, by=by, **facts)
    return evaluation


def _require_time_enough(broker: TechBroker, year: int) -> None:
    """Refuse the year in whose last days the broker came into the register: it would judge nobody's work."""
    filed = timezone.localdate(broker.filed_at)
    if filed.year == year and broker.filed_at >= latest_filing(year):
        raise FiledTooLate(filed=filed.isoformat(), days=settings.EVALUATION_LEAST_DAYS, year=year)


def _figures(broker: TechBroker, year: int, rule: EvaluationRule) -> dict[str, dict[str, Any]]:
    """Return the figures the rule names, each with its points."""
    figures = {name: figure for name, figure in computed(broker, year).items() if rule.names(name)}
    for name, figure in figures.items():
        weight, full = getattr(rule, f"weight_{name}"), getattr(rule, f"full_{name}")
        figure["points"] = points_of(figure["value"], weight=weight, full=full)
    return figures


def _unasked(rule: EvaluationRule, figures: dict[str, dict[str, Any]]) -> int:
    """Return the weight of satisfaction where the rule names it and nobody gave a mark."""
    return rule.weight_satisfaction if SATISFACTION in figures and not figures[SATISFACTION]["records"] else 0


def _result(score: int, rule: EvaluationRule) -> str:
    if score >= rule.excellent_at * 100:
        return YearlyEvaluation.Result.EXCELLENT
    return (
        YearlyEvaluation.Result.QUALIFIED if score >= rule.qualified_at * 100 else YearlyEvaluation.Result.UNQUALIFIED
    )


@transaction.atomic
def comment_evaluation(evaluation: YearlyEvaluation, *, by: User, comment: str) -> None:
    """Say what the figures leave out, once, before they are final. Raises CommentClosed, CommentMissing."""
    evaluation.lock()
    now = clock.now()
    require(rules.comment_evaluation, by, evaluation)
    if not evaluation.takes_comment(clock.today()):
        raise CommentClosed(until=evaluation.comment_until.isoformat())
    if not comment.strip():
        raise CommentMissing()
    evaluation.comment, evaluation.commented_at = comment.strip()[:2000], now
    evaluation.save(update_fields=["comment", "commented_at"])
    journal.record(Kind.EVALUATION_COMMENTED, evaluation, by=by, year=evaluation.year)


@transaction.atomic
def finish_evaluation(evaluation: YearlyEvaluation, *, by: User, answer: str = "") -> None:
    """Make it final: after the term of comments, or once the comment is answered.

    Raises StillOpen, AnswerToCommentMissing, WrongState.
    """
    evaluation.lock()
    now = clock.now()
    require(rules.finish_evaluation, by, evaluation)
    evaluation.move_to(YearlyEvaluation.State.FINAL)
    if not evaluation.comment and clock.today() <= evaluation.comment_until:
        raise StillOpen(until=evaluation.comment_until.isoformat())
    if evaluation.comment and not answer.strip():
        raise AnswerToCommentMissing()
    evaluation.answer, evaluation.decided_at, evaluation.decided_by = answer.strip()[:2000], now, by
    evaluation.save(update_fields=["state", "answer", "decided_at", "decided_by"])
    journal.record(Kind.EVALUATION_FINISHED, evaluation, by=by, year=evaluation.year, result=evaluation.result)
