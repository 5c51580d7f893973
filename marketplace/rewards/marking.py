"""The page on which a party of a finished deal says how satisfied it is with the broker."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from marketplace.core.one_form import Question, ask
from marketplace.core.rules import require
from marketplace.deals.models import Deal
from marketplace.rewards import rules
from marketplace.rewards.forms import MarkForm
from marketplace.rewards.satisfaction import BrokerMark, rate_broker


@login_required
def broker_rate(request: Any, code: str) -> HttpResponse:
    """Give the mark of one's side."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user).with_parties(), code=code)
    require(rules.rate_broker, request.user, deal, organisation=request.organisation)
    given = BrokerMark.objects.filter(deal=deal, side=deal.side_of(request.organisation) or "").first()
    if given is not None and request.method != "POST":
        return render(request, "marketplace/rewards/mark_given.html", {"deal": deal, "given": given})
    question = Question(
        title=_("How satisfied are you with the broker?"),
        submit=_("Give the mark"),
        done=_("Thank you. The mark counts in the broker's yearly evaluation."),
        back=deal.get_absolute_url(),
        back_words=_("Deal"),
        facts=[(_("Broker"), deal.broker.name if deal.broker else ""), (_("Deal"), deal.outcome.heading)],
        about=_("The broker reads the mark, the district your words as well. It is given once and stays."),
    )

    def act(mark: str, words: str) -> None:
        rate_broker(deal, by=request.user, organisation=request.organisation, mark=int(mark), words=words)

    return ask(request, MarkForm(request.POST or None), act, question)
