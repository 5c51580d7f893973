"""Two parts of the demonstration made at the same time, by two processes."""

import os
import signal
import time
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest
from django.db import connection

from cms.bare.place import wait
from cms.demo import beside
from cms.demo.beside import PartFailed
from cms.demo.houses import World
from marketplace.organisations.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return World(people={})


def settle():
    with connection.cursor() as cursor:
        cursor.execute("SET application_name = 'settled'")


making = partial(beside.beside, settle=settle)


def sign_up(name):
    return User.objects.create_user(name, f"{name}@example.cn")


@pytest.mark.parametrize("can_fork", [True, False])
def test_both_are_made_and_the_world_knows_what_each_made(world, monkeypatch, can_fork):
    monkeypatch.setattr(beside, "CAN_FORK", can_fork)
    made_in = []

    def part():
        made_in.append(os.getpid())
        world.agents["beside"] = sign_up("beside")

    with making(part, world):
        world.agents["here"] = sign_up("here")

    assert set(User.objects.values_list("username", flat=True)) == {"beside", "here"}
    assert {key: user.username for key, user in world.agents.items()} == {"beside": "beside", "here": "here"}
    assert made_in == ([] if can_fork else [os.getpid()]), "in a process of its own, where there can be one"


def test_they_are_made_at_the_same_time(world):
    def part():
        while not User.objects.filter(username="here").exists():
            time.sleep(0.05)
        sign_up("beside")

    with making(part, world):
        sign_up("here")
        until = time.monotonic() + 60
        while not User.objects.filter(username="beside").exists():
            assert time.monotonic() < until
            time.sleep(0.05)


def test_a_part_that_failed_is_told_once_the_other_is_made(world, capfd):
    def part():
        raise ValueError("no such outcome")

    with pytest.raises(PartFailed, match="ended with 1"), making(part, world):
        sign_up("here")

    assert "ValueError: no such outcome" in capfd.readouterr().err
    assert User.objects.count() == 1


def test_where_the_body_fails_the_part_is_ended(world, tmp_path):
    begun = tmp_path / "begun"

    def part():
        begun.write_text(str(os.getpid()))
        time.sleep(200)

    def body():
        while not (begun.exists() and begun.read_text()):
            time.sleep(0.05)
        raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"), making(part, world):
        body()

    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text()), 0)


def test_what_was_made_here_is_newer_than_what_the_other_began_with(world):
    world.agents["known"] = sign_up("known")

    with making(lambda: None, world):
        world.agents["known"] = sign_up("anew")

    assert world.agents["known"].username == "anew"


def test_both_have_a_settled_connection_of_their_own(world, tmp_path):
    def mine():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('application_name'), pg_backend_pid()")
            return cursor.fetchone()

    there = tmp_path / "there"
    with making(lambda: there.write_text(" ".join(map(str, mine()))), world):
        name, server = mine()

    assert name == "settled"
    assert there.read_text() != f"settled {server}"
    assert there.read_text().startswith("settled ")


def test_where_this_process_is_killed_the_part_is_ended(world, tmp_path):
    begun = tmp_path / "begun"

    def part():
        begun.write_text(str(os.getpid()))
        time.sleep(200)

    def whole():
        with making(part, world):
            time.sleep(200)

    connection.close()
    loading = get_context("fork").Process(target=whole)
    loading.start()
    wait(lambda: begun.exists() and begun.read_text(), "It did not begin.")

    os.kill(loading.pid, signal.SIGKILL)
    loading.join()

    left = Path("/proc", begun.read_text(), "cmdline")
    wait(lambda: not left.exists() or not left.read_bytes(), "It went on.")  # empty where nobody has reaped it
