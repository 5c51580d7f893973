"""The words institutes write in their sheets, and what they mean here."""

from marketplace.core.choices import IPKind, ReadinessEvidence, TransferMode
from marketplace.core.classifications import TechnicalField

SHEET = "可填的词"  # of the template, which lists them

MODES = {
    "转让": TransferMode.ASSIGNMENT, "独占": TransferMode.EXCLUSIVE, "独占许可": TransferMode.EXCLUSIVE,
    "排他": TransferMode.SOLE, "排他许可": TransferMode.SOLE, "独家": TransferMode.SOLE,
    "普通": TransferMode.ORDINARY, "普通许可": TransferMode.ORDINARY, "许可": TransferMode.ORDINARY,
    "作价": TransferMode.EQUITY, "作价投资": TransferMode.EQUITY, "作价入股": TransferMode.EQUITY,
    "开发": TransferMode.DEVELOPMENT, "合作开发": TransferMode.DEVELOPMENT, "服务": TransferMode.SERVICE,
    "技术服务": TransferMode.SERVICE, "先": TransferMode.TRIAL_FIRST, "先用后转": TransferMode.TRIAL_FIRST,
}  # fmt: skip
EVIDENCE = {
    "调研报告": ReadinessEvidence.SURVEY_REPORT, "研究方案": ReadinessEvidence.RESEARCH_PLAN,
    "仿真": ReadinessEvidence.MODEL, "仿真模型": ReadinessEvidence.MODEL,
    "实验室测试": ReadinessEvidence.LAB_TEST, "功能测试": ReadinessEvidence.FUNCTION_TEST,
    "性能测试": ReadinessEvidence.PERFORMANCE_TEST, "性能试验": ReadinessEvidence.PERFORMANCE_TEST,
    "功能试验": ReadinessEvidence.FUNCTION_TEST, "现场测试": ReadinessEvidence.FIELD_TEST,
    "产品": ReadinessEvidence.PRODUCT, "首次应用": ReadinessEvidence.FIRST_USE,
    "首次应用证明": ReadinessEvidence.FIRST_USE,
}  # fmt: skip
IP_KINDS = {
    "发明": IPKind.INVENTION, "发明专利": IPKind.INVENTION, "实用新型": IPKind.UTILITY_MODEL,
    "外观": IPKind.DESIGN, "外观设计": IPKind.DESIGN, "软著": IPKind.SOFTWARE, "软件著作权": IPKind.SOFTWARE,
    "技术秘密": IPKind.SECRET, "秘密": IPKind.SECRET, "集成电路布图设计": IPKind.LAYOUT,
    "植物新品种": IPKind.PLANT_VARIETY,
}  # fmt: skip
NEGOTIABLE = {"面议", "议价", "negotiable"}
TRL = tuple(str(level) for level in range(1, 10))


def known_words() -> dict[str, list[str]]:
    """Return {column key: words that are understood in it}, for the columns of which there are few."""
    fields = list(TechnicalField.objects.values_list("name", flat=True))
    return {"field": fields, "trl": list(TRL), "evidence": list(EVIDENCE), "modes": list(MODES)}
