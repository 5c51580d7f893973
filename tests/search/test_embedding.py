"""Vectors of meaning: none by default; with an embedder one part more, which counts only once it was tuned."""

import pytest

from marketplace.matching.models import Match
from marketplace.matching.reasons import reasons_of
from marketplace.matching.scored import Feature
from marketplace.organisations.roles import Role
from search import embedding, features, weights
from search.matching import candidates_for_need, candidates_for_outcome
from search.tuning import Verdict
from tests.factories import people
from tests.search.test_matching import trade  # noqa: F401

WON = Verdict(needs=20, won=20, lost=0, tied=0, before=0.5, after=0.9, chance=0.000002)


class Toy:
    """Two dimensions: locks and valves."""

    def embed(self, texts):
        return [[text.count("锁"), text.count("阀")] for text in texts]


@pytest.fixture
def toy(settings):
    settings.SEARCH_EMBEDDER = f"{__name__}.Toy"
    embedding._made.cache_clear()
    yield
    embedding._made.cache_clear()


def test_without_an_embedder_nothing_is_said_of_meaning(trade):  # noqa: F811
    need, _lock, _valve = trade

    assert embedding.nearness("锁", ["锁", "阀"]) == [None, None]
    assert Feature.VECTOR not in {part.feature for part in candidates_for_need(need)[0].parts}


def test_nearness_is_the_cosine(toy):
    assert embedding.nearness("锁锁", ["锁", "阀", "锁阀", ""]) == pytest.approx([1, 0, 0.7071, 0], abs=1e-4)


def test_the_part_is_stored_and_counts_nothing_before_it_won(toy, trade):  # noqa: F811
    need, lock, _valve = trade
    from_need = candidates_for_need(need)[0]

    from_outcome = candidates_for_outcome(lock)[0]

    for pair in (from_need, from_outcome):
        part = next(part for part in pair.parts if part.feature == Feature.VECTOR)
        assert (part.value, part.weight) == (pytest.approx(1), 0.0)
        assert pair.score == features.score(part for part in pair.parts if part.feature != Feature.VECTOR)


def test_once_tuned_it_counts_and_is_a_reason(toy, trade):  # noqa: F811
    need, _lock, _valve = trade
    officer = people.staff(Role.OFFICER)
    weights.put_in_force({**features.WEIGHTS, Feature.VECTOR: 0.25}, WON, by=officer)

    pair = candidates_for_need(need)[0]

    assert pair.weights_version == f"{features.VERSION}+1"
    assert next(part.weight for part in pair.parts if part.feature == Feature.VECTOR) == pytest.approx(0.2)
    match = Match(parts=[part.as_json() for part in pair.parts], phrases=list(pair.phrases))
    assert "两份文字意思相近。" in [reason.sentence for reason in reasons_of(match)]


def test_without_the_embedder_its_weight_goes_to_the_others(trade):  # noqa: F811
    officer = people.staff(Role.OFFICER)

    weights.put_in_force({**features.WEIGHTS, Feature.VECTOR: 0.25}, WON, by=officer)

    assert weights.current().by_feature == pytest.approx(dict(features.WEIGHTS), abs=1e-3)
