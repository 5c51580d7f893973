"""The steps of a deal: each is fetch, form, one action, and back to the deal's page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import Rule, require
from marketplace.deals import actions, brokering, nda, pricing, rules, stalling, talking
from marketplace.deals.forms import BrokerForm, EmptyForm, FileForm, NoteForm, PriceForm, PricingForm, ReasonForm
from marketplace.deals.models import BrokerSide, Deal
from marketplace.deals.moving import back_from
from marketplace.deals.parts import PriceProposal
from marketplace.deals.views import deal_page, find_deal

# step → who may take it; asked first, so that nobody is asked to fill in a form better that is not theirs
RULES: dict[str, Rule] = {
    "nda": rules.accept_nda,
    "pricing": rules.choose_pricing,
    "price": rules.propose_price,
    "accept": rules.accept_price,
    "reopen": rules.reopen_pricing,
    "reopen-withdraw": rules.withdraw_reopening,
    "broker": rules.name_broker,
    "consent": rules.consent_to_broker,
    "release": rules.release_broker,
    "note": rules.add_note,
    "file": rules.add_deal_file,
    "terminate": rules.terminate_deal,
    "take-up": rules.take_up_deal,
    "finish": rules.finish_deal,
}


def _step(
    request: Any, deal: Deal, name: str, form: forms.Form, carry_out: Callable[..., Any], done: str
) -> HttpResponse:
    """Carry out one step with what the form holds; show what is wrong beside its field, else go back to the deal."""
    require(RULES[name], request.user, deal, organisation=request.organisation)
    if form.is_valid():
        try:
            carry_out(deal, by=request.user, organisation=request.organisation, **form.cleaned_data)
        except Refused as refusal:
            if not form.fields:
                messages.error(request, str(refusal))
                return redirect(deal)
            put_beside(form, refusal)
        else:
            messages.success(request, done)
            return redirect(back_from(request, deal))
    return deal_page(request, find_deal(request, deal.code), **{name: form})


def _sent(request: Any, name: str, kind: type[forms.Form]) -> forms.Form:
    return kind(request.POST, request.FILES, auto_id=f"id_{name}_%s")


@require_POST
@login_required
def deal_nda(request: Any, code: str) -> HttpResponse:
    """Accept the confidentiality terms shown."""
    version = request.POST.get("version", "")

    def accept(deal: Deal, **party: Any) -> None:
        nda.accept_nda(deal, version=version, **party)

    return _step(request, find_deal(request, code), "nda", EmptyForm({}), accept, _("Accepted for your side."))


@require_POST
@login_required
def deal_pricing(request: Any, code: str) -> HttpResponse:
    """Choose how the price is found."""
    form = _sent(request, "pricing", PricingForm)
    return _step(
        request, find_deal(request, code), "pricing", form, pricing.choose_pricing, _("The pricing mode is chosen.")
    )


@require_POST
@login_required
def deal_price(request: Any, code: str) -> HttpResponse:
    """Propose a price."""
    form = _sent(request, "price", PriceForm)
    return _step(request, find_deal(request, code), "price", form, pricing.propose_price, _("Your price is proposed."))


@require_POST
@login_required
def deal_price_accept(request: Any, code: str, proposal: str) -> HttpResponse:
    """Accept the proposed price that was shown."""
    deal = find_deal(request, code)
    accepted = get_object_or_404(PriceProposal, deal=deal, code=proposal)

    def accept(deal: Deal, **party: Any) -> None:
        pricing.accept_price(deal, accepted, **party)

    return _step(request, deal, "accept", EmptyForm({}), accept, _("The price is fixed."))


@require_POST
@login_required
def deal_reopen(request: Any, code: str) -> HttpResponse:
    """Ask to reopen the price, or agree to it."""
    return _step(
        request,
        find_deal(request, code),
        "reopen",
        EmptyForm({}),
        pricing.reopen_pricing,
        _("Your side is for reopening."),
    )


@require_POST
@login_required
def deal_reopen_withdraw(request: Any, code: str) -> HttpResponse:
    """Take the own side's request to reopen the price back."""
    deal, done = find_deal(request, code), _("Your side no longer asks to reopen the price.")
    return _step(request, deal, "reopen-withdraw", EmptyForm({}), pricing.withdraw_reopening, done)


@require_POST
@login_required
def deal_broker(request: Any, code: str) -> HttpResponse:
    """Name a broker."""
    form = _sent(request, "broker", BrokerForm)
    return _step(request, find_deal(request, code), "broker", form, brokering.name_broker, _("The broker is named."))


@require_POST
@login_required
def deal_broker_consent(request: Any, code: str) -> HttpResponse:
    """Consent to the broker acting for both sides."""
    done = _("Your side has consented.")
    return _step(request, find_deal(request, code), "consent", EmptyForm({}), brokering.consent_to_broker, done)


@require_POST
@login_required
def deal_broker_release(request: Any, code: str) -> HttpResponse:
    """Release the broker, or leave as the broker; who leaves loses sight of the deal."""
    deal = Deal.objects.naming(request.user).filter(code=code).first() or find_deal(request, code)
    left, goes_on = deal.is_broker(request.user), deal.broker_side == BrokerSide.BOTH
    done = _("The broker has left the deal.")
    if left and deal.broker_accepted_at is None:
        done = _("You declined the engagement. Whoever named you is told.")
    if goes_on and not left:
        done = _("The broker no longer acts for your side, and goes on for the other.")
    response = _step(request, deal, "release", EmptyForm({}), brokering.release_broker, done)
    seen = Deal.objects.visible_to(request.user).filter(pk=deal.pk).exists()
    return redirect("deal-list") if left and not seen else response


@require_POST
@login_required
def deal_note(request: Any, code: str) -> HttpResponse:
    """Write a note or record a meeting."""

    def write(deal: Deal, *, is_private: bool, **facts: Any) -> None:
        talking.add_note(deal, is_shared=not is_private, **facts)

    return _step(request, find_deal(request, code), "note", _sent(request, "note", NoteForm), write, _("Written down."))


@require_POST
@login_required
def deal_file(request: Any, code: str) -> HttpResponse:
    """Add a paper."""

    def keep(deal: Deal, *, file: UploadedFile, **facts: Any) -> None:
        talking.add_deal_file(deal, upload=file, **facts)

    return _step(
        request, find_deal(request, code), "file", _sent(request, "file", FileForm), keep, _("The file is added.")
    )


@require_POST
@login_required
def deal_terminate(request: Any, code: str) -> HttpResponse:
    """End the deal, with the reason."""
    form = _sent(request, "terminate", ReasonForm)
    return _step(request, find_deal(request, code), "terminate", form, actions.terminate_deal, _("The deal has ended."))


@require_POST
@login_required
def deal_take_up(request: Any, code: str) -> HttpResponse:
    """Take a terminated deal up again, with the reason."""
    form = _sent(request, "take-up", ReasonForm)
    done = _("The deal goes on.")
    return _step(request, find_deal(request, code), "take-up", form, stalling.take_up_deal, done)


@require_POST
@login_required
def deal_finish(request: Any, code: str) -> HttpResponse:
    """Confirm that everything was delivered."""
    return _step(
        request, find_deal(request, code), "finish", EmptyForm({}), actions.finish_deal, _("The deal is done.")
    )
