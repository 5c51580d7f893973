"""Needs that ask nearly the same: told while one is drafted and while it is reviewed, to whom and of whose needs."""

import copy
import shutil
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.needs.actions import close_need, disclose_need, draft_need
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.roles import MemberRole, Role
from marketplace.reviews.drafts import save_draft
from search.engine import EngineDown
from search.indexing import rebuild_index
from search.need_twins import other_twins, own_twins
from tests.factories.people import member, organisation, person, sign_in, staff
from tests.factories.world import complete_need
from tests.marketplace.outcomes import making

HTMX = {"HX-Request": "true"}
TITLE = "智能锁静态功耗降低"
OTHER = "超低温阀门唇形密封在零下一百九十六度保持弹性，泄漏率低，须通过三千次循环试验。"
WITHHELD = "某企业（不公开名称）"


def fresh(need):
    return TechnologyNeed.objects.get(pk=need.pk)


def written(by, whose, title=TITLE):
    """Return a need that waits for the liaison."""
    return fresh(complete_need(draft_need(organisation=whose, by=by, title=title), by=by))


def posted(street, by, whose, **text):
    """Return a need that has passed both steps and stands in the index."""
    need = draft_need(organisation=whose, by=by, title=TITLE)
    for name, value in text.items():
        setattr(need, name, value)
    need = fresh(complete_need(need, by=by))
    for reviewer in (street.liaison, street.officer):
        step = need.pending_review
        step.task.specific.on_action(step, reviewer, "approve")
        need = fresh(need)
    rebuild_index("need")
    return need


@pytest.fixture(scope="module")
def lasting_street(lasting):
    making.set_up()
    ours, theirs = organisation(manager=person(), name="样例企业甲"), organisation(manager=person(), name="样例企业乙")
    street = SimpleNamespace(
        ours=ours, manager=ours.memberships.get().user, colleague=member(ours, MemberRole.PUBLISHER),
        theirs=theirs, rival=theirs.memberships.get().user,
        liaison=staff(Role.LIAISON), officer=staff(Role.OFFICER), stranger=person(),
    )  # fmt: skip
    street.public = posted(street, street.rival, theirs)
    street.index = settings.SEARCH_DIR
    return street


@pytest.fixture
def street(lasting_street, for_now, tmp_path, settings):
    """Two enterprises, one with a public need, and an index of their own."""
    settings.SEARCH_DIR = shutil.copytree(lasting_street.index, tmp_path / "search")
    street = copy.deepcopy(lasting_street)
    street.public = fresh(street.public)
    return street


@pytest.fixture
def closed(street):
    """Close that need: what a test posts is the only public one."""
    close_need(street.public, by=street.rival, reason="已自行解决")


def drafted(by, whose, *, problem=None):
    """Return a draft nobody has sent in."""
    need = draft_need(organisation=whose, by=by, title=TITLE)
    need.problem = "锁具待机电流约 60 微安，四节干电池只能用六个月，用户频繁换电池，售后成本高。" * 2
    if problem is not None:
        need.title, need.problem = "阀门密封", problem
    save_draft(need, by=by)
    return fresh(need)


def numbers(found):
    return [twin.number for twin in found]


def test_a_public_need_of_others_is_told_with_who_asks_and_how_alike(street):
    version = drafted(street.manager, street.ours).newest_version

    [found] = other_twins(version, street.manager)

    assert (found.number, found.title, found.owner, found.is_draft) == (street.public.code, TITLE, "样例企业乙", False)
    assert found.percent == 100
    assert found.href == f"/needs/{version.code}/beside/{street.public.code}/"
    assert own_twins(version, street.manager) == []


def test_one_of_the_own_organisation_is_told_apart_from_those_of_others(street):
    ours, theirs = posted(street, street.manager, street.ours), street.public
    version = drafted(street.colleague, street.ours).newest_version

    assert numbers(own_twins(version, street.colleague)) == [ours.code]
    assert numbers(other_twins(version, street.colleague)) == [theirs.code]


def test_another_problem_is_not_alike(street):
    posted(street, street.manager, street.ours)
    version = drafted(street.manager, street.ours, problem=OTHER).newest_version

    assert own_twins(version, street.manager) == other_twins(version, street.manager) == []


