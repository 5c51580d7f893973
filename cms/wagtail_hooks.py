"""What the admin of Wagtail gets from the house: its colours, and listings of the trade with who sees them."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from cms.portal.foot import forget_pages
from cms.staff.dates import keep_dates_as_typed
from cms.staff.finding import register_areas
from cms.staff.labels import name_fields
from cms.staff.market import Market
from cms.staff.moves import refuse_move, refuse_moves
from cms.staff.other_language import warn_of_chinese
from cms.staff.policies import Keeping, Looking
from cms.staff.removals import refuse_together
from cms.staff.sales import Sales
from cms.staff.searching import Searching
from cms.staff.supervision import LookUps, Supervision
from marketplace.auctions.models import AuctionSession, BidderRegistration, Deposit, Lot
from marketplace.brokers.dated import BrokerRule
from marketplace.brokers.models import TechBroker
from marketplace.brokers.schemes import BrokerScheme
from marketplace.contracts.dated import RegistrationRule
from marketplace.contracts.drafts.clauses import ClauseText
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.code_lists import CodeRule
from marketplace.core.journal import Entry
from marketplace.core.working_days import CalendarDay
from marketplace.deals.dated import DealRule
from marketplace.deals.models import Deal
from marketplace.matching.invitation import BrokerInvitation
from marketplace.matching.models import Match
from marketplace.organisations.models import Consent, Organisation
from marketplace.organisations.roles import Role
from marketplace.outcomes.imports.models import OutcomeImport
from marketplace.rewards.evaluation.dated import EvaluationRule
from marketplace.trials.models import Trial
from marketplace.trials.policy import TrialPolicy
from search.models import IndexRun, MatchWeights, SearchLog, StopPhrase, Synonym
from tasks.models import Delivery

# Beside officers and auditors, who read everything: the roles whose work needs the record
SEEN_BY = {
    Organisation: (Role.REGISTRAR, Role.SECOND_REVIEWER, Role.ORGANISER, Role.FINANCE, Role.LIAISON),
    TechBroker: (Role.REGISTRAR, Role.SECOND_REVIEWER, Role.LIAISON),
    Match: (),  # who may open them in the portal
    BrokerInvitation: (),
    Deal: (),
    Trial: (),
    TechnologyContract: (Role.REGISTRAR, Role.SECOND_REVIEWER),
    OutcomeImport: (),
    AuctionSession: (Role.ORGANISER, Role.AUCTIONEER, Role.FINANCE),
    Lot: (Role.ORGANISER, Role.AUCTIONEER),
    BidderRegistration: (Role.ORGANISER,),
    Deposit: (Role.FINANCE,),
    Entry: (),
    Consent: (),
    MatchWeights: (),
    StopPhrase: (),
    SearchLog: (Role.EDITOR,),
    IndexRun: (),
}
KEPT = (
    *(CalendarDay, TechnicalField, Industry, CodeRule, BrokerScheme),
    *(SharingRule, DealRule, RegistrationRule, BrokerRule, EvaluationRule, ClauseText),
)

for _model, _roles in SEEN_BY.items():
    register_permission_policy(_model, Looking(_model, *_roles))
for _model in KEPT:
    register_permission_policy(_model, Keeping(_model, Role.REGISTRAR, Role.SECOND_REVIEWER))
register_permission_policy(TrialPolicy, Keeping(TrialPolicy))
register_permission_policy(Synonym, Keeping(Synonym, keepers=(Role.OFFICER, Role.EDITOR)))
register_permission_policy(Delivery, Keeping(Delivery))  # its one change is another try
register_areas()
keep_dates_as_typed()
name_fields()
hooks.register("before_bulk_action", refuse_together)
hooks.register("before_bulk_action", refuse_moves)
hooks.register("before_move_page", refuse_move)
for _deed in ("publish_page", "unpublish_page", "delete_page", "move_page", "bulk_action"):
    hooks.register(f"after_{_deed}", forget_pages)


@hooks.register("register_admin_viewset")
def listings() -> list[ViewSetGroup]:
    """Register the listings in groups."""
    return [Market(), Sales(), Supervision(), Searching(), LookUps()]


hooks.register("after_publish_page", warn_of_chinese)


@hooks.register("insert_global_admin_css")
def house_colours() -> SafeString:
    """Colour the admin as the portal."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin/admin.css"))
