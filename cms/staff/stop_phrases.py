"""Stop phrases in the admin: what texts of every field say, so that two texts having it in common is no reason."""

from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _
from django_filters import NumberFilter
from wagtail.admin.filters import WagtailFilterSet

from cms.portal.places import address
from cms.staff.viewsets import LookOnly
from search.models import StopPhrase


class StopPhraseFilters(WagtailFilterSet):
    """How common a phrase is at least."""

    texts = NumberFilter(field_name="texts", lookup_expr="gte", label=_("In at least so many texts"))
    fields = NumberFilter(field_name="fields", lookup_expr="gte", label=_("In at least so many technical fields"))

    class Meta:
        model = StopPhrase
        fields: list[str] = []


class StopPhraseListing(LookOnly):
    """Learnt anew each night from the public texts; nobody writes them."""

    model = StopPhrase
    icon = "no-view"
    filterset_class = StopPhraseFilters
    index_template_name = "cms/staff/stop_phrases.html"
    list_display = ["phrase", "texts", "fields", "learnt_at"]
    list_export = ["phrase", "texts", "fields", "learnt_at"]
    search_fields = ["phrase"]
    inspect_view_fields = ["phrase", "texts", "fields", "learnt_at"]

    def portal_address(self, record: StopPhrase) -> str:
        """Return where the portal shows the texts that use it."""
        whole = f'"{record.phrase}"'  # in quotation marks: as it stands
        return f"{address('search')}?{urlencode({'q': whole})}"
