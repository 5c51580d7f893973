"""The house is built as it says: layers, names, diagrams, nothing deleted."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections import Counter
from importlib.metadata import metadata
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from packaging.specifiers import SpecifierSet

from tests.factories.rules import verbs

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"cms", "marketplace", "search", "tasks", "tests"}
BESIDE = {"manage.py", "pyproject.toml", "requirements", "Makefile", "Dockerfile", "docker-compose.yml", "README.md"}
ROOMS = {"urls", "views", "api", "forms", "actions", "rules", "models"}
OF_DJANGO = {"migrations", "management", "templatetags", "core"}
SOURCE = re.compile(
    r"民法典|转化法|办法|认定规则|细则|指引|操作说明|国发|guide of|domain\.md §"
)  # a law, a measure, a guide, by its name
SAYS_WHENCE = re.compile(f"{SOURCE.pattern}|platform's\\s+own order")
# rows that are rewritten with the record they belong to
PARTS_OF_A_DRAFT = {"LineItem.contract", "JointSeller.contract", "PartyData.contract"}


def pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def nouns() -> list[str]:
    folders = (path for path in (ROOT / "marketplace").iterdir() if (path / "__init__.py").exists())
    return sorted(path.name for path in folders if path.name not in OF_DJANGO)


def test_imports_follow_the_layers():
    checked = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout[-3000:]


def test_every_noun_with_rooms_has_its_rooms_in_the_contract():
    contract = next(each for each in pyproject()["tool"]["importlinter"]["contracts"] if each["id"] == "rooms")
    with_rooms = {
        noun for noun in nouns() if len({path.stem for path in (ROOT / "marketplace" / noun).glob("*.py")} & ROOMS) > 1
    }

    assert {f"marketplace.{noun}" for noun in with_rooms} - set(contract["containers"]) == set()


def test_nothing_else_stands_at_the_root():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git clone")
    names = {line.split("/", 1)[0] for line in tracked.stdout.splitlines()}

    assert {name for name in names if not name.startswith(".")} == PACKAGES | BESIDE


def test_models_and_migrations_agree(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_diagrams_show_the_states():
    call_command("state_diagrams", check=True, verbosity=0)


def test_an_action_has_one_name_in_the_whole_house():
    names: Counter[str] = Counter()
    for path in (ROOT / "marketplace").rglob("actions.py"):
        tree = ast.parse(path.read_text("utf-8"))
        names.update(
            node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        )

    assert [name for name, count in names.items() if count > 1] == []


def docstring(path: str, name: str = "") -> str:
    """Return what a module, or a function of it, says of itself."""
    tree = ast.parse((ROOT / "marketplace" / path).read_text("utf-8"))
    found = next((each for each in tree.body if getattr(each, "name", None) == name), None) if name else tree
    return (ast.get_docstring(found) if found else "") or ""


def test_every_rule_is_asked_for_by_a_test():
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py"))
    named = set(re.findall(r"\w+", source))
    modules = [path for path in (ROOT / "marketplace").rglob("rules*.py") if path.parent.name not in OF_DJANGO]
    assert len(modules) > 20
    for path in modules:
        rules = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        assert verbs(rules) - named == set(), path


def test_rules_name_the_law_they_come_from_or_say_that_they_are_our_own():
    folders = ("brokers", "contracts", "deals", "publicity", "rewards", "trials")
    files = [path for folder in folders for path in (ROOT / "marketplace" / folder).rglob("rules.py")]
    silent = [
        path.parent.name
        for path in files
        if not SAYS_WHENCE.search(docstring(str(path.relative_to(ROOT / "marketplace"))))
    ]

    assert len(files) > 12
    assert silent == []


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (
            "contracts/rules.py",
            "submit_contract accept_contract return_contract pass_to_second_review correct_line_item register_contract "
            "refuse_contract request_contract_change cancel_contract revoke_contract object_to_decision",
        ),
        ("contracts/sharing/rules.py", "draft_plan file_agreement distribute_profit allot_shares"),
        ("deals/rules.py", "choose_pricing accept_price accept_nda consent_to_broker"),
        ("publicity/rules.py", "make_objection answer_objection"),
        ("outcomes/completeness.py", "_owners"),
        ("rewards/rules.py", "claim_reward"),
        ("trials/rules.py", "enter_pool approve_trial insure_trial convert_trial report_breach"),
    ],
)
def test_what_a_law_or_a_measure_asks_for_names_it(path, names):
    assert [name for name in names.split() if not SOURCE.search(docstring(path, name))] == []


def test_nothing_of_the_trade_goes_with_something_else():
    """Foreign keys between records protect; only parts of one record (ParentalKey, one-to-one parents) may go along."""
    unprotected = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("marketplace").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and type(field).__name__ != "ParentalKey"
        and not field.remote_field.parent_link
        and field.model._meta.app_label == "marketplace"
        and not field.remote_field.model._meta.app_label.startswith("wagtail")
        and field.remote_field.on_delete is models.CASCADE
    ]

    assert set(unprotected) - PARTS_OF_A_DRAFT == set()


def test_no_signal_receiver_but_the_one_of_delivery():
    found = [
        str(path.relative_to(ROOT))
        for package in PACKAGES - {"tests"}
        for path in (ROOT / package).rglob("*.py")
        if (".connect(" in (text := path.read_text("utf-8")) and "dispatch_uid" in text) or "@receiver" in text
    ]

    assert found == ["tasks/apps.py"]


def test_every_pin_runs_on_the_oldest_python_named():
    pins = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements" / "test.txt").read_text(), re.M)

    refusing = [
        name for name in pins if not SpecifierSet(metadata(name).get("Requires-Python") or "").contains("3.11.0")
    ]

    assert refusing == []
