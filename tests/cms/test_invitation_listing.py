"""Invitations of brokers in the admin: who was asked for what, by whom; read, never written."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.matching.inviting import decline_invitation, invite_broker
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories import people
from tests.marketplace.deals.factories import broker
from tests.marketplace.matching import factories as matching
from tests.standing_site import ensure_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    ensure_site()
    set_up_groups()
    return people.sign_in(client, people.staff(Role.OFFICER, is_staff=True))


def by_its_owner(record, **facts):
    owner = getattr(record, "organisation", None) or record.owner
    return invite_broker(
        broker(**facts), record, by=matching.member(owner), organisation=owner, message="请协助寻找低功耗方案。"
    )


def test_lists_needs_and_outcomes_with_who_asked(officer):
    need = by_its_owner(matching.need(title="智能锁待机电流"), name="林样例")
    outcome = matching.outcome(title="低功耗指静脉模组")
    by_district = invite_broker(
        broker(name="周样例"), outcome, by=people.staff(Role.OFFICER), organisation=None, message="请接洽。"
    )
    decline_invitation(by_district, by=by_district.broker.user, note="近期排不开。")

    listed = officer.get("/admin/invitations/").content.decode()
    waiting = officer.get("/admin/invitations/results/?state=sent").content.decode()
    found = officer.get("/admin/invitations/results/?q=指静脉").content.decode()
    table = b"".join(officer.get("/admin/invitations/?export=csv").streaming_content).decode("utf-8-sig")

    for words in ("林样例", "智能锁待机电流", need.organisation.name, "周样例", "低功耗指静脉模组", "区主管部门"):
        assert words in listed
    assert "林样例" in waiting
    assert "周样例" not in waiting
    assert "周样例" in found
    assert "林样例" not in found
    assert table.splitlines()[0] == "编码,经纪人,需求,成果,邀请方,状态,发出时间,答复时间"
    assert need.code in table


@pytest.mark.parametrize(("listing", "label"), [("matches", "推荐时间"), ("invitations", "发出时间")])
def test_the_filter_of_a_time_is_called_as_its_column_is(officer, listing, label):
    filters = officer.get(f"/admin/{listing}/").context["filters"].form

    assert label in [str(field.label) for field in filters]


def test_a_record_tells_the_answer_and_leads_to_its_page(officer):
    invitation = by_its_owner(matching.need())
    decline_invitation(invitation, by=invitation.broker.user, note="近期排不开。")

    record = officer.get(f"/admin/invitations/inspect/{invitation.pk}/").content.decode()

    assert "请协助寻找低功耗方案。" in record
    assert "近期排不开。" in record
    assert f'href="{invitation.get_absolute_url()}"' in record


def test_asks_the_database_no_more_for_more(officer):
    by_its_owner(matching.need())
    officer.get("/admin/invitations/results/")
    with CaptureQueriesContext(connection) as one:
        officer.get("/admin/invitations/results/")
    by_its_owner(matching.need())
    by_its_owner(matching.outcome())
    with CaptureQueriesContext(connection) as three:
        officer.get("/admin/invitations/results/")

    assert len(three) == len(one)
