"""Documents that carry something of another record follow it."""

import pytest

from marketplace.auctions.models import Lot
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import keep_look_up
from marketplace.outcomes.actions import submit_outcome
from marketplace.reviews.drafts import save_draft
from search.engine import Query
from search.engines import get_engine
from search.filters import And, Eq
from search.indexing import rebuild_index
from search.visibility import Visibility
from tasks.models import Delivery
from tests.factories import people
from tests.marketplace.auctions import making as auctions
from tests.marketplace.auctions import test_appeals as appeals
from tests.marketplace.outcomes import making

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_index(tmp_path, settings):
    settings.SEARCH_DIR = tmp_path / "search"


def found(kind, text="", **wanted):
    where = And(*(Eq(name, value) for name, value in wanted.items()))
    return get_engine().search(Query(kind=kind, visibility=Visibility.public(), text=text, where=where)).ids


def lots(text="", **wanted):
    return found("lot", text, **wanted)


def test_a_lot_is_found_by_the_new_words_of_its_outcome(commit):
    making.set_up()
    house = making.Institute()
    outcome = commit(house.published)
    lot = commit(lambda: auctions.announced_lot(of=outcome))
    rebuild_index("lot")
    changed = outcome.newest_version
    changed.title = "掌静脉采集装置"
    save_draft(changed, by=house.publisher)

    commit(lambda: submit_outcome(making.fresh(outcome), by=house.publisher, declared=True))
    commit(lambda: house.pass_review(making.fresh(outcome)))

    assert lots("掌静脉") == [lot.number]
    assert Delivery.objects.filter(done_at=None).count() == 0


def test_a_lot_whose_default_is_taken_back_is_listed_as_rescinded(commit):
    lot, buyer, _declarer = commit(appeals.defaulted)
    rebuild_index("lot")
    before = lots(state=Lot.State.DEFAULTED)
    appeals.appealed(buyer)

    commit(lambda: appeals.decided(lot, granted=True))

    assert before == [lot.number]
    assert lots(state=Lot.State.RESCINDED) == [lot.number]
    assert lots(state=Lot.State.DEFAULTED) == []


def test_what_bears_a_field_or_industry_follows_its_name_and_its_place(commit):
    making.set_up()
    house, officer = making.Institute(), people.staff(Role.OFFICER)
    outcome = commit(house.published)
    lot = commit(lambda: auctions.announced_lot(of=outcome))
    field, branch = TechnicalField.objects.get(code="0308"), TechnicalField.objects.get(code="05")
    industry = Industry.objects.get(code="C3351")
    field.name, field.parent, industry.name = "样例识别技术", branch, "样例锁具行业"

    for node in (field, industry):
        commit(lambda node=node: keep_look_up(node, by=officer))

    assert found("outcome", "样例识别技术") == found("outcome", "样例锁具行业") == [outcome.number]
    assert found("outcome", field="05") == [outcome.number]
    assert lots(field="05") == [lot.number]
    assert found("outcome", field="03") == lots(field="03") == []
