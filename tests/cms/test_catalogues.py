import ast

import polib
from django.utils.translation import gettext, override

from cms import catalogues
from marketplace.auctions.models import AgentAuthority, BidderRegistration, Deposit
from marketplace.outcomes.imports.models import OutcomeImport


def test_reads_strings_from_modules_and_templates(tmp_path):
    module, page = tmp_path / "a.py", tmp_path / "b.html"
    module.write_text(
        'from x import gettext as _\nT = _("Hello " "%(name)s")\nN = ngettext("%(n)s lot", "%(n)s lots", 2)\n'
    )
    page.write_text(
        '{% load i18n %}\n   <p>{% translate "It\'s open" context "lot" %}</p>\n'
        "{% blocktranslate with a=b count n=c trimmed %}\n one {{ a }}\n"
        "{% plural %} many {{ a }}{% endblocktranslate %}"
    )

    found = {**dict(catalogues._strings_of(module)), **dict(catalogues._strings_of(page))}

    assert found == {
        ("Hello %(name)s", ""): "",
        ("%(n)s lot", ""): "%(n)s lots",
        ("It's open", "lot"): "",
        ("one %(a)s", ""): "many %(a)s",
    }


def test_keeps_translations_and_drops_what_the_source_lost():
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="kept", msgstr="留"))
    catalogue.append(polib.POEntry(msgid="lost", msgstr="失"))

    catalogues.bring_up_to_date(catalogue, {("new", ""): "", ("kept", ""): ""})

    assert [(entry.msgid, entry.msgstr) for entry in catalogue] == [("kept", "留"), ("new", "")]


def test_what_has_its_chinese_keeps_it_unless_that_is_asked_for():
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="asked", msgstr="提出"))
    catalogue.append(polib.POEntry(msgid="asked", msgctxt="co-owner", msgstr=""))
    catalogue.append(polib.POEntry(msgid="%(n)s lot", msgid_plural="%(n)s lots", msgstr_plural={0: ""}))
    given = {"asked": "征求", "%(n)s lot": "%(n)s 件拍品", "gone": "无"}

    said = catalogues.add(catalogue, given)

    assert [entry.msgstr or entry.msgstr_plural[0] for entry in catalogue] == ["提出", "征求", "%(n)s 件拍品"]
    assert said == ["kept, as it has its Chinese: 'asked'  提出", "the source does not have: 'gone'"]
    assert catalogues.add(catalogue, {"asked": "征求"}, replaces=True) == []
    assert catalogue[0].msgstr == "征求"


def test_complains_of_each_kind_of_gap():
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="unused", msgstr="无用"))
    catalogue.append(polib.POEntry(msgid="bare", msgstr=""))
    catalogue.append(polib.POEntry(msgid="unsure", msgstr="不定", flags=["fuzzy"]))
    catalogue.append(polib.POEntry(msgid="Hello %(name)s", msgstr="您好%(nom)s"))
    catalogue.append(polib.POEntry(msgid="%(a)s a fifth lower", msgstr="%(a)s 低 20%，"))
    catalogue.append(polib.POEntry(msgid="fine", msgstr="好"))
    said = {(text, ""): "" for text in ("missing", "bare", "unsure", "Hello %(name)s", "%(a)s a fifth lower", "fine")}

    assert sorted(catalogues.complaints(catalogue, said)) == [
        "a lone % beside placeholders (write %%): '%(a)s a fifth lower'",
        "fuzzy: 'unsure'",
        "not in the catalogue: 'missing'",
        "not translated: 'bare'",
        "not used any more: 'unused'",
        "placeholders ['nom'] instead of ['name']: 'Hello %(name)s'",
    ]


def test_what_this_process_has_read_before_is_read_anew_after_compiling(tmp_path, settings):
    """The first `make run` compiles in the process that then names the steps of the reviews."""
    settings.LOCALE_PATHS = [str(tmp_path)]
    with override("de"):
        before = gettext("a word of ours")
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = catalogues.HEADER | {"Language": "de"}
    catalogue.append(polib.POEntry(msgid="a word of ours", msgstr="unser Wort"))
    catalogue.save(str(folder / "django.po"))

    catalogues.compile_all(tmp_path)
    with override("de"):
        after = gettext("a word of ours")

    assert (before, after) == ("a word of ours", "unser Wort")


def test_no_word_is_asked_for_under_a_name_the_catalogue_does_not_know():
    """A `gettext as _later` would be translated by nobody and missed by nobody."""
    names = {name for name in catalogues.KEYWORDS if name != "_"}
    unknown = set()
    for path in (path for package in catalogues.SOURCES for path in (catalogues.ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "") == "django.utils.translation":
                called = {
                    each.asname for each in node.names if "gettext" in each.name and each.asname not in (None, "_")
                }
                unasked = {each.name for each in node.names if "gettext" in each.name and each.name not in names}
                unknown |= {f"{path.name}: {name}" for name in called | unasked}

    assert unknown == set()


def test_one_thing_has_one_chinese_word():
    texts = [text for entry in catalogues.read() for text in (entry.msgstr, *entry.msgstr_plural.values())]
    other_words = ("出让方", "变更公告", "撤拍", "核对程序", "已退款", "没有页面显示")

    assert [text for text in texts if any(word in text for word in other_words)] == []
    with override("zh-hans"):
        assert str(BidderRegistration.State.APPLIED.label) == str(AgentAuthority.State.HANDED_IN.label) == "审核中"
        assert str(BidderRegistration.State.REFUNDED.label) == str(Deposit.State.RELEASED.label) == "已退还"
        assert str(OutcomeImport.State.UPLOADED.label) == "检查中"  # a machine looks at a file