@pytest.mark.usefixtures("closed")
def test_drafts_of_others_are_told_nobody_and_those_of_colleagues_to_colleagues(street):
    theirs, colleagues = drafted(street.rival, street.theirs), drafted(street.colleague, street.ours)
    version = drafted(street.manager, street.ours).newest_version

    assert [(twin.number, twin.is_draft) for twin in own_twins(version, street.manager)] == [(colleagues.code, True)]
    assert other_twins(version, street.manager) == []
    assert own_twins(theirs.newest_version, street.officer) == []


def test_a_reviewer_is_told_of_what_was_sent_in_and_of_no_draft(street):
    drafted(street.colleague, street.ours)
    first, second = written(street.manager, street.ours), written(street.manager, street.ours)

    for reviewer in (street.liaison, street.officer):
        assert numbers(own_twins(second.newest_version, reviewer)) == [first.code]


def test_the_new_text_of_a_public_need_is_told_its_own_organisation_only(street):
    public = street.public
    changed = fresh(public).newest_version
    changed.title, changed.problem = "阀门密封", OTHER
    save_draft(changed, by=street.rival)
    rebuild_index("need")
    mine, theirs = (drafted(by, whose, problem=OTHER) for by, whose in
                    ((street.manager, street.ours), (street.rival, street.theirs)))  # fmt: skip

    assert other_twins(mine.newest_version, street.manager) == []
    own = own_twins(theirs.newest_version, street.rival)
    assert [(twin.number, twin.title, twin.is_draft) for twin in own] == [(public.code, "阀门密封", True)]


@pytest.mark.usefixtures("closed")
def test_a_name_that_is_withheld_stays_so_until_it_is_disclosed(street):
    public = posted(street, street.rival, street.theirs, is_anonymous=True)
    version = drafted(street.manager, street.ours).newest_version

    assert [twin.owner for twin in other_twins(version, street.manager)] == [WITHHELD]
    assert [twin.owner for twin in other_twins(version, street.liaison)] == ["样例企业乙"]
    disclose_need(public, organisation=street.ours, by=None)
    assert [twin.owner for twin in other_twins(version, street.manager)] == ["样例企业乙"]


def test_a_closed_need_is_told_nobody(street):
    close_need(street.public, by=street.rival, reason="已自行解决")
    close_need(posted(street, street.manager, street.ours), by=street.manager, reason="已自行解决")
    version = drafted(street.manager, street.ours).newest_version

    assert own_twins(version, street.manager) == other_twins(version, street.manager) == []


def test_while_the_engine_is_down_the_newest_are_compared(street, monkeypatch):
    version = drafted(street.manager, street.ours).newest_version

    def down():
        raise EngineDown("gone")

    monkeypatch.setattr("search.need_twins.get_engine", down)

    assert numbers(other_twins(version, street.manager)) == [street.public.code]


def test_looking_asks_no_more_for_more(street):
    version = drafted(street.manager, street.ours).newest_version
    drafted(street.colleague, street.ours)
    counts = []
    for further in (0, 2):
        for _each in range(further):
            posted(street, street.rival, street.theirs)
            drafted(street.colleague, street.ours)
        assert street.manager.member_roles
        with CaptureQueriesContext(connection) as asked:
            found = (own_twins(version, street.manager), other_twins(version, street.manager))
        counts.append((len(asked), *map(len, found)))

    assert [count[1:] for count in counts] == [(1, 1), (3, 3)]
    assert counts[0][0] == counts[1][0]


def test_the_fragment_says_why_and_leads_side_by_side_and_holds_no_form(client, street):
    ours, theirs = posted(street, street.manager, street.ours), street.public
    draft = drafted(street.colleague, street.ours)
    sign_in(client, street.colleague)

    part = client.get(f"/needs/{draft.code}/alike/", headers=HTMX).content.decode()
    form = client.get(f"/needs/{draft.code}/edit/").content.decode()

    assert "是否重复发布？本单位有 1 项需求内容相近" in part
    assert "已有人提出：其他单位有 1 项需求内容相近" in part
    assert "标题与正文约 100% 相同" in part
    assert all(f'href="/needs/{draft.code}/beside/{each.code}/" target="_blank"' in part for each in (ours, theirs))
    assert "<html" not in part
    assert "<form" not in part
    assert f'hx-get="/needs/{draft.code}/alike/" hx-trigger="load, autosaved from:#form"' in form
    assert f'<noscript><p class="t-14"><a href="/needs/{draft.code}/alike/">' in form


