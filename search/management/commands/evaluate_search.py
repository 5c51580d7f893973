"""manage.py evaluate_search: how well search ranks the documents of a collection for its questions."""

from search.engine import Engine
from search.evaluation import trial
from search.evaluation.command import EvaluationCommand
from search.evaluation.files import Entry


class Command(EvaluationCommand):
    help = "Searches a collection by the product's own code, in an index of its own, and writes a TREC run."
    tag = "search"

    def ranked(self, engine: Engine, question: Entry, k: int, documents: dict[str, Entry]) -> trial.Ranked:
        return trial.search(engine, question, k)
