"""Standing matches by new weights: the score changes, nothing else does; `manage.py rematch` shows how far it is."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from marketplace.core.journal import Entry
from marketplace.matching.actions import decline_match
from marketplace.matching.models import Match
from marketplace.matching.proposing import propose_matches
from marketplace.matching.scored import Feature
from search import features, weights
from search.engine import EngineDown
from search.indexing import index_records, rebuild_index
from search.matching import candidates_for_need
from search.rescoring import needs_due, progress, rescore
from search.tuning import Verdict
from tasks.matching import rescore_matches
from tests.marketplace.matching import factories

WON = Verdict(needs=9, won=9, lost=0, tied=0, before=0.8, after=0.9, chance=0.004)
ONLY_FIELD = {**dict.fromkeys(features.WEIGHTS, 0.0), Feature.FIELD: 1.0}


def rematch(**options):
    out = StringIO()
    call_command("rematch", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def matched(db, index):
    """Two needs of locks with an outcome each proposed to them, scored by the weights of the code."""
    problem = "智能锁静态电流偏高，希望指静脉识别模组功耗降低。"
    summary = "面向智能锁的指静脉识别模组，静态电流 18 µA。"
    needs = [factories.need(title=title, problem=problem) for title in ("智能锁静态功耗降低", "指静脉智能锁待机")]
    factories.outcome(summary=summary)
    rebuild_index("outcome")
    for need in needs:
        propose_matches(need, candidates_for_need(need))
    assert Match.objects.filter(weights_version=features.VERSION).count() == 2
    return needs


@pytest.fixture
def tuned(matched):
    """New weights in force, by which only the field counts."""
    return weights.put_in_force(ONLY_FIELD, WON, by=factories.person("officer"))


def test_only_the_score_and_its_reasons_change(matched, tuned):
    match = Match.objects.filter(need=matched[0]).get()
    kept = ("texts", "state", "need_answer", "proposed_at", "phrases", "code")
    before, entries = {name: getattr(match, name) for name in kept}, Entry.objects.count()

    changed = rescore([need.pk for need in matched])

    match.refresh_from_db()
    assert changed == 2
    assert (match.score, match.strength, match.weights_version) == (1.0, "strong", tuned.version)
    assert {name: getattr(match, name) for name in kept} == before
    assert Entry.objects.count() == entries  # so no notice and no mail follows
    assert mail.outbox == []


def test_a_repetition_writes_nothing(matched, tuned):
    rescore(needs_due())
    at = list(Match.objects.order_by("pk").values_list("computed_at", flat=True))

    again = rescore([need.pk for need in matched])

    assert again == 0
    assert list(Match.objects.order_by("pk").values_list("computed_at", flat=True)) == at
    assert needs_due() == []


def test_what_was_declined_or_written_anew_keeps_its_score(matched, tuned):
    declined, rewritten = (Match.objects.get(need=need) for need in matched)
    owner = declined.need.organisation
    decline_match(declined, by=factories.member(owner), organisation=owner, reason="price")
    rewritten.need.problem += "四节电池可用十二个月。"
    rewritten.need.save()

    rescore([need.pk for need in matched])

    assert set(Match.objects.values_list("weights_version", flat=True)) == {features.VERSION}


def test_an_agreed_match_is_scored_although_its_outcome_is_taken(matched, tuned):
    match = Match.objects.get(need=matched[0])
    for side in ("need", "outcome"):
        match.set_answer(side, "accepted", by=factories.person(), at=match.proposed_at)
    match.state = "agreed"
    match.save()
    match.outcome.state = "reserved"
    match.outcome.save()
    index_records("outcome", [match.outcome.number])

    rescore([matched[0].pk])

    match.refresh_from_db()
    assert (match.state, match.score, match.has_acceptance) == ("agreed", 1.0, True)


def test_the_command_shows_how_far_it_is(matched, tuned):
    before = rematch(status=True)

    told = rematch()

    assert f"2 matches stand, 2 of them scored by other weights than {tuned.version}" in before
    assert "2 of 2 needs" in told
    assert f"2 matches stand, 0 of them scored by other weights than {tuned.version}" in told


def test_the_workers_take_what_is_handed_to_them(matched, tuned):
    rescore_matches([matched[1].pk])

    assert (progress().standing, progress().due) == (2, 1)
    assert needs_due() == [matched[0].pk]


def test_while_the_index_does_not_answer_the_command_says_so(matched, tuned, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"

    with pytest.raises(CommandError, match="does not answer"):
        rematch()

    with pytest.raises(EngineDown):
        rescore([matched[0].pk])
    assert progress().due == 2
