"""Pages of what happens after a registration: change, cancellation, revocation, objection."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.contracts import amending, changing, ending, later_forms, objecting, rules
from marketplace.contracts.aftermath import after_cancelling, after_granting, after_revoking
from marketplace.contracts.asked import what_is_asked
from marketplace.contracts.asking import ask_beside
from marketplace.contracts.correcting import correct_line_item, counted_items
from marketplace.contracts.deciding import State, decision_page, take_step
from marketplace.contracts.decision_forms import RefusalForm
from marketplace.contracts.forms import ItemFormSet
from marketplace.contracts.payments.lowering import would_overplan
from marketplace.contracts.payments.models import planned_of, received_of
from marketplace.contracts.refusals import NoChangeAwaits
from marketplace.contracts.views import find_contract
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require


@login_required
def contract_request_change(request: Any, code: str) -> HttpResponse:
    """Ask for other amounts or another validity: the lines begin with what stands in the register."""
    contract = find_contract(request, code)
    require(rules.request_contract_change, request.user, contract)
    stands = {"begins_on": contract.begins_on, "ends_on": contract.ends_on}
    form = later_forms.ChangeForm(request.POST or None, request.FILES or None, initial=stands)
    lines = ItemFormSet(request.POST or None, prefix="items", initial=[vars(item) for item in counted_items(contract)])
    if form.is_bound and form.is_valid() & lines.is_valid():
        try:
            change = changing.request_contract_change(
                contract, by=request.user, items=lines.items(), **form.cleaned_data
            )
        except Refused as refusal:
            if refusal.field == lines.prefix:
                lines.take(refusal)
            else:
                put_beside(form, refusal)
        else:
            messages.success(request, what_is_asked(change))
            if too_large := would_overplan(contract, change.total_after):
                messages.warning(request, too_large)
            return redirect(contract)
    context = {"form": form, "lines": lines, "contract": contract, "amounts": lines.amounts()}
    context |= {"received": received_of(contract), "planned": planned_of(contract)}
    return render(request, "marketplace/contracts/change_request.html", context)


@login_required
def contract_answer_change(request: Any, code: str) -> HttpResponse:
    """The buyer agrees to a change the seller asks for, or declines it."""
    contract = find_contract(request, code)
    require(rules.answer_contract_change, request.user, contract)
    change = changing.awaiting_change(contract)
    if change is None and request.method != "POST":
        messages.error(request, str(NoChangeAwaits()))
        return redirect(contract)
    done = _("Answered. With your consent the registrars decide next; without it the contract stays as it is.")
    return ask_beside(
        request,
        later_forms.ConsentForm(request.POST or None),
        partial(amending.answer_contract_change, contract, by=request.user),
        contract=contract,
        words={"title": _("Answer the change asked for"), "submit": _("Answer"), "done": done},
        back=contract.get_absolute_url(),
        change=change,
        received=received_of(contract),
        sure=_("Send this answer?"),
        follows=[
            _("If you agree, the registrars are asked; until they decide the contract stays as it is."),
            _("If you do not, the seller has your reasons, and the contract stays as it is."),
        ],
    )


@login_required
def contract_correct_item(request: Any, code: str, position: int) -> HttpResponse:
    """The registrar's value of an item beside the seller's."""
    contract = find_contract(request, code)
    require(rules.correct_line_item, request.user, contract)
    item = get_object_or_404(contract.items, position=position)
    form = later_forms.ItemCorrectionForm(
        request.POST or None, contract=contract, initial={"technical": item.technical}
    )
    return ask_beside(
        request,
        form,
        partial(correct_line_item, contract, by=request.user, position=position),
        contract=contract,
        words={
            "title": _("Correct the item"),
            "submit": _("Correct the item"),
            "done": _("The item is corrected; the seller's value stays beside it."),
        },
        back=contract.get_absolute_url(),
        item=item,
    )


@login_required
def contract_grant_change(request: Any, code: str) -> HttpResponse:
    """The registrar's yes to a change."""
    words = {
        "title": _("Grant the change"),
        "submit": _("Grant the change"),
        "done": _("The change stands in the register; the difference counts today."),
        "kind": "primary",
        "sure": _("Grant this change?"),
    }
    form_type, verb, follows = later_forms.GrantForm, changing.grant_contract_change, after_granting
    why_not = changing.why_not_granted
    return decision_page(request, code, form_type=form_type, verb=verb, words=words, follows=follows, why_not=why_not)


