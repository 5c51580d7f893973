"""From a fixed price to the inventor's statement: the steps every deal shares, whatever found its price."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from types import SimpleNamespace

from django.utils import timezone
from playwright.sync_api import Browser

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.core import clock
from marketplace.organisations.roles import MemberRole
from marketplace.publicity.models import Publicity
from tasks import delivery
from tasks.publicity import end_due_publicity
from tests.factories import people
from tests.journeys.cast import set_the_stage
from tests.journeys.speaking import Speaker
from tests.marketplace.contracts.factories import PDF, number_of
from tests.marketplace.contracts.shared import rules as sharing_rules
from tests.marketplace.deals.factories import rules as deal_rules
from tests.marketplace.matching.factories import outcome

BEFORE = timedelta(days=45)  # longer than fifteen working days with the longest holidays of the year
INVENTOR = "发明人戊"
YUAN = 100


@contextmanager
def seated(browser: Browser, house: SimpleNamespace, language: str, **offered: object) -> Iterator[SimpleNamespace]:
    """Give five people at their browsers, all in one language, and an outcome the institute offers."""
    cast, at_browser, looked_at = set_the_stage(), {}, set[str]()
    deal_rules()
    sharing_rules()
    cast.people.inventor = people.member(cast.institute, MemberRole.BIDDER, username="inventor", name=INVENTOR)
    made = outcome(of=cast.institute, **offered)
    house.ago = BEFORE
    with ExitStack() as leaving:
        for name in ("publisher", "manager", "buyer", "registrar", "inventor"):
            somebody = getattr(cast.people, name)
            at_browser[name] = Speaker(browser, house.address, somebody, language=language, looked_at=looked_at)
            leaving.callback(at_browser[name].leave)
            at_browser[name].sign_in()
        yield SimpleNamespace(outcome=made, house=house, institute=cast.institute, language=language, **at_browser)


def today(story: SimpleNamespace) -> date:
    """Return the day it is in the house."""
    with clock.moved_to(timezone.now() - story.house.ago):
        return clock.today()


def the_term_passes(story: SimpleNamespace) -> None:
    """Put the clock of the house to the day after the last of what is in publicity, and sweep."""
    running = Publicity.objects.running().get()
    after = datetime.combine(
        running.ends_on + timedelta(days=1), datetime.min.time(), tzinfo=timezone.get_current_timezone()
    )
    story.house.ago = timezone.now() - (after + timedelta(hours=10))
    with delivery.at_once(), clock.moved_to(timezone.now() - story.house.ago):
        end_due_publicity()
    running.refresh_from_db()
    assert running.state == "ended"


def contract_is_registered(story: SimpleNamespace, draw_up: Callable[[], None], *, total: int) -> str:
    """Return the address of the contract, without its language; `draw_up` leads the manager to its draft."""
    story.house.ago = timedelta()
    day = clock.today()
    draw_up()
    days = {"signed_on": str(day), "begins_on": str(day), "ends_on": str(day + timedelta(days=365))}
    story.manager.type(payment="instalments", ip_kind="invention", objective="industry", **days)
    story.manager.press("Save")
    story.manager.type(file={"name": "contract.pdf", "mimeType": "application/pdf", "buffer": PDF})
    story.manager.press("Upload")
    story.manager.confirm("Submit", "Send to registration")
    contract = story.manager.place
    story.registrar.open(contract)
    story.registrar.press("Accept for review")
    story.registrar.follow("Register the contract")
    story.registrar.type(number=number_of(778))
    story.registrar.confirm("Register the contract", "Register the contract")
    story.registrar.sees(number_of(778))
    registered = TechnologyContract.objects.get()
    assert (registered.state, registered.total_amount) == ("registered", total)
    return contract


def plan_is_approved_and_published(story: SimpleNamespace, contract: str) -> None:
    """Seventy per cent to the inventor, thirty to the institute; its writer does not give the last of two approvals."""
    story.publisher.open(f"{contract}sharing/")
    story.publisher.follow("Write the plan")
    story.publisher.type(formula="costs_and_tax", broker_as="nobody", department="材料室", department_head="publisher")
    story.publisher.type(payees__0__kind="inventor", payees__0__name=INVENTOR, payees__0__percent="70")
    story.publisher.type(payees__0__user="inventor")
    story.publisher.type(payees__1__kind="institute", payees__1__name=story.institute.name, payees__1__percent="30")
    story.publisher.look_narrow()
    story.publisher.press("Save as a draft")
    story.publisher.press("Send for approval")
    story.publisher.take_from_desk("Approve the distribution plan: %(plan)s")
    story.publisher.press("Approve for the department")
    story.manager.take_from_desk("Approve the distribution plan: %(plan)s")
    story.manager.press("Approve and publish")
    the_term_passes(story)
    assert DistributionPlan.objects.get().state == "effective"


def payment_is_shared_out_and_paid(story: SimpleNamespace, contract: str, *, payment: int, cost: int) -> str:
    """Enter a payment (yuan), share it out less its direct cost, pay the inventor; return what they got, as printed."""
    got = (payment - cost) * 70 // 100
    printed = f"{got:,}.00"
    story.manager.open(f"{contract}payments/")
    story.manager.follow("Enter a payment")
    story.manager.type(amount=str(payment), bank_reference="工行 2026-7")
    story.manager.press("Enter the payment")
    story.manager.take_from_desk("Share out a payment: %(contract)s")
    story.manager.type(direct_cost=str(cost), tax="0")
    story.manager.press("Show who gets what")
    story.manager.sees(printed)
    story.manager.confirm("Share out", "Share out")
    story.manager.look_narrow()
    line = Distribution.objects.get().lines.get(share__name=INVENTOR)
    story.manager.open(f"/sharing/lines/{line.code}/pay/")
    story.manager.type(reference="代发 1")
    story.manager.press("Note as paid")
    line.refresh_from_db()
    assert (line.amount, line.state) == (got * YUAN, "paid")
    return printed


def inventor_reads_the_statement(story: SimpleNamespace, printed: str) -> bytes:
    """Return the statement as PDF; its page says the same sum."""
    story.inventor.open("/sharing/statements/")
    story.inventor.follow(story.outcome.title)
    story.inventor.sees(printed)
    story.inventor.look_narrow()
    paper = story.inventor.page.request.get(story.inventor.page.get_by_role("link", name="PDF").get_attribute("href"))
    assert paper.body().startswith(b"%PDF")
    return bytes(paper.body())
