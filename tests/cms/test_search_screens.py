"""Search in the admin: synonyms that are kept and tried, what people ask, and the state of the indexes."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from search.engines import get_engine
from search.indexing import rebuild_index
from search.models import IndexRun, SearchLog, StopPhrase, Synonym
from search.noting import note_search
from tasks.models import Delivery
from tests.factories import people
from tests.marketplace.auctions import making
from tests.standing_site import ensure_site

pytestmark = pytest.mark.usefixtures("for_now")
SCREENS = ("synonyms", "searches", "stop-phrases", "search-index")
FORM = {"phrase": "电镀", "alternatives": "镀层，表面处理", "is_active": "on", "note": ""}


@pytest.fixture(scope="module")
def offices(lasting):
    """A site and the groups of its staff."""
    ensure_site()
    set_up_groups()


@pytest.fixture
def sign_in(offices, client):
    return lambda role: people.sign_in(client, people.staff(role, is_staff=True))


@pytest.fixture
def index(tmp_path, settings):
    """An empty embedded index in place of the process's own."""
    settings.SEARCH_DIR = tmp_path / "search"
    engine = get_engine()
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.OFFICER, SCREENS), (Role.AUDITOR, SCREENS), (Role.EDITOR, SCREENS[:2]), (Role.REGISTRAR, ()),
        (Role.FINANCE, ()),
    ],
)  # fmt: skip
def test_who_sees_which_screen(sign_in, index, role, seen):
    client = sign_in(role)

    assert tuple(name for name in SCREENS if client.get(f"/admin/{name}/").status_code == 200) == seen
    menu = client.get("/admin/").content.decode()
    assert tuple(name for name in SCREENS if f"/admin/{name}/" in menu) == seen


@pytest.mark.parametrize("role", [Role.OFFICER, Role.EDITOR])
def test_officers_and_editors_add_and_change_a_synonym(sign_in, role):
    client = sign_in(role)
    client.post("/admin/synonyms/new/", FORM)
    synonym = Synonym.objects.get()

    client.post(f"/admin/synonyms/edit/{synonym.pk}/", FORM | {"alternatives": "镀层", "is_active": ""})

    synonym.refresh_from_db()
    assert (synonym.phrase, synonym.words, synonym.is_active) == ("电镀", ["镀层"], False)
    assert Entry.objects.filter(kind=Kind.SYNONYM_CHANGED).count() == 2


def test_an_auditor_reads_synonyms_and_changes_none(sign_in):
    synonym = Synonym.objects.create(phrase="电镀", key="电镀", alternatives="镀层")
    client = sign_in(Role.AUDITOR)

    shown = client.get("/admin/synonyms/").content.decode()
    client.post("/admin/synonyms/new/", FORM | {"phrase": "注塑"})
    client.post(f"/admin/synonyms/edit/{synonym.pk}/", FORM)

    synonym.refresh_from_db()
    assert "镀层" in shown
    assert (Synonym.objects.count(), synonym.alternatives) == (1, "镀层")


def test_that_something_is_not_so_is_told_in_words_not_by_a_red_cross(sign_in):
    Synonym.objects.create(phrase="电镀", key="电镀", alternatives="镀层", is_active=True, is_one_way=False)

    shown = sign_in(Role.OFFICER).get("/admin/synonyms/").content.decode()

    cells = re.findall(r"<td[^>]*>(\S[^<]*)</td>", shown)
    assert cells[-2:] == ["否", "是"]
    assert "icon-cross default" not in shown


def test_the_form_says_what_is_wrong(sign_in):
    client = sign_in(Role.OFFICER)

    answer = client.post("/admin/synonyms/new/", FORM | {"alternatives": "，，"})

    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"alternatives"}
    assert not Synonym.objects.exists()


