"""The server of the contract suite: whose it is, what is said where there is none, and that it leaves no orphan."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.elasticsearch import nodes, parts, server

pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from tests.elasticsearch import nodes
folder = Path(sys.argv[1])
node = nodes.joined(folder) or nodes.started(folder, nodes.ALONE)
print(node.process is not None, flush=True)
time.sleep(600)
"""


def test_the_server_the_environment_names_is_asked(monkeypatch):
    monkeypatch.setenv("ELASTICSEARCH_URL", "http://search.example:9200")

    assert server.address() == "http://search.example:9200"


@pytest.fixture
def no_maven(monkeypatch, tmp_path):
    """A machine that never fetched the server and has no Maven."""
    monkeypatch.delenv("ELASTICSEARCH_URL", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(parts, "CACHE", tmp_path / "elasticsearch")
    monkeypatch.setattr(server, "FOLDER", tmp_path / "node")
    server.shared.cache_clear()
    yield
    server.shared.cache_clear()


def test_without_maven_the_suite_says_why_it_is_skipped(no_maven, monkeypatch):
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match=r"Maven.*is not installed"):
        server.address()


def test_in_continuous_integration_a_skip_is_a_failure(no_maven, monkeypatch):
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match=r"No Elasticsearch.*Maven.*is not installed"):
        server.address()


def test_a_node_that_does_not_start_says_why(tmp_path, server_parts):
    with pytest.raises(nodes.NotStarted, match=r"no\.such\.setting"):
        nodes.started(tmp_path / "node", {**nodes.ALONE, "no.such.setting": "1"})


def test_a_node_ends_with_its_last_holder_also_when_that_was_killed(tmp_path, server_parts):
    words = [sys.executable, "-c", HOLDER, str(tmp_path / "node")]
    first = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert first.stdout.readline() == "True\n"
    second = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert second.stdout.readline() == "False\n"
    node = nodes.joined(tmp_path / "node")

    first.kill()
    first.wait()
    node.let_go()
    time.sleep(0.5)
    assert node.answers()
    second.kill()
    second.wait()

    until = time.monotonic() + 10
    while node.answers():
        assert time.monotonic() < until
    assert nodes.joined(tmp_path / "node") is None


@pytest.fixture
def server_parts():
    """What a node of our own is made of; skipped, or failed under CI=true, where it cannot be had."""
    try:
        return parts.made()
    except parts.Unavailable as reason:
        return server.give_up(str(reason))
