"""The lines of joint sellers in the seller's form."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.amounts import Joint
from marketplace.contracts.forms import RegionField
from marketplace.contracts.models import TechnologyContract
from marketplace.core.forms import PercentField, UsccField
from marketplace.core.refusals import Refused

MOST = 20


class JointForm(forms.Form):
    """One more seller; the rest of 100 % is the first seller's."""

    name = forms.CharField(label=_("joint seller"), max_length=120)
    uscc = UsccField(label=_("credit code"))
    region = RegionField(label=_("region code"))
    percent = PercentField(label=_("per cent"), max_value=Decimal("99.99"))


BaseJoint = forms.formset_factory(JointForm, extra=0, can_delete=True, max_num=MOST, validate_max=True)


class JointFormSet(BaseJoint):  # type: ignore[misc,valid-type]
    """The joint sellers in their order."""

    def sellers(self) -> list[Joint]:
        """Return the lines that were filled in, without deleted ones."""
        names = ("name", "uscc", "region", "percent")
        return [Joint(**{name: form.cleaned_data[name] for name in names}) for form in self._kept()]

    def _kept(self) -> list[forms.Form]:
        rows = [(form, getattr(form, "cleaned_data", {})) for form in self.forms]
        return [form for form, row in rows if row.get("uscc") and not row.get("DELETE")]

    def take(self, refusal: Refused) -> None:
        """Show a refusal in the line it is about; one that concerns the lines as a whole above them."""
        place = refusal.details.get("place")
        if place is not None:
            self._kept()[place].add_error("uscc", str(refusal))
            return
        self.non_form_errors().append(str(refusal))


def joint_lines(data: Any, contract: TechnologyContract | None) -> JointFormSet:
    """Return the lines as typed, or as they stand. A page sent without them leaves the joint sellers as they are."""
    stand = list(contract.joint_sellers.values("name", "uscc", "region", "percent")) if contract else []
    sent = data if data and "joint-TOTAL_FORMS" in data else None
    return JointFormSet(sent, prefix="joint", initial=stand)
