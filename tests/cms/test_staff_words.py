"""Words of Wagtail on the pages staff open first: Chinese, and one word for an account."""

import re

import pytest

from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories import people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
UNSEEN = re.compile(r"<(script|style|noscript|template)\b.*?</\1>|<[^>]*>", re.DOTALL)
SENTENCE = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){2,}")


def opened(client, path):
    set_up_groups()
    people.sign_in(client, people.staff(Role.OFFICER, is_staff=True))
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_account_page_has_no_english_sentence(client):
    words = UNSEEN.sub("\n", opened(client, "/admin/account/"))

    assert SENTENCE.findall(words) == []
    assert "账号" in words
    assert "帐号" not in words


def test_the_first_page_says_that_the_handbook_is_english(client):
    assert re.search(r"编辑手册（Wagtail [\d.]+，英文）", opened(client, "/admin/"))
