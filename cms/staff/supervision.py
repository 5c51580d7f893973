"""Listings of supervision, and the look-ups that officers keep."""

from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSetGroup

from cms.staff.acceptance import AcceptanceReport
from cms.staff.broker_rules import BrokerRuleListing, BrokerSchemeListing, EvaluationRuleListing
from cms.staff.clause_texts import ClauseTextListing
from cms.staff.code_lists import CodeListing
from cms.staff.columns import words, yes_no
from cms.staff.deal_rules import DealRuleListing
from cms.staff.deliveries import DeliveryListing
from cms.staff.entry_data import EntryView, told
from cms.staff.given_roles import in_words
from cms.staff.registration_rules import RegistrationRuleListing
from cms.staff.sharing_rules import SharingRuleListing
from cms.staff.subjects import about, with_subjects
from cms.staff.trials import TrialRules
from cms.staff.viewsets import ByWords, Kept, LookOnly, RecordList
from marketplace.auctions.data_room import veiled_entries
from marketplace.auctions.outbid import secret_entries
from marketplace.core import clock
from marketplace.core.classifications import Classified, Industry, TechnicalField
from marketplace.core.journal import Entry, Kind
from marketplace.core.working_days import CalendarDay, calendar_years
from marketplace.notices.models import Notice
from marketplace.organisations.models import Consent, Organisation, User
from search.models import MatchWeights

BY_NUMBER = _("Entry number (the order)")
FIRST_YEAR = 2024  # of the calendar that is shown
MOST_NAMED = 200  # persons, and organisations, whose entries one search looks for


class JournalFilters(ByWords):
    """By what happened, by who did it, and between days."""

    kind = ChoiceFilter(label=_("Kind of event"), choices=Kind.choices)
    person = CharFilter(label=_("Done by (name or user name)"), method="done_by")

    class Meta:
        model = Entry
        fields = ["kind", "person", "recorded_at"]

    def done_by(self, entries: QuerySet[Entry], _name: str, words: str) -> QuerySet[Entry]:
        """Find entries by the person; which persons, is looked up first, as for the search."""
        return entries.filter(actor__in=_keys(_persons(words)))


def _persons(words: str) -> QuerySet[Any]:
    return User.objects.filter(Q(name__icontains=words) | Q(username__icontains=words))


def _keys(found: QuerySet[Any]) -> list[int]:
    return list(found.values_list("pk", flat=True)[:MOST_NAMED])


