"""What the web's entry has ready before anybody comes."""

from django.urls import clear_url_caches, get_resolver

from cms import asgi


def test_the_table_of_addresses_is_made_for_both_languages_before_the_first_visitor():
    clear_url_caches()

    asgi._fill_addresses()

    assert set(get_resolver()._reverse_dict) == {"zh-hans", "en"}
