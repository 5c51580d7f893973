"""Until when a returned contract is supplemented: set with the return, told, reminded of, and seen when it is over."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from marketplace.contracts.actions import return_contract, submit_contract
from marketplace.contracts.dated import RegistrationRule, supplement_days
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.refusals import SupplementDayUnfit
from marketplace.contracts.supplementing import remind_of_supplement
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.working_days import add_working_days
from marketplace.desk.collecting import collect
from marketplace.desk.rows import Reader
from tasks.contracts import remind_of_supplements
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import organisation, person, submitted

pytestmark = pytest.mark.django_db
MONDAY = datetime.fromisoformat("2026-06-01T10:00+08:00")


def returned(*, by=None, **how):
    contract, manager = submitted(**how.pop("facts", {}))
    return_contract(contract, by=by or person("registrar"), reasons="请补盖章页", **how)
    return contract, manager


def rows(user):
    return collect(Reader(user, None, clock.now()))


def test_without_a_day_it_is_that_of_the_rules_which_no_text_names():
    rule = RegistrationRule.objects.get(kind="supplement")
    assert (rule.days, rule.is_checked) == (15, False)
    with clock.moved_to(MONDAY):
        contract, _ = returned()
        assert contract.supplement_by == date(2026, 6, 23)  # 19 June is a holiday

        RegistrationRule.objects.create(kind="supplement", holds_from="2026-06-01", days=5, note="五日", source="样例")
        assert returned()[0].supplement_by == date(2026, 6, 8)
        RegistrationRule.objects.all().delete()
        assert supplement_days(clock.today()) == 15


def test_a_rule_of_this_kind_needs_its_days():
    with pytest.raises(ValidationError, match="days"):
        RegistrationRule(kind="supplement", holds_from="2026-06-01", note="五日", source="样例").full_clean()


@pytest.mark.parametrize("day", ["2026-06-01", "2026-05-29", "2026-06-06", "2026-06-19", "2027-06-03"])
def test_a_day_that_is_over_free_or_far_is_refused(day):
    contract, _ = submitted()

    with clock.moved_to(MONDAY), pytest.raises(SupplementDayUnfit):
        return_contract(contract, by=person("registrar"), reasons="缺附件", supplement_by=date.fromisoformat(day))

    contract.refresh_from_db()
    assert (contract.state, contract.supplement_by) == ("submitted", None)


def test_the_registrar_changes_the_day_and_reads_beside_the_field_what_is_wrong(client):
    contract, manager = submitted()
    sign_in(client, person("registrar"))
    address = f"/contracts/{contract.code}/return/"
    proposed = add_working_days(clock.today(), 15)
    assert f'value="{proposed.isoformat()}"' in client.get(address).content.decode()

    for wrong in (clock.today().isoformat(), "", "x"):
        page = client.post(address, {"reasons": "缺附件二", "supplement_by": wrong})
        assert page.context["form"].errors["supplement_by"]
        assert "缺附件二" in page.content.decode()
    day = add_working_days(clock.today(), 4)
    client.post(address, {"reasons": "缺附件二", "supplement_by": day.isoformat()})

    contract.refresh_from_db()
    assert (contract.state, contract.supplement_by) == ("returned_for_supplement", day)
    sign_in(client, manager)
    assert f"{day:%Y-%m-%d}" in client.get(f"/contracts/{contract.code}/").content.decode()


def test_a_contract_that_comes_again_has_no_day_any_more():
    contract, manager = returned()

    submit_contract(contract, by=manager, answer="已补")

    contract.refresh_from_db()
    assert contract.supplement_by is None


def test_only_a_returned_contract_has_a_day():
    contract, _ = submitted()

    with pytest.raises(IntegrityError), transaction.atomic():
        TechnologyContract.objects.filter(pk=contract.pk).update(supplement_by="2026-06-23")


def test_the_seller_finds_the_day_on_the_desk():
    contract, manager = returned()

    [row] = [row for row in rows(manager) if contract.get_absolute_url() == row.url]

    assert (row.due, row.working_days) == (contract.supplement_by, 15)


def test_the_seller_is_reminded_once_for_each_return_three_working_days_before():
    with clock.moved_to(MONDAY):
        contract, manager = returned(supplement_by=date(2026, 6, 12))
    reminded = Entry.objects.filter(kind="contract.supplement_reminded")
    with clock.moved_to(MONDAY + timedelta(days=7)):  # four working days before
        remind_of_supplements()
        assert not reminded.exists()
    for days in (8, 9):
        with clock.moved_to(MONDAY + timedelta(days=days)):
            remind_of_supplements()
            assert reminded.count() == 1
    assert (reminded.get().data, reminded.get().actor) == ({"due_on": "2026-06-12"}, None)

    with clock.moved_to(MONDAY + timedelta(days=9, hours=1)):
        submit_contract(contract, by=manager, answer="已补")
        assert remind_of_supplement(contract) is False
        return_contract(contract, by=person("registrar"), reasons="仍缺", supplement_by=date(2026, 6, 12))
        remind_of_supplements()
    assert reminded.count() == 2


def test_what_was_not_supplemented_in_time_waits_for_the_register():
    registrar = person("registrar")
    with clock.moved_to(MONDAY):
        contract, _ = returned(supplement_by=date(2026, 6, 12), by=registrar)
    with clock.moved_to(MONDAY + timedelta(days=11)):  # the last day
        assert contract.get_absolute_url() not in [row.url for row in rows(registrar)]
    with clock.moved_to(MONDAY + timedelta(days=14)):
        [row] = [row for row in rows(registrar) if row.url == contract.get_absolute_url()]
        assert (row.due, row.working_days) == (date(2026, 6, 12), -1)
        assert remind_of_supplement(contract) is False
    contract.refresh_from_db()
    assert contract.state == "returned_for_supplement"


def test_a_registrar_of_the_seller_is_not_asked_to_look():
    seller = organisation()
    own = person("registrar", member_of=seller, roles=[])
    with clock.moved_to(MONDAY):
        contract, _ = returned(supplement_by=date(2026, 6, 12), facts={"seller": seller})
    with clock.moved_to(MONDAY + timedelta(days=14)):
        assert contract.get_absolute_url() not in [row.url for row in rows(own)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_of_the_returned_shows_each_with_its_day(client, django_assert_max_num_queries, count):
    made = [returned(supplement_by=add_working_days(clock.today(), 9 - place))[0] for place in range(count)]
    old, _ = returned()
    TechnologyContract.objects.filter(pk=old.pk).update(supplement_by=None)  # returned before there was a day
    sign_in(client, person("registrar"))
    client.get("/contracts/queue/?of=returned")  # what a first page alone asks

    with django_assert_max_num_queries(22):
        page = client.get("/contracts/queue/?of=returned")

    assert [row["contract"].pk for row in page.context["rows"]] == [*(one.pk for one in reversed(made)), old.pk]
    assert "未设期限" in page.content.decode()
    assert made[0].project_name in page.content.decode()


def test_a_seller_does_not_open_the_queue(client):
    _, manager = returned()
    sign_in(client, manager)

    assert client.get("/contracts/queue/?of=returned").status_code == 403


def test_the_list_of_contracts_shows_the_day(client):
    contract, manager = returned()
    sign_in(client, manager)

    page = client.get("/contracts/")

    assert page.context["rows"][0]["supplement"].due_on == contract.supplement_by
    assert contract.supplement_by.isoformat() in page.content.decode()


def test_what_ended_is_not_supplemented():
    contract, _ = returned()
    TechnologyContract.objects.filter(pk=contract.pk).update(terminated_on=F("signed_on"), terminated_how="agreed")

    assert not TechnologyContract.objects.to_supplement().exists()


def test_days_of_a_year_that_nobody_announced_are_marked_wherever_they_are_shown(client):
    december = datetime.fromisoformat("2030-12-20T10:00+08:00")
    registrar = person("registrar")
    with clock.moved_to(december):
        waiting, _ = submitted(ends_on=date(2032, 1, 1))
        contract, manager = returned(by=registrar, facts={"ends_on": date(2032, 1, 1)})
        for user, path in (
            (registrar, f"/contracts/{waiting.code}/"),
            (registrar, "/contracts/queue/"),
            (registrar, "/contracts/queue/?of=returned"),
            (registrar, "/desk/"),
            (manager, f"/contracts/{contract.code}/"),
            (manager, "/contracts/"),
            (manager, "/desk/"),
        ):
            sign_in(client, user)
            assert ">暂定<" in client.get(path).content.decode(), path
    sign_in(client, manager)
    assert ">暂定<" not in client.get(f"/contracts/{submitted(seller=contract.seller)[0].code}/").content.decode()
