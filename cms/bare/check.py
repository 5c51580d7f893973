"""`make check`: everything that can be told without running the house. Every step runs; then the verdict."""

import os
import subprocess
import sys
from pathlib import Path

from cms.bare import machine

BIN = Path(sys.executable).parent
TEMPLATES = [str(path) for path in sorted((machine.ROOT / "cms" / "templates").rglob("*.html"))]
MANAGE = [sys.executable, "manage.py"]

STEPS: dict[str, list[str]] = {
    "lint": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "types": [str(BIN / "mypy")],
    "layers": [str(BIN / "lint-imports"), "--no-cache"],
    "templates": [str(BIN / "djade"), "--check", "--target-version", "5.2", *TEMPLATES],
    "markup": [str(BIN / "djlint"), "--lint", "--quiet", *TEMPLATES],
    "settings": [*MANAGE, "check", "--fail-level", "WARNING"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "tests load": [sys.executable, "-m", "pytest", "--collect-only", "-q", "-q"],
    "languages": [*MANAGE, "messages", "--check"],
    "diagrams": [*MANAGE, "state_diagrams", "--check"],
    "compose": [
        *(str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"),
    ],
    "compose, own rules": [sys.executable, "-m", "cms.bare.compose"],
    "image": [str(BIN / "hadolint"), "Dockerfile"],
}


def main() -> int:
    if machine.is_bare():
        machine.settle()
    os.chdir(machine.ROOT)
    failed = []
    for name, words in STEPS.items():
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name}", flush=True)
        if done.returncode:
            failed.append(name)
            print((done.stdout + done.stderr).rstrip()[-6000:], flush=True)
    print(f"make check: {len(failed)} of {len(STEPS)} failed: {', '.join(failed)}" if failed else "make check: all ok")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
