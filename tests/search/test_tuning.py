"""Weights learnt from answers: a better weighting is found and proved, noise is refused, nothing is stored unasked."""

import json
import random

import pytest
from django.core.management import CommandError, call_command

from marketplace.matching.actions import decline_match
from marketplace.matching.models import Match
from marketplace.matching.scored import Feature
from marketplace.organisations.roles import Role
from search import features, judging, tuning, weights
from search.models import MatchWeights
from search.tuning import Judged
from tests.factories import people
from tests.marketplace.matching import factories

FIELD, TEXT, TRL = Feature.FIELD, Feature.TEXT, Feature.TRL


def judged_by(feature, *, needs=60, seed=7):
    """Pairs in which one feature alone decides what fits; without one, chance does."""
    chance = random.Random(seed)
    for need in range(needs):
        for place in range(8):
            values = {each: chance.random() for each in features.WEIGHTS}
            fits = (values[feature] if feature else chance.random()) > 0.6
            yield Judged(f"n{need}", f"o{place}", fits, values)


def written(pairs, path):
    lines = [
        json.dumps({"need": p.need, "outcome": p.outcome, "judged": int(p.fits), "parts": p.values}) for p in pairs
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def officer(db):
    return people.staff(Role.OFFICER, username="officer-a")


def test_the_best_order_is_one_and_ties_count_against():
    first, second = ({FIELD: value} for value in (1.0, 0.0))
    good, bad = Judged("n", "a", True, first), Judged("n", "b", False, second)

    assert tuning.ndcg([good, bad], {FIELD: 1.0}) == 1.0
    assert tuning.ndcg([good, bad], {TEXT: 1.0}) == pytest.approx(0.6309, abs=1e-4)


def test_a_weighting_that_is_known_to_be_better_is_found():
    learnt, held = tuning.split(tuning.by_need(judged_by(TRL)))

    found = tuning.ascend(learnt, features.WEIGHTS)
    verdict = tuning.compare(held, features.WEIGHTS, found)

    assert max(found, key=found.get) == TRL
    assert sum(found.values()) == pytest.approx(1)
    assert verdict.wins
    assert verdict.after > 0.95 > verdict.before


@pytest.mark.parametrize("seed", range(3))
def test_noise_does_not_win(seed):
    learnt, held = tuning.split(tuning.by_need(judged_by(None, seed=seed)))

    found = tuning.ascend(learnt, features.WEIGHTS)

    assert tuning.mean(learnt, found) > tuning.mean(learnt, features.WEIGHTS)
    assert not tuning.compare(held, features.WEIGHTS, found).wins


def test_what_was_learnt_from_does_not_judge():
    needs = tuning.by_need(judged_by(TRL, needs=30))

    learnt, held = tuning.split(needs)

    names = [{pair.need for judged in half for pair in judged} for half in (learnt, held)]
    assert names[0].isdisjoint(names[1])
    assert len(names[0] | names[1]) == len(needs)
    assert tuning.split(needs) == (learnt, held)


@pytest.mark.parametrize(
    ("won", "lost", "chance"), [(0, 0, 1.0), (5, 0, 0.0625), (6, 0, 0.03125), (8, 2, 0.109375), (3, 3, 1.0)]
)
def test_the_sign_test_is_exact(won, lost, chance):
    assert tuning.sign_test(won, lost) == tuning.sign_test(lost, won) == chance


def test_a_loss_never_wins():
    assert not tuning.Verdict(needs=20, won=0, lost=20, tied=0, before=0.9, after=0.5, chance=0.000002).wins


@pytest.mark.django_db
def test_answers_judge_unless_they_say_nothing_of_the_fit():
    agreed = factories.agreed()
    for reason in (Match.Reason.INDICATORS, Match.Reason.KNOWN, Match.Reason.NO_CAPACITY):
        match = factories.proposed()
        owner = match.need.organisation
        decline_match(match, by=factories.member(owner), organisation=owner, reason=reason)

    found = judging.answered()

    assert (found[0].need, found[0].fits) == (agreed.need.code, True)
    assert [pair.fits for pair in found] == [True, False]
    assert found[0].values[Feature.INDUSTRY] is None
    assert found[0].values[FIELD] == 1.0


def test_winning_weights_are_told_but_stored_only_when_asked(officer, tmp_path, capsys):
    path = written(judged_by(TRL), tmp_path / "pairs.jsonl")

    call_command("tune_matching", pairs=path)

    told = capsys.readouterr().out
    assert "sign test p = 0.0000" in told
    assert "trl        0.040 → " in told
    assert "Nothing is stored without --write." in told
    assert not MatchWeights.objects.exists()


def test_stored_weights_are_in_force_until_they_are_taken_back(officer, tmp_path, capsys):
    path = written(judged_by(TRL), tmp_path / "pairs.jsonl")

    call_command("tune_matching", pairs=path, write=True, by="officer-a")

    stored, now = MatchWeights.objects.get(), weights.current()
    assert now.version == stored.version == f"{features.VERSION}+1"
    assert now.by_feature[TRL] > 0.3
    assert sum(now.by_feature.values()) == pytest.approx(1)
    assert (stored.written_by, stored.figures["lost"] < stored.figures["won"]) == (officer, True)

    call_command("tune_matching", revert=True, by="officer-a")

    stored.refresh_from_db()
    assert weights.current() == weights.Weights(features.VERSION, features.WEIGHTS)
    assert (stored.reverted_by, stored.reverted_at is None) == (officer, False)
    with pytest.raises(CommandError, match="没有可以撤回的权重"):
        call_command("tune_matching", revert=True, by="officer-a")


def test_weights_that_do_not_win_are_refused(officer, tmp_path):
    path = written(judged_by(None, seed=1), tmp_path / "pairs.jsonl")

    with pytest.raises(CommandError, match="do not win"):
        call_command("tune_matching", pairs=path, write=True, by="officer-a")

    assert not MatchWeights.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("by", [None, "nobody", "auditor-a", "stranger-a"])
def test_only_an_officer_answers_for_weights(tmp_path, by):
    people.staff(Role.AUDITOR, username="auditor-a")
    people.person(username="stranger-a")
    path = written(judged_by(TRL), tmp_path / "pairs.jsonl")

    with pytest.raises(CommandError, match="which officer"):
        call_command("tune_matching", pairs=path, write=True, by=by)

    assert not MatchWeights.objects.exists()


@pytest.mark.django_db
def test_a_few_answers_teach_nothing(tmp_path):
    path = written(judged_by(TRL, needs=5), tmp_path / "pairs.jsonl")

    with pytest.raises(CommandError, match="Too few"):
        call_command("tune_matching", pairs=path)


@pytest.mark.django_db
def test_every_line_that_is_no_pair_is_named_in_words(tmp_path):
    path = tmp_path / "pairs.jsonl"
    pair = '{"need": "a", "outcome": "b", "judged": %s, "parts": %s}'
    lines = [
        "",
        "{",
        "[]",
        '{"need": "a", "parts": {}}',
        pair % (2, "{}"),
        pair % (1, '{"trl": "high"}'),
        pair % (1, "{}"),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")

    with pytest.raises(CommandError, match=r"5 line\(s\)") as told:
        call_command("tune_matching", pairs=path)

    said = str(told.value)
    for words in ("line 2: no JSON", "line 3: an object", "line 4: an object is wanted with judged, outcome",
                  "line 5: judged: 2 is neither 0 nor 1", "line 6: parts:"):  # fmt: skip
        assert words in said
    assert "Error" not in said


def test_weights_tuned_on_other_features_do_not_hold(officer, monkeypatch):
    verdict = tuning.Verdict(needs=20, won=20, lost=0, tied=0, before=0.5, after=0.9, chance=0.000002)
    weights.put_in_force({TEXT: 0.5, TRL: 0.5}, verdict, by=officer)

    monkeypatch.setattr(features, "VERSION", "2099-01-1")

    assert weights.current().by_feature == features.WEIGHTS
