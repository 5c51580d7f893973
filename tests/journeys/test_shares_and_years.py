"""A plan about shares and one about the profit of years, carried out in browsers: one in English, one in Chinese."""

import pytest
from django.urls import reverse

from marketplace.contracts.sharing.allotments import ShareAllotment
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.core import clock
from marketplace.organisations.staff import set_up_groups
from tests.journeys.speaking import Speaker
from tests.marketplace.contracts import yielding
from tests.marketplace.contracts.factories import PDF
from tests.pdf_text import text_of
from tests.standing_site import ensure_site

pytestmark = pytest.mark.long

PROOF = {"name": "proof.pdf", "mimeType": "application/pdf", "buffer": PDF}


@pytest.fixture
def seat(request, browser, house):
    """Give the function that seats a person at a browser that speaks the language."""
    ensure_site()
    set_up_groups()
    seated, looked_at = [], set()

    def at_browser(user):
        seated.append(Speaker(browser, house.address, user, language=request.param, looked_at=looked_at).sign_in())
        return seated[-1]

    yield at_browser
    for walker in seated:
        walker.leave()


def statement_of(inventor, printed):
    """Return the statement as PDF, after its page said the same."""
    inventor.open("/sharing/statements/")
    inventor.look_narrow()
    inventor.follow("智能锁装配线视觉检测开发合同")
    inventor.sees(printed)
    inventor.look_narrow()
    paper = inventor.page.request.get(inventor.page.get_by_role("link", name="PDF").get_attribute("href"))
    return text_of(paper.body())


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seat", ["en"], indirect=True)
@pytest.mark.django_db(transaction=True)
def test_shares_are_entered_and_the_inventor_reads_what_they_hold(seat):
    here = yielding.of_shares()
    finance, inventor = seat(here.finance), seat(here.first)

    finance.take_from_desk("Enter the allotted shares: %(contract)s")
    finance.look_narrow()
    finance.type(company="瓯江样例科技公司", unit=["shares"], amount="1001", company_total="3000", upload=PROOF)
    finance.type(registered_on=clock.today().isoformat())
    finance.press("Enter the shares")
    finance.sees("111/1000 (11.1000%)")
    finance.look_narrow()

    text = statement_of(inventor, "111/1000 (11.1000%)")
    assert "111/1000(11.1000%)" in text
    allotment = ShareAllotment.objects.get()
    assert sum(line.amount for line in allotment.lines.all()) == 1001
    finance.open(reverse("allotment-reverse", args=[allotment.code]))
    finance.type(reason="股数录错")
    finance.press("Take back")
    finance.sees("股数录错")
    finance.look_narrow()
    assert not ShareAllotment.objects.standing().exists()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seat", ["zh-hans"], indirect=True)
@pytest.mark.django_db(transaction=True)
def test_a_year_is_reported_shared_paid_and_a_payout_corrected(seat):
    here = yielding.of_profit(profit_from=clock.today().year - 1)
    finance, inventor = seat(here.finance), seat(here.first)

    finance.take_from_desk("Report the operating profit: %(contract)s")
    finance.look_narrow()
    finance.follow("Report the profit")
    finance.look_narrow()
    finance.type(profit="10000.01", upload=PROOF)
    finance.press("Report the profit")
    finance.sees("350.00")
    finance.look_narrow()
    finance.confirm("Share out", "Share out")
    finance.look_narrow()
    line = Distribution.objects.get().lines.get(share__user=here.first)
    finance.open(reverse("line-pay", args=[line.code]))
    finance.type(reference="代发 1")
    finance.press("Note as paid")
    finance.follow("payout|Correct")
    finance.look_narrow()
    finance.type(reason="账号有误，银行退回")
    finance.press("Correct the payout")
    finance.sees("账号有误，银行退回")
    finance.look_narrow()

    text = statement_of(inventor, "−350.00")
    assert "账号有误，银行退回" in text
    assert sum(each.amount for each in Distribution.objects.get().lines.all()) == 1_000_001
