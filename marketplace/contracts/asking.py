"""The page that asks for what one verb of a contract needs, with the contract beside the form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse

from marketplace.contracts.models import TechnologyContract
from marketplace.core.one_form import Question, ask

PAGE = "marketplace/contracts/one_form.html"


def ask_beside(
    request: Any,
    form: forms.Form,
    act: Callable[..., Any],
    *,
    contract: TechnologyContract,
    words: dict[str, Any],
    back: str,
    **context: Any,
) -> HttpResponse:
    """Ask as `ask` does; `words` are title, submit and done of a Question, `context` is shown beside the contract."""
    question = Question(back=back, back_words=contract.code, **words)
    return ask(request, form, act, question, template=PAGE, contract=contract, **context)