def test_without_script_it_is_a_page_in_both_languages_that_leads_back(client, street):
    draft = drafted(street.manager, street.ours)
    sign_in(client, street.manager)

    chinese, english = (client.get(f"{tongue}/needs/{draft.code}/alike/").content.decode() for tongue in ("", "/en"))

    assert "<html" in chinese
    assert f'href="/needs/{draft.code}/edit/"' in chinese
    assert "Asked already: 1 need of another organisation reads nearly the same" in english
    assert "title and text agree to about 100%" in english


@pytest.mark.usefixtures("closed")
def test_its_review_shows_what_is_alike_and_may_be_passed_all_the_same(client, street):
    posted(street, street.manager, street.ours)
    need = written(street.manager, street.ours)
    sign_in(client, street.liaison)

    review = client.get(f"/reviews/need/{need.code}/").content.decode()
    part = client.get(f"/needs/{need.code}/alike/", headers=HTMX).content.decode()
    client.post(f"/reviews/need/{need.code}/", {"decision": "approve"})

    assert f'hx-get="/needs/{need.code}/alike/" hx-trigger="load"' in review
    assert f'<a href="/needs/{need.code}/alike/">' in review
    assert "是否重复发布？该单位有 1 项需求内容相近" in part
    assert fresh(need).pending_review.task.specific.stage == "district"


def test_only_readers_of_the_draft_get_what_is_alike(client, street):
    draft, public = drafted(street.manager, street.ours), street.public
    answers = {}
    for who in ("colleague", "officer", "rival", "stranger", "liaison"):
        sign_in(client, getattr(street, who))
        answers[who] = client.get(f"/needs/{draft.code}/alike/").status_code
    sign_in(client, street.stranger)

    assert answers == {"colleague": 200, "officer": 200, "rival": 404, "stranger": 404, "liaison": 404}
    assert client.get(f"/needs/{public.code}/alike/").status_code == 404


def test_side_by_side_a_need_of_others_is_the_public_one_without_its_name(client, street):
    public = posted(street, street.rival, street.theirs, is_anonymous=True)
    changed = fresh(public).newest_version
    changed.problem = f"还没有公开的新说法：{changed.problem}"
    save_draft(changed, by=street.rival)
    draft = drafted(street.manager, street.ours)
    sign_in(client, street.manager)

    page = client.get(f"/needs/{draft.code}/beside/{public.code}/")
    text = page.content.decode()

    assert WITHHELD in text
    assert "样例企业乙" not in text
    assert "还没有公开的新说法" not in text
    assert 0 < page.context["same"] < len(page.context["rows"])
    assert f'href="/needs/{draft.code}/edit/"' in text


def test_side_by_side_a_reviewer_reads_the_version_under_review(client, street):
    ours, theirs = posted(street, street.manager, street.ours), street.public
    version = fresh(ours).newest_version
    version.problem = f"这次改动的说法：{version.problem}"
    complete = save_draft(version, by=street.manager)
    assert complete
    sign_in(client, street.officer)

    text = client.get(f"/needs/{ours.code}/beside/{theirs.code}/").content.decode()

    assert "这次改动的说法" in text
    assert "样例企业乙" in text


def test_a_draft_of_others_cannot_be_put_beside_ones_own(client, street):
    mine, theirs = drafted(street.manager, street.ours), drafted(street.rival, street.theirs)
    sign_in(client, street.manager)

    assert client.get(f"/needs/{mine.code}/beside/{theirs.code}/").status_code == 404
    assert client.get(f"/needs/{theirs.code}/beside/{mine.code}/").status_code == 404
    assert client.get(f"/needs/{mine.code}/beside/keine/").status_code == 404
