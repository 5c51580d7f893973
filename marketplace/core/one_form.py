"""A page that asks for what one verb needs: the form, the verb, and where to go on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render

from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused

Words = Any


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the page says: title, button, word after it was done, facts beside the form and where it came from."""

    title: Words
    submit: Words
    done: Words
    back: str
    back_words: Words
    about: Words = ""
    facts: Sequence[tuple[Words, Words]] = ()
    is_harsh: bool = False


PAGE = "layouts/one_form.html"


def ask(
    request: Any,
    form: forms.BaseForm,
    act: Callable[..., Any],
    question: Question,
    *,
    template: str = PAGE,
    **beside: Any,
) -> HttpResponse:
    """Carry out `act(**what was typed)` and go back, or to the record it returned; else show why not.

    A noun with more to show beside the form has a `template` of its own, which gets `beside`.
    """
    if form.is_valid():
        try:
            made = act(**form.cleaned_data)
        except (Refused, PermissionDenied) as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, question.done)
            return redirect(made if hasattr(made, "get_absolute_url") else question.back)
    return render(request, template, {"form": form, "question": question, **beside})