def test_stop_phrases_are_listed_the_most_common_first_and_lead_to_the_texts_that_use_them(sign_in):
    rare, common = (
        StopPhrase.objects.create(phrase=phrase, texts=texts, fields=5, learnt_at=timezone.now())
        for phrase, texts in (("样例短语", 6), ("实时监控", 31))
    )
    client = sign_in(Role.OFFICER)

    every = client.get("/admin/stop-phrases/").content.decode()
    some = client.get("/admin/stop-phrases/results/?texts=20").content.decode()
    record = client.get(f"/admin/stop-phrases/inspect/{common.pk}/").content.decode()

    assert 0 < every.index(common.phrase) < every.index(rare.phrase)
    assert common.phrase in some
    assert rare.phrase not in some
    assert 'href="/search/?q=%22%E5%AE%9E%E6%97%B6%E7%9B%91%E6%8E%A7%22"' in record


def test_a_question_is_tried_with_synonyms_and_without(sign_in, index):
    Synonym.objects.create(phrase="增材制造", key="增材制造", alternatives="3D打印")
    making.outcome(
        title="钛合金支架3D打印工艺", published_at=timezone.now(), expires_on="2099-01-01", state="available"
    )
    rebuild_index("outcome")

    answer = sign_in(Role.OFFICER).get("/admin/synonyms/", {"try": "增材制造", "in": "outcome"})

    trial = answer.context["trial"]
    assert trial.alternatives == ("3d打印",)
    assert (trial.without.total, trial.found.total) == (0, 1)
    assert "钛合金支架3D打印工艺" in answer.content.decode()


def test_a_list_finds_by_the_synonym_and_marks_it(client, index):
    Synonym.objects.create(phrase="增材制造", key="增材制造", alternatives="3D打印")
    making.outcome(
        title="钛合金支架3D打印工艺", published_at=timezone.now(), expires_on="2099-01-01", state="available"
    )
    rebuild_index("outcome")

    listed = client.get("/outcomes/", {"q": "增材制造"}).content.decode()
    everything = client.get("/search/", {"q": "增材制造"}).content.decode()

    assert "<mark>3D打印</mark>" in listed
    assert "<mark>3D打印</mark>" in everything


def test_the_report_leads_from_a_question_without_answer_to_a_synonym(sign_in):
    note_search("outcome", "激光淬火", results=0, took_ms=4)
    client = sign_in(Role.EDITOR)

    report = client.get("/admin/searches/").content.decode()
    form = client.get("/admin/synonyms/new/?phrase=激光淬火")

    assert "激光淬火" in report
    assert "/admin/synonyms/new/?phrase=%E6%BF%80" in report
    assert 'value="激光淬火"' in form.content.decode()


def test_an_auditor_is_not_offered_what_is_refused(sign_in, index):
    note_search("outcome", "激光淬火", results=0, took_ms=4)
    client = sign_in(Role.AUDITOR)

    assert "/admin/synonyms/new/" not in client.get("/admin/searches/").content.decode()
    assert "/admin/search-index/rebuild/" not in client.get("/admin/search-index/").content.decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_report_is_exported(sign_in, form):
    note_search("outcome", "=激光淬火", results=0, took_ms=4)

    answer = sign_in(Role.AUDITOR).get("/admin/searches/", {"export": form})

    assert answer["Content-Disposition"].endswith(f".{form}")
    if form == "csv":
        assert "'=激光淬火" in answer.content.decode("utf-8-sig")


@pytest.mark.parametrize("words", ["show=x&days=y&sort=z&page=q", "sort=-last&show=frequent", "sort=results&days=180"])
def test_no_address_breaks_the_report(sign_in, words):
    note_search("", "激光淬火", results=0, took_ms=4)

    assert sign_in(Role.OFFICER).get(f"/admin/searches/?{words}").status_code == 200


def test_the_report_asks_the_database_no_more_for_more(sign_in):
    client = sign_in(Role.OFFICER)
    asked = [SearchLog(hour=clock.now(), text=f"问题{n}", results=0, is_empty=True, took_ms=1) for n in range(60)]
    asked[0].save()
    client.get("/admin/searches/")
    with CaptureQueriesContext(connection) as one:
        client.get("/admin/searches/")
    SearchLog.objects.bulk_create(asked[1:])
    with CaptureQueriesContext(connection) as sixty:
        page = client.get("/admin/searches/")

    assert page.context["rows"].paginator.count == 60
    assert len(sixty) == len(one) <= 20  # who asks, the gates and the trace of the session take some of these


