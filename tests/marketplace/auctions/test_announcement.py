"""The announcement as it was frozen: its page, its PDF, its file to check."""

import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions.announced_rules import conditions, how_bidding_goes
from marketplace.auctions.models import AuctionSession
from marketplace.auctions.record import announcement_of, publicity_days
from marketplace.outcomes.models import ResearchOutcome
from tests.marketplace.auctions.making import announced_lot, organisation, planned
from tests.pdf_text import text_of

pytestmark = pytest.mark.django_db


def soon():
    return timezone.now() + timedelta(days=10)


def licensed(*, days=10, **facts):
    """Return what a session held as an auction needs, with three days of viewing before its bidding in `days`."""
    company = organisation("auction_company", name="样例拍卖有限公司")
    first = timezone.localdate() + timedelta(days=days - 5)
    return {
        "legal_form": "licensed_auction",
        "auction_company": company,
        "company_licence": "33-2026-001",
        "auctioneer_name": "陈样例",
        "auctioneer_licence": "PM-0042",
        "viewing_from": first,
        "viewing_until": first + timedelta(days=2),
        "viewing_place": "展示中心二楼",
    } | facts


def test_the_page_says_everything_that_was_announced(client):
    lot = announced_lot(
        starts_at=soon(),
        reserve=234_567_800,
        most_extensions=3,
        bidder_conditions="须具备#医疗器械*生产许可*",
        **licensed(),
    )

    page = client.get(reverse("session-announcement", args=[lot.session.number])).content.decode()

    for said in (
        "样例拍卖有限公司",
        "33-2026-001",
        "PM-0042",
        "陈样例",
        "展示中心二楼",
        "须具备#医疗器械*生产许可*",
        lot.outcome.owner.name,
        lot.outcome.title,
        "发明专利转让",
        "1,600,000.00",
        "160,000.00",
        lot.reserve_commitment,
        "最多顺延 3 次",
        lot.session.announcement_hash,
    ):
        assert said in page, said
    assert "2,345,678" not in page


def test_the_page_is_of_the_snapshot_not_of_todays_rows(client):
    lot = announced_lot(starts_at=soon(), venue="旧会场")
    AuctionSession.objects.filter(pk=lot.session_id).update(venue="新会场", title="改名专场")
    ResearchOutcome.objects.filter(pk=lot.outcome_id).update(title="后来的名称")

    page = client.get(reverse("session-announcement", args=[lot.session.number])).content.decode()

    assert "旧会场" in page
    assert "等速万向节感应热处理系统" in page
    for later in ("新会场", "后来的名称"):
        assert later not in page, later


CONTACT = {
    "AUCTION_CONTACT": "瓯海技术转移中心窗口",
    "AUCTION_CONTACT_PHONE": "0577-88000000",
    "AUCTION_CONTACT_EMAIL": "auction@market.example.cn",
}


def test_it_says_whom_to_ask_and_when_to_sign_and_pay_as_it_was_announced(client, settings):
    settings.AUCTION_PUBLICITY_DAYS, settings.PUBLICITY_ENTRY_DAYS = 7, 1
    for name, said in CONTACT.items():
        setattr(settings, name, said)
    lot = announced_lot(starts_at=soon(), signing_days=10, payment_days=30, **licensed())
    said = [
        *CONTACT.values(),
        "请提前与瓯海技术转移中心窗口预约",
        "公示 7 个工作日",
        "另留 1 个工作日登记期内收到的来信",
        "此后 10 个工作日内",
        "30 日内支付",
    ]
    settings.AUCTION_CONTACT, settings.AUCTION_PUBLICITY_DAYS = "后来的窗口", 3
    AuctionSession.objects.filter(pk=lot.session_id).update(signing_days=1, payment_days=1)

    announced = client.get(lot.session.announcement_url).content.decode()
    session = client.get(lot.session.get_absolute_url()).content.decode()
    paper = text_of(client.get(reverse("announcement-pdf", args=[lot.session.number])).content)

    assert [words for words in said if words not in announced or words not in session] == []
    assert [words for words in said if words.replace(" ", "") not in paper] == []
    assert "后来的窗口" not in announced + session
    lot.session.refresh_from_db()
    assert publicity_days(lot.session) == 7


