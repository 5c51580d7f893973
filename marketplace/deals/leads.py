"""Which lead of which broker a deal rests on."""

from django import forms
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.leads import rules
from marketplace.brokers.leads.models import Lead
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.deals.models import Deal, DealQuerySet
from marketplace.deals.withheld import named_to
from marketplace.organisations.models import User


class LeadNotOfDeal(Refused):
    message = _("This deal is about another need, outcome and contact than the lead.")
    field = "deal"


class DealLead(models.Model):
    """One lead in the deal it led to; a lead leads to one deal."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="lead_links")
    lead = models.OneToOneField(Lead, on_delete=models.PROTECT, related_name="deal_link")
    linked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("lead of a deal")
        verbose_name_plural = _("leads of deals")
        ordering = ["linked_at", "id"]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.lead_id}"


def deals_of(lead: Lead) -> DealQuerySet:
    """Return the deals a lead may be linked to: accompanied by its broker, about its record, not terminated."""
    about = models.Q(need=lead.need_id) if lead.need_id else models.Q(outcome=lead.outcome_id)
    if lead.contact_id:
        about = models.Q(seller=lead.contact_id) | models.Q(named_to(lead.broker.user), buyer=lead.contact_id)
    return Deal.objects.filter(about, broker=lead.broker_id).exclude(state=Deal.State.TERMINATED).with_parties()


class LinkForm(forms.Form):
    deal = forms.ModelChoiceField(label=_("deal"), queryset=Deal.objects.none(), to_field_name="code")

    def __init__(self, *args: object, lead: Lead, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["deal"].queryset = deals_of(lead)  # type: ignore[attr-defined]


@transaction.atomic
def link_lead(deal: Deal, *, by: User, lead: Lead) -> None:
    """Say that a standing lead led to this deal. Raises LeadNotOfDeal, WrongState."""
    deal.lock()
    lead.lock()
    now = clock.now()
    require(rules.link_lead, by, lead)
    if not deals_of(lead).filter(pk=deal.pk).exists():
        raise LeadNotOfDeal()
    lead.move_to(Lead.State.IN_DEAL)
    lead.save(update_fields=["state"])
    DealLead.objects.create(deal=deal, lead=lead, linked_by=by, linked_at=now)
    journal.record(Kind.DEAL_LEAD_LINKED, deal, by=by, lead=lead.code, broker=lead.broker.code)
