"""What each role finds on the desk, and what it does not."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from marketplace.auctions import actions as auction
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.models import Deposit
from marketplace.auctions.registering import apply_for_lot
from marketplace.brokers.models import TechBroker
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind, record
from marketplace.deals.models import Deal
from marketplace.deals.pricing import propose_price
from marketplace.desk.piles import rows_of
from marketplace.desk.rows import Reader
from marketplace.desk.waiting import deposits
from marketplace.matching.actions import accept_match
from marketplace.organisations.roles import MemberRole, Role
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.actions import approve_review, return_review
from marketplace.reviews.drafts import save_draft
from marketplace.trials.policy import TrialPolicy
from tasks.models import MOST_ATTEMPTS, Delivery
from tests.factories.people import join, member, organisation, person, sign_in, staff
from tests.marketplace.auctions import making as sale
from tests.marketplace.contracts import factories as contracts
from tests.marketplace.deals import factories as trade
from tests.marketplace.deals.factories import broker
from tests.marketplace.matching import factories as matches
from tests.marketplace.trials import factories as trials

pytestmark = pytest.mark.django_db


@pytest.fixture
def titles(client):
    """Return a function that signs somebody in and gives the titles on their desk, in order."""

    def read(user, address="/desk/"):
        sign_in(client, user)
        return [row.title for row in client.get(address).context["rows"]]

    return read


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get("/desk/").url.startswith("/accounts/login/")


def test_whoever_belongs_to_nothing_is_shown_the_first_step(titles):
    assert titles(person()) == ["登记您的单位，或加入已登记的单位"]


def test_managers_answer_requests_to_join_and_members_do_not(titles):
    manager = person()
    house = organisation(manager=manager)
    join(person(name="样例甲"), house, state="requested")

    assert titles(manager) == ["答复加入申请：样例甲"]
    assert titles(member(house, MemberRole.PUBLISHER)) == []


def test_officers_verify_what_is_not_their_own(titles):
    officer = staff(Role.OFFICER)
    organisation(name="样例企业待认证", state="pending")
    join(officer, organisation(name="自己的企业", state="pending"))

    assert titles(officer) == ["认证单位：样例企业待认证"]
    for role in set(Role) - {Role.OFFICER}:
        assert titles(staff(role)) == []


def test_a_review_waits_for_whoever_decides_in_its_step(institute, titles):
    outcome = institute.submitted()
    title = f"审核：{outcome.newest_version.title}"

    assert titles(institute.manager) == [title]
    assert titles(institute.publisher) == []
    assert titles(institute.officer) == []

    return_review(outcome.pending_review, by=institute.manager, comment="补充佐证")

    assert titles(institute.manager) == [f"修改：{outcome.newest_version.title}"]  # managers may do what publishers may
    assert titles(institute.publisher) == [f"修改：{outcome.newest_version.title}"]


def test_offers_that_end_within_thirty_days_wait_for_their_publishers(titles):
    soon = matches.outcome(expires_on=clock.today() + timedelta(days=10), title="快到期")
    publisher = member(soon.owner, MemberRole.PUBLISHER)
    matches.outcome(of=soon.owner, expires_on=clock.today() + timedelta(days=40))

    assert titles(publisher) == ["确认成果继续有效：快到期"]
    assert titles(publisher, "/desk/?due=soon") == []
    assert titles(member(soon.owner, MemberRole.FINANCE)) == []
    ResearchOutcome.objects.filter(pk=soon.pk).update(expires_on=clock.today())
    assert titles(publisher, "/desk/?due=today") == ["确认成果继续有效：快到期"]


def test_a_match_waits_for_both_sides_and_not_for_who_answered(titles):
    match = matches.proposed()
    offering, wanting = match.outcome.owner, match.need.organisation
    seller, buyer = member(offering, MemberRole.PUBLISHER), member(wanting, MemberRole.BIDDER)
    title = f"答复对接：{match.need} × {match.outcome}"

    assert titles(seller) == titles(buyer) == [title]

    accept_match(match, by=seller, organisation=offering)

    assert titles(seller) == []
    assert titles(buyer) == [title]

    accept_match(match, by=buyer, organisation=wanting)

    assert titles(seller) == titles(buyer) == [f"建立交易：{match.need} × {match.outcome}"]


def test_weak_matches_are_one_row_that_leads_to_them(client):
    enterprise = matches.enterprise()
    buyer = member(enterprise, MemberRole.PUBLISHER)
    strong, fair, *weak = [
        matches.proposed(need=matches.need(of=enterprise), score=score) for score in (0.66, 0.5, 0.35, 0.34, 0.33)
    ]
    wanted = weak.pop()  # the other side has accepted: somebody waits
    accept_match(wanted, by=member(wanted.outcome.owner, MemberRole.PUBLISHER), organisation=wanted.outcome.owner)
    sign_in(client, buyer)

    rows = client.get("/desk/").context["rows"]

    folded = rows[-1]
    assert folded.count == 2
    assert {row.url for row in rows} - {folded.url} == {each.get_absolute_url() for each in (strong, fair, wanted)}
    assert folded.title == "查看 2 条较弱的对接"
    listed = client.get(folded.url).context["rows"]
    assert {row.match for row in listed} == {*weak, wanted}


def test_interest_waits_for_the_owner_and_a_deal_for_whose_turn_it_is(titles):
    shown = trade.interest()
    seller = member(shown.outcome.owner, MemberRole.PUBLISHER)
    assert titles(seller) == [f"答复意向：{shown.outcome}"]
    assert titles(shown.shown_by) == []

    deal, offering, wanting = trade.pricing()
    propose_price(deal, amount=120 * trade.WAN, **offering.as_party)

    assert titles(offering.manager) == []
    assert [title.endswith(str(deal)) for title in titles(wanting.manager)] == [True]
    assert titles(member(deal.buyer, MemberRole.FINANCE)) == []


def test_a_trial_waits_for_whose_turn_it_is_with_its_last_day(client, titles):
    tried, owner, tries = trials.requested()
    assert [title.endswith(str(tried)) for title in titles(owner.manager)] == [True]
    assert titles(tries.manager) == []

    trials.actions.approve_trial(tried, **owner.as_party)
    assert len(titles(owner.manager)) == len(titles(tries.manager)) == 1
    trials.actions.sign_trial_contract(tried, **tries.as_party)

    assert titles(tries.manager) == []
    sign_in(client, owner.manager)
    [row] = client.get("/desk/").context["rows"]
    assert (row.url, row.due_on) == (tried.get_absolute_url(), tried.decide_by)
    assert titles(member(tried.enterprise, MemberRole.FINANCE)) == []


def test_disputes_and_terms_wait_for_officers_of_neither_party(titles):
    tried = trials.disputed().trial
    TrialPolicy.objects.create(holds_from="2020-01-01", district_checks=True)
    entry, owner = trials.pooled()
    insider = staff(Role.OFFICER)
    join(insider, owner.organisation, MemberRole.FINANCE)

    assert sorted(title.endswith(str(tried)) for title in titles(staff(Role.OFFICER))) == [True, True]
    assert len(titles(insider)) == 1
    assert titles(staff(Role.REGISTRAR)) == []
    assert entry.state == "checking"


def test_contracts_wait_for_the_seller_and_then_for_registrars_of_neither_party(titles):
    contract, writer = contracts.drafted()
    registrar = staff(Role.REGISTRAR)
    assert titles(writer) == [f"填完并提交合同：{contract}"]
    assert titles(registrar) == []

    contracts.submit_contract(contract, by=writer)

    partial = staff(Role.REGISTRAR)
    join(partial, contract.seller)
    assert titles(writer) == []
    assert titles(registrar) == [f"审核合同：{contract}"]
    assert titles(partial) == []


def test_a_deal_whose_contract_is_drawn_up_waits_as_that_contract_alone(titles):
    opened = trade.priced()
    assert titles(opened.seller.manager) == [f"起草或补全合同，提交登记：{opened.deal.outcome.heading}"]

    contract = draft_contract_from_deal(Deal.objects.get(pk=opened.deal.pk), **opened.seller.as_party)

    assert titles(opened.seller.manager) == [f"填完并提交合同：{contract}"]


def test_the_registrar_sees_the_working_days_left(client):
    contracts.submitted()
    sign_in(client, staff(Role.REGISTRAR))

    page = client.get("/desk/")

    assert page.context["rows"][0].working_days == 15
    assert "剩 15 个工作日" in page.content.decode()


def test_certificates_that_run_out_wait_for_officers_and_the_broker(titles):
    own = person()
    ending = broker(user=own, valid_until=clock.today() + timedelta(days=50))
    broker(valid_until=clock.today() + timedelta(days=91))
    join(own, organisation())

    assert titles(own) == [f"办理证书续期：{ending}"]
    assert titles(staff(Role.OFFICER)) == [f"办理证书续期：{ending}"]
    assert TechBroker.objects.count() == 2
    assert titles(staff(Role.AUDITOR)) == []


def test_an_application_waits_for_organisers_and_its_deposit_for_finance(titles):
    lot = sale.announced_lot(starts_at=clock.now() + timedelta(days=2))
    firm = sale.organisation()
    agent, organiser, finance = sale.member(firm, "bidder"), staff(Role.ORGANISER), staff(Role.FINANCE)
    registration = apply_for_lot(lot, by=agent, organisation=firm, declared=True)
    assert titles(organiser) == [f"审核竞买申请：{firm}"]
    assert titles(finance) == []

    sale.admit_bidder(registration, by=organiser, missing=ASKED_ALWAYS)

    assert titles(organiser) == []
    assert titles(finance) == [f"登记保证金：{firm}"]
    assert titles(agent) == [f"缴纳保证金：{lot}"]


def test_an_open_lot_stands_on_top_for_its_bidders_and_conductors_and_finance_never_sees_bids(client, titles):
    lot = sale.announced_lot(starts_at=clock.now() + timedelta(seconds=5))
    registration = sale.bidder(lot)
    loser = matches.outcome(of=registration.organisation, expires_on=clock.today(), title="今天到期")

    with clock.moved_to(lot.starts_at + timedelta(seconds=1)):
        join_publisher = registration.agent.memberships.get()
        join_publisher.roles = ["bidder", "publisher"]
        join_publisher.save()
        assert titles(registration.agent) == [f"出价：{lot}", f"确认成果继续有效：{loser}"]
        assert titles(staff(Role.AUCTIONEER)) == [f"主持竞价：{lot}"]
        assert titles(staff(Role.FINANCE)) == []
        assert titles(staff(Role.REGISTRAR)) == []


def test_stuck_deliveries_wait_for_officers(titles):
    entry = record(Kind.USER_SIGNED_UP, person(), by=None)
    Delivery.objects.create(entry=entry, consequence="index.index_subject", due_at=clock.now(), attempts=MOST_ATTEMPTS)

    assert titles(staff(Role.OFFICER)) == ["处理 1 条未送达的通知或索引"]
    assert titles(staff(Role.EDITOR)) == []
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("role", list(Role))
def test_a_desk_without_work_names_the_rooms_of_the_role(client, role):
    sign_in(client, staff(role))

    page = client.get("/desk/")

    assert page.status_code == 200
    assert page.context["waiting"] == 0
    for room in page.context["rooms"]:
        assert client.get(room["href"]).status_code in (200, 302), room


def test_auditors_have_nothing_to_do_even_with_another_role(titles):
    organisation(state="pending")

    assert titles(staff(Role.AUDITOR, Role.OFFICER)) == []


def test_somebody_with_two_organisations_sees_what_waits_for_the_one_they_act_for(client):
    first, second = matches.proposed(), matches.proposed()
    somebody = person()
    join(somebody, first.outcome.owner, MemberRole.PUBLISHER)
    join(somebody, second.outcome.owner, MemberRole.PUBLISHER)
    sign_in(client, somebody)
    both = len(client.get("/desk/").context["rows"])

    client.post("/account/acting/", {"organisation": first.outcome.owner.code})

    assert both == 2
    assert [row.url for row in client.get("/desk/").context["rows"]] == [first.get_absolute_url()]


def test_more_of_one_kind_becomes_one_row_that_counts_the_rest(client):
    for _each in range(9):
        organisation(state="pending")
    sign_in(client, staff(Role.OFFICER))

    page = client.get("/desk/")

    assert [row.count for row in page.context["rows"]] == [1, 1, 1, 1, 1, 1, 3]
    assert page.context["waiting"] == 9


def queries(client):
    with CaptureQueriesContext(connection) as captured:
        client.get("/desk/")
    return [query["sql"] for query in captured]


def test_asks_the_database_no_more_for_more(client, institute):
    sign_in(client, staff(Role.OFFICER, Role.REGISTRAR, Role.LIAISON))
    client.get("/desk/")
    counts = []
    for times in (1, 2):
        for _each in range(times):
            approve_review(institute.submitted().pending_review, by=institute.manager)
            organisation(state="pending")
            contracts.submitted()
        counts.append(len(queries(client)))

    assert counts[0] == counts[1]
    assert counts[0] <= 35  # two of them about evaluations


def test_a_broker_sees_the_deals_they_accompany_and_who_acts_next(client):
    deal = trade.from_match().deal
    certified = trade.broker()
    Deal.objects.filter(pk=deal.pk).update(broker=certified, broker_side="buyer", broker_accepted_at=clock.now())
    person_of_broker = certified.user or person()
    TechBroker.objects.filter(pk=certified.pk).update(user=person_of_broker)
    sign_in(client, person_of_broker)

    rows = client.get("/desk/").context["accompanied"]["rows"]

    assert [row["deal"] for row in rows] == [deal]
    assert rows[0]["acts"][0][1] == "接受保密条款，或不经保密条款直接定价"
    assert rows[0]["late"] == ""
    trade.rules()
    Deal.objects.filter(pk=deal.pk).update(moved_at=clock.now() - timedelta(days=trade.STALLS["negotiation"] + 1))
    assert "停滞：本阶段已 31 天" in client.get("/desk/").content.decode()


def test_the_deposit_of_a_rescinded_sale_waits_for_an_organiser_of_neither_side(titles):
    lot = sale.announced_lot(starts_at=clock.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    buyer = sale.bidder(lot)
    auction.decide_bid(lot, buyer, amount=160 * trade.WAN, key="a", arrived_at=lot.starts_at)
    auction.close_lot(lot)
    auction.confirm_sale(lot, by=staff(Role.ORGANISER))
    auction.rescind_sale(lot, by=None)
    organiser, partial = staff(Role.ORGANISER), staff(Role.ORGANISER)
    join(partial, buyer.organisation)
    title = f"决定买受人保证金的去向：{lot}"

    assert title in titles(organiser)
    assert title not in titles(partial)

    auction.clear_buyer(lot, by=organiser, reason="双方协商解除")

    assert title not in titles(organiser)
    assert [row for row in titles(staff(Role.FINANCE)) if str(buyer.organisation) in row]


@pytest.mark.parametrize(("later", "over"), [(0, 0), (1, 0), (2, 0), (3, 1), (24, 16)])
def test_a_refund_is_due_on_its_day_and_over_from_the_next_working_day_on(client, later, over):
    friday = datetime(2026, 10, 30, 15, tzinfo=timezone.get_current_timezone())
    lot = sale.announced_lot(starts_at=clock.now() + timedelta(days=2))
    paid = sale.bidder(lot, at=clock.now())
    auction.withdraw_lot(lot, by=staff(Role.ORGANISER), reason="权属待补")
    paid.deposit.refresh_from_db()
    Deposit.objects.filter(pk=paid.deposit.pk).update(release_due_at=friday)
    finance = staff(Role.FINANCE)

    [row] = rows_of(deposits.waiting(Reader(finance, None, friday + timedelta(days=later))))
    sign_in(client, finance)
    page = client.get("/desk/?due=today")

    assert row.title == f"退还保证金：{paid.organisation}"
    assert (row.due, row.working_days) == (friday.date(), -over)
    assert [one.title for one in page.context["rows"]] == [row.title]
    assert "已超" in page.content.decode()


def test_drafts_stand_on_the_desk_of_those_who_may_go_on_with_them(client, institute):
    draft = institute.draft(title="写了一半的成果")
    institute.submitted(title="已送审的成果")
    returned = institute.submitted(title="退回的成果")
    return_review(returned.pending_review, by=institute.manager, comment="补充佐证")

    found = {}
    for who, user in {
        "publisher": institute.publisher,
        "finance": member(institute.organisation, MemberRole.FINANCE),
        "stranger": person(),
        "officer": staff(Role.OFFICER),
    }.items():
        sign_in(client, user)
        page = client.get("/desk/")
        found[who] = [(row.title, row.url) for row in page.context["drafts"]]
        assert ("接着写草稿" in page.content.decode()) == bool(found[who])

    assert found.pop("publisher") == [("写了一半的成果", f"/outcomes/{draft.number}/edit/")]
    assert found == {"finance": [], "stranger": [], "officer": []}


def test_a_new_draft_of_what_is_public_is_one_too(client, institute):
    public = institute.published(title="公开的成果")
    version = public.newest_version
    version.title = "公开成果的新名称"
    save_draft(version, by=institute.publisher)
    sign_in(client, institute.publisher)

    rows = client.get("/desk/").context["drafts"]

    assert [row.title for row in rows] == ["公开成果的新名称"]
    assert rows[0].about[-1]


def test_more_drafts_ask_no_more(client, institute):
    sign_in(client, institute.publisher)
    institute.draft(title="草稿一")
    client.get("/desk/")
    with CaptureQueriesContext(connection) as one:
        client.get("/desk/")
    institute.draft(title="草稿二")
    institute.draft(title="草稿三")

    with CaptureQueriesContext(connection) as three:
        client.get("/desk/")

    assert len(three) <= len(one)
