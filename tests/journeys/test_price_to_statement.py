"""An agreed price from interest to the inventor's statement, in browsers, once in Chinese and once in English."""

from contextlib import ExitStack
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.core import clock
from marketplace.deals.models import Deal
from marketplace.deals.room import TermSheet
from marketplace.organisations.roles import MemberRole
from marketplace.publicity.models import Publicity
from tasks import delivery
from tasks.models import Delivery
from tasks.publicity import end_due_publicity
from tests.factories import people
from tests.journeys.cast import set_the_stage
from tests.journeys.speaking import Speaker
from tests.marketplace.contracts.factories import PDF, number_of
from tests.marketplace.contracts.shared import rules as sharing_rules
from tests.marketplace.deals.factories import PDF as MARKABLE
from tests.marketplace.deals.factories import WAN
from tests.marketplace.deals.factories import rules as deal_rules
from tests.marketplace.matching.factories import outcome

BEFORE = timedelta(days=45)  # longer than fifteen working days with the longest holidays of the year
INVENTOR = "发明人戊"
SUBJECT = "模组技术与图纸一套"


@pytest.fixture(params=["zh-hans", "en"])
def story(request, browser, house):
    """Five people at their browsers, all in one language; the institute offers one outcome."""
    cast, seated, looked_at = set_the_stage(), {}, set()
    deal_rules()
    sharing_rules()
    cast.people.inventor = people.member(cast.institute, MemberRole.BIDDER, username="inventor", name=INVENTOR)
    offered = outcome(of=cast.institute, modes=["assignment"])
    house.ago = BEFORE
    with ExitStack() as leaving:
        for name in ("publisher", "manager", "buyer", "registrar", "inventor"):
            speaks = {"language": request.param, "looked_at": looked_at}
            seated[name] = Speaker(browser, house.address, getattr(cast.people, name), **speaks)
            leaving.callback(seated[name].leave)
            seated[name].sign_in()
        yield SimpleNamespace(outcome=offered, house=house, institute=cast.institute, **seated)


@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_from_interest_to_the_statement_of_the_inventor(story):
    deal = _interest_becomes_a_deal(story)
    _both_accept_confidentiality(story, deal)
    _the_room_and_two_versions_of_terms(story, deal)
    _they_agree_on_a_price_that_is_published(story, deal)
    contract = _the_contract_is_registered(story, deal)
    _the_plan_is_approved_and_published(story, contract)
    _a_payment_is_shared_out_and_paid(story, contract)
    _the_inventor_reads_the_statement(story)
    assert Deal.objects.get().state == "performance"
    assert not Delivery.objects.exclude(error="").exists()


def _interest_becomes_a_deal(story):
    """Return the address of the deal, without its language."""
    story.buyer.open(f"/outcomes/{story.outcome.number}/")
    story.buyer.follow("Express interest")
    story.buyer.type(message="年产 20 万套智能锁")
    story.buyer.press("Express interest")
    story.publisher.take_from_desk("Answer the interest in %(outcome)s")
    story.publisher.press("Accept and open the deal")
    return story.publisher.place


def _both_accept_confidentiality(story, deal):
    for somebody in (story.publisher, story.buyer):
        somebody.open(deal)
        somebody.press("Accept the confidentiality terms")
    story.buyer.sees("In force: the buyer may read the confidential part; reading is recorded.")


def _the_room_and_two_versions_of_terms(story, deal):
    story.publisher.open(deal)
    story.publisher.unfold("Add a file")
    story.publisher.type(
        file={"name": "report.pdf", "mimeType": "application/pdf", "buffer": MARKABLE}, title="检测报告"
    )
    story.publisher.press("Add the file")
    story.publisher.sees("检测报告")
    story.buyer.open(deal)
    given = story.buyer.page.request.get(story.buyer.page.get_by_role("link", name="检测报告").get_attribute("href"))
    assert given.body().startswith(b"%PDF")
    story.buyer.open(f"{deal}readings/")
    story.buyer.sees(story.buyer.user.name)
    story.buyer.open(f"{deal}terms/")
    story.buyer.type(subject=SUBJECT, price_terms="一次付清")
    story.buyer.press("Write the version")
    story.publisher.open(f"{deal}terms/")
    story.publisher.type(price_terms="签约付六成，验收付四成")
    story.publisher.press("Write the version")
    story.publisher.sees("Versions side by side")
    story.publisher.look_narrow()
    assert list(TermSheet.objects.values_list("version", "side")) == [(2, "seller"), (1, "buyer")]


