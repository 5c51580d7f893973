"""Invented samples for the components page. The pills name states of the trade with their tones (design.md §6)."""

from datetime import datetime
from typing import Any

WAN = 1_000_000  # fen in 万元

STATES = {
    "成果": [
        ("idle", "草稿"), ("way", "单位审核中"), ("go", "公开"), ("way", "洽谈中"), ("done", "已转化"),
        ("wait", "待重新确认"), ("stop", "已过期"), ("idle", "已撤回"),
    ],
    "场次与拍品": [
        ("idle", "筹备"), ("way", "已公告"), ("wait", "报名中"), ("live", "正在竞价"), ("wait", "已暂停"),
        ("done", "成交"), ("stop", "流拍"), ("idle", "已撤回"),
    ],
    "合同登记": [
        ("idle", "草稿"), ("way", "已提交"), ("wait", "退回补正"), ("way", "复核中"), ("go", "已登记"),
        ("stop", "不予登记"),
    ],
}  # fmt: skip


def everything(now: datetime) -> dict[str, Any]:
    """Return the context of the components page."""
    return {
        "states": STATES,
        "clusters": ["eyewear", "locks", "valves", "footwear", "lasers", "vehicles", "security"],
        "amounts": [None, 0, 88_00, 6 * WAN, 220 * WAN, 8_050_000, 18_6200 * WAN, -480 * WAN],
        **_procedure(now),
        **_search(),
        **_figures(),
    }


def _procedure(now: datetime) -> dict[str, Any]:
    return {
        "steps": [
            {"label": "基本信息", "state": "done"},
            {"label": "价格与方式", "note": "第 2 步，共 3 步", "state": "current"},
            {"label": "核对", "state": ""},
        ],
        "entries": [
            {"title": "重新提交审核", "when": "最晚 5 个工作日内", "phase": "next"},
            {"title": "退回补正", "at": now, "detail": "陈立", "phase": "now"},
            {"title": "提交", "at": now, "detail": "张雯", "phase": ""},
        ],
        "parties": [
            {"role": "需方", "name": "瑞锁智能", "you": True, "acts": True, "text": "答复条款第 3 版",
             "due_text": "剩 2 个工作日", "due_tone": "wait"},
            {"role": "供方", "name": "仙岩数字安防实验室", "text": "等需方答复"},
        ],
        "files": [
            {"kind": "PDF", "name": "型式试验报告", "href": "#files", "size": "2.4 MB", "at": now},
            {"kind": "STEP", "name": "结构模型", "state": "保密", "tone": "idle", "size": "18 MB"},
        ],
        "tabs": [
            {"label": "概况", "href": "#tabs", "current": True},
            {"label": "会谈", "href": "#tabs", "count": 3},
            {"label": "文件", "href": "#tabs", "count": 8},
        ],
        "crumbs": [("首页", "/"), ("成果", "#crumbs")],
        "actions": [{"text": "先用后转", "href": "#act"}, {"text": "表达意向", "kind": "primary", "href": "#act"}],
    }  # fmt: skip


def _search() -> dict[str, Any]:
    return {
        "groups": [
            {"name": "field", "label": "技术领域", "open": True, "options": [
                {"value": "it", "label": "电子信息", "count": 1214, "chosen": True},
                {"value": "bio", "label": "生物医药器械", "count": 0},
            ]},
        ],
        "chosen": [{"label": "电子信息", "remove_href": "?"}],
        "sorts": [{"value": "", "label": "最相关", "chosen": True}, {"value": "-trl", "label": "成熟度"}],
        "exports": [{"label": "XLSX", "href": "#export"}],
        "suggestions": [
            {"label": "成果", "options": [{"text": "低功耗指静脉识别锁用模组", "detail": "仙岩数字安防实验室"}]},
            {"label": "需求", "options": [{"text": "智能锁静态功耗降低", "detail": "50–80 万元"}]},
        ],
        "meta": ["电子信息", "仙岩数字安防实验室", "发明 2　软著 1"],
        "inbox_meta": ["瑞锁智能科技", "匹配强"],
        "price": {"low": 80 * WAN, "high": 180 * WAN},
        "reasons": [
            {"feature": "指标", "share": 0.95, "strength": "强", "sentence": "您要求静态电流 ≤20 µA，成果为 18 µA"},
            {"feature": "预算", "share": 0.3, "strength": "弱", "sentence": "您预算 50–80 万元，低于排他许可价",
             "weak": True},
        ],
    }  # fmt: skip


def _figures() -> dict[str, Any]:
    months = [("1月", 2.91, 2.6, 2.4), ("2月", 1.72, 1.5, 1.9), ("3月", 4.38, 3.9, 3.6), ("4月", 3.87, 3.4, 3.5)]
    counts = [
        ("在库成果与需求", 120),
        ("已接受的对接", 64),
        ("洽谈与试用", 30),
        ("签订合同，含上年结转 14", 42),
        ("完成登记", 0),
    ]
    return {
        "chart": [
            {"label": label, "value": value, "second": second, "previous": previous, "href": "#chart",
             "spoken": f"{label} 登记额 {value} 亿元，看合同"}
            for label, value, second, previous in months
        ],
        "stages": [{"label": label, "count": count, "href": "#stream"} for label, count in counts],
        "verdict_facts": [("持证人", "林晓岚"), ("证书编号", "浙技经 2024-0317"), ("有效期", "至 2027-09-30")],
        "registered": 18_6200 * WAN,
    }  # fmt: skip
