"""Stop phrases learnt from the corpus: what listings of nearly every technical field say tells nothing of any.

Frequency alone would be wrong here: in a district of lock makers 智能锁 stands in every third text, and is exactly
what a match is about. A phrase is boilerplate when it is frequent and spread over the fields.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set
from itertools import islice

from django.db import transaction

from marketplace.core import clock
from search import documents
from search.models import StopPhrase
from search.phrases import SHORTEST, says_something
from search.text import cut, normalise, runs

NEWEST = 5_000  # texts read of each kind
LEAST_TEXTS, LEAST_SHARE = 6, 0.03  # a phrase is frequent in this many texts, and this share of them
LEAST_FIELDS, SPREAD = 4, 0.6  # and said in this many first-level fields, and this share of those there are
LONGEST = 4  # words of one phrase
Text = tuple[str, list[list[str]]]  # first-level field, words of each stretch


def known() -> Set[str]:
    """Return the stop phrases in force."""
    return frozenset(StopPhrase.objects.values_list("phrase", flat=True))


@transaction.atomic
def learn() -> int:
    """Learn them anew from the public texts; return how many there are."""
    now, found = clock.now(), boilerplate(list(_texts()))
    StopPhrase.objects.all().delete()
    StopPhrase.objects.bulk_create(
        StopPhrase(phrase=phrase, texts=texts, fields=fields, learnt_at=now)
        for phrase, (texts, fields) in found.items()
    )
    return len(found)


def boilerplate(texts: list[Text]) -> dict[str, tuple[int, int]]:
    """Return {phrase: (texts, fields that use it)} of what is frequent and spread.

    First words, then sequences of such words only: a sequence is never more frequent than its words.
    """
    fields = {field for field, _stretches in texts}
    frequent = max(LEAST_TEXTS, LEAST_SHARE * len(texts))
    spread = max(LEAST_FIELDS, SPREAD * len(fields))

    def common(candidates: Iterable[tuple[str, set[str]]]) -> dict[str, tuple[int, int]]:
        number: Counter[str] = Counter()
        where: dict[str, set[str]] = defaultdict(set)
        for field, phrases in candidates:
            number.update(phrases)
            for phrase in phrases:
                where[phrase].add(field)
        return {
            phrase: (count, len(where[phrase]))
            for phrase, count in number.items()
            if count >= frequent and len(where[phrase]) >= spread
        }

    words = common((field, {word for stretch in stretches for word in stretch}) for field, stretches in texts)
    found = words | common((field, set(_sequences(stretches, words.keys()))) for field, stretches in texts)
    return {phrase: told for phrase, told in found.items() if len(phrase) >= SHORTEST and says_something(phrase)}


def _sequences(stretches: list[list[str]], words: Set[str]) -> Iterator[str]:
    """Yield what two to LONGEST neighbouring words make, where each of them is frequent."""
    for stretch in stretches:
        for start in range(len(stretch)):
            phrase = ""
            for number, word in enumerate(islice(stretch, start, start + LONGEST), start=1):
                if word not in words:
                    break
                phrase += word
                if number > 1:
                    yield phrase


def _texts() -> Iterator[Text]:
    """Yield the newest public outcomes and needs; those without a field cannot tell how far a phrase is spread."""
    outcomes, needs = documents.outcomes().order_by("-pk")[:NEWEST], documents.needs().order_by("-pk")[:NEWEST]
    said = [(outcome.field, f"{outcome.title}\n{outcome.summary}") for outcome in outcomes]
    said += [(need.field, f"{need.title}\n{need.problem}") for need in needs]
    for field, text in said:
        if field is not None:
            yield field.path[0], _stretches(text)


def _stretches(text: str) -> list[list[str]]:
    return [cut(run.text, guess=False) for run in runs(normalise(text)) if run.han]