@pytest.mark.parametrize(
    ("took", "words"),
    [(timedelta(0), "不到 1 秒"), (timedelta(seconds=0.9), "不到 1 秒"), (timedelta(seconds=2), "2 秒")],
)
def test_how_long_a_rebuild_took_is_no_nought_seconds(sign_in, index, took, words):
    began = clock.now()
    facts = {"asked_at": began, "started_at": began, "seen_at": began, "ended_at": began + took}
    IndexRun.objects.create(kind="outcome", done=0, total=0, **facts)
    IndexRun.objects.create(kind="need", done=0, total=0, **facts | {"started_at": None}, error="样例")

    page = re.sub(r"\s*(</?td>)\s*", r"\1", sign_in(Role.OFFICER).get("/admin/search-index/").content.decode())

    assert re.search(rf" ·\s+{words}</td>", page)
    assert f"<td>{words}</td>" in page
    assert "<td>—</td>" in page
    assert not re.search(r"[>·]\s*0\s*(s|秒)", page)


def test_an_officer_has_an_index_rebuilt_and_sees_how_it_went(sign_in, index, django_capture_on_commit_callbacks):
    client = sign_in(Role.OFFICER)

    client.post("/admin/search-index/rebuild/outcome/")
    waiting = client.get("/admin/search-index/").content.decode()
    client.post("/admin/search-index/rebuild/outcome/")

    assert IndexRun.objects.get().ended_at is None  # the second was refused
    assert 'hx-get="/admin/search-index/figures/"' in waiting
    assert client.get("/admin/search-index/figures/").status_code == 200


def test_figures_rest_while_nothing_runs(sign_in, index):
    rebuild_index("outcome")

    page = sign_in(Role.OFFICER).get("/admin/search-index/")

    assert "hx-get" not in page.content.decode()
    outcome = next(each for each in page.context["indexes"] if each["kind"] == "outcome")
    assert outcome["held"].documents == outcome["rows"]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EDITOR])
def test_others_have_nothing_rebuilt(sign_in, role):
    answer = sign_in(role).post("/admin/search-index/rebuild/outcome/")

    assert answer.status_code in (302, 403)
    assert not IndexRun.objects.exists()


def test_an_index_nobody_knows_is_not_there(sign_in):
    assert sign_in(Role.OFFICER).post("/admin/search-index/rebuild/nothing/").status_code == 404


def test_an_engine_that_does_not_answer_is_said(sign_in, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"

    page = sign_in(Role.OFFICER).get("/admin/search-index/")
    tried = sign_in(Role.OFFICER).get("/admin/synonyms/", {"try": "电镀"})

    assert page.status_code == 200
    assert not page.context["health"].ok
    assert escape(page.context["health"].message) in page.content.decode()
    assert tried.context["engine_down"] is True


@pytest.mark.parametrize(("role", "attempts"), [(Role.OFFICER, 0), (Role.AUDITOR, 10)])
def test_a_record_that_could_not_be_indexed_is_named_and_tried_again(sign_in, index, role, attempts):
    outcome = making.outcome()
    entry = Entry.objects.create(kind=Kind.OUTCOME_PUBLISHED, subject=outcome, actor=None, recorded_at=clock.now())
    stuck = Delivery.objects.create(
        entry=entry, consequence="index.index_subject", due_at=clock.now(), attempts=10, error="IndexIncomplete: trl"
    )
    client = sign_in(role)

    shown = client.get("/admin/search-index/").content.decode()
    client.post(f"/admin/search-index/again/{stuck.pk}/")

    stuck.refresh_from_db()
    assert outcome.number in shown
    assert "IndexIncomplete: trl" in shown
    assert stuck.attempts == attempts
