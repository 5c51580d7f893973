"""What people asked, for staff: what finds nothing, what takes long, what is asked most; as a table too."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.permissions import policy_registry

from cms.staff.screens import Screen, ScreenSet
from marketplace.core.tables import FORMATS, table_response
from search import asked_report as report
from search.models import SearchLog, Synonym
from search.queries import TITLES

PER_PAGE = 50


def _searched_in(kind: str) -> str:
    return str(TITLES.get(kind, kind)) if kind else _("Everything")


class AskedScreen(Screen):
    """The questions of a period, added up."""

    model = SearchLog
    page_title = gettext_lazy("What people ask")
    header_icon = "search"
    template_name = "cms/staff/asked.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.wanted = report.Wanted.of(request.GET)
        return self._table() if request.GET.get("export") in FORMATS else super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(report.rows(self.wanted), PER_PAGE).get_page(self.request.GET.get("page"))
        for row in page.object_list:
            row["searched_in"] = _searched_in(row["kind"])
        may_add = policy_registry.get_by_type(Synonym).user_has_permission(self.request.user, "add")
        return super().get_context_data(**kwargs) | {
            "rows": page,
            "wanted": self.wanted,
            "views": [(name, label) for name, (label, _sort) in report.VIEWS.items()],
            "days": report.DAYS,
            "columns": list(report.COLUMNS.items()),
            "may_add": may_add,
        }

    def _table(self) -> HttpResponse:
        rows = [
            [
                row["text"],
                _searched_in(row["kind"]),
                row["asked"],
                row["empty"],
                round(row["found"], 1),
                round(row["average"]),
                row["slowest"],
                row["last"],
            ]
            for row in report.rows(self.wanted)[: report.MOST]
        ]
        return table_response(
            f"search-{self.wanted.view}-{self.wanted.days}", list(report.COLUMNS.values()), rows,
            form=self.request.GET["export"],
        )  # fmt: skip


class Asked(ScreenSet):
    model = SearchLog
    menu_label = gettext_lazy("What people ask")
    icon = "search"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", AskedScreen.as_view(), name="index")]
