"""What the parties note of a trial: within its days, once, warned beyond what was agreed, taken back with a reason."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.core import clock
from marketplace.trials import noting
from marketplace.trials.noting import MilestoneOfOther, MilestoneTwice, SupportGone, SupportOutside
from marketplace.trials.refusals import DayOutside, MilestoneReached, ReasonMissing
from tests.factories.people import sign_in
from tests.marketplace.trials.factories import fresh, running_trial, signed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def act(trial, party, verb, data):
    return sign_in(Client(), party.manager).post(reverse("trial-act", args=[trial.code, verb]), data, follow=True)


def form_of(page, name):
    return next(card["form"] for card in page.context["cards"] if card["name"] == name)


def supported(trial, owner, *, days_ago=0, hours="2.5"):
    day = clock.today() - days_ago * DAY
    return noting.note_support(trial, given_on=day, hours=Decimal(hours), text="调试", **owner.as_party)


def test_support_before_the_trial_is_refused():
    trial, owner, _tries = running_trial()

    with pytest.raises(SupportOutside, match=fresh(trial).starts_on.isoformat()):
        supported(trial, owner, days_ago=1)

    assert not trial.support.exists()


def test_hours_beyond_what_was_agreed_are_asked_about_first():
    trial, owner, _tries = running_trial(support_hours=10)
    typed = {"given_on": clock.today(), "hours": "11", "text": "调试"}

    asked = act(trial, owner, "support", typed)
    form = form_of(asked, "support")
    assert "超出约定的 10 小时" in form.asks
    assert not trial.support.exists()
    noted = act(trial, owner, "support", typed | {"agreed": form["agreed"].value()})

    assert trial.support.get().hours == 11
    assert "超出约定" in noted.content.decode()


def test_too_many_hours_are_refused_in_words_of_the_field():
    trial, owner, _tries = running_trial()

    page = act(trial, owner, "support", {"given_on": clock.today(), "hours": "9999", "text": "调试"})

    errors = form_of(page, "support").errors
    assert list(errors) == ["hours"]
    assert errors["hours"] == [str(noting.HoursImpossible())]


def test_hours_noted_wrongly_are_taken_back_with_a_reason():
    trial, owner, _tries = running_trial()
    wrong = supported(trial, owner, hours="21")

    with pytest.raises(ReasonMissing):
        noting.take_back_support(trial, wrong, reason="", **owner.as_party)
    page = act(trial, owner, "unsupport", {"support": wrong.pk, "reason": "写错了"}).content.decode()
    with pytest.raises(SupportGone):
        noting.take_back_support(trial, wrong, reason="写错了", **owner.as_party)

    assert noting.used_hours(trial) == 0
    assert "写错了" in page


def test_a_milestone_before_the_start_lies_before_the_latest_end():
    trial, owner, _tries = signed()
    last = fresh(trial).decide_by + trial.terms.length_days * DAY

    with pytest.raises(DayOutside, match=last.isoformat()):
        noting.add_milestone(trial, title="装机", due_on=last + DAY, **owner.as_party)
    noting.add_milestone(trial, title="装机", due_on=last, **owner.as_party)

    assert trial.milestones.get().due_on == last


def test_the_same_milestone_of_one_day_is_named_once_and_others_are_told_apart():
    trial, owner, tries = running_trial()
    first = clock.today() + DAY
    noting.add_milestone(trial, title="装机", due_on=first, **owner.as_party)
    with pytest.raises(MilestoneTwice):
        noting.add_milestone(trial, title=" 装机", due_on=first, **tries.as_party)

    noting.add_milestone(trial, title="装机", due_on=first + DAY, **tries.as_party)

    page = sign_in(Client(), owner.manager).get(trial.get_absolute_url())
    choices = [label for _value, label in form_of(page, "reach").fields["milestone"].choices]
    assert choices == [f"装机 {first.isoformat()}", f"装机 {(first + DAY).isoformat()}"]


def test_the_side_that_named_a_milestone_takes_it_out_until_it_is_reached():
    trial, owner, tries = running_trial()
    day = clock.today() + DAY
    step, other = (noting.add_milestone(trial, title=title, due_on=day, **owner.as_party) for title in ("装机", "试产"))

    with pytest.raises(MilestoneOfOther):
        noting.take_out_milestone(trial, step, reason="不要", **tries.as_party)
    with pytest.raises(ReasonMissing):
        noting.take_out_milestone(trial, step, reason=" ", **owner.as_party)
    page = act(trial, owner, "unmilestone", {"milestone": step.pk, "reason": "日期写错"})
    with pytest.raises(MilestoneReached):
        noting.reach_milestone(trial, step, note="装好了", **tries.as_party)
    noting.reach_milestone(trial, other, note="试产完成", **tries.as_party)
    with pytest.raises(MilestoneReached):
        noting.take_out_milestone(trial, other, reason="不要", **owner.as_party)
    noting.add_milestone(trial, title="装机", due_on=day, **owner.as_party)

    step.refresh_from_db()
    assert step.taken_back_reason == "日期写错"
    assert "日期写错" in page.content.decode()
    assert trial.milestones.standing().count() == 2


def test_the_history_names_its_days():
    trial, owner, _tries = running_trial()
    supported(trial, owner)

    page = sign_in(Client(), owner.manager).get(trial.get_absolute_url()).content.decode()

    today, tried = clock.today().isoformat(), fresh(trial)
    assert f"自 {tried.starts_on} 起，至 {tried.ends_on} 结束" in page
    assert f"2.5 小时，提供日期 {today}" in page
    assert "前确认合同并开始" in page
