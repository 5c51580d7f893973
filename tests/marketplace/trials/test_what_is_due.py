"""What a trial waits for: the insurance before it begins, the day that is due next, the limits its forms tell."""

from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marketplace.core import clock
from marketplace.trials import actions, insuring
from marketplace.trials.models import Trial
from marketplace.trials.parts import Insurance
from marketplace.trials.party import Party as Role
from marketplace.trials.refusals import NotBegun
from marketplace.trials.showing import acts_of, days_left
from tests.factories.people import sign_in
from tests.marketplace.trials.factories import POLICY, disputed, evaluated, fresh, insured, running_trial, signed

pytestmark = pytest.mark.usefixtures("for_now")
DAY = timedelta(days=1)
TYPED = {"insurer": "样例财险", "policy_number": "YB-1", "premium": "6000", "subsidy": "", "insured_sum": "500000"}


def waiting_for_insurance():
    return signed(needs_insurance=True)


SHARED = (signed, evaluated, waiting_for_insurance)


def client_of(party):
    return sign_in(Client(), party.manager)


def page_of(trial, party):
    return client_of(party).get(trial.get_absolute_url())


def act(trial, party, verb, data):
    return client_of(party).post(reverse("trial-act", args=[trial.code, verb]), data, follow=True)


def offered(page):
    return [card["name"] for card in page.context["cards"]]


def form_of(page, name):
    return next(card["form"] for card in page.context["cards"] if card["name"] == name)


def test_days_are_counted_to_what_is_due(ready):
    running, decided = fresh(running_trial().trial), fresh(ready(evaluated).trial)
    today = clock.today()

    left = [days_left(trial, today) for trial in (running, decided)]

    assert left == ["剩 90 天", "剩 120 天"]


def test_a_required_insurance_is_asked_for_before_the_start(ready):
    trial, owner, tries = ready(waiting_for_insurance)

    page = page_of(trial, owner)

    assert "条款要求投保" in page.content.decode()
    assert set(acts_of(fresh(trial))) == {Role.OWNER, Role.ENTERPRISE}
    assert "insure" in offered(page)
    assert "start" not in offered(page)
    assert "insure" in offered(page_of(trial, tries))


def test_with_its_policy_the_trial_waits_for_the_institute():
    trial, owner, _tries = insured(needs_insurance=True)

    page = page_of(trial, owner)

    assert set(acts_of(fresh(trial))) == {Role.OWNER}
    assert "start" in offered(page)


def test_a_policy_that_ends_before_the_trial_can_is_refused_beside_its_field(ready):
    trial, owner, _tries = ready(waiting_for_insurance)
    today = clock.today()

    page = act(trial, owner, "insure", TYPED | {"begins_on": today, "ends_on": today + 89 * DAY})

    assert list(form_of(page, "insure").errors) == ["ends_on"]
    assert fresh(trial).state == Trial.State.SIGNED
    assert not Insurance.objects.exists()


def test_a_policy_until_the_last_day_of_the_trial_is_entered(ready):
    trial, owner, _tries = ready(waiting_for_insurance)
    today = clock.today()

    act(trial, owner, "insure", TYPED | {"begins_on": today, "ends_on": today + 90 * DAY})

    assert fresh(trial).state == Trial.State.INSURED


def test_a_policy_nobody_requires_may_end_earlier(ready):
    trial, owner, _tries = ready(signed)
    period = {"begins_on": clock.today(), "ends_on": clock.today() + 30 * DAY}

    insuring.insure_trial(trial, **owner.as_party, **POLICY, **period)

    assert fresh(trial).state == Trial.State.INSURED


def test_every_amount_of_a_policy_is_typed_in_yuan(ready):
    trial, owner, _tries = ready(signed)
    today = clock.today()

    act(trial, owner, "insure", TYPED | {"begins_on": today, "ends_on": today + 200 * DAY})

    policy = Insurance.objects.get()
    assert (policy.premium, policy.insured_sum) == (600_000, 50_000_000)
    form = form_of(page_of(trial, owner), "insure")
    amounts = [form.fields[name] for name in ("premium", "subsidy", "insured_sum")]
    assert [(one.unit, "data-money" in one.widget.attrs) for one in amounts] == [("元", True)] * 3


