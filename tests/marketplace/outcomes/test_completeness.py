"""What a draft lacks, by field, in sentences."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from marketplace.core.choices import ReadinessEvidence
from marketplace.outcomes.completeness import ip_sentence, missing_in, share_sentence
from marketplace.outcomes.forms import LEVELS
from marketplace.outcomes.parts import CoOwner, Inventor, IPRight
from tests.marketplace.outcomes.making import fill


@pytest.fixture
def complete(institute):
    return fill(institute.draft().newest_version)


def test_a_complete_draft_lacks_nothing(complete):
    assert missing_in(complete) == {}


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("summary", {"summary": "太短"}),
        ("field", {"field": None}),
        ("trl", {"trl": None}),
        ("trl_evidence", {"trl_evidence": ""}),
        ("trl_evidence", {"trl": 8}),
        ("modes", {"modes": []}),
        ("price_low", {"price_low": None, "price_high": None}),
        ("price_high", {"price_low": 2, "price_high": 1}),
        ("inventors", {"inventors": []}),
        ("inventors", {"inventors": [Inventor(name="1")]}),
        ("inventors", {"inventors": [Inventor(name="阿里木·买买提"), Inventor(name="—")]}),
        ("ip_rights", {"ip_rights": []}),
    ],
)
def test_one_thing_missing(field, changed, complete):
    for name, value in changed.items():
        setattr(complete, name, value)

    assert list(missing_in(complete)) == [field]


def test_negotiable_needs_no_price_and_no_rows_mean_the_owner_holds_all(complete):
    complete.price_low = complete.price_high = None
    complete.is_negotiable = True
    complete.co_owners = []

    assert missing_in(complete) == {}


def test_shares_owner_and_consents(complete):
    complete.co_owners = [CoOwner(name="茶山光电研究所", share=Decimal(95))]

    with override("en"):
        sentences = missing_in(complete)["co_owners"]

    assert sentences == [
        "The shares sum to 95%; 5% are missing.",
        f"{complete.owner} is missing among the holders.",
        "The consent of the co-owner “茶山光电研究所” is missing.",
    ]


def test_a_holder_of_nothing_is_none(complete):
    owner = CoOwner(name=complete.owner.name, organisation=complete.owner, share=Decimal(100))
    nothing = CoOwner(name="茶山光电研究所", share=Decimal(0), has_consented=True)
    complete.co_owners = [owner, nothing]

    assert missing_in(complete) == {"co_owners": ["“茶山光电研究所”的份额须大于 0%。"]}


def test_a_number_twice(complete):
    right = complete.ip_rights.all()[0]
    complete.ip_rights = [right, IPRight(kind="invention", number=right.number.removeprefix("ZL"))]

    assert len(missing_in(complete)["ip_rights"]) == 1


@pytest.mark.parametrize(
    ("kind", "number", "is_right"),
    [
        ("invention", "ZL201410424697.5", True),
        ("invention", "ＺＬ２０１４１０４２４６９７．５", True),
        ("invention", "ZL201410424697.6", False),
        ("utility_model", "ZL201410424697.5", False),
        ("invention", "ZL92114808.9", True),
        ("utility_model", "ZL88201465.X", True),
        ("invention", "", False),
        ("secret", "", True),
        ("software", "2024SR0000003", True),
        ("software", "软著登字第123号", False),
        ("layout", "BS.123456", True),
        ("", "ZL201410424697.5", False),
    ],
)
def test_numbers_by_kind(kind, number, is_right):
    assert (ip_sentence(kind, number) is None) is is_right


def test_too_much_is_told_too():
    with override("en"):
        assert share_sentence(Decimal("100.50")) == "The shares sum to 100.5%; that is 0.5% too much."


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_level_names_its_evidence_as_the_list_of_evidence_does(language):
    with override(language):
        pairs = [
            (str(label), str(evidence.label))
            for (_level, label), evidence in zip(LEVELS, ReadinessEvidence, strict=True)
        ]

    assert [label for label, evidence in pairs if not label.endswith(evidence)] == []
