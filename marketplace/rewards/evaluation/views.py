"""Pages of evaluations."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from marketplace.brokers.models import TechBroker
from marketplace.core import clock
from marketplace.core.one_form import Question, ask
from marketplace.core.rules import require, why_not
from marketplace.organisations.roles import Role
from marketplace.rewards.evaluation import actions, rules
from marketplace.rewards.evaluation.figures import FIGURES, READ_WITH, SATISFACTION
from marketplace.rewards.evaluation.forms import CommentForm, FinishForm, YearForm
from marketplace.rewards.evaluation.models import YearlyEvaluation
from marketplace.rewards.evaluation.open_years import not_evaluated
from marketplace.rewards.satisfaction import BrokerMark

MOST = 200  # brokers offered for evaluation at once
TONES = {"excellent": "go", "qualified": "done", "unqualified": "stop"}


def _evaluation(request: Any, code: str) -> YearlyEvaluation:
    found = YearlyEvaluation.objects.visible_to(request.user).select_related("broker", "rule")
    return get_object_or_404(found, code=code)


@login_required
def evaluation_list(request: Any) -> HttpResponse:
    """The evaluations one may open, newest year first."""
    found = YearlyEvaluation.objects.visible_to(request.user).select_related("broker")
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    rows = [(one, one.score / 100, TONES[one.result]) for one in page]
    year, lacking = clock.today().year - 1, []
    if request.user.has_role(Role.OFFICER):
        lacking = list(not_evaluated(year, request.user)[:MOST])
    marks = BrokerMark.objects.filter(broker__user=request.user).select_related("deal__outcome").order_by("-given_at")
    context = {"page_obj": page, "rows": rows, "year": year, "lacking": lacking, "marks": marks[:MOST]}
    return render(request, "marketplace/rewards/evaluation_list.html", context)


def _figures(evaluation: YearlyEvaluation) -> list[dict[str, Any]]:
    """Return each figure with its points and the records it was computed from."""
    rows = []
    for name, (label, records, _adds) in FIGURES.items():
        if name not in evaluation.figures:  # not part of the rule, or of rules of that time
            continue
        figure = evaluation.figures[name]
        added = dict(figure["records"])
        behind = records(evaluation.broker, evaluation.year).model._default_manager.filter(pk__in=list(added))
        behind = behind.select_related(*READ_WITH.get(name, ())).order_by("pk") if added else ()
        shown = [(record, _address(record), added[record.pk]) for record in behind]
        rows.append(
            {
                "name": name,
                "label": label,
                "value": figure["value"],
                "mean": f"{figure['value'] / 100:.2f}" if name == SATISFACTION and added else "",
                "points": figure["points"] / 100,
                "weight": getattr(evaluation.rule, f"weight_{name}"),
                "full": getattr(evaluation.rule, f"full_{name}"),
                "unasked": name == SATISFACTION and not added,
                "records": shown,
            }
        )
    return rows


def _address(record: Any) -> str:
    subject = record if hasattr(record, "get_absolute_url") else record.deal
    return str(subject.get_absolute_url())


@login_required
def evaluation_detail(request: Any, code: str) -> HttpResponse:
    """One evaluation: each figure with the records behind it, the comment and its answer."""
    evaluation, user = _evaluation(request, code), request.user
    may_comment = why_not(rules.comment_evaluation, user, evaluation) is None
    context = {
        "evaluation": evaluation,
        "tone": TONES[evaluation.result],
        "score": evaluation.score / 100,
        "figures": _figures(evaluation),
        "reads_words": user.reads_everything,
        "may_comment": may_comment and evaluation.takes_comment(clock.today()),
        "may_finish": evaluation.state == "proposed" and why_not(rules.finish_evaluation, user, evaluation) is None,
    }
    return render(request, "marketplace/rewards/evaluation_detail.html", context)


@login_required
def broker_evaluate(request: Any, code: str) -> HttpResponse:
    """Compute the evaluation of a year, or compute it again."""
    broker = get_object_or_404(TechBroker.objects.visible_to(request.user), code=code)
    require(rules.evaluate_broker, request.user, broker)
    question = Question(
        title=_("Evaluate a year"),
        submit=_("Compute the evaluation"),
        done=_("The evaluation is computed from the records. The broker may comment."),
        back=broker.get_absolute_url(),
        back_words=broker.name,
    )
    form = YearForm(request.POST or None, initial={"year": clock.today().year - 1})
    return ask(request, form, partial(actions.evaluate_broker, broker, by=request.user), question)


@login_required
def evaluation_comment(request: Any, code: str) -> HttpResponse:
    """The broker says what the figures leave out."""
    evaluation = _evaluation(request, code)
    require(rules.comment_evaluation, request.user, evaluation)
    question = Question(
        title=_("Comment on the evaluation"),
        submit=_("Send the comment"),
        done=_("Your comment is with the officers, who answer it before the evaluation is final."),
        back=evaluation.get_absolute_url(),
        back_words=_("Evaluation"),
    )
    form = CommentForm(request.POST or None)
    return ask(request, form, partial(actions.comment_evaluation, evaluation, by=request.user), question)


@login_required
def evaluation_finish(request: Any, code: str) -> HttpResponse:
    """Make the evaluation final, with the answer to the comment."""
    evaluation = _evaluation(request, code)
    require(rules.finish_evaluation, request.user, evaluation)
    question = Question(
        title=_("Make the evaluation final"),
        submit=_("Make it final"),
        done=_("The evaluation is final."),
        back=evaluation.get_absolute_url(),
        back_words=_("Evaluation"),
        facts=[(_("Comment of the broker"), evaluation.comment)] if evaluation.comment else (),
    )
    form = FinishForm(request.POST if request.method == "POST" else None)
    return ask(request, form, partial(actions.finish_evaluation, evaluation, by=request.user), question)
