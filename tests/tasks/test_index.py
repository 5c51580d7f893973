"""Documents that carry something of another record follow it."""

import pytest

from marketplace.auctions.models import Lot
from marketplace.outcomes.actions import submit_outcome
from marketplace.reviews.drafts import save_draft
from search.engine import Query
from search.engines import get_engine
from search.filters import Eq
from search.indexing import rebuild_index
from search.visibility import Visibility
from tasks.models import Delivery
from tests.marketplace.auctions import making as auctions
from tests.marketplace.auctions import test_appeals as appeals
from tests.marketplace.outcomes import making

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_index(tmp_path, settings):
    settings.SEARCH_DIR = tmp_path / "search"


def lots(text="", **state):
    where = {"where": Eq("state", state["state"])} if state else {}
    return get_engine().search(Query(kind="lot", visibility=Visibility.public(), text=text, **where)).ids


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
