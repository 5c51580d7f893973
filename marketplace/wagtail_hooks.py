"""What platform staff see of the domain in the Wagtail admin."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.admin.ui.tables import BooleanColumn, BulkActionsCheckboxColumn, Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction as DeleteSnippets
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import EditView, IndexView, InspectView, SnippetViewSet
from wagtail.users.views.bulk_actions import AssignRoleBulkAction
from wagtail.users.views.bulk_actions import DeleteBulkAction as DeletePeople

from marketplace.core.exports import NamedByDay
from marketplace.core.money import format_unrounded
from marketplace.needs.models import TargetIndicator, TechnologyNeed
from marketplace.organisations.models import Role, User
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import CoOwner, Inventor, IPRight
from marketplace.outcomes.wording import mode_words

CODE = Column("code", label=_("Record code"), sort_key="code")
STATE = Column("state", label=_("State"), accessor="get_state_display", sort_key="state")
PUBLIC = BooleanColumn("live", label=_("Public"), sort_key="live")
FEN = frozenset(["price_low", "price_high", "budget_low", "budget_high"])
HEADINGS = {
    "code": _("Record code"),
    "live": _("Public"),
    "drafted_by": _("Drafted by"),
    "drafted_at": _("Drafted"),
}
STAFF_WHO_READ = (Role.REGISTRAR, Role.SECOND_REVIEWER, Role.ORGANISER, Role.LIAISON)


class LookOnly(ModelPermissionPolicy):
    """Records of the trade are looked at in the admin, and decided upon through their review; nothing else.

    Nobody adds, changes, publishes or deletes there, superusers included: institutes and enterprises write in the
    portal, and reviewers get into the editor through their step of the review (ReviewTask.user_can_access_editor).
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action != "view" or not user.is_active:
            return False
        return user.reads_everything or user.has_role(*STAFF_WHO_READ) or super().user_has_permission(user, action)

    def users_with_any_permission(self, actions: Any) -> Any:
        return (
            User.objects.holding(Role.OFFICER, Role.AUDITOR, *STAFF_WHO_READ)
            if "view" in actions
            else (User.objects.none())
        )


register_permission_policy(ResearchOutcome, LookOnly(ResearchOutcome))
register_permission_policy(TechnologyNeed, LookOnly(TechnologyNeed))


# Wagtail registers them for every snippet and for people, and asks nobody whether to offer them; roles are given under
# Staff, where the journal says by whom
DeleteSnippets.models = []
DeletePeople.models = []
AssignRoleBulkAction.models = []


class Listing(NamedByDay, IndexView):
    """A listing without boxes to tick: nothing is done there to several at once."""

    show_other_searches = True

    @cached_property
    def columns(self) -> list[Any]:
        return [column for column in super().columns if not isinstance(column, BulkActionsCheckboxColumn)]


class Record(InspectView):
    """A record the reader may open in the portal too."""

    def get_object(self, queryset: Any = None) -> Any:
        return get_object_or_404(self.model.objects.visible_to(self.request.user), pk=self.pk)

    def get_field_label(self, field_name: str, field: Any) -> Any:
        return HEADINGS.get(field_name) or super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Return what is printed: money with its unit, times of the district, words, a dash for nothing."""
        value = super().get_field_display_value(field_name, field)
        if value is None or value in ("", []):
            return "—"
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if field_name in FEN:
            return format_unrounded(value, get_language() or "zh-hans")
        if field_name == "modes":
            return _(", ").join(mode_words(value))
        return timezone.localtime(value) if isinstance(value, datetime) else value


class ToReview(EditView):
    """The address of the editor, where reviewers get in, leads to the review page, which asks our rules.

    Wagtail's own editor would let a reviewer cancel the whole review, with no reason and nothing in the journal.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.object.review_url)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.object.review_url)


class OutcomeViewSet(SnippetViewSet):
    """Research outcomes for platform staff; the confidential part is read in the portal only, where that is noted."""

    model = ResearchOutcome
    icon = "snippet"
    menu_order = 210
    add_to_admin_menu = True
    index_view_class = Listing
    inspect_view_class = Record
    edit_view_class = ToReview
    copy_view_enabled = False
    inspect_view_enabled = True
    # not "field": by its name it would be taken for InspectView.get_field_display_value itself
    inspect_view_fields = ["number", "title", "title_en", "owner", "state", "live", "summary", "summary_en"]
    inspect_view_fields += ["industries", "trl", "trl_evidence", "modes", "is_negotiable", "price_low", "price_high"]
    inspect_view_fields += ["drafted_by", "drafted_at", "published_at", "confirmed_on", "expires_on"]
    search_backend_name = None
    search_fields = ["number", "title"]
    list_display = ["number", "title", "owner", STATE, PUBLIC, "expires_on"]
    list_filter = ["state", "live", "owner"]
    list_export = ["number", "title", "owner", "state", "live", "published_at", "expires_on"]
    panels = [
        FieldPanel("title"),
        FieldPanel("summary"),
        FieldPanel("title_en"),
        FieldPanel("summary_en"),
        FieldPanel("field"),
        FieldPanel("trl"),
        FieldPanel("trl_evidence"),
        InlinePanel("ip_rights", heading=IPRight._meta.verbose_name_plural),
        InlinePanel("co_owners", heading=CoOwner._meta.verbose_name_plural),
        InlinePanel("inventors", heading=Inventor._meta.verbose_name_plural),
    ]

    def get_queryset(self, request: Any) -> Any:
        return ResearchOutcome.objects.visible_to(request.user).select_related("owner")


class NeedViewSet(SnippetViewSet):
    """Technology needs for platform staff."""

    model = TechnologyNeed
    icon = "help"
    menu_order = 220
    add_to_admin_menu = True
    index_view_class = Listing
    inspect_view_class = Record
    edit_view_class = ToReview
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["code", "title", "title_en", "organisation", "is_anonymous", "state", "live"]
    inspect_view_fields += ["closing_reason", "problem", "problem_en", "industry", "mode", "trl_wanted"]
    inspect_view_fields += ["is_negotiable", "budget_low", "budget_high", "deadline", "drafted_by", "drafted_at"]
    inspect_view_fields += ["published_at"]
    search_backend_name = None
    search_fields = ["code", "title"]
    list_display = ["title", CODE, "organisation", STATE, PUBLIC, "deadline"]
    list_filter = ["state", "live", "organisation"]
    list_export = ["code", "title", "organisation", "state", "live", "published_at", "deadline"]
    panels = [
        FieldPanel("title"),
        FieldPanel("problem"),
        FieldPanel("field"),
        FieldPanel("industry"),
        FieldPanel("mode"),
        FieldPanel("trl_wanted"),
        FieldPanel("deadline"),
        InlinePanel("indicators", heading=TargetIndicator._meta.verbose_name_plural),
    ]

    def get_queryset(self, request: Any) -> Any:
        return TechnologyNeed.objects.visible_to(request.user).select_related("organisation")


register_snippet(OutcomeViewSet)
register_snippet(NeedViewSet)
