"""`make test` and `make test-long`: the suite in its two parts, with the programs it needs.

On a worker more than the two cores it is made for. Other words go to pytest as they are, and ask for both parts.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

from cms.bare import machine

# program → Debian's packages; chromium without its windows needs a quarter less of the processor for the same pages
BROWSER_PACKAGES = {"chromium-headless-shell": ("chromium-headless-shell", "fonts-noto-cjk")}
PACKAGES = BROWSER_PACKAGES | {"mvn": ("maven",)}  # fetches the large engine, which the long part asks
BROWSERS = ("chromium-headless-shell", "chromium")
WORKERS = 3  # for two cores: a third of the time a worker waits for a server, a browser or a deadline
ALL = ["-n", str(WORKERS), "--dist", "loadfile", "-q"]
LONG = ["--long"]  # what asks for the long part; pyproject.toml says what that is
NO_BROWSER = (
    "The browser tests need Debian's chromium and a Chinese font: "
    "apt-get install chromium-headless-shell fonts-noto-cjk"
)


def ensure_programs(wanted: Mapping[str, Sequence[str]]) -> None:
    """Install the Debian packages of the programs wanted, where this user may; without a browser say what is needed.

    Where maven cannot be had, the suite of the engines says so itself.
    """
    lacking = [package for program, some in wanted.items() if not shutil.which(program) for package in some]
    if lacking and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {', '.join(lacking)} …", flush=True)
        unattended = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *lacking]
        for command in (["apt-get", "update", "-qq"], install):
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=unattended)
    if not browser():
        sys.exit(NO_BROWSER)


def browser() -> str:
    """Return the path of the first browser that is there, or ""."""
    return next(filter(None, map(shutil.which, BROWSERS)), "")


def main(words: list[str]) -> int:
    ensure_programs(PACKAGES if words else BROWSER_PACKAGES)
    os.chdir(machine.ROOT)
    arguments = [*ALL, "-m", "long" if words else "not long"] if words in ([], LONG) else words
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
