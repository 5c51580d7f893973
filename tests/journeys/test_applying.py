"""An agent applies with a power of attorney, the organiser looks at it: each page read by the axe, wide and narrow."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions.actions import apply_for_lot
from marketplace.core.files import files_of
from tests.faults.workers import until
from tests.journeys.people import Walker
from tests.marketplace.auctions.making import announced_lot, member, organisation, person

pytestmark = pytest.mark.long

KEPT = """() => new Promise((resolve) => {
    const opening = indexedDB.open("kept", 1);
    opening.onsuccess = () => {
        const counted = opening.result.transaction("files").objectStore("files").count();
        counted.onsuccess = () => resolve(counted.result);
    };
})"""
EMPTY = {"mimeType": "application/pdf", "buffer": b""}
PDF = {"mimeType": "application/pdf", "buffer": b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"}


@pytest.mark.django_db(transaction=True)
def test_an_agent_applies_and_the_organiser_finds_the_power_in_order(browser, house):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=2))
    agent = Walker(browser, house.address, member(organisation(), "bidder")).sign_in()
    today, begins = timezone.localdate(), timezone.localdate(lot.starts_at)
    agent.open(reverse("lot-apply", args=[lot.number]))
    agent.type(capacity="agent", valid_from=today.isoformat(), valid_until=begins.isoformat(), declared=True)
    agent.type(power_of_attorney=[PDF | {"name": "授权委托书.pdf"}], business_licence=[PDF | {"name": "执照.pdf"}])
    agent.press("提交报名")
    registration = lot.registrations.get()
    assert agent.address == registration.get_absolute_url()
    organiser = Walker(browser, house.address, person("organiser")).sign_in_at_the_door()
    organiser.open(reverse("registration-review", args=[registration.code]))

    organiser.press("符合要求")

    assert registration.authorities.get().state == "accepted"
    agent.open(registration.get_absolute_url())
    agent.page.set_viewport_size({"width": 390, "height": 844})
    agent.look()
    for walker in (agent, organiser):
        walker.leave()


@pytest.mark.django_db(transaction=True)
def test_files_stay_chosen_when_the_application_comes_back(browser, house):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=2))
    agent = Walker(browser, house.address, member(organisation(), "bidder")).sign_in()
    agent.open(reverse("lot-apply", args=[lot.number]))
    agent.type(
        capacity="representative",
        business_licence=[PDF | {"name": "执照.pdf"}],
        documents=[PDF | {"name": "章程.pdf"}, EMPTY | {"name": "空白.pdf"}, PDF | {"name": "决议.pdf"}],
        identity=[{"name": "身份证.txt", "mimeType": "text/plain", "buffer": b"no picture"}],
    )

    agent.press("提交报名")

    agent.sees("空白.pdf")
    agent.sees("身份证.txt")  # what was refused is named, and to be chosen anew
    chosen = "input => [...input.files].map((file) => file.name)"
    agent.page.locator("[data-file-names]", has_text="决议.pdf").wait_for()
    assert agent.field("business_licence").evaluate(chosen) == ["执照.pdf"]
    assert agent.field("documents").evaluate(chosen) == ["章程.pdf", "决议.pdf"]
    assert "请重新选择文件" not in agent.page.locator("main").inner_text()
    assert agent.field("identity").evaluate(chosen) == []
    agent.type(declared=True)
    agent.press("提交报名")
    registration = lot.registrations.get()
    assert set(files_of(registration).values_list("name", flat=True)) == {"执照.pdf", "章程.pdf", "决议.pdf"}
    assert agent.page.evaluate("sessionStorage.getItem('files')") is None
    until(lambda: agent.page.evaluate(KEPT) == 0)
    agent.leave()


@pytest.mark.django_db(transaction=True)
def test_rejecting_and_amending_are_asked_once_more_and_send_what_was_typed(browser, house):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=2))
    firm = organisation()
    registration = apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)
    organiser = Walker(browser, house.address, person("organiser")).sign_in_at_the_door()

    organiser.open(reverse("registration-review", args=[registration.code]))
    organiser.type(reason="材料不实")
    organiser.confirm("驳回", "驳回")
    organiser.open(reverse("session-amend", args=[lot.session.number]))
    organiser.type(summary="会场改到三楼", reason="检修", venue="三楼")
    organiser.confirm("发布修改公告", "发布修改公告")

    registration.refresh_from_db()
    assert (registration.state, registration.decision_reason) == ("rejected", "材料不实")
    assert lot.session.amendments.get().content["changes"]["venue"]["now"] == "三楼"
    organiser.leave()
