"""manage.py evaluate_matching: how well matching ranks the documents of a collection for its needs."""

from search.engine import Engine
from search.evaluation import trial
from search.evaluation.command import EvaluationCommand
from search.evaluation.files import Entry


class Command(EvaluationCommand):
    help = "Matches needs with a collection by the product's candidates and scores, and writes a TREC run."
    tag = "matching"

    def ranked(self, engine: Engine, question: Entry, k: int, documents: dict[str, Entry]) -> trial.Ranked:
        return trial.match(engine, question, k, documents)
