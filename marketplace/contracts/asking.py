"""The page that asks for what one verb of a contract needs, with the contract beside the form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from marketplace.contracts.models import TechnologyContract
from marketplace.core.one_form import Question, ask
from marketplace.core.refusals import Refused

PAGE = "marketplace/contracts/one_form.html"


def ask_beside(
    request: Any,
    form: forms.Form,
    act: Callable[..., Any],
    *,
    contract: TechnologyContract,
    words: dict[str, Any],
    back: str,
    obstacle: Refused | None = None,
    **context: Any,
) -> HttpResponse:
    """Ask as `ask` does; `words` are title, submit and done of a Question, `context` is shown beside the contract.

    With an `obstacle` nobody fills in the form: it is said at once. `sure` in the context is a question asked before
    the form is sent, `follows` are the sentences on the page and in that question.
    """
    if obstacle is not None and request.method != "POST":
        messages.error(request, str(obstacle))
        return redirect(back)
    question = Question(back=back, back_words=contract.code, **words)
    return ask(request, form, act, question, template=PAGE, contract=contract, **context)
