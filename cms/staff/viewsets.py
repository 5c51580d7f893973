"""The kinds of listing the admin has: one to look at, one for look-ups that officers keep."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import DateField, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from cms.portal.places import page_of
from cms.staff.acts import Act, TitleWithActs, acts_for, buttons_for
from cms.staff.columns import FEN, WORDS, printed_money
from cms.staff.exports import InWords
from marketplace.core.code_lists import ListedField, all_names
from marketplace.core.exports import NamedByDay
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.organisations.models import User
from marketplace.organisations.staff import keep_look_up


class ByWords(WagtailFilterSet):
    """Filters of a listing, called as its columns are; a code of a list that staff keep is chosen by its name."""

    @classmethod
    def get_filters(cls) -> Any:
        filters = super().get_filters()
        for name in filters.keys() & WORDS.keys():
            filters[name].label = WORDS[name]
        return filters

    @classmethod
    def filter_for_lookup(cls, field: Any, lookup_type: str) -> Any:
        if isinstance(field, ListedField):
            return ChoiceFilter, {"choices": lambda: all_names(field.code_list)}
        return super().filter_for_lookup(field, lookup_type)


class RecordList(InWords, NamedByDay, generic.IndexView):
    """A listing over the viewset's own rows, with what its columns print loaded at once."""

    viewset: Any = None
    base_filterset_class = ByWords
    show_other_searches = True

    def get_export_title(self) -> Any:
        return self.viewset.menu_label

    def get_base_queryset(self) -> QuerySet[Any]:
        return self.viewset.get_queryset(self.request)

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        own = buttons_for(instance, self.request.user, self.viewset.acts)
        return [*own, *super().get_list_more_buttons(instance)]

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Look for the words in each field; words without case are looked for as they are, in a third of the time."""
        words = self.search_query
        looks = "contains" if words.upper() == words.lower() else "icontains"
        found = Q()
        for field in self.search_fields or []:
            found |= Q(**{f"{field}__{looks}": words})
        return queryset.filter(found) if words else queryset


class RecordView(generic.InspectView):
    """A record, with the way to its page in the portal, whose forms ask our rules."""

    page_title = _("Record")
    viewset: Any = None

    def get_object(self, queryset: Any = None) -> Any:
        return get_object_or_404(self.viewset.get_queryset(self.request), pk=self.pk)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        acts = acts_for(self.object, self.request.user, self.viewset.acts)
        buttons = [HeaderButton(label, url=href, icon_name="arrow-right") for label, href in acts]
        if href := self.viewset.portal_address(self.object):
            buttons.append(HeaderButton(_("Open in the portal"), url=href, icon_name="link-external"))
        return buttons

    def get_field_label(self, field_name: str, field: Any) -> Any:
        own = self.viewset.own_headings.get(field_name) or WORDS.get(field_name)
        return own or super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Return what is printed: times of the district, words for yes and no, a dash for nothing."""
        if field_name in self.viewset.in_words:
            return self.viewset.in_words[field_name](self.object)
        value = super().get_field_display_value(field_name, field)
        if value is None or value == "":
            return "—"
        if field_name in FEN:
            return printed_money(value)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return timezone.localtime(value) if isinstance(value, datetime) else value

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"may_change": self.user_has_permission("change")}


class LookOnly(ModelViewSet):
    """A listing with search, filters and export, and a page per record. Routes that write do not exist."""

    ROUTES: tuple[str, ...] = ("index", "index_results", "inspect")

    index_view_class = RecordList
    inspect_view_class = RecordView
    inspect_view_enabled = True
    copy_view_enabled = False
    search_backend_name = None
    add_to_reference_index = False
    form_fields: list[str] = []
    related: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()  # what staff may do with a record, in the order of its buttons
    in_words: dict[str, Callable[[Any], Any]] = {}  # what is said of a record where its column holds a code
    list_per_page = 25

    @property
    def own_headings(self) -> dict[str, Any]:
        """Return what columns are called here, in an export and on the page of a record, and nowhere else."""
        return self.export_headings if isinstance(self.export_headings, dict) else {}

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        """Return what the reader may open in the portal: listing, export and the page of a record show no more."""
        rows = self.model._default_manager.all()
        seen = rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows
        return seen.select_related(*self.related)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [route for route in super().get_urlpatterns() if route.name in self.ROUTES]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Name only routes that exist, so that no view offers the others."""
        wanted = super().get_common_view_kwargs(**kwargs)
        return {
            name: value
            for name, value in wanted.items()
            if not name.endswith("_url_name") or name.removesuffix("_url_name") in self.ROUTES
        }

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        shown = [self._column(column, first=not index) for index, column in enumerate(self.list_display)]
        headings = WORDS | self.own_headings
        return super().get_index_view_kwargs(**{"viewset": self, **kwargs}) | {
            "list_display": shown,
            "export_headings": headings,
        }

    def _column(self, column: Any, *, first: bool) -> Any:
        """Return a named column under our words; the first leads to the record, and no date breaks."""
        if not isinstance(column, str):
            return column
        if column not in WORDS:
            return column if first else self._when(column)
        facts = {"label": WORDS[column], "sort_key": None if column == "label" else column}
        if first:
            return TitleWithActs(column, url_name=self.get_url_name("inspect"), acts=self.acts, **facts)
        return Column(column, classname="when" if column.endswith("_at") else None, **facts)

    def _when(self, name: str) -> Any:
        field = next((field for field in self.model._meta.concrete_fields if field.name == name), None)
        if not isinstance(field, DateField):
            return name
        return Column(name, label=capfirst(field.verbose_name), sort_key=name, classname="when")

    def get_inspect_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_inspect_view_kwargs(viewset=self, **kwargs)

    def portal_address(self, record: Any) -> str:
        """Return where the portal shows this record; "" where it has no page."""
        return page_of(record)


class Recorded:
    """Saves by our action, so that the journal tells who changed what; what it refuses stands beside its field."""

    request: Any
    form: Any

    def form_valid(self, form: Any) -> Any:
        try:
            return super().form_valid(form)  # type: ignore[misc]  # the view this is mixed into saves
        except Refused as refusal:
            put_beside(form, refusal)
            self.is_valid(form)  # type: ignore[attr-defined]  # Wagtail words its message above the form here
            return self.form_invalid(form)  # type: ignore[attr-defined]

    def save_instance(self) -> Any:
        keep_look_up(self.form.instance, by=self.request.user)
        return self.form.instance


class Added(Recorded, generic.CreateView):
    pass


class Changed(Recorded, generic.EditView):
    pass


def kept_by(keep: Callable[[Any, User], object], *mixed_in: type) -> tuple[type[Added], type[Changed]]:
    """Return the views that add and change records by an action, `keep(record, by)`; `mixed_in` say more."""

    class ByAction(Recorded):
        def save_instance(self) -> Any:
            keep(self.form.instance, self.request.user)
            return self.form.instance

    return type("Added", (*mixed_in, ByAction, Added), {}), type("Changed", (*mixed_in, ByAction, Changed), {})


class Kept(LookOnly):
    """A look-up that officers add to and change."""

    add_view_class = Added
    edit_view_class = Changed
    ROUTES: tuple[str, ...] = ("index", "index_results", "inspect", "add", "edit")