@login_required
def contract_refuse_change(request: Any, code: str) -> HttpResponse:
    """The registrar's no to a change."""
    words = {
        "title": _("Refuse the change"),
        "submit": _("Refuse the change"),
        "done": _("The contract stays in the register as it was; the seller has the reasons."),
        "kind": "danger",
    }
    return decision_page(
        request, code, to=State.CHANGED, form_type=RefusalForm, verb=changing.refuse_contract_change, words=words
    )


@login_required
@require_POST
def contract_withdraw_change(request: Any, code: str) -> HttpResponse:
    """The seller takes its request for a change back."""
    done = _("The request is taken back. The contract stays in the register as it was.")
    return take_step(request, code, changing.withdraw_contract_change, done)


@login_required
def contract_cancel(request: Any, code: str) -> HttpResponse:
    """The seller takes the contract off the register."""
    words = {
        "title": _("Cancel the registration"),
        "submit": _("Cancel the registration"),
        "done": _("The registration is cancelled. Where relief or rewards were drawn, tell who granted them."),
        "kind": "danger",
        "sure": _("Take this contract off the register?"),
    }
    form_type, verb, follows = later_forms.CancelForm, ending.cancel_contract, after_cancelling
    return decision_page(
        request, code, to=State.CANCELLED, form_type=form_type, verb=verb, words=words, follows=follows
    )


@login_required
def contract_note_end(request: Any, code: str) -> HttpResponse:
    """The register takes note that a registered contract was ended."""
    words = {
        "title": _("Note the end of the contract"),
        "submit": _("Note the end"),
        "done": _("Noted. The registration stands as it is until the seller has it changed or cancels it."),
        "kind": "primary",
    }
    form_type, verb, why_not = later_forms.EndForm, ending.note_contract_end, ending.why_no_end_to_note
    return decision_page(request, code, form_type=form_type, verb=verb, words=words, why_not=why_not)


@login_required
def contract_revoke(request: Any, code: str) -> HttpResponse:
    """The authority strikes the contract from the register."""
    words = {
        "title": _("Revoke the registration"),
        "submit": _("Revoke the registration"),
        "done": _("The registration is revoked."),
        "tells": True,
        "kind": "danger",
        "sure": _("Strike this contract from the register?"),
    }
    form_type, verb, follows = later_forms.RevokeForm, ending.revoke_contract, after_revoking
    return decision_page(request, code, to=State.REVOKED, form_type=form_type, verb=verb, words=words, follows=follows)


@login_required
def contract_object(request: Any, code: str) -> HttpResponse:
    """A party objects to a registration or a refusal."""
    words = {
        "title": _("Object to the decision"),
        "submit": _("Object"),
        "done": _("The objection is made. Somebody who did not decide before examines it."),
        "kind": "primary",
    }
    form_type, verb = later_forms.ObjectionForm, objecting.object_to_decision
    return decision_page(request, code, to=State.OBJECTION, form_type=form_type, verb=verb, words=words)


@login_required
def contract_re_examine(request: Any, code: str) -> HttpResponse:
    """A second reviewer decides on an objection."""
    words = {
        "title": _("Decide on the objection"),
        "submit": _("Decide"),
        "done": _("The objection is decided."),
        "tells": True,
        "kind": "primary",
    }
    form_type, verb = later_forms.ReExaminationForm, objecting.re_examine_contract
    return decision_page(request, code, to=State.RE_EXAMINED, form_type=form_type, verb=verb, words=words)
