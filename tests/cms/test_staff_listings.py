"""What staff see of the trade in the admin: which role which listing, nothing to write, nothing to delete."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.staff.market import Market
from cms.staff.sales import Sales
from cms.staff.searching import Searching
from cms.staff.supervision import LookUps, Supervision
from marketplace.auctions.actions import close_lot, join_rehearsal, rehearse_session
from marketplace.auctions.models import Lot
from marketplace.brokers.dated import BrokerRule
from marketplace.brokers.schemes import BrokerScheme
from marketplace.contracts.dated import RegistrationRule
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.core import clock, journal
from marketplace.core.code_lists import CodeRule
from marketplace.core.journal import Entry, Kind
from marketplace.core.working_days import CalendarDay
from marketplace.deals.dated import DealRule
from marketplace.notices.models import Notice
from marketplace.organisations.models import Organisation
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from marketplace.trials.policy import TrialPolicy
from search.models import IndexRun
from tasks.models import Delivery
from tests.factories import people
from tests.marketplace.auctions.making import announced_lot, bidder, drafted, end_now, person, planned
from tests.marketplace.auctions.test_deposit_corrections import admitted, coming, paid
from tests.marketplace.contracts.factories import drafted as drafted_contract
from tests.marketplace.contracts.factories import submitted
from tests.marketplace.deals.factories import from_interest
from tests.standing_site import ensure_site

pytestmark = pytest.mark.django_db

LISTINGS = {
    "organisations": {"registrar", "second_reviewer", "organiser", "finance", "liaison"},
    "brokers": {"registrar", "second_reviewer", "liaison"},
    "matches": set(),
    "invitations": set(),
    "deals": set(),
    "trials": set(),
    "contracts": {"registrar", "second_reviewer"},
    "imports": set(),
    "sessions": {"organiser", "auctioneer", "finance"},
    "lots": {"organiser", "auctioneer"},
    "registrations": {"organiser"},
    "deposits": {"finance"},
    "journal": set(),
    "deliveries": set(),
    "consents": set(),
    "acceptance": set(),
    "match-weights": set(),
    "synonyms": {"editor"},
    "stop-phrases": set(),
    "calendar": {"registrar", "second_reviewer"},
    "fields": {"registrar", "second_reviewer"},
    "industries": {"registrar", "second_reviewer"},
    "code-lists": {"registrar", "second_reviewer"},
    "trial-rules": set(),
    "sharing-rules": {"registrar", "second_reviewer"},
    "deal-rules": {"registrar", "second_reviewer"},
    "registration-rules": {"registrar", "second_reviewer"},
    "clause-texts": {"registrar", "second_reviewer"},
    "broker-schemes": {"registrar", "second_reviewer"},
    "broker-rules": {"registrar", "second_reviewer"},
    "evaluation-rules": {"registrar", "second_reviewer"},
    "snippets/marketplace/researchoutcome": {"registrar", "second_reviewer", "organiser", "liaison"},
    "snippets/marketplace/technologyneed": {"registrar", "second_reviewer", "organiser", "liaison"},
}
HALF_AN_HOUR = timedelta(minutes=30)
SEE_ALL = {"officer", "auditor"}
WRITES = ("new/", "edit/{}/", "delete/{}/", "copy/{}/", "history/{}/", "usage/{}/")


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The page tree and the groups, made once: each test works above them in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        tree = ensure_site()
        set_up_groups()
        yield tree
        transaction.set_rollback(True)


@pytest.fixture
def sign_in(site, client, db):
    return lambda role: people.sign_in(client, people.staff(role, is_staff=True))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_its_listings(sign_in, role):
    client = sign_in(role)

    seen = {name for name in LISTINGS if client.get(f"/admin/{name}/").status_code == 200}

    assert seen == {name for name, roles in LISTINGS.items() if role.value in roles | SEE_ALL}


def test_a_member_of_an_organisation_does_not_come_in(client, site):
    people.sign_in(client, people.member(people.organisation()))

    assert {client.get(f"/admin/{name}/").status_code for name in LISTINGS} == {403}


def test_who_lost_the_role_while_the_admin_was_open_still_signs_out_there(client, site):
    people.sign_in(client, people.member(people.organisation()))

    assert client.post("/admin/logout/").status_code == 302
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize("listing", [name for name in LISTINGS if "/" not in name])
def test_no_route_deletes_or_changes(sign_in, listing):
    client = sign_in(Role.OFFICER)
    kept = listing in (
        "synonyms",
        "calendar",
        "fields",
        "industries",
        "code-lists",
        "trial-rules",
        "sharing-rules",
        "deal-rules",
        "registration-rules",
        "clause-texts",
        "broker-schemes",
        "broker-rules",
        "evaluation-rules",
    )

    answers = {path: client.get(f"/admin/{listing}/{path.format(999_999)}").status_code for path in WRITES}

    assert {path for path, status in answers.items() if status != 404} <= ({"new/"} if kept else set())


def unsent():
    return drafted_contract()[0]


def unverified():
    return people.organisation(state="pending")


def unannounced():
    return planned()


@pytest.mark.parametrize(
    ("listing", "role", "hidden"),
    [
        ("contracts", Role.REGISTRAR, unsent),
        ("contracts", Role.SECOND_REVIEWER, unsent),
        ("organisations", Role.REGISTRAR, unverified),
        ("organisations", Role.LIAISON, unverified),
        ("sessions", Role.FINANCE, unannounced),
    ],
)
def test_a_listing_an_export_and_a_record_show_no_more_than_the_portal(sign_in, client, listing, role, hidden):
    record = hidden()
    name = {"contracts": "project_name", "organisations": "name", "sessions": "title"}[listing]
    type(record).objects.filter(pk=record.pk).update(**{name: "尚未送交的记录"})

    for who, answer, is_shown in ((role, 404, False), (Role.AUDITOR, 200, True)):
        reader = sign_in(who)
        assert reader.get(f"/admin/{listing}/inspect/{record.pk}/").status_code == answer, who
        pages = [reader.get(f"/admin/{listing}/results/"), reader.get(f"/admin/{listing}/?export=csv")]
        texts = [b"".join(page.streaming_content if page.streaming else [page.content]).decode() for page in pages]
        assert [("尚未送交的记录" in text) for text in texts] == [is_shown, is_shown], who


def test_no_listing_has_a_route_that_deletes():
    ours = [listing for group in (Market, Sales, Supervision, Searching, LookUps) for listing in group.items]

    assert len(ours) == 33
    assert "delete" not in {route.name for listing in ours for route in listing.get_urlpatterns()}


def test_an_outcome_is_not_deleted_in_the_admin_by_anybody(sign_in, client):
    from tests.marketplace.auctions import making

    outcome = making.outcome()
    root = people.staff(Role.OFFICER, is_staff=True, is_superuser=True)
    people.sign_in(client, root, factor=True)

    answer = client.post(f"/admin/snippets/marketplace/researchoutcome/delete/{outcome.pk}/")

    assert answer.status_code in (302, 403, 404)
    outcome.refresh_from_db()


@pytest.mark.parametrize("listing", [name for name in LISTINGS if "/" not in name])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_listings_are_exported(sign_in, listing, form):
    answer = sign_in(Role.AUDITOR).get(f"/admin/{listing}/?export={form}")

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content if answer.streaming else [answer.content])


@pytest.mark.parametrize("listing", [name for name in LISTINGS if "/" not in name])
def test_listings_are_searched(sign_in, listing):
    assert sign_in(Role.OFFICER).get(f"/admin/{listing}/?q=瓯海").status_code == 200


def test_a_listing_asks_no_more_for_more(sign_in):
    client = sign_in(Role.AUDITOR)
    people.organisation()
    client.get("/admin/organisations/results/")
    with CaptureQueriesContext(connection) as one:
        client.get("/admin/organisations/results/")
    people.organisation()
    people.organisation()
    with CaptureQueriesContext(connection) as three:
        client.get("/admin/organisations/results/")

    assert len(three) == len(one) <= 15  # who asks, the gates and the trace of the session take some of these


def test_search_finds_chinese_words_in_the_middle(sign_in):
    people.organisation(name="大罗山新材料研究院")
    people.organisation(name="茶山光电研究所")

    html = sign_in(Role.OFFICER).get("/admin/organisations/results/?q=新材料").content.decode()

    assert "大罗山新材料研究院" in html
    assert "茶山光电研究所" not in html


def test_a_record_leads_to_its_page_in_the_portal(sign_in):
    organisation = people.organisation(phone="0577-55550101")

    html = sign_in(Role.OFFICER).get(f"/admin/organisations/inspect/{organisation.pk}/").content.decode()

    assert f'href="/organisations/{organisation.code}/"' in html
    assert "0577-55550101" not in html
    assert Organisation.objects.filter(pk=organisation.pk).exists()


def labels_of(html, place="href="):
    """Return the words of the links that hold `place`."""
    links = re.findall(rf"<a [^>]*{place}[^>]*>(.*?)</a>", html, re.DOTALL)
    return {re.sub(r"<[^>]*>", "", each).strip() for each in links}


@pytest.mark.parametrize(
    ("role", "state", "words"),
    [
        (Role.OFFICER, "pending", "认证审核"),
        (Role.OFFICER, "verified", "暂停"),
        (Role.OFFICER, "suspended", "恢复"),
        (Role.AUDITOR, "pending", ""),
        (Role.OFFICER, "refused", ""),
    ],
)
def test_a_record_and_its_row_offer_what_our_rules_let_the_reader_do(sign_in, role, state, words):
    organisation = people.organisation()
    Organisation.objects.filter(pk=organisation.pk).update(state=state)

    for page in ("results/", f"inspect/{organisation.pk}/"):
        html = sign_in(role).get(f"/admin/organisations/{page}").content.decode()
        offered = labels_of(html, f'href="/organisations/{organisation.code}/"') - {"在门户中打开"}
        assert offered == ({words} if words else set()), page


def test_an_officer_is_not_offered_to_decide_about_the_own_organisation(sign_in, client):
    organisation = people.organisation()
    Organisation.objects.filter(pk=organisation.pk).update(state="pending")
    officer = people.staff(Role.OFFICER)
    people.join(officer, organisation)
    people.sign_in(client, officer)

    assert "认证审核" not in client.get(f"/admin/organisations/inspect/{organisation.pk}/").content.decode()


def in_review():
    lot = drafted(planned())
    Lot.objects.filter(pk=lot.pk).update(state="review")
    return lot


@pytest.mark.parametrize(
    ("listing", "role", "made", "words"),
    [
        ("lots", Role.ORGANISER, in_review, "审核"),
        ("sessions", Role.ORGANISER, lambda: announced_lot().session, "管理"),
        ("deposits", Role.FINANCE, lambda: admitted(coming()).deposit, "登记到账"),
        ("registrations", Role.ORGANISER, lambda: paid(admitted(coming()), person("finance")), "确认资格"),
        ("contracts", Role.REGISTRAR, lambda: submitted()[0], "审核"),
    ],
)
def test_each_listing_has_its_acts(sign_in, listing, role, made, words):
    record = made()

    for who, is_offered in ((role, True), (Role.AUDITOR, False)):
        html = sign_in(who).get(f"/admin/{listing}/inspect/{record.pk}/").content.decode()
        assert (words in labels_of(html)) is is_offered, who


def test_officers_keep_the_calendar_and_auditors_do_not(sign_in, client):
    sign_in(Role.OFFICER).post("/admin/calendar/new/", {"day": "2026-10-10", "is_working": "on", "note": "调休"})
    day = CalendarDay.objects.get()
    sign_in(Role.AUDITOR).post(f"/admin/calendar/edit/{day.pk}/", {"day": "2026-10-11"})

    day.refresh_from_db()
    assert (day.day.isoformat(), day.is_working) == ("2026-10-10", True)


def test_officers_keep_the_rules_of_trials_and_what_holds_is_not_rewritten(sign_in):
    numbers = {"max_extensions": 1, "longest_days": 365, "sign_within_days": 20, "remind_days": 7}
    given = numbers | {"publicity_working_days": 15, "holds_from": timezone.localdate().isoformat(), "note": "区级指引"}
    sign_in(Role.AUDITOR).post("/admin/trial-rules/new/", given)
    nobody_else = TrialPolicy.objects.count()
    officer = sign_in(Role.OFFICER)
    officer.post("/admin/trial-rules/new/", given)
    policy = TrialPolicy.objects.get()

    refused = officer.post(f"/admin/trial-rules/edit/{policy.pk}/", given | {"max_extensions": 9})

    policy.refresh_from_db()
    assert (nobody_else, refused.status_code, policy.max_extensions) == (0, 200, 1)
    assert Entry.objects.get(kind=Kind.TRIAL_POLICY_KEPT).data["max_extensions"] == 1


LARGE = {
    "kind": "large", "holds_from": "2027-01-01", "concerns": "any", "amount_wan": "600",
    "note": "样例修订", "source": "样例办法第 2 条", "is_checked": "on",
}  # fmt: skip


def test_officers_date_what_a_large_contract_is(sign_in):
    RegistrationRule.objects.all().delete()
    officer = sign_in(Role.OFFICER)
    lacking = officer.post("/admin/registration-rules/new/", LARGE | {"amount_wan": ""})
    assert officer.post("/admin/registration-rules/new/", {}).status_code == 200
    assert not RegistrationRule.objects.exists()
    officer.post("/admin/registration-rules/new/", LARGE)

    rule = RegistrationRule.objects.get()
    page = officer.get("/admin/registration-rules/").content.decode()
    sign_in(Role.AUDITOR).post(f"/admin/registration-rules/edit/{rule.pk}/", LARGE | {"amount_wan": "10"})

    rule.refresh_from_db()
    assert (rule.amount_wan, rule.holds_from.isoformat(), rule.is_checked) == (600, "2027-01-01", True)
    assert lacking.status_code == 200
    assert "样例办法第 2 条" in page
    assert Entry.objects.get(kind=Kind.REGISTRATION_RULE_CHANGED).data["amount_wan"] == 600


FLOOR = {
    "kind": "floor", "holds_from": "2027-01-01", "concerns": "transfers", "percent": "75", "region": "33",
    "note": "样例修订", "source": "样例条例第 1 条", "is_checked": "on",
}  # fmt: skip


def test_officers_date_a_floor_with_its_source(sign_in):
    SharingRule.objects.all().delete()
    officer = sign_in(Role.OFFICER)
    lacking = officer.post("/admin/sharing-rules/new/", FLOOR | {"percent": ""})
    assert officer.post("/admin/sharing-rules/new/", {}).status_code == 200
    assert not SharingRule.objects.exists()
    officer.post("/admin/sharing-rules/new/", FLOOR)

    rule = SharingRule.objects.get()
    page = officer.get("/admin/sharing-rules/").content.decode()
    sign_in(Role.AUDITOR).post(f"/admin/sharing-rules/edit/{rule.pk}/", FLOOR | {"percent": "10"})

    rule.refresh_from_db()
    assert (rule.percent, rule.holds_from.isoformat(), rule.is_checked) == (75, "2027-01-01", True)
    assert lacking.status_code == 200
    assert "样例条例第 1 条" in page
    assert "75.00%" in page
    assert Entry.objects.get(kind=Kind.SHARING_RULE_CHANGED).data["percent"] == "75"


TERM = {
    "kind": "term", "stage": "", "holds_from": "2027-01-01", "days": "20", "note": "样例修订",
    "source": "样例办法第 1 条",
}  # fmt: skip


def test_officers_date_a_rule_of_deals_with_its_source(sign_in):
    DealRule.objects.all().delete()
    officer = sign_in(Role.OFFICER)
    lacking = officer.post("/admin/deal-rules/new/", TERM | {"kind": "stage"})
    assert not DealRule.objects.exists()
    officer.post("/admin/deal-rules/new/", TERM)

    rule = DealRule.objects.get()
    sign_in(Role.AUDITOR).post(f"/admin/deal-rules/edit/{rule.pk}/", TERM | {"days": "1"})

    rule.refresh_from_db()
    assert (rule.days, rule.holds_from.isoformat(), rule.stage) == (20, "2027-01-01", "")
    assert "此类规则必须填写" in lacking.content.decode()
    assert "样例办法第 1 条" in officer.get("/admin/deal-rules/").content.decode()
    assert Entry.objects.get(kind=Kind.DEAL_RULE_CHANGED).data["days"] == 20


def test_the_calendar_in_force_stands_above_the_days_declared(sign_in):
    page = sign_in(Role.REGISTRAR).get("/admin/calendar/").content.decode()

    assert "调休上班的周末" in page
    assert "10/1–10/8" in page


def test_the_journal_tells_who_changed_the_calendar_and_a_classification(sign_in):
    officer = sign_in(Role.OFFICER)
    officer.post("/admin/calendar/new/", {"day": "2026-10-10", "is_working": "on", "note": "调休"})
    day = CalendarDay.objects.get()
    officer.post(f"/admin/calendar/edit/{day.pk}/", {"day": "2026-10-10", "note": "改回"})
    typed = {"name": "样例行业", "name_en": "", "parent": ""}
    refused = officer.post("/admin/industries/new/", {**typed, "code": "-7x"})
    officer.post("/admin/industries/new/", {**typed, "code": "C99"})

    declared = Entry.objects.filter(kind=Kind.CALENDAR_DECLARED).order_by("pk")
    assert [entry.data for entry in declared] == [
        {"day": "2026-10-10", "is_working": True},
        {"day": "2026-10-10", "is_working": False},
    ]
    assert [entry.actor.has_role(Role.OFFICER) for entry in declared] == [True, True]
    assert set(refused.context["form"].errors) == {"code"}
    assert Entry.objects.get(kind=Kind.CLASSIFICATION_CHANGED).data == {"code": "C99", "name": "样例行业", "parent": ""}


@pytest.mark.parametrize("words", ["calendar.declared", "CALENDAR", "设定工作日", "王审", "样例对象"])
def test_the_journal_is_searched_by_what_happened_by_whom_and_for_whom(sign_in, words):
    house, person = people.organisation(name="样例对象研究所"), people.staff(Role.OFFICER, name="王审计")
    day = CalendarDay.objects.create(day=date(2026, 10, 10), is_working=True)
    found = journal.record(Kind.CALENDAR_DECLARED, day, by=person, on_behalf_of=house)
    other = journal.record(Kind.CLASSIFICATION_CHANGED, day, by=None)

    page = sign_in(Role.AUDITOR).get("/admin/journal/", {"q": words})

    keys = [entry.pk for entry in page.context["object_list"]]
    assert found.pk in keys
    assert other.pk not in keys


def test_officers_keep_schemes_and_rules_and_auditors_do_not(sign_in):
    reward = {
        "kind": "reward", "holds_from": "2026-01-01", "basis": "technical", "percent": "1.50", "days": "9",
        "cap_project": "5000000", "cap_year": "20000000", "note": "样例", "source": "样例办法第 3 条",
    }  # fmt: skip
    named = {
        "name": "高级（样例）", "level": "senior", "issuer": "样例协会", "holds_from": "2026-01-01",
        "source": "样例", "is_open": "on",
    }  # fmt: skip
    officer = sign_in(Role.OFFICER)
    assert officer.post("/admin/broker-rules/new/", reward | {"percent": ""}).status_code == 200
    assert not BrokerRule.objects.exists()
    officer.post("/admin/broker-rules/new/", reward)
    officer.post("/admin/broker-schemes/new/", named)
    rule = BrokerRule.objects.get()
    page = officer.get("/admin/broker-rules/").content.decode()

    sign_in(Role.AUDITOR).post(f"/admin/broker-rules/edit/{rule.pk}/", reward | {"percent": "9"})

    rule.refresh_from_db()
    assert (str(rule.percent), rule.cap_project, rule.days) == ("1.50", 5_000_000, None)
    assert "样例办法第 3 条" in page
    assert BrokerScheme.objects.get().level == "senior"
    assert Entry.objects.get(kind=Kind.BROKER_RULE_CHANGED).data["percent"] == "1.50"


def test_a_rule_about_brokers_that_holds_is_not_rewritten_and_the_form_says_so_beside_the_field(sign_in):
    officer = sign_in(Role.OFFICER)
    given = {"kind": "objection", "holds_from": "2026-01-01", "days": "5", "note": "样例", "source": "样例办法第 3 条"}
    officer.post("/admin/broker-rules/new/", given)
    rule = BrokerRule.objects.get()

    refused = officer.post(f"/admin/broker-rules/edit/{rule.pk}/", given | {"days": "1"})
    put_right = officer.post(f"/admin/broker-rules/edit/{rule.pk}/", given | {"source": "样例办法第 4 条"})

    rule.refresh_from_db()
    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["days"])
    assert (put_right.status_code, rule.days, rule.source) == (302, 5, "样例办法第 4 条")


@pytest.mark.parametrize(("role", "attempts"), [(Role.OFFICER, 0), (Role.AUDITOR, 10), (Role.EDITOR, 10)])
def test_only_officers_try_again(sign_in, role, attempts):
    somebody = people.person()
    entry = journal.record(Kind.USER_SIGNED_UP, somebody, by=somebody)
    stuck = Delivery.objects.create(entry=entry, consequence="x.y", due_at=entry.recorded_at, attempts=10, error="no")

    sign_in(role).post(f"/admin/deliveries/again/{stuck.pk}/")

    stuck.refresh_from_db()
    assert stuck.attempts == attempts


def test_editors_edit_pages_and_see_nothing_of_the_trade(sign_in, site):
    client = sign_in(Role.EDITOR)

    home = client.get("/admin/").content.decode()

    assert client.get(f"/admin/pages/{site.pk}/edit/").status_code == 200
    assert "/admin/contracts/" not in home
    assert "/admin/lots/" not in home


def test_finance_sees_deposits_and_no_bid(sign_in):
    home = sign_in(Role.FINANCE).get("/admin/").content.decode()

    assert "/admin/deposits/" in home
    assert "/admin/lots/" not in home
    assert "/admin/registrations/" not in home


@pytest.mark.parametrize("listing", ["sessions", "lots", "registrations", "deposits"])
@pytest.mark.parametrize("export", ["", "&export=csv"])
def test_rehearsals_are_hidden_until_the_filter_asks_for_them(sign_in, listing, export):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=2))
    one = bidder(lot, at=timezone.now())
    rehearsal = rehearse_session(
        lot.session,
        by=people.staff(Role.ORGANISER),
        starts_at=timezone.now() + timedelta(minutes=10),
        lasts=HALF_AN_HOUR,
    )
    copy = rehearsal.lots.get()
    own = join_rehearsal(copy, by=one.agent, organisation=one.organisation)
    marks = {
        "sessions": (lot.session.number, rehearsal.number),
        "lots": (lot.number, copy.number),
        "registrations": (one.code, own.code),
        "deposits": (one.deposit.reference, own.deposit.reference),
    }[listing]
    client = sign_in(Role.OFFICER)

    pages = [client.get(f"/admin/{listing}/?rehearsals={chosen}{export}") for chosen in ("", "with", "only")]
    plain = client.get(f"/admin/{listing}/")

    def shown(page):
        text = page.getvalue().decode() if page.streaming else page.content.decode()
        return [bool(re.search(rf"(?<![\w-]){re.escape(mark)}(?![\w-])", text)) for mark in marks]

    assert [shown(page) for page in pages] == [[True, False], [True, True], [False, True]]
    assert shown(plain) == [True, False]


def test_the_journal_does_not_tell_who_was_outbid_while_bids_are_secret(sign_in):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    registration = bidder(lot)
    entry = journal.record(Kind.REGISTRATION_OUTBID, registration, by=None, lot=lot.number, price=lot.price, seq=3)
    client = sign_in(Role.AUDITOR)

    assert client.get(f"/admin/journal/inspect/{entry.pk}/").status_code == 404
    end_now(lot)
    assert close_lot(lot)
    assert client.get(f"/admin/journal/inspect/{entry.pk}/").status_code == 200


def test_what_was_not_delivered_does_not_tell_who_was_outbid_while_bids_are_secret(sign_in):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    registration = bidder(lot)
    entry = journal.record(Kind.REGISTRATION_OUTBID, registration, by=None, lot=lot.number, price=lot.price, seq=3)
    failed = Delivery.objects.create(entry=entry, consequence="notices.mail_people", due_at=timezone.now(), attempts=1)
    client = sign_in(Role.AUDITOR)

    assert client.get(f"/admin/deliveries/inspect/{failed.pk}/").status_code == 404
    assert entry.kind not in client.get("/admin/deliveries/").content.decode()
    end_now(lot)
    assert close_lot(lot)
    assert client.get(f"/admin/deliveries/inspect/{failed.pk}/").status_code == 200


def test_officers_keep_code_lists_and_what_does_not_fit_stands_beside_its_field(sign_in):
    officer = sign_in(Role.OFFICER)
    entry = {"code_list": "objective", "code": "Ocean", "name": "海洋", "part_of": "", "place": "15"}
    entry |= {"holds_from": "2026-01-01", "holds_until": "", "source": "样例依据"}

    refused = officer.post("/admin/code-lists/new/", entry)
    officer.post("/admin/code-lists/new/", entry | {"code": "ocean"})

    page = refused.content.decode()
    assert "只用小写字母、数字和 - _ ." in page
    assert "海洋" in page, "nothing typed is lost"
    assert CodeRule.objects.filter(code_list="objective", name="海洋").count() == 1
    listed = officer.get("/admin/code-lists/", {"code_list": "objective"}).content.decode()
    assert "海洋" in listed
    assert "一次支付" not in listed


def test_a_code_of_the_district_is_entered_for_tomorrow_and_says_so_beside_its_day(sign_in):
    officer = sign_in(Role.OFFICER)
    said = {"code_list": "district", "code": "330399", "name": "瓯海新区", "part_of": "", "place": "10"}
    said |= {"holds_until": "", "source": "民政部批复（样例）"}

    refused = officer.post("/admin/code-lists/new/", said | {"holds_from": clock.today().isoformat()})
    tomorrow = clock.today() + timedelta(days=1)
    taken = officer.post("/admin/code-lists/new/", said | {"holds_from": tomorrow.isoformat()}, follow=True)

    assert "本区代码最早自明天起施行" in refused.content.decode()
    assert f"自 {tomorrow} 起本区代码为 330399，在此之前为 330304" in taken.content.decode()
    entry = CodeRule.objects.get(code_list="district", code="330399")
    assert entry.holds_from == tomorrow
    ended = said | {"holds_from": tomorrow.isoformat(), "holds_until": tomorrow.isoformat()}
    refused = officer.post(f"/admin/code-lists/edit/{entry.pk}/", ended)
    assert "若改回今天所用的代码和名称，则不产生任何变化" in refused.content.decode()
    assert "尚未施行" in officer.get("/admin/code-lists/", {"code_list": "district"}).content.decode()


def test_the_royalty_is_renamed_but_not_ended(sign_in):
    officer, kept = sign_in(Role.OFFICER), CodeRule.objects.get(code_list="payment", code="royalty")
    said = {name: getattr(kept, name) for name in ("code_list", "code", "name", "place", "source")}
    said |= {"part_of": "", "holds_from": "2000-02-16", "holds_until": "2030-01-01"}

    refused = officer.post(f"/admin/code-lists/edit/{kept.pk}/", said)

    kept.refresh_from_db()
    assert "平台的处理依据这一条目，不能停用" in refused.content.decode()
    assert kept.holds_until is None


def test_levels_are_chosen_and_filtered_by_their_names(sign_in):
    CodeRule.objects.create(
        code_list="broker_level", code="chief", name="正高级", place=40, holds_from=date(2025, 1, 1), source="样例依据"
    )
    officer = sign_in(Role.OFFICER)

    form = officer.get("/admin/broker-schemes/new/").content.decode()
    page = officer.get("/admin/brokers/", {"level": "chief"}).content.decode()

    for text in (form, page):
        assert re.search(r'value="chief"[^>]*>\s*正高级', text)


def mailed(subject, kind, **data):
    """Return the entry that says that a notice of this kind was mailed, and the notice."""
    reader = people.person()
    entry = journal.record(Kind.LOT_RESCINDED, subject, by=None)
    notice = Notice.objects.create(
        user=reader, kind=kind, entry=entry, subject=subject, path="/", data=data, created_at=entry.recorded_at
    )
    return journal.record(Kind.NOTICE_MAILED, notice, by=None, entry=entry.pk, user=reader.pk), notice


def records_of(client, words=""):
    """Return what the journal says each entry is about, the newest first."""
    page = client.get("/admin/journal/results/", {"q": words}).content.decode()
    return [" ".join(each.split()) for each in re.findall(r"<td[^>]*>\s*([^<>]*：[^<>]*?)\s*</td>", page)]


def test_the_journal_names_records_as_people_do(sign_in):
    lot, house = announced_lot(), people.organisation(name="大罗山新材料研究院")
    day = CalendarDay.objects.create(day=date(2026, 10, 10), is_working=True)
    journal.record(Kind.CALENDAR_DECLARED, day, by=None, number="OH-2020-01")
    day.delete()
    journal.record(Kind.LOT_RESCINDED, lot, by=None)
    mailed(house, "application.refused")

    shown = records_of(sign_in(Role.AUDITOR))

    assert shown[:4] == [
        f"通知：您的经纪人备案申请未获备案 · {timezone.localtime():%Y-%m-%d}",
        "单位：大罗山新材料研究院",
        f"拍品：{lot.number} {lot.outcome.title}",
        "日历日：OH-2020-01",
    ]


def test_a_notice_about_a_lot_is_named_by_its_day_alone_while_bids_are_secret(sign_in):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    mailed(bidder(lot), "registration.rejected", lot=lot.number)
    client = sign_in(Role.AUDITOR)

    before = records_of(client, "notice.mailed")
    end_now(lot)
    assert close_lot(lot)
    after = records_of(client, "notice.mailed")

    day = f"{timezone.localtime():%Y-%m-%d}"
    assert before == [f"通知：{day}"]
    assert len(after) == 1
    assert lot.number in after[0]


@pytest.mark.parametrize("words", ["notice.mailed", "lot.rescinded"])
def test_the_journal_asks_no_more_for_more_records_of_a_kind(sign_in, words):
    client = sign_in(Role.AUDITOR)

    def happen():
        deal, lot = from_interest().deal, announced_lot()
        for subject in (deal, lot, bidder(lot), deal.interest, people.organisation()):
            mailed(subject, "lot.sold", lot=lot.number, price_fen=100)

    happen()
    records_of(client, words)
    with CaptureQueriesContext(connection) as one:
        few = records_of(client, words)
    happen()
    happen()
    with CaptureQueriesContext(connection) as three:
        many = records_of(client, words)

    assert (len(few), len(many)) == (5, 15)
    assert len(three) == len(one)


def test_an_entry_and_a_rebuild_are_called_by_what_they_are_and_when():
    house = people.organisation()
    with clock.moved_to(datetime(2026, 3, 1, 1, 30, tzinfo=UTC)):
        entry = journal.record(Kind.ORGANISATION_VERIFIED, house, by=None)
    run = IndexRun(kind="outcome", asked_at=entry.recorded_at)

    assert str(entry) == f"{Kind.ORGANISATION_VERIFIED.label} · 2026-03-01 09:30"
    assert str(run) == "outcome 2026-03-01 09:30"
