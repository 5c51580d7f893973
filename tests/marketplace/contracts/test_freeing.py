"""A revoked assignment gives its outcome back; nothing else does."""

import pytest

from marketplace.contracts.actions import register_contract
from marketplace.contracts.ending import cancel_contract, revoke_contract
from marketplace.contracts.objecting import object_to_decision, re_examine_contract
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.outcomes.availability import free_outcome, release_outcome
from tests.factories import people
from tests.marketplace.contracts.factories import number_of, person, submitted
from tests.marketplace.matching.factories import outcome

pytestmark = pytest.mark.django_db


def assigned(of, number, **how):
    manager = people.member(of.owner, "manager")
    kind = {"contract_type": "ZR", "sub_type": "ZR-patent"} | how
    contract, _by = submitted(seller=of.owner, by=manager, outcome=of, **kind)
    register_contract(contract, by=person("registrar"), number=number_of(number))
    of.refresh_from_db()
    return contract, manager


def test_an_assignment_revoked_frees_its_outcome():
    offered = outcome()
    contract, _manager = assigned(offered, 1)
    assert offered.state == "converted"

    revoke_contract(contract, by=person("officer"), reasons="虚假材料")

    offered.refresh_from_db()
    assert offered.state == "available"
    assert Entry.objects.about(offered).filter(kind=Kind.OUTCOME_RELEASED).count() == 1


def test_one_that_falls_by_an_objection_frees_it_too():
    offered = outcome()
    contract, manager = assigned(offered, 1)
    object_to_decision(contract, by=manager, reasons="登记有误")

    re_examine_contract(contract, by=person("second_reviewer"), upheld=False, reasons="异议成立")

    offered.refresh_from_db()
    assert offered.state == "available"


def test_another_assignment_that_stands_keeps_it():
    offered = outcome()
    first, _manager = assigned(offered, 1)
    second, _manager = assigned(offered, 2)

    revoke_contract(first, by=person("officer"), reasons="虚假材料")
    offered.refresh_from_db()
    kept = offered.state
    revoke_contract(second, by=person("officer"), reasons="虚假材料")

    offered.refresh_from_db()
    assert (kept, offered.state) == ("converted", "available")


def test_a_licence_revoked_and_an_assignment_cancelled_free_nothing():
    offered = outcome()
    contract, manager = assigned(offered, 1)
    licence, _manager = assigned(offered, 2, contract_type="XK", sub_type="XK-ordinary")

    revoke_contract(licence, by=person("officer"), reasons="虚假材料")
    cancel_contract(contract, by=manager, reasons="双方解除", benefits_enjoyed=False)

    offered.refresh_from_db()
    assert offered.state == "converted"


def test_only_what_is_converted_is_freed_and_what_is_converted_is_not_released():
    offered = outcome()
    with pytest.raises(WrongState):
        free_outcome(offered, by=None)
    assigned(offered, 1)

    with pytest.raises(WrongState):
        release_outcome(offered, by=None)
