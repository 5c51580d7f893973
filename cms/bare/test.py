"""`make test`: the whole suite on two workers, with the browser it needs."""

import os
import shutil
import subprocess
import sys

from cms.bare import machine

BROWSER = ("chromium", "fonts-noto-cjk")
NO_BROWSER = "The browser tests need Debian's chromium and a Chinese font: apt-get install chromium fonts-noto-cjk"


def ensure_browser() -> None:
    """Install Debian's chromium where this user may, else say what is needed."""
    if shutil.which("chromium"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing chromium and a Chinese font …", flush=True)
        unattended = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *BROWSER]
        for command in (["apt-get", "update", "-qq"], install):
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=unattended)
    if not shutil.which("chromium"):
        sys.exit(NO_BROWSER)


def main(words: list[str]) -> int:
    ensure_browser()
    os.chdir(machine.ROOT)
    arguments = words or ["-n", "2", "--dist", "loadfile", "-q"]
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
