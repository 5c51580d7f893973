"""Synonyms, kept by officers and editors; the first ones come with the house."""

import csv
from pathlib import Path

from django.db import transaction

from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import User
from search import rules, synonyms
from search.models import Synonym, plain

FIRST = Path(__file__).parent / "data" / "synonyms.csv"


@transaction.atomic
def keep_synonym(synonym: Synonym, *, by: User) -> None:
    """Save words that ask for the same thing, new or changed; they count with the next question."""
    require(rules.keep_synonym, by)
    synonym.full_clean()
    synonym.save()
    journal.record(
        Kind.SYNONYM_CHANGED,
        synonym,
        by=by,
        phrase=synonym.phrase,
        alternatives=synonym.words,
        is_one_way=synonym.is_one_way,
        is_active=synonym.is_active,
    )
    transaction.on_commit(lambda: synonyms.changed())


@transaction.atomic
def add_first_synonyms() -> int:
    """Add those of data/synonyms.csv whose phrase is not there; return how many. What staff changed stays."""
    known = set(Synonym.objects.values_list("key", flat=True))
    with FIRST.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="|") if plain(row["phrase"]) not in known]
    for row in rows:
        synonym = Synonym(phrase=row["phrase"], alternatives=row["alternatives"], is_one_way=row["one_way"] == "yes")
        synonym.full_clean()
        synonym.save()
    transaction.on_commit(lambda: synonyms.changed())
    return len(rows)
