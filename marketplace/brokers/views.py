"""Pages of the register of brokers: the public record, and the officers' forms."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.brokers import actions, rules
from marketplace.brokers.applications.rules import apply_for_renewal
from marketplace.brokers.forms import BrokerForm, ReasonForm, RenewalForm
from marketplace.brokers.houses import houses_of, houses_words
from marketplace.brokers.models import TechBroker
from marketplace.brokers.training.rules import read_training
from marketplace.brokers.verification import TONES
from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.core.verification import printed_code
from marketplace.organisations.models import Organisation


def _broker(request: Any, code: str) -> TechBroker:
    return get_object_or_404(
        TechBroker.objects.visible_to(request.user).select_related("firm", "user", "scheme"), code=code
    )


def _is_own(request: Any, broker: TechBroker) -> bool:
    return broker.user_id is not None and broker.user_id == request.user.pk


def _history(broker: TechBroker) -> list[dict[str, Any]]:
    return [{"title": Kind(entry.kind).label, "at": entry.recorded_at} for entry in Entry.objects.about(broker)[:20]]


def _standing(broker: TechBroker) -> dict[str, Any]:
    return _standing_at(broker, clock.now())


def _standing_at(broker: TechBroker, at: datetime) -> dict[str, Any]:
    standing = broker.standing(at)
    return {"standing": standing, "tone": TONES[standing]}


def _address(request: Any, broker: TechBroker) -> str:
    return request.build_absolute_uri(reverse("verify-code", args=[broker.code]))


def broker_detail(request: Any, code: str) -> HttpResponse:
    """The public record of one broker; officers find their verbs here."""
    broker = _broker(request, code)
    keeps = why_not(rules.change_broker, request.user, broker) is None
    context = {
        "broker": broker,
        "served": broker.fields.all(),
        "address": _address(request, broker),
        "printed_code": printed_code(broker.code),
        "keeps_register": keeps,
        "own": _is_own(request, broker),
        "renews": _is_own(request, broker) and why_not(apply_for_renewal, request.user, broker) is None,
        "reads_training": why_not(read_training, request.user, broker) is None,
        "history": _history(broker) if keeps or _is_own(request, broker) else [],
        **_standing(broker),
    }
    return render(request, "marketplace/brokers/broker_detail.html", context)


@require_safe
def broker_firms(request: Any) -> HttpResponse:
    """The brokerage firms of the district with their people, as the register holds them."""
    people = TechBroker.objects.exclude(state=TechBroker.State.REVOKED).order_by("name")
    firms = Organisation.objects.verified().filter(Q(kind=Organisation.Kind.BROKERAGE) | Q(brokers__isnull=False))
    shown = firms.distinct().order_by("name").prefetch_related(Prefetch("brokers", queryset=people))
    page = Paginator(shown, 20).get_page(request.GET.get("page"))
    today = clock.now()
    rows = [(firm, [(one, _standing_at(one, today)) for one in firm.brokers.all()]) for firm in page]
    return render(request, "marketplace/brokers/broker_firms.html", {"rows": rows, "page_obj": page})


def broker_card(request: Any, code: str) -> HttpResponse:
    """The certificate as a card to print, with the QR code that checks it."""
    broker = _broker(request, code)
    context = {
        "broker": broker,
        "served": broker.fields.all(),
        "address": _address(request, broker),
        "printed_code": printed_code(broker.code),
        **_standing(broker),
    }
    return render(request, "marketplace/brokers/broker_card.html", context)


def _tell_houses(request: Any, broker: TechBroker) -> None:
    """Tell the officer to which organisations the person of a certificate belongs besides: a possible interest."""
    if houses := houses_of(broker.user):
        told = {"broker": broker.name, "houses": houses_words(houses)}
        messages.warning(request, _("%(broker)s also belongs to: %(houses)s.") % told)


@login_required
def broker_create(request: Any) -> HttpResponse:
    """File a broker."""
    require(rules.file_broker, request.user)
    form = BrokerForm(request.POST or None)
    if form.is_valid():
        try:
            broker = actions.file_broker(by=request.user, **form.cleaned_data)
        except (Refused, PermissionDenied) as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The broker is in the register."))
            _tell_houses(request, broker)
            return redirect(broker)
    return render(request, "marketplace/brokers/broker_form.html", {"form": form, "broker": None})


@login_required
def broker_change(request: Any, code: str) -> HttpResponse:
    """Correct the record of a broker."""
    broker = _broker(request, code)
    require(rules.change_broker, request.user, broker)
    form = BrokerForm(request.POST or None, instance=_broker(request, code))
    if form.is_valid():
        try:
            actions.change_broker(broker, by=request.user, **form.cleaned_data)
        except (Refused, PermissionDenied) as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The record is changed."))
            _tell_houses(request, broker)
            return redirect(broker)
    return render(request, "marketplace/brokers/broker_form.html", {"form": form, "broker": broker})


@login_required
def broker_renew(request: Any, code: str) -> HttpResponse:
    """Let a certificate run longer."""
    broker = _broker(request, code)
    require(rules.renew_broker, request.user, broker)
    form = RenewalForm(request.POST or None)
    if form.is_valid():
        try:
            actions.renew_broker(broker, by=request.user, valid_until=form.cleaned_data["valid_until"])
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The certificate is renewed."))
            return redirect(broker)
    words = {"title": _("Renew the certificate"), "submit": _("Renew")}
    return render(request, "marketplace/brokers/broker_decision.html", {"form": form, "broker": broker, **words})


def _decide(request: Any, code: str, *, verb: Callable[..., None], words: dict[str, Any]) -> HttpResponse:
    broker = _broker(request, code)
    require(getattr(rules, verb.__name__), request.user, broker)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            verb(broker, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, words["done"])
            return redirect(broker)
    return render(request, "marketplace/brokers/broker_decision.html", {"form": form, "broker": broker, **words})


@login_required
def broker_suspend(request: Any, code: str) -> HttpResponse:
    words = {
        "title": _("Suspend the certificate"),
        "submit": _("Suspend"),
        "done": _("The certificate is suspended."),
        "is_harsh": True,
    }
    return _decide(request, code, verb=actions.suspend_broker, words=words)


@login_required
def broker_reinstate(request: Any, code: str) -> HttpResponse:
    words = {
        "title": _("End the suspension"),
        "submit": _("Reinstate"),
        "done": _("The suspension is ended."),
    }
    return _decide(request, code, verb=actions.reinstate_broker, words=words)


@login_required
def broker_revoke(request: Any, code: str) -> HttpResponse:
    words = {
        "title": _("Revoke the certificate for good"),
        "submit": _("Revoke"),
        "done": _("The certificate is revoked."),
        "is_harsh": True,
    }
    return _decide(request, code, verb=actions.revoke_broker, words=words)
