"""The page on which a broker links a lead to the deal it led to."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from marketplace.brokers.leads import rules
from marketplace.brokers.leads.models import Lead
from marketplace.core.one_form import Question, ask
from marketplace.core.rules import require
from marketplace.deals.leads import LinkForm, link_lead
from marketplace.deals.models import Deal


@login_required
def lead_link(request: Any, code: str) -> HttpResponse:
    """Choose the deal among those the broker accompanies."""
    lead = get_object_or_404(Lead.objects.visible_to(request.user).with_records(), code=code)
    require(rules.link_lead, request.user, lead)
    question = Question(
        title=_("Link the lead to a deal"),
        submit=_("Link the lead"),
        done=_("The deal rests on your lead now."),
        back=lead.get_absolute_url(),
        back_words=_("Lead"),
        about=_("Deals you accompany that are about the same need, outcome or contact."),
    )

    def act(deal: Deal) -> None:
        link_lead(deal, by=request.user, lead=lead)

    return ask(request, LinkForm(request.POST or None, lead=lead), act, question)
