"""Questions put in other words: what is replaced, what is not, and that every process follows at once."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from marketplace.core.journal import Entry, Kind
from marketplace.organisations.roles import Role
from search import synonyms
from search.keeping import add_first_synonyms, keep_synonym
from search.models import Synonym
from search.synonyms import MOST, Way, alternatives_of, expanded, read_ways
from tests.factories import people

pytestmark = pytest.mark.django_db


def row(phrase, *alternatives, **facts):
    synonym = Synonym(phrase=phrase, alternatives="\n".join(alternatives), **facts)
    synonym.full_clean()
    synonym.save()
    return synonym


def ways(*rows):
    made = [Synonym(phrase=phrase, alternatives="\n".join(others)) for phrase, *others in rows]
    for each in made:
        each.clean()
    return read_ways(made)


def test_a_phrase_and_its_alternatives_ask_for_one_another():
    known = ways(("3D打印", "增材制造", "三维打印"))

    assert expanded("3d打印设备", known) == ("增材制造设备", "三维打印设备")
    assert expanded("金属增材制造", known) == ("金属3d打印", "金属三维打印")
    assert expanded("注塑", known) == ()


def test_an_abbreviation_asks_one_way():
    row("皮革", "合成革", is_one_way=True)

    assert alternatives_of("皮革") == ("合成革",)
    assert alternatives_of("合成革") == ()


def test_latin_words_are_replaced_whole_and_a_space_beside_chinese_does_not_matter():
    known = ways(("人工智能", "AI"), ("3D打印", "增材制造"))

    assert expanded("maintain bonsai aim", known) == ()
    assert expanded("ai质检", known) == ("人工智能质检",)
    assert expanded("3d 打印", known) == ("增材制造",)


def test_the_longest_phrase_is_replaced_and_nothing_inside_it():
    known = ways(("电池", "蓄电池"), ("锂离子电池", "锂电"))

    assert expanded("锂离子电池", known) == ("锂电",)


def test_several_phrases_are_replaced_one_by_one_and_together():
    known = ways(("人工智能", "AI"), ("视觉检测", "机器视觉"))

    assert set(expanded("人工智能 视觉检测", known)) == {"ai 视觉检测", "人工智能 机器视觉", "ai 机器视觉"}


def test_quoted_phrases_and_excluded_words_stay_what_they_are():
    row("人工智能", "AI")

    assert alternatives_of('"人工智能"') == ()
    assert alternatives_of("质检 -人工智能") == ()
    assert alternatives_of('人工智能 "人工智能平台" -AI') == ("ai",)


def test_there_are_never_more_than_eight_and_a_circle_ends():
    many = tuple(Way(f"词组{letter}", tuple(f"{letter}{number}号" for number in range(8))) for letter in "甲乙丙丁")
    circle = ways(("甲方案", "乙方案"), ("乙方案", "丙方案"), ("丙方案", "甲方案"))

    assert len(expanded("词组甲 词组乙 词组丙 词组丁", many)) == MOST
    assert set(expanded("甲方案", circle)) == {"乙方案", "丙方案"}


def test_capitals_width_and_traditional_characters_do_not_matter():
    row("机器视觉", "Machine Vision")

    assert alternatives_of("ＭＡＣＨＩＮＥ　ＶＩＳＩＯＮ") == ("机器视觉",)
    assert alternatives_of("機器視覺") == ("machine vision",)


def test_what_stands_there_already_is_not_put_in_again():
    row("机器人", "工业机器人")

    assert alternatives_of("工业机器人") == ("机器人",)
    assert alternatives_of("机器人 工业机器人") == ()


@pytest.mark.parametrize("text", ["", " ", '"', "-", "\ue000\ue001 人工智能", "a" * 5000, "人工智能" * 200, "\t\n"])
def test_nothing_a_person_can_type_breaks_it(text):
    row("人工智能", "AI")

    assert len(alternatives_of(text)) <= MOST


def test_a_saved_change_counts_with_the_next_question(django_capture_on_commit_callbacks):
    officer = people.staff(Role.OFFICER)
    synonym = row("电镀", "镀层")
    assert alternatives_of("电镀") == ("镀层",)

    with django_capture_on_commit_callbacks(execute=True):
        synonym.is_active = False
        keep_synonym(synonym, by=officer)

    assert alternatives_of("电镀") == ()
    assert Entry.objects.get(kind=Kind.SYNONYM_CHANGED).data == {
        "phrase": "电镀", "alternatives": ["镀层"], "is_one_way": False, "is_active": False,
    }  # fmt: skip


def test_a_process_follows_a_change_that_another_made():
    row("电镀", "镀层")
    assert alternatives_of("电镀") == ("镀层",)
    held_here = synonyms._held

    Synonym.objects.update(alternatives="表面镀层")
    synonyms.changed()  # as the other process does; what is held here is still the old table

    assert synonyms._held is held_here
    assert alternatives_of("电镀") == ("表面镀层",)


def test_a_table_nobody_told_of_is_read_again_after_a_minute(monkeypatch):
    row("电镀", "镀层")
    assert alternatives_of("电镀") == ("镀层",)
    Synonym.objects.update(is_active=False)
    assert alternatives_of("电镀") == ("镀层",)

    monkeypatch.setattr(synonyms, "READ_AGAIN", -1.0)

    assert alternatives_of("电镀") == ()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.REGISTRAR])
def test_only_officers_and_editors_keep_them(role):
    synonym = Synonym(phrase="电镀", alternatives="镀层")

    with pytest.raises(PermissionDenied):
        keep_synonym(synonym, by=people.staff(role))

    assert not Synonym.objects.exists()


@pytest.mark.parametrize(
    ("phrase", "alternatives"),
    [
        ("镀", "镀层"), ("“电镀”", "镀层"), ("。。", "镀层"), ("电镀", ""), ("电镀", "电镀"), ("电镀", "\"镀层"),
        ("电镀", "，".join(f"词{n}" for n in range(9))), ("电镀", "词" * 61),
    ],
)  # fmt: skip
def test_refuses_words_that_could_not_work(phrase, alternatives):
    with pytest.raises(ValidationError):
        Synonym(phrase=phrase, alternatives=alternatives).full_clean()


def test_one_phrase_stands_once_whatever_its_form():
    row("機器視覺", "视觉检测")

    with pytest.raises(ValidationError) as refused:
        Synonym(phrase="机器视觉", alternatives="视觉检测").full_clean()

    assert "phrase" in refused.value.message_dict


def test_the_first_synonyms_are_added_once_and_what_staff_changed_stays():
    added = add_first_synonyms()
    Synonym.objects.filter(phrase="人工智能").update(is_active=False)

    call_command("load_synonyms")

    assert added == Synonym.objects.count() >= 30
    assert not Synonym.objects.get(phrase="人工智能").is_active
    assert "锂离子电池" in alternatives_of("锂电池")
