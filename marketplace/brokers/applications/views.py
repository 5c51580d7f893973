"""Pages of applications: the applicant's and the officers'."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from marketplace.brokers.applications import actions, deciding, rules
from marketplace.brokers.applications.forms import (
    AnswerReasonForm,
    ApplicationForm,
    FilingForm,
    RenewalApplicationForm,
)
from marketplace.brokers.applications.models import BrokerApplication
from marketplace.brokers.houses import houses_of, houses_words
from marketplace.brokers.models import TechBroker
from marketplace.core.carrying_out import carry_out
from marketplace.core.files import files_of
from marketplace.core.journal import Entry, Kind
from marketplace.core.one_form import Question, ask
from marketplace.core.rules import require, why_not

TONES = {
    "applied": "wait", "returned": "wait", "checked": "wait", "filed": "go", "refused": "stop", "withdrawn": "idle",
}  # fmt: skip
ON_A_PAGE = 20
State = BrokerApplication.State


def _application(request: Any, code: str) -> BrokerApplication:
    found = BrokerApplication.objects.visible_to(request.user).select_related("broker", "firm", "scheme", "applicant")
    return get_object_or_404(found, code=code)


def _turned_back(request: Any, application: BrokerApplication, state: str) -> HttpResponse | None:
    """Lead back to an application, with the reason, whoever opens the form of a step its state does not allow now."""
    refusal = application.refusal_to_move(state)
    if request.method == "POST" or refusal is None:
        return None  # a form that was sent keeps what was typed, and the action says why not
    messages.error(request, str(refusal))
    return redirect(application)


@login_required
def broker_apply(request: Any) -> HttpResponse:
    """Apply to be filed as a broker."""
    require(rules.apply_for_filing, request.user)
    form = ApplicationForm(request.POST or None, request.FILES or None, user=request.user)
    question = Question(
        title=_("Apply for filing as a technology broker"),
        submit=pgettext("broker", "Send the application"),
        done=_("The application is with the officers. You are told what they decide."),
        back=reverse("application-list"),
        back_words=_("Applications of brokers"),
        about=_(
            "An officer compares what you state with the scan, asks for more where something is missing, and files."
        ),
    )
    return ask(request, form, partial(actions.apply_for_filing, by=request.user), question)


@login_required
def broker_renewal(request: Any, code: str) -> HttpResponse:
    """Apply for a later end of the own certificate."""
    broker = get_object_or_404(TechBroker.objects.visible_to(request.user), code=code)
    require(rules.apply_for_renewal, request.user, broker)
    form = RenewalApplicationForm(request.POST or None, request.FILES or None)
    question = Question(
        title=_("Apply for renewal"),
        submit=pgettext("broker", "Send the application"),
        done=_("The application is with the officers. You are told what they decide."),
        back=broker.get_absolute_url(),
        back_words=broker.name,
        facts=[(_("Certificate number"), broker.certificate_no), (_("valid until"), str(broker.valid_until))],
    )
    return ask(request, form, partial(actions.apply_for_renewal, broker, by=request.user), question)


@login_required
def application_list(request: Any) -> HttpResponse:
    """The applications one may open: what waits first."""
    found = BrokerApplication.objects.visible_to(request.user).select_related("scheme", "firm")
    waiting = found.undecided().order_by("sent_at", "id")
    context = {
        "waiting": [(one, TONES[one.state]) for one in waiting[:100]],
        "page_obj": Paginator(found.exclude(pk__in=waiting.values("pk")), ON_A_PAGE).get_page(request.GET.get("page")),
        "tones": TONES,
        "apply_obstacle": why_not(rules.apply_for_filing, request.user),
        "own_record": TechBroker.objects.of(request.user).first(),
    }
    return render(request, "marketplace/brokers/application_list.html", context)


@login_required
def application_detail(request: Any, code: str) -> HttpResponse:
    """One application: what was stated, the proof, what was answered, and what may be done."""
    application = _application(request, code)
    may_decide = why_not(rules.check_application, request.user, application) is None
    own = why_not(rules.complete_application, request.user, application) is None
    entries = Entry.objects.about(application)[:20]
    context = {
        "application": application,
        "tone": TONES[application.state],
        "served": application.fields.all(),
        "proof": files_of(application),
        "may": {state for state in BrokerApplication.NEXT.get(application.state, set()) if may_decide},
        "own": own,
        "houses": houses_words(houses_of(application.applicant)),
        "history": [{"title": Kind(entry.kind).label, "at": entry.recorded_at} for entry in entries],
    }
    return render(request, "marketplace/brokers/application_detail.html", context)


@login_required
def application_complete(request: Any, code: str) -> HttpResponse:
    """Complete what an officer asked for, and send again."""
    application = _application(request, code)
    require(rules.complete_application, request.user, application)
    if turned := _turned_back(request, application, State.APPLIED):
        return turned
    form: forms.BaseForm
    act: Callable[..., Any]
    if application.kind == BrokerApplication.Kind.RENEWAL:
        form = RenewalApplicationForm(request.POST or None, request.FILES or None, sent=application)
        act = actions.complete_renewal
    else:
        shown = _application(request, code)  # a refused form must not change the record at hand
        form = ApplicationForm(request.POST or None, request.FILES or None, instance=shown, user=request.user)
        act = actions.complete_application
    question = Question(
        title=_("Complete the application"),
        submit=_("Send again"),
        done=_("The application is with the officers. You are told what they decide."),
        back=application.get_absolute_url(),
        back_words=pgettext("broker", "Application"),
        facts=[(_("What is missing"), application.reason)] if application.reason else (),
    )
    return ask(request, form, partial(act, application, by=request.user), question)


@login_required
@require_POST
def application_withdraw(request: Any, code: str) -> HttpResponse:
    application = _application(request, code)
    require(rules.withdraw_application, request.user, application)
    carry_out(request, actions.withdraw_application, application, done=_("The application is withdrawn."))
    return redirect(application)


@login_required
@require_POST
def application_check(request: Any, code: str) -> HttpResponse:
    """The officer found the materials in order."""
    application = _application(request, code)
    require(rules.check_application, request.user, application)
    carry_out(request, deciding.check_application, application, done=_("The materials are checked. File it next."))
    return redirect(application)


def _decision(
    request: Any, code: str, form: forms.BaseForm, act: Callable[..., Any], *, to: str, **words: Any
) -> HttpResponse:
    application = _application(request, code)
    require(getattr(rules, act.__name__), request.user, application)
    if turned := _turned_back(request, application, to):
        return turned
    facts = [(pgettext("broker", "Applicant"), application.name), (_("Certificate number"), application.certificate_no)]
    back = {"back": application.get_absolute_url(), "back_words": pgettext("broker", "Application")}
    return ask(request, form, partial(act, application, by=request.user), Question(**words, **back, facts=facts))


@login_required
def application_return(request: Any, code: str) -> HttpResponse:
    words = {"title": _("Ask for more"), "submit": _("Return with the reason"), "done": _("The applicant is told.")}
    form = AnswerReasonForm(request.POST or None)
    return _decision(request, code, form, deciding.return_application, to=State.RETURNED, **words)


@login_required
def application_refuse(request: Any, code: str) -> HttpResponse:
    words = {
        "title": _("Refuse the application"),
        "submit": _("Refuse the application"),
        "done": _("The application is refused."),
    }
    form = AnswerReasonForm(request.POST or None)
    return _decision(request, code, form, deciding.refuse_application, to=State.REFUSED, is_harsh=True, **words)


@login_required
def application_file(request: Any, code: str) -> HttpResponse:
    """File the applicant under a number; a renewal keeps its number."""
    words = {
        "title": _("File the application"),
        "submit": _("File the broker"),
        "done": _("The broker is in the register."),
    }
    form: forms.Form = FilingForm(request.POST or None, initial={"filing_number": deciding.next_filing_number()})
    if _application(request, code).kind == BrokerApplication.Kind.RENEWAL:
        words |= {"title": _("Renew the certificate"), "submit": _("Renew"), "done": _("The certificate is renewed.")}
        form = forms.Form(request.POST if request.method == "POST" else None)
    return _decision(request, code, form, deciding.file_application, to=State.FILED, **words)
