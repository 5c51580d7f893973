"""Rules for docker-compose.yml that its schema cannot say; the variables told in .env.example and README.md."""

import re
import sys
from pathlib import Path

import yaml

from cms.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"\$\{(\w+)")
NAMED = re.compile(r"^#?\s?([A-Z][A-Z0-9_]+)=", re.M)
SET = re.compile(r"^([A-Z][A-Z0-9_]+)=", re.M)
README_ROW = re.compile(r"^\| ((?:`[A-Z][A-Z0-9_]+`(?:, )?)+) \|", re.M)
PINNED = re.compile(r":[\w.-]*\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$")


def complaints(compose: dict, text: str, example: str) -> list[str]:
    """Return one line for each rule broken."""
    services = compose["services"]
    lines = []
    for name, service in services.items():
        if "build" not in service and not PINNED.search(service.get("image", "")):
            lines.append(f"{name}: the image is not pinned to a version: {service.get('image')}")
        waits = service.get("depends_on", {})
        for other, how in waits.items() if isinstance(waits, dict) else ():
            if how.get("condition") == "service_healthy" and "healthcheck" not in services[other]:
                lines.append(f"{name} waits for the health of {other}, which has no healthcheck")
    named = set(NAMED.findall(example))
    lines += [f"{variable} is not in .env.example" for variable in sorted(_used(text) - named)]
    return lines


def strangers(compose: dict, text: str, example: str, readme: str) -> list[str]:
    """Return one line for each variable that .env.example, the compose file and README do not tell alike."""
    read = {name.upper() for name in Environment.model_fields}
    named, set_here = set(NAMED.findall(example)), set(SET.findall(example))
    passed = set(compose["x-house"]["environment"])
    told = {word for row in README_ROW.findall(readme) for word in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)}
    lines = [f"{name} is read by cms/environment.py and not in .env.example" for name in sorted(read - named)]
    lines += [f"{name} is in .env.example, and nothing reads it" for name in sorted(named - read - _used(text))]
    lines += [
        f"{name} is set in .env.example, and the compose file does not pass it on"
        for name in sorted((set_here & read) - passed)
    ]
    return lines + [f"{name} is in README.md, and nothing reads it" for name in sorted(told - read)]


def _used(text: str) -> set[str]:
    return set(VARIABLE.findall(text))


def main() -> int:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    compose, example = yaml.safe_load(text), (ROOT / ".env.example").read_text(encoding="utf-8")
    found = complaints(compose, text, example)
    found += strangers(compose, text, example, (ROOT / "README.md").read_text(encoding="utf-8"))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
