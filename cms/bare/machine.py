"""What a bare machine needs to be a house: generated secrets and embedded servers, put in the environment."""

import atexit
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = "bare.env"


DEPLOYED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "STATIC_ROOT")  # the image names the last one itself


def is_bare() -> bool:
    """Tell whether the environment leaves everything to us: nothing that a deployment names is named.

    A half-configured deployment is never taken for a bare machine: it is refused with the variable it lacks.
    """
    return not any(os.environ.get(name) for name in DEPLOYED)


def data_dir() -> Path:
    return Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()


def remembered(data: Path) -> dict[str, str]:
    """Return the settings of this bare machine, generated on the first call and kept in a private file."""
    path = data / STATE
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        lines = {
            "SECRET_KEY": secrets.token_urlsafe(60),
            "DEMO": "true",
            "HTTPS": "false",
            "ALLOWED_HOSTS": "*",
            "LOG_JSON": "false",
        }
        partial = path.with_suffix(".partial")
        partial.touch(mode=0o600)
        partial.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
        partial.rename(path)
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    return dict(pairs)


def settle(*, durable: bool = True) -> None:
    """Complete the environment of this process, with servers that stop when their last user ends."""
    from cms.bare.place import Place
    from cms.bare.servers import Servers

    data = data_dir()
    for name, value in remembered(data).items():
        os.environ.setdefault(name, value)
    servers = Servers(Place(data, durable=durable))
    os.environ.update(servers.place.environment)
    atexit.register(servers.leave)