def test_a_beginning_is_noted_on_its_day_or_afterwards(ready):
    trial, owner, _tries = ready(signed)
    confirmed = clock.today()
    with clock.moved_to(timezone.now() + 5 * DAY):
        for day in (confirmed - DAY, clock.today() + DAY):
            with pytest.raises(NotBegun, match=confirmed.isoformat()):
                actions.start_trial(fresh(trial), starts_on=day, **owner.as_party)
        actions.start_trial(fresh(trial), starts_on=confirmed + 2 * DAY, **owner.as_party)

    assert fresh(trial).starts_on == confirmed + 2 * DAY


def test_a_milestone_before_the_start_is_refused_in_a_whole_sentence(ready):
    trial, owner, _tries = ready(signed)

    page = act(trial, owner, "milestone", {"title": "装机", "due_on": clock.today() - DAY})

    said = str(form_of(page, "milestone").errors["due_on"])
    assert "…" not in said
    assert clock.today().isoformat() in said


def test_verdicts_and_what_asks_for_them_use_the_same_words():
    trial, _owner, tries = running_trial()

    page = act(trial, tries, "evaluate", {"criterion_1": "met", "text": "总体达到预期。"})

    form = form_of(page, "evaluate")
    words = [label for value, label in form.fields["criterion_1"].choices if value]
    assert all(str(word) in str(form.errors) for word in words)


def test_converting_is_asked_on_a_page_with_its_price_and_what_follows(ready):
    trial, _owner, tries = ready(evaluated)
    ask = reverse("trial-convert", args=[trial.code])

    page = client_of(tries).get(ask)

    assert f'href="{ask}"' in page_of(trial, tries).content.decode()
    assert "60 万元" in page.content.decode()
    assert "签订" in page.content.decode()
    assert reverse("trial-act", args=[trial.code, "convert"]) in page.content.decode()
    assert fresh(trial).state == Trial.State.EVALUATION


def test_what_stands_in_the_way_of_converting_is_said_before_it_is_pressed(ready):
    trial, _owner, tries = ready(evaluated)
    type(trial.outcome).objects.filter(pk=trial.outcome_id).update(state="reserved")

    page = client_of(tries).get(reverse("trial-convert", args=[trial.code])).content.decode()

    assert "这项成果现在不可用：洽谈中" in page
    assert "申请延长试用" in page
    assert "aria-disabled" in page


def test_of_a_withdrawn_outcome_no_negotiation_is_named_that_might_end(ready):
    trial, _owner, tries = ready(evaluated)
    type(trial.outcome).objects.filter(pk=trial.outcome_id).update(state="withdrawn")

    page = client_of(tries).get(reverse("trial-convert", args=[trial.code])).content.decode()

    assert "这项成果现在不可用" in page
    assert "申请延长试用" not in page


def test_who_cannot_convert_is_not_asked(ready):
    trial, owner, _tries = ready(evaluated)

    answer = client_of(owner).get(reverse("trial-convert", args=[trial.code]))

    assert answer.status_code == 403


def test_what_ends_soon_is_a_running_trial_by_its_end_and_others_by_their_term(ready):
    soon, later, evaluates = running_trial(length_days=11), running_trial(length_days=40), evaluated(length_days=90)
    waits = ready(signed)

    today = clock.today()
    found = Trial.objects.ending_between(today, today + 30 * DAY).filter(
        pk__in=[each.trial.pk for each in (soon, later, evaluates, waits)]
    )

    assert set(found) == {soon.trial, waits.trial}
    assert later.trial not in found
    assert evaluates.trial not in found
    page = client_of(soon.owner).get("/trials/?soon=on").content.decode()
    assert soon.trial.get_absolute_url() in page


def test_once_the_days_to_answer_a_breach_are_over_it_is_the_officers_turn():
    trial = fresh(disputed().trial)
    last = trial.breaches.get().to_be_answered_by

    with clock.moved_to(timezone.make_aware(datetime.combine(last, time(12)))):
        on_the_last = acts_of(trial)
    with clock.moved_to(timezone.make_aware(datetime.combine(last + DAY, time(12)))):
        after_it = acts_of(trial)

    assert (list(on_the_last), after_it) == ([Role.ENTERPRISE], {})
