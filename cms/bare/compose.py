"""Rules for docker-compose.yml that its schema cannot say."""

import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"\$\{(\w+)")
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
    named = set(re.findall(r"^#?\s?([A-Z][A-Z0-9_]+)=", example, re.M))
    lines += [f"{variable} is not in .env.example" for variable in sorted(set(VARIABLE.findall(text)) - named)]
    return lines


def main() -> int:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    found = complaints(yaml.safe_load(text), text, (ROOT / ".env.example").read_text(encoding="utf-8"))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
