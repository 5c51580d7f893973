"""The pages on which staff enter an objection that came on paper, and take back one entered by mistake."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from marketplace.core import clock
from marketplace.core.files import files_of
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.publicity import letters, rules, taking_back
from marketplace.publicity.letter_forms import ElsewhereForm, LetterForm, TakeBackForm
from marketplace.publicity.models import Objection, Publicity


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def objection_enter(request: Any, code: str) -> HttpResponse:
    """One letter: who signed it, when it came and what it says; perhaps instead of an entry made by mistake."""
    publicity = get_object_or_404(Publicity, code=code)
    require(rules.enter_objection, request.user, publicity)
    first = _first_entry(request)
    form = LetterForm(request.POST or None, request.FILES or None, publicity=publicity, instead_of=first)
    if form.is_valid():
        try:
            letters.enter_objection(publicity, by=request.user, instead_of=first, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
            first = _first_entry(request)  # the verb may have begun to take it back
        else:
            messages.success(request, _entered(first))
            return redirect(publicity)
    context = {
        "publicity": publicity,
        "form": form,
        "first": first,
        "pages": list(files_of(first)) if first is not None else [],
        "too_late": letters.why_too_late(publicity) or (first and taking_back.why_not_taken_back(first)),
    }
    return render(request, "marketplace/publicity/objection_enter.html", context)


def _first_entry(request: Any) -> Objection | None:
    """Return the entry by mistake that the address names, which this person may take back, if it names one."""
    code = request.GET.get("instead_of")
    return _entry(request, code) if code else None


def _entry(request: Any, code: str) -> Objection:
    objection = get_object_or_404(Objection.objects.select_related("publicity", "entered_by"), code=code)
    require(rules.take_back_letter, request.user, objection)
    return objection


def _entered(first: Objection | None) -> str:
    if first is None:
        return _("The objection is entered. It holds the end until it is answered.")
    if first.can_be_mailed:
        return _("The letter is entered anew and the first entry is taken back. The sender is mailed both numbers.")
    return _("The letter is entered anew and the first entry is taken back. Tell the sender by phone or letter.")


def _taken_back(objection: Objection) -> str:
    if objection.can_be_mailed:
        return _("The entry is taken back. The sender is told by mail.")
    return _("The entry is taken back. Tell the sender by phone or letter.")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def objection_take_back(request: Any, code: str) -> HttpResponse:
    """An entry made by mistake: take it back, or go and enter the letter rightly in its place."""
    objection = _entry(request, code)
    elsewhere = ElsewhereForm(request.GET or None, objection=objection, by=request.user)
    if request.method != "POST" and elsewhere.is_valid():
        path = reverse("objection-enter", args=[elsewhere.cleaned_data["to"]])
        return redirect(f"{path}?instead_of={objection.code}")
    form = TakeBackForm(request.POST or None, objection=objection, by=request.user)
    if form.is_valid():
        try:
            taking_back.take_back_letter(objection, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
            objection = _entry(request, code)
        else:
            messages.success(request, _taken_back(objection))
            return redirect(objection.publicity)
    context = {
        "objection": objection,
        "publicity": objection.publicity,
        "files": list(files_of(objection)),
        "form": form,
        "elsewhere": elsewhere,
        "obstacle": taking_back.why_not_taken_back(objection),
        "follows": _follows(objection),
    }
    return render(request, "marketplace/publicity/objection_take_back.html", context)


def _follows(objection: Objection) -> list[str]:
    """Return what follows when the entry is taken back, and is not entered anew."""
    publicity = objection.publicity
    told = [
        _("The entry counts no more. It stays to be read, with who took it back, when and why."),
        _("The sender is told by mail that the entry was in error.")
        if objection.can_be_mailed
        else _("No mail reaches the sender: tell them by phone or letter."),
        _("Those who were asked to answer are told that no answer is needed."),
    ]
    if publicity.closes_on < clock.today() and publicity.objections.unanswered().count() == 1:
        told.append(
            _("Nothing else holds this publicity: it ends within the hour, and then no letter is entered any more.")
        )
    return told
