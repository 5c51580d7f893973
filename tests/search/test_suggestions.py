"""What is offered while one types: public titles of every kind, quickly."""

import time

import pytest

from search.documents import SOURCES
from search.indexing import rebuild_index
from tests.marketplace.contracts import factories as contracts
from tests.standing_site import ensure_site

pytestmark = pytest.mark.django_db


def offered(client, typed, address="/search/suggestions/"):
    groups = client.get(address, {"q": typed}).context["groups"]
    return {str(group["label"]): [option["text"] for option in group["options"]] for group in groups}


def test_contracts_by_their_number_and_pages_in_the_language_of_the_reader(client, index):
    ensure_site()
    contract, _by = contracts.registered()
    for kind in ("contract", "page"):
        rebuild_index(kind)

    pages = offered(client, "关于", "/search/suggestions/")

    assert offered(client, contract.number[:10]) == {"已登记的合同": [contract.number]}
    assert list(pages) == ["政策与动态、规则与帮助"]
    assert offered(client, "关于", "/en/search/suggestions/") == {}


@pytest.mark.long
def test_a_suggestion_takes_a_fraction_of_a_search(client, index, trade):
    """No promise in milliseconds, which is the machine's; the best of several runs, each with a search beside it."""
    outcome, _need, _other = trade
    for number in range(300):
        outcome(f"锁体切削工艺{number}", f"CG-2026-{number:04d}")
    for kind in SOURCES:
        rebuild_index(kind)

    def taken(address, **asked):
        begun = time.perf_counter()
        assert client.get(address, asked).status_code == 200
        return time.perf_counter() - begun

    turns = [
        (taken("/search/suggestions/", q="锁体"), taken("/search/", kind="outcome", q="锁体")) for _turn in range(9)
    ]
    suggestion, search = map(min, zip(*turns, strict=True))

    assert suggestion < search / 2
