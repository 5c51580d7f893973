"""An index is made anew where its fields are others, or mean something else."""

from dataclasses import replace

from search.schema import kind_of


def test_fields_and_their_meaning_make_another_index_and_weights_do_not():
    kind = kind_of("outcome")
    others = [replace(kind, numbers=(*kind.numbers, "pages")), replace(kind, meaning=kind.meaning + 1)]
    heavier = replace(kind, texts=tuple(replace(text, weight=text.weight + 1) for text in kind.texts))

    assert len({each.generation_hash() for each in (kind, *others)}) == 3
    assert heavier.generation_hash() == kind.generation_hash()
