"""The environment of a bare machine: absent, broken, installed by half, or with other versions."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cms.bare import __main__ as bare
from cms.bare import test as suite

PINS = """\
whole-part==1.0 \\
    --hash=sha256:00
Half.Part==2.0 ; python_version > "3"
newer==3.1
emptied==1.0
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A small environment: a whole package, one cut off in the middle, one older, one whose folder was taken away."""
    folder = tmp_path_factory.mktemp("environment") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    for name in ("whole_part", "newer"):
        (packages / name).mkdir()
    for name, version, is_whole in (
        ("whole_part", "1.0", True), ("half_part", "2.0", False), ("newer", "3.0", True), ("emptied", "1.0", True)
    ):  # fmt: skip
        there = packages / f"{name}-{version}.dist-info"
        there.mkdir()
        (there / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        if is_whole:
            (there / "RECORD").write_text(f"{name}/__init__.py,,\n")
    return folder


@pytest.fixture
def pins(tmp_path):
    file = tmp_path / "runtime.txt"
    file.write_text(PINS)
    return file


def test_names_what_is_there_by_half_or_in_another_version(environment, pins, monkeypatch):
    monkeypatch.setattr(bare, "PYTHON", environment / "bin" / "python")

    assert bare.missing(pins) == "Half.Part newer emptied"


def test_a_whole_environment_lacks_nothing(environment, pins, monkeypatch):
    monkeypatch.setattr(bare, "PYTHON", environment / "bin" / "python")
    pins.write_text("whole-part==1.0\n")

    assert bare.missing(pins) == ""


@pytest.mark.parametrize("broken", ["absent", "not a program", "a link to nowhere"])
def test_an_environment_that_does_not_start_is_made_anew(broken, pins, tmp_path, monkeypatch):
    python = tmp_path / "python"
    if broken == "not a program":
        python.write_text("#!/nowhere\n")
        python.chmod(0o755)
    elif broken == "a link to nowhere":
        python.symlink_to(tmp_path / "gone")
    monkeypatch.setattr(bare, "PYTHON", python)

    assert bare.missing(pins) is None


def test_packages_that_cannot_be_had_are_told_in_a_sentence(environment, pins, monkeypatch, capsys):
    pins.write_text("no-such-package-of-the-marketplace==1.0 --hash=sha256:" + "0" * 64 + "\n")
    monkeypatch.setattr(bare, "PYTHON", environment / "bin" / "python")
    monkeypatch.setattr(bare, "VENV", environment)
    monkeypatch.setattr(bare, "ROOT", pins.parent)
    for name in ("PIP_NO_INDEX", "UV_OFFLINE"):  # nobody is asked over the network
        monkeypatch.setenv(name, "1")

    with pytest.raises(SystemExit, match="Run the same command again to continue"):
        bare.install(pins)

    assert "Installing from runtime.txt" in capsys.readouterr().out


def test_uv_asks_where_pip_asks_and_the_environment_wins(environment, monkeypatch, tmp_path):
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\nindex-url = https://mirror.example/simple\ncert = /certificates/all.pem\n")
    monkeypatch.setattr(bare, "PYTHON", Path(sys.executable))  # has a pip of its own, as every environment of ours
    for name in ("PIP_CERT", "PIP_FIND_LINKS", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    of_the_file = bare._settings_of_pip()
    monkeypatch.setenv("PIP_INDEX_URL", "https://nearer.example/simple")

    assert of_the_file == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "SSL_CERT_FILE": "/certificates/all.pem",
    }
    assert bare._settings_of_pip()["UV_DEFAULT_INDEX"] == "https://nearer.example/simple"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root installs Debian's packages")
@pytest.mark.parametrize(
    ("wanted", "installed"),
    [
        (suite.BROWSER_PACKAGES, ""),
        (suite.PACKAGES, "update -qq\ninstall -qq -y --no-install-recommends maven\n"),
    ],
)
def test_root_installs_the_programs_the_tests_lack(wanted, installed, tmp_path, monkeypatch):
    (tmp_path / "said").touch()
    (tmp_path / "apt-get").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/said\n')
    (tmp_path / "chromium-headless-shell").touch()
    for program in ("apt-get", "chromium-headless-shell"):
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    suite.ensure_programs(wanted)

    assert (tmp_path / "said").read_text() == installed


@pytest.mark.parametrize(
    ("words", "asked", "programs"),
    [
        ([], [*suite.ALL, "-m", "not long"], suite.BROWSER_PACKAGES),
        (["--long"], [*suite.ALL, "-m", "long"], suite.PACKAGES),
        (["-n", "2", "tests/walk"], ["-n", "2", "tests/walk"], suite.PACKAGES),
    ],
)
def test_the_two_parts_of_the_suite_leave_nothing_out(words, asked, programs, monkeypatch):
    ensured, ran = [], []
    monkeypatch.setattr(suite, "ensure_programs", ensured.append)
    monkeypatch.setattr(suite.os, "chdir", lambda _folder: None)
    done = subprocess.CompletedProcess([], 3)
    monkeypatch.setattr(suite.subprocess, "run", lambda command, **_rest: ran.append(command) or done)

    assert suite.main(words) == 3
    assert ran == [[sys.executable, "-m", "pytest", *asked]]
    assert ensured == [programs]


@pytest.fixture
def pythons(tmp_path, monkeypatch):
    """Return a function that says what this Python and the system's need for the work, and gives the one chosen."""

    def chosen(**needed):
        for name, seconds in needed.items():
            (tmp_path / name).mkdir()
            (tmp_path / name / "python3").write_text(f"#!/bin/sh\n{seconds}\n")
            (tmp_path / name / "python3").chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(tmp_path / "this" / "python3"))
        monkeypatch.setattr(os, "defpath", str(tmp_path / "system"))
        return bare.base_python().removeprefix(f"{tmp_path}/").split("/")[0]

    return chosen


@pytest.mark.parametrize(
    ("needed", "chosen"),
    [
        ({"this": "echo 0.010", "system": "echo 0.008"}, "system"),
        ({"this": "echo 0.010", "system": "echo 0.0098"}, "this"),
        ({"this": "echo 0.010", "system": "echo inf"}, "this"),
        ({"this": "echo 0.010", "system": "exit 1"}, "this"),
        ({"this": "echo 0.010"}, "this"),
    ],
)
def test_the_faster_python_carries_the_environment(pythons, needed, chosen):
    assert pythons(**needed) == chosen


def test_this_python_says_how_fast_it_is():
    assert 0 < bare.seconds(sys.executable) < 5