def _they_agree_on_a_price_that_is_published(story, deal):
    story.publisher.open(deal)
    story.publisher.type(mode=["agreed"])
    story.publisher.press("price|Choose")
    story.buyer.open(deal)
    story.buyer.type(amount="120")
    story.buyer.press("Propose the price")
    story.publisher.open(deal)
    story.publisher.press("Accept this price")
    story.buyer.open("/publicity/")
    story.buyer.sees(story.outcome.title)
    _the_term_passes(story)
    assert story.house.ago >= timedelta()


def _the_term_passes(story):
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


def _the_contract_is_registered(story, deal):
    """Return the address of the contract, without its language."""
    story.house.ago = timedelta()
    today = clock.today()
    story.manager.open(deal)
    story.manager.press("Draw up the contract")
    days = {"signed_on": str(today), "begins_on": str(today), "ends_on": str(today + timedelta(days=365))}
    story.manager.type(payment="instalments", ip_kind="invention", objective="industry", **days)
    story.manager.press("Save")
    story.manager.type(file={"name": "contract.pdf", "mimeType": "application/pdf", "buffer": PDF})
    story.manager.press("Upload")
    story.manager.press("Submit")
    contract = story.manager.place
    story.registrar.open(contract)
    story.registrar.press("Accept for review")
    story.registrar.follow("Register the contract")
    story.registrar.type(number=number_of(778))
    story.registrar.press("Register the contract")
    story.registrar.sees(number_of(778))
    registered = TechnologyContract.objects.get()
    assert (registered.state, registered.total_amount) == ("registered", 120 * WAN)
    return contract


def _the_plan_is_approved_and_published(story, contract):
    story.manager.open(f"{contract}sharing/")
    story.manager.follow("Write the plan")
    story.manager.type(formula="costs_and_tax", broker_as="nobody", department="材料室", department_head="publisher")
    story.manager.type(payees__0__kind="inventor", payees__0__name=INVENTOR, payees__0__percent="70")
    story.manager.type(payees__0__user="inventor")
    story.manager.type(payees__1__kind="institute", payees__1__name=story.institute.name, payees__1__percent="30")
    story.manager.look_narrow()
    story.manager.press("Save as a draft")
    story.manager.press("Send for approval")
    story.publisher.take_from_desk("Approve the distribution plan: %(plan)s")
    story.publisher.press("Approve for the department")
    story.manager.take_from_desk("Approve the distribution plan: %(plan)s")
    story.manager.press("Approve and publish")
    _the_term_passes(story)
    assert DistributionPlan.objects.get().state == "effective"


def _a_payment_is_shared_out_and_paid(story, contract):
    story.manager.open(f"{contract}payments/")
    story.manager.follow("Enter a payment")
    story.manager.type(amount="720000", bank_reference="工行 2026-7")
    story.manager.press("Enter the payment")
    story.manager.take_from_desk("Share out a payment: %(contract)s")
    story.manager.type(direct_cost="20000", tax="0")
    story.manager.press("Calculate again")
    story.manager.sees("490,000.00")
    story.manager.press("Share out")
    story.manager.look_narrow()
    line = Distribution.objects.get().lines.get(share__name=INVENTOR)
    story.manager.open(f"/sharing/lines/{line.code}/pay/")
    story.manager.type(reference="代发 1")
    story.manager.press("Note as paid")
    line.refresh_from_db()
    assert (line.amount, line.state) == (49 * WAN, "paid")


def _the_inventor_reads_the_statement(story):
    story.inventor.open("/sharing/statements/")
    story.inventor.follow(story.outcome.title)
    story.inventor.sees("490,000.00")
    story.inventor.look_narrow()
    paper = story.inventor.page.request.get(story.inventor.page.get_by_role("link", name="PDF").get_attribute("href"))
    assert paper.body().startswith(b"%PDF")
