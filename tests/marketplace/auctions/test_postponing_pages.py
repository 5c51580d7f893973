"""The pages of a postponement: what organisers press, what everybody reads, how a bidder steps back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cms.templatetags.languages import stopped
from marketplace.auctions import actions
from marketplace.auctions.models import AuctionSession, BidderRegistration
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, member, organisation, person
from tests.pdf_text import text_of

pytestmark = pytest.mark.django_db
REASON = "评估报告需要补充"


def coming(**facts):
    return announced_lot(starts_at=timezone.now() + timedelta(days=5), **facts)


def postponed(lot):
    actions.postpone_session(lot.session, by=person("organiser"), reason=REASON)
    lot.refresh_from_db()
    return lot


def local(at):
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


def times(**other):
    starts_at = timezone.now() + timedelta(days=20)
    return {"starts_at": local(starts_at), "registration_closes_at": local(starts_at), "sure": "on"} | other


def test_an_organiser_postpones_after_confirming(client):
    lot = coming()
    sign_in(client, person("organiser"))
    address = reverse("session-postpone", args=[lot.session.number])

    manage = client.get(reverse("session-manage", args=[lot.session.number])).content.decode()
    unsure = client.post(address, {"reason": REASON})
    done = client.post(address, {"reason": REASON, "sure": "on"})
    again = client.post(address, {"reason": REASON, "sure": "on"})

    assert address in manage
    assert unsure.content.decode().count('aria-invalid="true"') == 1
    assert REASON in unsure.content.decode()
    assert done.status_code == 302
    assert "已延期" in again.content.decode()
    assert lot.session.amendments.count() == 1


@pytest.mark.parametrize("language", ["", "/en"])
def test_everybody_reads_that_it_is_postponed_and_why(client, language):
    lot = postponed(coming())
    session = lot.session
    said = "postponed" if language else "延期"

    for address in (session.get_absolute_url(), session.announcement_url, lot.get_absolute_url()):
        page = client.get(f"{language}{address}").content.decode()
        assert REASON in page, address
        assert said in page, address
    assert client.get(reverse("lot-state", args=[lot.number])).json()["state"] == "postponed"


def test_a_reason_without_a_full_stop_does_not_run_into_the_sentence_after_it(client):
    lot = coming()
    actions.postpone_session(lot.session, by=person("organiser"), reason="系统维护，另行通知")

    page = client.get(lot.session.get_absolute_url()).content.decode()

    assert "系统维护，另行通知。新的时间将另行公告。" in page
    assert [stopped(each) for each in ("Repairs", "维修。", "", "维修 ")] == ["Repairs.", "维修。", "", "维修。"]


def test_the_paper_says_it_before_everything_else(client):
    lot = postponed(coming())

    pdf = text_of(client.get(reverse("announcement-pdf", args=[lot.session.number])).content)

    assert REASON in pdf
    assert pdf.index("修改公告1") < pdf.index(lot.number)


def test_a_sealed_lot_says_it_too(client):
    lot = postponed(coming(format="sealed"))

    page = client.get(lot.get_absolute_url()).content.decode()

    assert REASON in page
    assert "已延期" in page


def test_lists_name_a_postponed_session_without_its_old_day(client):
    lot = postponed(coming())
    day = f"{timezone.localtime(lot.starts_at):%Y-%m-%dT%H:%M}"

    pages = [client.get(address).content.decode() for address in (reverse("session-list"), reverse("lot-list"))]
    pages.append(client.get(lot.session.get_absolute_url()).content.decode())

    assert lot.session.number in pages[0]
    assert "新的时间将另行公告" in pages[0]
    assert not [page for page in pages if day in page]
    assert lot.session not in AuctionSession.objects.scheduled()


def test_the_organisers_desk_asks_for_the_new_times(client):
    lot = postponed(coming())
    sign_in(client, person("organiser"))

    desk = client.get(reverse("desk")).content.decode()

    assert reverse("session-manage", args=[lot.session.number]) in desk
    assert "公告新的时间或取消" in desk


def test_new_times_beside_their_fields(client):
    lot = postponed(coming())
    sign_in(client, person("organiser"))
    address = reverse("session-reannounce", args=[lot.session.number])

    shown = client.get(address).content.decode()
    soon = client.post(address, times(starts_at=local(timezone.now() + timedelta(days=6)))).content.decode()
    late = client.post(address, times(registration_closes_at=local(timezone.now() + timedelta(days=25))))
    done = client.post(address, times(remark="报告已补齐"))

    assert REASON in shown
    assert 'id="id_starts_at"' in soon
    assert soon.count('aria-invalid="true"') == late.content.decode().count('aria-invalid="true"') == 1
    assert done.status_code == 302
    session = AuctionSession.objects.get(pk=lot.session_id)
    page = client.get(session.announcement_url).content.decode()
    assert session.state == "registration"
    assert "报告已补齐" in page
    assert lot.number in page
    assert f"{timezone.localtime(session.starts_at):%Y-%m-%d %H:%M}" in page


def test_a_session_that_cannot_be_postponed_says_why(client):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    sign_in(client, person("organiser"))

    page = client.post(
        reverse("session-postpone", args=[lot.session.number]), {"reason": REASON, "sure": "on"}
    ).content.decode()

    assert "竞价已于" in page
    assert lot.session.amendments.count() == 0


@pytest.mark.parametrize("name", ["session-postpone", "session-reannounce"])
def test_nobody_else_gets_the_pages(client, name):
    lot = coming()

    for user in (person(), person("auctioneer"), person("auditor"), member(lot.outcome.owner, "publisher")):
        sign_in(client, user)
        assert client.get(reverse(name, args=[lot.session.number])).status_code == 403


def test_a_bidder_steps_back_after_being_asked(client):
    lot = coming()
    one = bidder(lot, at=timezone.now())
    sign_in(client, one.agent)
    address = reverse("registration-withdraw", args=[one.code])
    before = client.get(one.get_absolute_url()).content.decode()
    postponed(lot)

    shown = client.get(one.get_absolute_url()).content.decode()
    asked = client.get(address).content.decode()
    done = client.post(address, follow=True).content.decode()
    again = client.post(address, follow=True).content.decode()

    assert 'data-dialog="withdraw-application"' in before
    assert "专场已延期" not in before
    assert address in shown
    assert "专场已延期" in shown
    assert "可以再次报名" in asked
    assert "您的报名已撤回" in done
    assert "没有可撤回的" in again
    assert BidderRegistration.objects.get(pk=one.pk).state == "refund_due"


def test_others_do_not_find_the_way_back(client):
    lot = postponed_with_bidder()
    sign_in(client, member(organisation(), "bidder"))

    assert client.get(reverse("registration-withdraw", args=[lot.code])).status_code == 404


def postponed_with_bidder():
    lot = coming()
    one = bidder(lot, at=timezone.now())
    postponed(lot)
    return one


def test_a_postponed_lot_takes_no_applications(client):
    lot = postponed(coming())
    firm = organisation()
    sign_in(client, member(firm, "bidder"))

    page = client.post(reverse("lot-apply", args=[lot.number]), {"declared": "on"})

    assert "报名" in page.content.decode()
    assert not BidderRegistration.objects.exists()
