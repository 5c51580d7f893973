import json
import re

import polib
import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from cms import catalogues, shared_words
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories import people


def test_a_short_word_of_ours_does_not_rename_a_button_of_a_library():
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="Sessions", msgstr="专场"))
    catalogue.append(polib.POEntry(msgid="Sessions", msgctxt="auction", msgstr="专场"))
    catalogue.append(polib.POEntry(msgid="Filter", msgstr="筛选"))

    assert shared_words.renamed(catalogue) == ["renames a word of allauth (会话 → 专场); give it a context: 'Sessions'"]


def test_our_catalogue_renames_nothing():
    assert shared_words.renamed(catalogues.read()) == []


def test_every_word_that_is_meant_is_still_shared():
    ours = {entry.msgid for entry in catalogues.read() if not entry.msgctxt}
    theirs = {entry.msgid for _library, entry in shared_words._words_of_libraries()}

    assert ours & theirs >= shared_words.MEANT


def test_words_given_to_libraries_are_words_they_say():
    wrong = polib.POFile()
    wrong.append(polib.POEntry(msgid="Nobody says this", msgstr="没人说"))
    wrong.append(polib.POEntry(msgid="You have confirmed %(email)s.", msgstr="%(mail)s 已确认"))

    assert shared_words.unsaid(wrong) == [
        "no library says: 'Nobody says this'",
        "other placeholders: 'You have confirmed %(email)s.'",
    ]
    assert [line for words in shared_words.given() for line in shared_words.unsaid(words)] == []


def test_the_admin_asks_whether_one_is_sure_in_one_form():
    asked = [entry for words in shared_words.given() for entry in words if entry.msgid.startswith("Are you sure")]
    said = [text for entry in asked for text in (entry.msgstr, *entry.msgstr_plural.values()) if text]

    assert len(said) > 12
    assert [text for text in said if not re.fullmatch("确定.+吗？", text)] == []


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_no_library_says_anything_without_chinese_on_its_pages_or_in_its_scripts(domain):
    """A new version of a library that says something new is told here: its Chinese goes into `locale/libraries/`."""
    assert shared_words.without_chinese(domain) == []


@pytest.mark.django_db
def test_the_admins_scripts_are_given_our_words(client):
    set_up_groups()
    editor = people.staff(Role.EDITOR)
    people.sign_in(client, editor)

    words = client.get(reverse("wagtailadmin_javascript_catalog")).content.decode()

    assert json.dumps("插入内容块") in words


def test_a_short_password_is_refused_in_the_language_of_the_reader():
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refusal:
        validate_password("kurz")

    assert "密码太短，至少需要 10 个字符。" in refusal.value.messages
