"""Pages of continuing hours."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.brokers.applications.forms import AnswerReasonForm
from marketplace.brokers.models import TechBroker
from marketplace.brokers.training import actions, rules
from marketplace.brokers.training.forms import TrainingForm
from marketplace.brokers.training.models import TrainingRecord
from marketplace.core.carrying_out import carry_out
from marketplace.core.files import files_of
from marketplace.core.one_form import Question, ask
from marketplace.core.rules import require, why_not

TONES = {"entered": "wait", "confirmed": "go", "declined": "stop"}


def _record(request: Any, code: str) -> TrainingRecord:
    found = TrainingRecord.objects.visible_to(request.user).select_related("broker")
    return get_object_or_404(found, code=code)


def _years(broker: TechBroker, records: list[TrainingRecord]) -> list[dict[str, Any]]:
    """Return the confirmed hours of each year beside what the scheme asks."""
    asked = broker.scheme.hours_per_year if broker.scheme is not None else None
    years = sorted({record.year for record in records}, reverse=True)
    confirmed = [record for record in records if record.state == TrainingRecord.State.CONFIRMED]
    return [
        {"year": year, "hours": sum(one.hours for one in confirmed if one.year == year), "asked": asked}
        for year in years
    ]


@login_required
def training_list(request: Any, code: str) -> HttpResponse:
    """The courses of one broker, by year."""
    broker = get_object_or_404(TechBroker.objects.visible_to(request.user).select_related("scheme"), code=code)
    require(rules.read_training, request.user, broker)
    records = list(broker.training.all()[:200])
    proof: dict[int, list[Any]] = {}
    for file in files_of(*records) if records else ():
        proof.setdefault(file.subject_id or 0, []).append(file)
    for record in records:
        record.broker = broker
    rows = [
        {
            "record": record,
            "tone": TONES[record.state],
            "files": proof.get(record.pk, []),
            "may_decide": record.state == "entered" and why_not(rules.confirm_training, request.user, record) is None,
        }
        for record in records
    ]
    may_enter = why_not(rules.enter_training, request.user, broker) is None
    context = {"broker": broker, "rows": rows, "years": _years(broker, records), "may_enter": may_enter}
    return render(request, "marketplace/brokers/training_list.html", context)


@login_required
def training_new(request: Any, code: str) -> HttpResponse:
    """Enter a course."""
    broker = get_object_or_404(TechBroker.objects.visible_to(request.user), code=code)
    require(rules.enter_training, request.user, broker)
    question = Question(
        title=_("Enter continuing hours"),
        submit=_("Enter the hours"),
        done=_("The hours are entered. They count once an officer has confirmed them."),
        back=broker.get_absolute_url(),
        back_words=broker.name,
    )
    form = TrainingForm(request.POST or None, request.FILES or None)
    return ask(request, form, partial(actions.enter_training, broker, by=request.user), question)


@login_required
@require_POST
def training_confirm(request: Any, code: str) -> HttpResponse:
    record = _record(request, code)
    require(rules.confirm_training, request.user, record)
    carry_out(request, actions.confirm_training, record, done=_("The hours count."))
    return redirect(record)


@login_required
def training_decline(request: Any, code: str) -> HttpResponse:
    """Do not count the hours of a course."""
    record = _record(request, code)
    require(rules.decline_training, request.user, record)
    question = Question(
        title=_("Do not count the hours"),
        submit=_("Do not count"),
        done=_("The hours are not counted; the broker is told."),
        back=record.get_absolute_url(),
        back_words=_("Continuing hours"),
        facts=[(_("Course"), record.course), (_("hours"), str(record.hours))],
        is_harsh=True,
    )
    form = AnswerReasonForm(request.POST or None, help_text=_("Shown to the broker and to the district."))
    return ask(request, form, partial(actions.decline_training, record, by=request.user), question)
