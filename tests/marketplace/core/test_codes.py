"""Public codes: twelve signs without look-alikes."""

from marketplace.core.codes import ALPHABET, CodeField, new_code


def test_a_code_has_twelve_signs_without_look_alikes():
    codes = {new_code() for _ in range(1000)}

    assert len(codes) == 1000
    assert all(len(code) == 12 and set(code) <= set(ALPHABET) for code in codes)
    assert not set("01OIL") & set(ALPHABET)


def test_a_migration_names_no_details_of_the_field():
    assert CodeField().deconstruct()[3] == {}
