"""The Elasticsearch engine behind the protocol of search/engine.py."""

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.dsl import Search
from elasticsearch.helpers import ScanError

from search import explain
from search.elastic import queries, writing
from search.elastic.documents import LIVE, SOURCE, SUGGEST, sub_field
from search.elastic.generations import Generations
from search.engine import (
    Candidate,
    EngineDown,
    Facet,
    Failure,
    Health,
    Hit,
    KindHealth,
    Op,
    Page,
    Probe,
    Query,
    Report,
)
from search.highlight import highlighted
from search.ranking import Plan, plan, sort_field
from search.schema import KINDS, Kind, kind_of, offered, typed
from search.visibility import Visibility

ASK_SECONDS = 5  # a reader waits; after that the page says that search does not answer
WRITE_SECONDS = 30  # a worker waits; every write may be sent twice, for it carries its version


class ElasticEngine:
    """Indices `<prefix>-<kind>-<schema hash>-<time>` behind aliases; any number of processes read and write.

    `url` may name several nodes of one cluster, separated by commas: when one does not answer, the next is asked.
    """

    def __init__(self, url: str, prefix: str = "ouhai") -> None:
        self._client = Elasticsearch(url.split(","), request_timeout=ASK_SECONDS, max_retries=1)
        self._writer = self._client.options(request_timeout=WRITE_SECONDS, max_retries=2, retry_on_timeout=True)
        self._generations = {kind.name: Generations(self._writer, prefix, kind) for kind in KINDS.values()}

    def apply(self, ops: Iterable[Op]) -> Report:
        """Carry out operations, kind by kind, in every generation they concern."""
        by_kind: dict[str, list[Op]] = defaultdict(list)
        for op in ops:
            by_kind[op.kind].append(op)
        report = Report()
        for name, some in by_kind.items():
            if name not in self._generations:
                report += Report(failed=[Failure(op.kind, op.id, "no such kind") for op in some])
                continue
            with _answering():
                report += writing.write_live(self._writer, self._generations[name], some)
        return report

    def search(self, query: Query) -> Page:
        """Answer a question."""
        started = time.perf_counter()
        kind = kind_of(query.kind)
        planned = plan(query)
        question = queries.question(kind, planned)
        full = queries.whole(kind, question, [query.visibility.where, query.where])
        choices = dict(query.choices)
        request = (
            self._search(kind)
            .query(full)
            .post_filter(queries.whole(kind, None, choices.values()))
            .sort(*queries.sort_by(kind, sort_field(kind, query, planned)))
            .source([SOURCE])
            .extra(track_total_hits=True, from_=query.offset, size=query.limit)
        )
        answer = self._ask(kind, request.to_dict(), queries.facet_counts(kind, query.facets, choices))
        hits = tuple(_hit(kind, query, planned, hit) for hit in answer["hits"]["hits"])
        facets = {name: _facet(name, answer) for name in query.facets}
        return Page(hits, answer["hits"]["total"]["value"], facets, (time.perf_counter() - started) * 1000)

    def match(self, probe: Probe, query: Query) -> list[Candidate]:
        """The documents nearest to a probe; the query's text is not used."""
        kind = kind_of(query.kind)
        weighted = explain.weights(probe)
        documents = self._documents(kind) if weighted else 0
        if not documents:
            return []
        terms = explain.strongest(weighted, self._frequencies(kind, weighted), documents, probe.strongest)
        if not terms:
            return []
        wheres = [query.visibility.where, query.where, *query.choices.values()]
        request = (
            self._search(kind)
            .query(queries.whole(kind, queries.counterpart(kind, terms), wheres))
            .sort(*queries.sort_by(kind, ""))
            .source([SOURCE])
            .extra(from_=query.offset, size=query.limit)
        )
        hits = self._ask(kind, request.to_dict())["hits"]["hits"]
        return [Candidate(hit["_id"], hit["_score"], hit["_source"][SOURCE], terms) for hit in hits]

    def suggest(self, kind: str, prefix: str, where: Visibility, n: int) -> list[str]:
        """Up to n titles in view in which a word begins with the prefix, newest first."""
        declared = kind_of(kind)
        beginning = typed(prefix)
        if not beginning or n < 1:
            return []
        request = (
            self._search(declared)
            .query(queries.whole(declared, None, [where.where]))
            .filter("prefix", **{SUGGEST: {"value": beginning}})
            .sort(*queries.sort_by(declared, f"-{declared.newest}"))
            .source([f"{SOURCE}.{declared.suggest}"])
            .extra(size=3 * n)
        )
        hits = self._ask(declared, request.to_dict())["hits"]["hits"]
        return list(dict.fromkeys(offered(declared, hit["_source"][SOURCE], beginning) for hit in hits))[:n]

    @contextmanager
    def rebuild(self, kind: str) -> Iterator[writing.FreshIndex]:
        """A fresh generation, swapped in by one alias call."""
        with _answering(), writing.rebuild(self._writer, self._generations[kind_of(kind).name]) as fresh:
            yield fresh

    def refresh(self) -> None:
        """Make everything applied so far visible (a second otherwise)."""
        with _answering():
            aliases = ",".join(generations.alias for generations in self._generations.values())
            self._writer.indices.refresh(index=aliases, ignore_unavailable=True)

    def health(self) -> Health:
        """What each index holds; never raises."""
        try:
            with _answering():
                kinds = tuple(self._kind_health(generations) for generations in self._generations.values())
        except EngineDown as error:
            return Health("elasticsearch", False, (), str(error))
        outdated = [kind.kind for kind in kinds if not kind.current]
        message = f"Built for another schema: {', '.join(outdated)}; rebuild them." if outdated else ""
        return Health("elasticsearch", not outdated, kinds, message)

    def remove_everything(self) -> None:
        """Delete every index under this engine's prefix (tests, and a deployment that is given up)."""
        with _answering():
            for generations in self._generations.values():
                generations.drop_all()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _documents(self, kind: Kind) -> int:
        """Count what can be found; nothing where an index was never made."""
        live = {"query": {"term": {LIVE: True}}, "size": 0, "track_total_hits": True}
        return int(self._ask(kind, live)["hits"]["total"]["value"])

    def _frequencies(self, kind: Kind, keys: Iterable[explain.Key]) -> dict[explain.Key, int]:
        """In how many documents each token of a stream stands, by the text that has it most often.

        The index keeps these numbers; counting by queries took two seconds for a need of 200 characters.
        """
        made = queries.made_of(kind, keys)
        with _answering():
            told = self._client.termvectors(
                index=self._generations[kind.name].alias,
                doc=made,
                fields=[sub_field(text.name, stream) for text in kind.texts for stream in made[text.name]],
                term_statistics=True,
                field_statistics=False,
                positions=False,
                offsets=False,
                payloads=False,
                preference=_copy_for({"query": made}),
            ).body["term_vectors"]
        found: dict[explain.Key, int] = {}
        for text in kind.texts:
            for stream in made[text.name]:
                terms = told.get(sub_field(text.name, stream), {"terms": {}})["terms"]
                for token, counts in terms.items():
                    found[stream, token] = max(found.get((stream, token), 0), counts.get("doc_freq", 0))
        return found

    def _kind_health(self, generations: Generations) -> KindHealth:
        name = generations.current()
        documents = writing.count(self._client, name) if name else 0
        return KindHealth(generations.kind.name, documents, name, not generations.is_outdated())

    def _search(self, kind: Kind) -> Search[Any]:
        return Search(using=self._client, index=self._generations[kind.name].alias)

    def _ask(self, kind: Kind, request: dict[str, Any], aggregations: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send one search; an index that was never made answers with nothing."""
        generations = self._generations[kind.name]
        body = {**request, "aggs": aggregations} if aggregations else request
        with _answering():
            answer = self._client.search(
                index=generations.alias, ignore_unavailable=True, preference=_copy_for(request), **_renamed(body)
            ).body
            if not answer["_shards"]["total"] and generations.is_outdated():
                raise generations.outdated()
        return answer


@contextmanager
def _answering() -> Iterator[None]:
    """Turn the client's troubles into EngineDown."""
    try:
        yield
    except (ApiError, TransportError, ScanError) as error:
        raise EngineDown(f"Elasticsearch does not answer: {error}") from error


def _copy_for(request: dict[str, Any]) -> str:
    """The same question goes to the same copy of an index: copies score a little apart, and pages must continue."""
    return hashlib.blake2b(repr(request["query"]).encode(), digest_size=8).hexdigest()


def _renamed(body: dict[str, Any]) -> dict[str, Any]:
    return {{"from": "from_", "_source": "source"}.get(name, name): value for name, value in body.items()}


def _hit(kind: Kind, query: Query, planned: Plan, hit: dict[str, Any]) -> Hit:
    doc = hit["_source"][SOURCE]
    marked = highlighted(kind, doc, planned.marks, query.highlights) if planned.ranks else {}
    return Hit(hit["_id"], hit["_score"] or 0.0, marked)


def _facet(name: str, answer: dict[str, Any]) -> Facet:
    found = answer.get("aggregations", {}).get(name, {"values": {"buckets": []}})
    return Facet.of(name, [(one["key"], one["doc_count"]) for one in found["values"]["buckets"]])
