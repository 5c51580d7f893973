"""A paid line that was wrong is corrected alone by two more lines; nothing is rewritten, and the sum stays."""

import copy

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation

from marketplace.contracts.sharing.correcting import correct_line
from marketplace.contracts.sharing.distributing import distribute_receipt, pay_line
from marketplace.contracts.sharing.refusals import ReasonOfCorrection
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.contracts.sharing.statement import statement_of
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from tests.factories.people import sign_in
from tests.marketplace.contracts.shared import effective, house, receipt
from tests.pdf_text import text_of

pytestmark = pytest.mark.usefixtures("for_now")

REASON = "账号填错，银行退回"


@pytest.fixture(scope="module")
def lasting_house(lasting):
    here = house()
    effective(here)
    here.distribution = distribute_receipt(receipt(here, amount=1_000_001), by=here.finance)
    here.line = here.distribution.lines.get(share__user=here.first)
    pay_line(here.line, by=here.finance, paid_on=clock.today(), reference="代发 1")
    return here


@pytest.fixture
def paid(lasting_house, for_now):
    """A payment of 10,000.01 yuan shared out, the first inventor paid."""
    return copy.deepcopy(lasting_house)


def sums(distribution):
    return sum(line.amount for line in distribution.lines.all())


def test_a_paid_line_is_corrected_by_two_more_and_the_sum_stays(paid):
    others = set(paid.distribution.lines.exclude(pk=paid.line.pk).values_list("pk", "amount", "state"))

    anew = correct_line(paid.line, by=paid.finance, reason=REASON)

    paid.line.refresh_from_db()
    row = paid.line.reversed_by
    assert (paid.line.state, paid.line.amount, paid.line.reference) == ("corrected", 400_001, "代发 1")
    assert (row.state, row.amount, row.tax_counted, row.reason) == ("reversing", -400_001, -200_001, REASON)
    assert (anew.state, anew.amount, anew.tax_counted, anew.share) == ("payable", 400_001, 200_001, paid.line.share)
    assert sums(paid.distribution) == paid.distribution.net
    same = paid.distribution.lines.exclude(pk__in=[paid.line.pk, row.pk, anew.pk])
    assert set(same.values_list("pk", "amount", "state")) == others
    assert Entry.objects.about(paid.line).get(kind="payout.corrected").data["row"] == row.code


def test_a_correction_stands_below_what_it_corrects(paid, client):
    before = list(paid.distribution.lines.values_list("pk", flat=True))
    anew = correct_line(paid.line, by=paid.finance, reason=REASON)
    sign_in(client, paid.finance)

    page = client.get(paid.distribution.get_absolute_url())

    place = before.index(paid.line.pk) + 1
    together = [*before[:place], paid.line.reversed_by.pk, anew.pk, *before[place:]]
    assert [row["line"].pk for row in page.context["lines"]] == together


def test_only_a_paid_line_is_corrected_with_a_reason_by_who_keeps_the_money(paid):
    open_line = paid.distribution.lines.get(share__user=paid.second)
    with pytest.raises(WrongState):
        correct_line(open_line, by=paid.finance, reason=REASON)
    with pytest.raises(ReasonOfCorrection):
        correct_line(paid.line, by=paid.finance, reason=" ")
    for stranger in (paid.first, paid.writer):
        with pytest.raises(PermissionDenied):
            correct_line(paid.line, by=stranger, reason=REASON)

    assert paid.distribution.lines.count() == 4


def test_what_was_corrected_is_not_corrected_again_but_the_new_line_may_be(paid):
    anew = correct_line(paid.line, by=paid.finance, reason=REASON)
    for line in (paid.line, paid.line.reversed_by):
        with pytest.raises(WrongState):
            correct_line(line, by=paid.finance, reason=REASON)

    pay_line(anew, by=paid.finance, paid_on=clock.today(), reference="代发 2")
    correct_line(anew, by=paid.finance, reason="重复")

    assert sums(paid.distribution) == paid.distribution.net


def test_a_reversed_payment_asks_back_only_what_was_paid_last(paid):
    anew = correct_line(paid.line, by=paid.finance, reason=REASON)
    pay_line(anew, by=paid.finance, paid_on=clock.today(), reference="代发 2")

    reverse_receipt(paid.distribution.receipt, by=paid.finance, reason="误付")

    states = paid.distribution.lines.filter(share__user=paid.first).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["corrected", "reversing", "to_reclaim"]
    statement = statement_of(paid.line.share)
    assert (statement.counted, statement.to_pay_back) == (0, 400_001)


def test_the_statement_shows_both_lines_with_the_reason(client, paid):
    correct_line(paid.line, by=paid.finance, reason=REASON)
    sign_in(client, paid.first)
    address = reverse("statement-pdf", args=[paid.line.share.code])

    text = text_of(client.get(address).content)

    assert "−4,000.01" in text
    assert REASON in text
    statement = statement_of(paid.line.share)
    assert (statement.counted, statement.paid, len(statement.lines)) == (400_001, 0, 3)


@pytest.mark.parametrize(("prefix", "said"), [("", "请说明发放有何错误"), ("/en", "Say what was wrong")])
def test_the_page_asks_why_and_refuses_in_both_languages(client, paid, prefix, said):
    sign_in(client, paid.finance)
    correct, shown = reverse("line-correct", args=[paid.line.code]), paid.distribution.get_absolute_url()

    with translation.override("en" if prefix else "zh-hans"):
        refused = str(ReasonOfCorrection())
    assert correct in client.get(prefix + shown).content.decode()
    assert client.post(prefix + correct, {"reason": ""}).status_code == 200
    answer = client.post(prefix + correct, {"reason": REASON})

    assert said in refused
    assert answer.url == prefix + shown
    assert REASON in client.get(prefix + shown).content.decode()
    assert paid.distribution.lines.filter(share__user=paid.first).count() == 3
