"""What is in publicity, for everybody; objections for whoever has an account; answers for whoever decides."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.core import clock
from marketplace.core.carrying_out import carry_out
from marketplace.core.files import files_of
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.core.working_days import declared_in_years_from, is_term_provisional
from marketplace.publicity import actions, rules
from marketplace.publicity.forms import AnswerForm, ExtensionForm, ObjectionForm, ReplyForm
from marketplace.publicity.models import Objection, Publicity, with_subjects
from marketplace.publicity.replies import has_replied, reply_to_objection

ON_A_PAGE = 20
OF_OBJECTIONS = ("publicity", "made_by", "organisation", "entered_by", "taken_back_by", "stands_as__publicity")
TONES = {"running": "wait", "ended": "done", "stopped": "stop"}
OBJECTION_TONES = {
    "made": "wait",
    "dismissed": "idle",
    "upheld": "stop",
    "lapsed": "idle",
    "taken_back": "idle",
    "withdrawn": "idle",
}


@require_safe
def publicity_list(request: HttpRequest) -> HttpResponse:
    """What is in publicity now, and what was."""
    over = Paginator(Publicity.objects.exclude(state=Publicity.State.RUNNING), ON_A_PAGE)
    page = over.get_page(request.GET.get("page"))
    page.object_list = with_subjects(page.object_list)
    running: list[Any] = with_subjects(Publicity.objects.running())
    declared = declared_in_years_from([one.begins_on for one in running])
    for one in running:
        one.is_provisional = is_term_provisional(one.begins_on, one.ends_on, declared=declared)
    context = {
        "running": running,
        "over": page,
        "tones": TONES,
    }
    return render(request, "marketplace/publicity/publicity_list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def publicity_detail(request: Any, code: str) -> HttpResponse:
    """One term of publicity; a post objects."""
    publicity = get_object_or_404(Publicity, code=code)
    if request.method != "POST":
        return _page(request, publicity)
    require(rules.make_objection, request.user, publicity)
    form = ObjectionForm(request.POST, request.FILES, publicity=publicity)
    if form.is_valid():
        try:
            actions.make_objection(publicity, by=request.user, organisation=request.organisation, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("Your objection is in. You read the answer on this page."))
            return redirect(publicity)
    return _page(request, Publicity.objects.get(pk=publicity.pk), form=form)


def _page(
    request: Any,
    publicity: Publicity,
    *,
    form: ObjectionForm | None = None,
    extension: ExtensionForm | None = None,
    bound: dict[str, forms.Form] | None = None,
) -> HttpResponse:
    """Show a term; `form` and `bound`, {code of the objection: form}, were not accepted."""
    objections = [
        one
        for one in publicity.objections.select_related(*OF_OBJECTIONS).prefetch_related("replies__organisation")
        if why_not(rules.read_objection, request.user, one) is None
    ]
    own = any(one.is_by(request.user) and one.withdrawn_at is None for one in objections)
    context = {
        "publicity": publicity,
        "subject": publicity.subject,
        "facts": publicity.facts_for(request.user),
        "afterword": getattr(publicity.subject, "publicity_afterword", ""),
        "opens": publicity.subject.publicity_opens_for(request.user),
        "tone": TONES[publicity.state],
        "objections": [_row(request, one, bound or {}) for one in objections],
        "count": publicity.objections.counted().count(),
        "takes_objections": publicity.takes_objections(clock.today()) and not own,
        "obstacle": why_not(rules.make_objection, request.user, publicity),
        "form": form or ObjectionForm(publicity=publicity),
        "extends": publicity.is_running and why_not(rules.extend_publicity, request.user, publicity) is None,
        "enters": publicity.is_running and why_not(rules.enter_objection, request.user, publicity) is None,
        "after_term": _after_term(publicity),
        "extension": extension or ExtensionForm(auto_id="id_extension_%s"),
    }
    return render(request, "marketplace/publicity/publicity_detail.html", context)


def _after_term(publicity: Publicity) -> str:
    """Return what a term waits for that is over and still runs: "letters" to be entered, or answers ("held")."""
    if not publicity.is_running or publicity.ends_on >= clock.today():
        return ""
    return "letters" if publicity.closes_on >= clock.today() else "held"


def _row(request: Any, objection: Objection, bound: dict[str, forms.Form]) -> dict[str, Any]:
    waits = objection.state == Objection.State.MADE and objection.publicity.is_running
    obstacle = why_not(rules.answer_objection, request.user, objection) if waits else None
    answers = waits and not objection.is_by(request.user) and objection.publicity.why_not_answer(request.user) is None
    return {
        "objection": objection,
        "tone": OBJECTION_TONES[objection.state],
        "is_whole": objection.opens_whole_to(request.user),
        "files": list(files_of(objection)) if objection.opens_whole_to(request.user) else [],
        "may_reply": waits and _may_reply(request, objection),
        "reply_form": bound.get(f"reply-{objection.code}") or ReplyForm(auto_id=f"id_reply_{objection.code}_%s"),
        "may_answer": waits and obstacle is None,
        "left_to_another": obstacle if answers else None,
        "may_take_back": objection.state == Objection.State.MADE
        and objection.is_on_paper
        and objection.publicity.is_running
        and why_not(rules.take_back_letter, request.user, objection) is None,
        "may_withdraw": objection.state == Objection.State.MADE
        and objection.publicity.is_running
        and why_not(rules.withdraw_objection, request.user, objection) is None,
        "stands_as": _stands_as(request, objection),
        "shows_reply": objection.is_on_paper and request.user.is_platform_staff,
        "form": bound.get(objection.code) or AnswerForm(auto_id=f"id_{objection.code}_%s"),
    }


def _may_reply(request: Any, objection: Objection) -> bool:
    if why_not(rules.reply_to_objection, request.user, objection) is not None:
        return False
    return any(not has_replied(objection, side) for side in objection.publicity.sides_of(request.user))


def _stands_as(request: Any, objection: Objection) -> Objection | None:
    """Return the entry under which a letter stands that was taken back here, if the reader may read that one."""
    other = objection.stands_as
    return other if other is not None and why_not(rules.read_objection, request.user, other) is None else None


@login_required
@require_POST
def publicity_extend(request: Any, code: str) -> HttpResponse:
    """A longer term, with the reason everybody reads."""
    publicity = get_object_or_404(Publicity, code=code)
    require(rules.extend_publicity, request.user, publicity)
    form = ExtensionForm(request.POST, auto_id="id_extension_%s")
    if form.is_valid():
        try:
            actions.extend_publicity(publicity, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The term is longer now."))
            return redirect(publicity)
    return _page(request, Publicity.objects.get(pk=publicity.pk), extension=form)


@login_required
@require_POST
def objection_withdraw(request: Any, code: str) -> HttpResponse:
    """Take an own objection back."""
    objection = get_object_or_404(Objection.objects.select_related("publicity"), code=code)
    done = _("Your objection is withdrawn. Until the end of the term you may make another.")
    carry_out(request, actions.withdraw_objection, objection, done=done)
    return redirect(objection.publicity)


@login_required
@require_POST
def objection_answer(request: Any, code: str) -> HttpResponse:
    """The decision on one objection."""
    objection = get_object_or_404(Objection.objects.select_related("publicity"), code=code)
    require(rules.answer_objection, request.user, objection)
    form = AnswerForm(request.POST, auto_id=f"id_{code}_%s")
    if form.is_valid():
        try:
            actions.answer_objection(objection, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The objection is answered."))
            return redirect(objection.publicity)
    return _page(request, Publicity.objects.get(pk=objection.publicity_id), bound={code: form})


@login_required
@require_POST
def objection_reply(request: Any, code: str) -> HttpResponse:
    """What one side says to an objection against it."""
    objection = get_object_or_404(Objection.objects.select_related("publicity"), code=code)
    require(rules.reply_to_objection, request.user, objection)
    form = ReplyForm(request.POST, auto_id=f"id_reply_{code}_%s")
    if form.is_valid():
        try:
            reply_to_objection(objection, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("Your reply is in. Those who answer the objection read it."))
            return redirect(objection.publicity)
    return _page(request, Publicity.objects.get(pk=objection.publicity_id), bound={f"reply-{code}": form})
