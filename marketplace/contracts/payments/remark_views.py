"""Pages of remarks on payments: the buyer makes one, the seller's finance answers it."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from marketplace.contracts.asking import ask_beside
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments import remarking, rules
from marketplace.contracts.payments.forms import RemarkAnswerForm, RemarkForm
from marketplace.contracts.payments.models import Receipt, ReceiptRemark
from marketplace.core.rules import require


@login_required
def receipt_remark(request: Any, code: str) -> HttpResponse:
    """The buyer says that a payment as entered is not what it paid."""
    mine = TechnologyContract.objects.visible_to(request.user)
    found = Receipt.objects.select_related("contract__seller", "contract__buyer").filter(contract__in=mine)
    receipt = get_object_or_404(found, code=code)
    require(rules.remark_on_receipt, request.user, receipt.contract, organisation=request.organisation)
    words = {
        "title": _("This is not what we paid"),
        "submit": _("Send the remark"),
        "done": _("The remark stands beside the payment, and the seller's finance is told. No figure changes by it."),
    }
    act = partial(remarking.remark_on_receipt, receipt, by=request.user, organisation=request.organisation)
    beside: dict[str, Any] = {"receipt": receipt, "obstacle": remarking.why_not_remarked(receipt)}
    return _ask(request, RemarkForm(request.POST or None), act, words=words, receipt_of=receipt, **beside)


@login_required
def receipt_remark_answer(request: Any, code: str) -> HttpResponse:
    """The seller's finance answers a remark of the buyer."""
    mine = TechnologyContract.objects.visible_to(request.user)
    found = ReceiptRemark.objects.select_related("receipt__contract__seller").filter(receipt__contract__in=mine)
    remark = get_object_or_404(found, code=code)
    receipt = remark.receipt
    require(rules.answer_remark, request.user, receipt.contract, organisation=request.organisation)
    words = {
        "title": _("Answer the buyer’s remark"),
        "submit": _("Send the answer"),
        "done": _("The answer stands beside the payment, and the buyer's finance is told."),
    }
    act = partial(remarking.answer_remark, remark, by=request.user, organisation=request.organisation)
    form = RemarkAnswerForm(request.POST or None)
    return _ask(request, form, act, words=words, receipt_of=receipt, receipt=receipt, item=remark.text)


def _ask(
    request: Any, form: Any, act: Any, *, words: dict[str, Any], receipt_of: Receipt, **beside: Any
) -> HttpResponse:
    back = receipt_of.get_absolute_url()
    return ask_beside(request, form, act, contract=receipt_of.contract, words=words, back=back, **beside)
