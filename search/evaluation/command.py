"""What the two evaluation commands have in common: files in, a throw-away index, a run and its measures out."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.engine import PAGE_LIMIT, Engine, EngineDown
from search.engines import spare_engine
from search.evaluation import files, trial
from search.evaluation.files import Entry
from search.evaluation.measures import measure, percentile

TELL_EVERY = 500


class EvaluationCommand(BaseCommand):
    """Ranks documents for questions and writes a TREC run; `ranked` says by which code."""

    tag = ""

    def ranked(self, engine: Engine, question: Entry, k: int, documents: dict[str, Entry]) -> trial.Ranked:
        """Return the best `k` documents of one question with their scores."""
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--corpus", type=Path, required=True, help="documents, a line each: {id, title, text}")
        parser.add_argument("--queries", type=Path, required=True, help="questions, a line each: {id, text}")
        parser.add_argument("--run", type=Path, required=True, dest="out", help="where the TREC run is written")
        parser.add_argument("--qrels", type=Path, help="judgements: `question 0 document relevance`")
        parser.add_argument("--engine", choices=["embedded", "elasticsearch"], default="", help="(the settings')")
        parser.add_argument("--k", type=int, default=100, help="documents per question (100)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["k"] <= PAGE_LIMIT:
            raise CommandError(f"--k lies between 1 and {PAGE_LIMIT}.")
        try:
            self._evaluate(**options)
        except (files.BadLines, OSError, EngineDown, ValueError) as error:
            raise CommandError(str(error)) from error

    def _evaluate(self, corpus: Path, queries: Path, out: Path, qrels: Path | None, **options: Any) -> None:
        (documents, of_corpus), (questions, of_queries) = files.read_entries(corpus), files.read_entries(queries)
        bad = [each for each in (of_corpus, of_queries) if each]
        for each in bad:
            self.stderr.write(str(each))
        judgements = files.read_judgements(qrels) if qrels else {}
        times, run = trial.Times(), {}
        with spare_engine(options["engine"]) as engine:
            begun = time.perf_counter()
            trial.fill(engine, documents)
            times.index = time.perf_counter() - begun
            by_id = {each.id: each for each in documents}
            rankings = ((each.id, self.ranked(engine, each, options["k"], by_id)) for each in questions)
            with out.open("w", encoding="utf-8") as lines:
                for question, ranked in self._told(trial.timed(times, rankings), len(questions)):
                    files.write_run(lines, question, ranked, self.tag)
                    run[question] = [document for document, _score in ranked]
        self._tell_times(len(documents), times)
        if qrels:
            self._tell_measures(run, judgements)
        if bad:
            raise CommandError(f"The run is written without {sum(each.number for each in bad)} line(s), named above.")

    def _told(self, rankings: Iterator[tuple[str, trial.Ranked]], total: int) -> Iterator[tuple[str, trial.Ranked]]:
        for number, each in enumerate(rankings, start=1):
            yield each
            if number % TELL_EVERY == 0:
                self.stdout.write(f"{number} of {total} questions")

    def _tell_times(self, documents: int, times: trial.Times) -> None:
        middle, slow = (percentile(times.questions, share) * 1000 for share in (0.5, 0.95))
        self.stdout.write(f"index: {documents} documents in {times.index:.1f} s")
        self.stdout.write(f"{len(times.questions)} questions: p50 {middle:.1f} ms, p95 {slow:.1f} ms")

    def _tell_measures(self, run: dict[str, list[str]], judgements: files.Judgements) -> None:
        found = measure(run, judgements)
        means = f"nDCG@10 {found.ndcg_10:.4f}  MRR@10 {found.mrr_10:.4f}  R@50 {found.recall_50:.4f}"
        self.stdout.write(f"{found.questions} judged: {means}")
