import polib

from cms import catalogues, shared_words


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
