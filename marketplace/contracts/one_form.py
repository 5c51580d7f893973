"""A page that asks for what one verb needs: the form, the verb, and where to go on."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from marketplace.contracts.models import TechnologyContract
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused

Words = dict[str, Any]


def one_form_page(
    request: Any,
    form: forms.Form,
    act: Callable[..., Any],
    *,
    contract: TechnologyContract,
    words: Words,
    back: str,
    **context: Any,
) -> HttpResponse:
    """Carry out `act(**what was typed)` and go back, or show the form with why not.

    `words` are title, submit and done; further context is shown beside the form.
    """
    if form.is_valid():
        try:
            act(**form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, words["done"])
            return redirect(back)
    shown = {"form": form, "contract": contract, "back": back, **words, **context}
    return render(request, "marketplace/contracts/one_form.html", shown)
