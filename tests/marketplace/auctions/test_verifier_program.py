"""The stand-alone program at a terminal: what it says in Chinese and English, and what it ends with."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.auctions import verifier
from marketplace.auctions.record import export
from tests.marketplace.auctions.making import announced_lot


def run(*arguments, **environment):
    """Return what the program ends with and prints, run by a Python that knows nothing of the platform."""
    command = [sys.executable, "-I", verifier.__file__, *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=environment or None)
    return ended.returncode, ended.stdout + ended.stderr


@pytest.mark.parametrize("arguments", [[], ["--help"], ["a.jsonl", "b.jsonl"]])
def test_without_a_record_it_says_how_it_is_called(arguments):
    code, said = run(*arguments)

    assert code == 2
    assert "用法：python3 verifier.py" in said
    assert "Usage: python3 verifier.py" in said
    assert "Traceback" not in said


def test_what_is_no_record_is_told_without_a_traceback(tmp_path):
    letter = tmp_path / "letter.jsonl"
    letter.write_text("您好", "utf-8")
    others = {"empty": "", "numbers": "1\n2\n", "receipt": '{"lot":"OH-2026-01","seq":1,"hash":"0","signature":""}\n'}
    for name, text in others.items():
        (tmp_path / f"{name}.jsonl").write_text(text, "utf-8")

    for path in (letter, tmp_path / "missing.jsonl", *(tmp_path / f"{name}.jsonl" for name in others)):
        code, said = run(path)
        assert code == 2
        assert f"无法读取记录文件：{path}" in said
        assert "Traceback" not in said


@pytest.mark.django_db
def test_it_says_in_both_languages_whether_a_record_was_altered(tmp_path):
    text = export(announced_lot(starts_at=timezone.now() - timedelta(minutes=1)))
    kept, altered = tmp_path / "kept.jsonl", tmp_path / "altered.jsonl"
    kept.write_text(text, "utf-8")
    altered.write_text(text.replace('"start_price":', '"start_price":1', 1), "utf-8")

    torn = tmp_path / "torn.jsonl"
    torn.write_text(text.partition("\n")[2], "utf-8")
    assert (run(kept)[0], run(altered)[0], run(torn)[0]) == (0, 1, 1)
    assert "记录完整" in run(kept)[1]
    assert "intact" in run(kept)[1]
    assert "记录已被改动或不完整，发现 1 处问题" in run(altered)[1]
    assert "the announcement does not give its fingerprint" in run(altered)[1]
