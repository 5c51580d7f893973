"""Makes the environment from nothing but Python, then hands over: `python3 -m cms.bare run|test|check|…`.

Standard library only, because it runs before anything is installed.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}

# Run inside the environment: names the pins that are not installed, or only by half
COMPARE = """
import re, sys
from importlib.metadata import distributions
there = {}
for each in distributions():
    record = each.read_text("RECORD") or ""
    tops = {re.split("[/,]", line, maxsplit=1)[0] for line in record.splitlines()} - {"..", "__pycache__"}
    if tops and all(each.locate_file(top).exists() for top in tops):
        there[re.sub(r"[-_.]+", "-", each.metadata["Name"]).lower()] = each.version
wanted = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\\\\\n]+)", open(sys.argv[1]).read(), re.M)
print(" ".join(n for n, v in wanted if there.get(re.sub(r"[-_.]+", "-", n).lower()) != v))
"""

# Run by each Python that may become the environment's: seconds for a little of everything, the best of seven
SPEED = f"""
import sys, time
class Row:
    def __init__(self, number): self.number = number
    def next(self): return self.number + 1
def work():
    begun = time.process_time()
    rows = {{str(n): Row(n).next() for n in range(20_000)}}
    ",".join(sorted(rows))
    return time.process_time() - begun
print(min(work() for _ in range(7)) if sys.version_info >= {OLDEST} else "inf")
"""


def missing(requirements: Path) -> str | None:
    """Return the names of pins not installed; None where there is no environment that works."""
    try:
        compared = subprocess.run(
            [str(PYTHON), "-I", "-c", COMPARE, str(requirements)],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return compared.stdout.strip()


def install(requirements: Path) -> None:
    """Make or repair the environment so that it has every pin; end with a sentence where that fails."""
    lacking = missing(requirements)
    if lacking == "":
        return
    begun = time.monotonic()
    if lacking is None:
        print("Making the environment in .venv …", flush=True)
        shutil.rmtree(VENV, ignore_errors=True)
        _make_environment()
    print(f"Installing from {requirements.relative_to(ROOT)} …", flush=True)
    if not (_install_by_uv(requirements) or _install_by_pip(requirements)) or missing(requirements) != "":
        sys.exit("The packages could not be installed; see above. Run the same command again to continue.")
    print(f"Installed in {time.monotonic() - begun:.0f} s.", flush=True)


def base_python() -> str:
    """Return the Python to build on: this one, or the system's where that is faster by a twentieth.

    A Python compiled on the spot (pyenv's way) is mostly built without optimisations, and then needs a seventh more
    time for everything this house does.
    """
    system = shutil.which("python3", path=os.defpath)
    return system if system and seconds(system) < seconds(sys.executable) * 0.95 else sys.executable


def seconds(python: str) -> float:
    """Return how long a Python needs for a little work; infinity where it is too old or does not start."""
    asked = subprocess.run([python, "-I", "-c", SPEED], capture_output=True, text=True, check=False)
    return float(asked.stdout or "inf")


def _make_environment() -> None:
    for python in dict.fromkeys([base_python(), sys.executable]):
        made = subprocess.run([python, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
        if made.returncode == 0:
            return
        shutil.rmtree(VENV, ignore_errors=True)
    uv = shutil.which("uv")
    if uv and subprocess.run([uv, "venv", "--quiet", "--seed", str(VENV)], cwd=ROOT, check=False).returncode == 0:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        subprocess.run(["apt-get", "install", "-qq", "-y", version], stdout=subprocess.DEVNULL, check=False)
        if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode == 0:
            return
    sys.exit("Python cannot make environments here. Install python3-venv (Debian, Ubuntu) or uv, and try again.")


def _install_by_uv(requirements: Path) -> bool:
    """Install with uv: a third of pip's time, also when pip has to fetch it first."""
    uv = shutil.which("uv") or _fetched_uv()
    if not uv:
        return False
    words = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "-r", str(requirements)]
    settings = {**_settings_of_pip(), **os.environ}
    return subprocess.run(words, cwd=ROOT, env=settings, check=False).returncode == 0


def _fetched_uv() -> str | None:
    """Let pip install the pinned uv into the environment; None where that fails."""
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        _install_by_pip(ROOT / "requirements" / "uv.txt")
    return str(uv) if uv.exists() else None


def _settings_of_pip() -> dict[str, str]:
    """Return pip's index, further links and certificates under the names uv knows, so that a mirror serves both."""
    listed = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"], capture_output=True, text=True, timeout=60, check=False
    ).stdout
    by_weight = sorted(listed.splitlines(), key=lambda line: line.startswith(":env:"))  # the environment wins
    found = dict(re.findall(r"^[^.=]*\.([\w-]+)='(.*)'$", "\n".join(by_weight), re.M))
    return {UV_NAMES[name]: value for name, value in found.items() if name in UV_NAMES}


def _install_by_pip(requirements: Path) -> bool:
    words = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    words += ["--require-hashes", "-r", str(requirements)]
    return subprocess.run(words, cwd=ROOT, check=False).returncode == 0


def hand_over(module: str, *words: str) -> None:
    """Become the environment's Python; the time since the start goes along."""
    os.chdir(ROOT)
    os.execv(str(PYTHON), [str(PYTHON), "-m", module, *words])


def main(words: list[str]) -> None:
    if sys.version_info < OLDEST:
        sys.exit(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.")
    os.environ.setdefault("HOUSE_BEGUN", str(time.time()))
    # set in many containers: every process of the house, and of its tests, would compile all packages anew (2 of 4 s)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    command = words[0] if words else "run"
    if command in {"run", "stop", "reset"}:
        install(ROOT / "requirements" / "runtime.txt")
        hand_over("cms.bare.house", command)
    elif command in {"backup", "restore"}:
        install(ROOT / "requirements" / "runtime.txt")
        hand_over("cms.bare.backups", command)
    elif command in {"test", "check"}:
        install(ROOT / "requirements" / "test.txt")
        hand_over(f"cms.bare.{command}", *words[1:])
    else:
        sys.exit("Say one of: run, stop, reset, backup, restore, test, check.")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