def test_without_a_contact_the_organiser_is_asked_and_no_days_are_made_up(client, settings):
    settings.AUCTION_CONTACT_PHONE = settings.AUCTION_CONTACT_EMAIL = ""
    lot = announced_lot(starts_at=soon())

    page = client.get(lot.session.announcement_url).content.decode()

    assert f"请与{lot.session.organiser.name}联系" in page
    assert "未限定签订合同的天数" in page
    assert "按合同约定的日期支付" in page


def test_pdf_holds_the_same_words_in_both_languages(client):
    lot = announced_lot(starts_at=soon(), **licensed())
    address = reverse("announcement-pdf", args=[lot.session.number])

    chinese, again, english = client.get(address), client.get(address), client.get(f"/en{address}")

    found = text_of(chinese.content)
    for said in ("拍卖公告", "样例拍卖有限公司", "陈样例", "1,600,000.00元", lot.session.announcement_hash, lot.number):
        assert said in found, said
    assert chinese.content == again.content
    assert "Auctionannouncement" in text_of(english.content)


def test_the_file_gives_the_fingerprint(client):
    lot = announced_lot(starts_at=soon())

    lines = client.get(reverse("announcement-file", args=[lot.session.number])).content.decode().splitlines()

    assert [hashlib.sha256(line.encode()).hexdigest() for line in lines] == [lot.session.announcement_hash]


@pytest.mark.parametrize("name", ["session-announcement", "announcement-pdf", "announcement-file"])
def test_nothing_is_shown_before_the_announcement(client, name):
    session = planned()

    assert client.get(reverse(name, args=[session.number])).status_code == 404


def test_announcements_made_before_version_2_are_still_shown(client):
    lot = announced_lot(starts_at=soon())
    session = lot.session
    session.announcement = {
        "v": 1,
        "session": session.number,
        "legal_form": "open_bidding",
        "organiser": session.organiser.uscc,
        "registration_closes_at": session.announcement["registration_closes_at"],
        "starts_at": session.announcement["starts_at"],
        "lots": [
            {
                key: said
                for key, said in terms.items()
                if key not in ("title", "title_en", "seller", "defects", "position")
            }
            for terms in session.announcement["lots"]
        ],
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # as a superuser: the trigger keeps others off
        session.save(update_fields=["announcement"])
        cursor.execute("SET LOCAL session_replication_role = origin")

    page = client.get(reverse("session-announcement", args=[session.number]))
    for term in ("预约看样", "支付价款"):  # what was not announced is not said
        assert term not in page.content.decode()
    pdf = client.get(reverse("announcement-pdf", args=[session.number]))

    assert session.organiser.uscc in page.content.decode()
    assert lot.number in text_of(pdf.content)


def test_session_and_lot_lead_to_it(client):
    lot = announced_lot(starts_at=soon())

    for page in (lot.session.get_absolute_url(), lot.get_absolute_url()):
        assert lot.session.announcement_url in client.get(page).content.decode()


def test_no_person_is_named_in_what_is_frozen():
    lot = announced_lot(starts_at=soon(), **licensed())

    assert "陈样例" not in str(announcement_of(lot.session, [lot]))
    assert "陈样例" not in str(lot.session.announcement)


@pytest.mark.parametrize(
    ("formats", "version", "said"),
    [
        (["english"], 3, (True, False)),
        (["hybrid"], 3, (True, False)),
        (["sealed"], 3, (False, True)),
        (["english", "sealed"], 3, (True, True)),
        (["sealed"], 2, (True, False)),  # as it was published
    ],
)
def test_how_bidding_goes_is_told_of_the_formats_that_are_offered(formats, version, said):
    frozen = {"v": version, "lots": [{"format": each} for each in formats]}

    rules, who = (" ".join(part(frozen).paragraphs) for part in (how_bidding_goes, conditions))

    assert ("出价不可撤回" in rules, "竞买人可以更换或撤回" in rules) == said
    assert ("密封报价的拍品：" in rules) == (len(formats) == 2)
    assert ("可以与他人同价出价" in who) == said[0]


def test_the_announcement_of_a_sealed_lot_says_that_bids_may_be_withdrawn_until_the_end(client):
    lot = announced_lot(starts_at=soon(), format="sealed")

    page = client.get(reverse("session-announcement", args=[lot.session.number])).content.decode()

    assert "竞买人可以更换或撤回" in page
    assert "出价不可撤回" not in page