class JournalList(RecordList):
    """The journal, searched by what happened, in its code or our words, and by the names of who acted and for whom.

    Names are looked up first: the journal has indexes for whom it concerns, and none for words.
    """

    def get_base_queryset(self) -> QuerySet[Entry]:
        """Bring the records along: page and export name them."""
        return with_subjects(super().get_base_queryset())

    def _printed(self, item: Entry, name: str) -> Any:
        """Return the record and the data of an entry in an export as its page words them, other records by code."""
        if name == "subject":
            return about(item)
        if name == "public_code":
            return "" if isinstance(item.subject, Notice) else _public_code(item.subject)
        if name == "data":
            return gettext("; ").join(f"{what}{gettext(': ')}{said}" for what, said in told(in_words(item)))
        return super()._printed(item, name)

    def search_queryset(self, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        words = (self.search_query or "").strip().casefold()
        if not self.is_searching or not words:
            return queryset
        kinds = [kind for kind in Kind if words in kind.value or words in str(kind.label).casefold()]
        houses = Organisation.objects.filter(name__icontains=words)
        keys = [_keys(found) for found in (_persons(words), houses)]
        return queryset.filter(Q(kind__in=kinds) | Q(actor__in=keys[0]) | Q(on_behalf_of__in=keys[1]))


def _public_code(record: Any) -> str:
    return str(getattr(record, "code", "") or getattr(record, "number", "") or "")


class JournalListing(LookOnly):
    """Everything that happened, in the order of its numbers, the last first: times may go back where a clock was set.

    The data of an entry hold no personal data.
    """

    model = Entry
    index_view_class = JournalList
    icon = "history"
    related = ("subject_type", "actor", "on_behalf_of")
    list_display = [
        "label",
        words("subject", _("Record"), about),
    ]
    list_display += ["actor", "on_behalf_of", "recorded_at"]
    list_display += [Column("pk", label=BY_NUMBER, sort_key="id")]
    ordering = "-id"
    filterset_class = JournalFilters
    list_export = ["pk", "label", "kind", "subject_type", "subject_id", "subject", "public_code", "data"]
    list_export += ["actor", "on_behalf_of", "recorded_at"]
    export_headings = {
        "kind": _("Code of the event"),
        "pk": BY_NUMBER,
        "public_code": _("Public code"),
        "subject": _("Record"),
    }
    search_fields = ["kind"]  # that it is searched at all; how, says JournalList
    inspect_view_class = EntryView
    inspect_view_fields = ["label", "kind", "subject", "actor", "on_behalf_of", "recorded_at", "data"]

    def get_queryset(self, request: Any) -> QuerySet[Entry]:
        """Leave out what tells who bids while that is secret: who was outbid, and who reads the data room of a lot."""
        entries = super().get_queryset(request).exclude(pk__in=secret_entries().values("pk"))
        return entries.exclude(pk__in=veiled_entries().values("pk"))

    def portal_address(self, record: Any) -> str:
        """Return where the record of an entry is shown; a notice only its own reader opens."""
        subject = record.subject
        return "" if subject is None or isinstance(subject, Notice) else super().portal_address(subject)


def _notice(consent: Consent) -> Any:
    return _("Privacy notice") if consent.notice == "privacy" else consent.notice


class ConsentListing(LookOnly):
    model = Consent
    icon = "check"
    related = ("user",)
    list_display = ["user", words("notice", _("Notice"), _notice), "version", "given_at"]
    in_words = {"notice": _notice}
    list_filter = ["version", "given_at"]
    list_export = ["user", "notice", "version", "given_at"]
    search_fields = ["user__name", "user__username"]
    inspect_view_fields = ["user", "notice", "version", "given_at"]


class WeightsListing(LookOnly):
    """Weights that were tuned on answers, with what they won and who put them in force or took them back."""

    model = MatchWeights
    menu_label = _("Weights of matches")
    icon = "sliders"
    related = ("written_by", "reverted_by")
    list_display = ["version", "written_by", "written_at", "reverted_by", "reverted_at"]
    list_filter = ["written_at"]
    list_export = ["version", "weights", "figures", "written_by", "written_at", "reverted_by", "reverted_at"]
    search_fields = ["version"]
    inspect_view_fields = ["version", "features_version", "weights", "figures", "written_by", "written_at"]
    inspect_view_fields += ["reverted_by", "reverted_at"]


class Supervision(ModelViewSetGroup):
    menu_label = _("Supervision")
    menu_icon = "view"
    menu_order = 250
    items = (
        JournalListing("journal"),
        DeliveryListing("deliveries"),
        ConsentListing("consents"),
        AcceptanceReport("acceptance"),
        WeightsListing("match-weights"),
    )


class CalendarList(RecordList):
    """The days that were declared, under the calendar they were declared over."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        years = calendar_years(FIRST_YEAR, clock.today().year + 1)
        return super().get_context_data(*args, **kwargs) | {"years": years}


class CalendarListing(Kept):
    """Days that staff declare working or free over the State Council's notice."""

    model = CalendarDay
    index_view_class = CalendarList
    index_template_name = "cms/staff/calendar.html"
    icon = "calendar"
    list_display = ["day", yes_no(CalendarDay, "is_working"), "note"]
    list_filter = ["is_working", "day"]
    list_export = ["day", "is_working", "note"]
    search_fields = ["day_text", "note"]
    form_fields = ["day", "is_working", "note"]
    inspect_view_fields = ["day", "is_working", "note"]

    def get_queryset(self, request: Any) -> QuerySet[CalendarDay]:
        return CalendarDay.objects.annotate(day_text=Cast("day", CharField()))


class FieldListing(Kept):
    model: type[Classified] = TechnicalField
    icon = "list-ul"
    related = ("parent",)
    list_display = ["code", "name", "name_en", "parent"]
    list_export = ["code", "name", "name_en", "parent"]
    search_fields = ["code", "name", "name_en"]
    form_fields = ["code", "name", "name_en", "parent"]
    inspect_view_fields = form_fields


class IndustryListing(FieldListing):
    model = Industry


class LookUps(ModelViewSetGroup):
    menu_label = _("Look-ups")
    menu_icon = "list-ul"
    menu_order = 260
    items = (
        CalendarListing("calendar"),
        FieldListing("fields"),
        IndustryListing("industries"),
        CodeListing("code-lists"),
        TrialRules("trial-rules"),
        SharingRuleListing("sharing-rules"),
        DealRuleListing("deal-rules"),
        RegistrationRuleListing("registration-rules"),
        ClauseTextListing("clause-texts"),
        BrokerSchemeListing("broker-schemes"),
        BrokerRuleListing("broker-rules"),
        EvaluationRuleListing("evaluation-rules"),
    )
