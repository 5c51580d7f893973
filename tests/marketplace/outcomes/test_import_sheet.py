"""Reading what institutes send."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from marketplace.outcomes.imports.columns import guess_mapping, is_heading
from marketplace.outcomes.imports.sheet import Sheet, read
from marketplace.outcomes.imports.unreadable import (
    OLE,
    Damaged,
    NoTable,
    NothingInside,
    OldWorkbook,
    Protected,
    SheetTooLarge,
    UnknownEncoding,
    Unreadable,
)

CSV = "技术成熟度等级,成果名称,联系电话\n7,锁体切削工艺,0577\n,,\n8,阀门密封,0577\n"


def xlsx(*lines: list) -> bytes:
    book, buffer = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_reads_csv_in_the_encodings_of_the_trade(encoding):
    assert read(CSV.encode(encoding), is_heading=is_heading) == Sheet(
        headings=["技术成熟度等级", "成果名称", "联系电话"],
        rows=[(2, ["7", "锁体切削工艺", "0577"]), (4, ["8", "阀门密封", "0577"])],
    )


def test_reads_xlsx_below_a_title_line_and_keeps_whole_numbers_whole():
    content = xlsx(["2026 年成果清单", None], ["成果名称", "成熟度"], ["锁体切削工艺", 7.0])

    sheet = read(content, is_heading=is_heading)

    assert sheet.headings == ["成果名称", "成熟度"]
    assert sheet.rows == [(3, ["锁体切削工艺", "7"])]


def test_a_formula_without_a_stored_result_is_no_empty_cell():
    lines = [["成果名称", "成熟度", "简介"], ['=B2&"号"', 7, None], ["=B3", None, None], [None, 8, "=B4"]]

    assert read(xlsx(*lines), is_heading=is_heading).rows == [(2, ['=B2&"号"', "7", ""]), (4, ["", "8", "=B4"])]


def test_a_formula_whose_result_is_the_empty_text_is_an_empty_cell():
    written = io.BytesIO(xlsx(["成果名称", "成熟度"], ["甲", 7], ["乙", '=IF(A3="","",8)']))
    worked_out = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(worked_out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<c r="B3">', b'<c r="B3" t="str">'))

    assert read(worked_out.getvalue(), is_heading=is_heading).rows == [(2, ["甲", "7"]), (3, ["乙", ""])]
    assert read(written.getvalue(), is_heading=is_heading).rows[1][1][1].startswith("=IF")


def test_short_rows_are_filled_and_long_rows_are_cut_to_the_headings():
    sheet = read("成果名称,成熟度\n甲\n乙,7,多余\n".encode(), is_heading=is_heading)

    assert sheet.rows == [(2, ["甲", ""]), (3, ["乙", "7"])]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"PK\x03\x04not really", Unreadable),
        (b"\x00\x01\x02binary", Unreadable),
        (b"\xff\xff\xff,\xff\n1,2\n", UnknownEncoding),
        ("成果名称,成熟度\n".encode(), NothingInside),
        (b"", NoTable),
        ("一份说明，没有表格".encode(), NoTable),
        (b"x" * (10 * 1024 * 1024 + 1), SheetTooLarge),
        (("成果名称,成熟度\n" + "甲,7\n" * 5001).encode(), SheetTooLarge),
    ],
)
def test_refuses_with_a_reason_what_it_cannot_read(content, refusal):
    with pytest.raises(refusal):
        read(content, is_heading=is_heading)


RANDOM = bytes(at * 167 % 251 + 1 for at in range(400))
PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog, /Pages 2 0 R>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (RANDOM, "回传.xlsx"),
        (RANDOM, "回传.csv"),
        (b"\x04" + "乱".encode("gb18030"), "回传.xlsx"),
        (b"no sheet", "回传.xlsx"),
        (b"", "回传.xlsx"),
        (PDF, "回传.pdf"),
        (PDF, "回传.csv"),
        (b"<html>,\n<table>", "回传.XLS"),
    ],
)
def test_what_is_no_table_is_not_said_to_lack_rows(content, name):
    with pytest.raises(Unreadable):
        read(content, is_heading=is_heading, name=name)


@pytest.mark.parametrize("name", ["成果.csv", "成果.TXT", "成果", "成果.xlsx"])
def test_text_with_our_headings_is_read_whatever_its_name(name):
    assert read(CSV.encode(), is_heading=is_heading, name=name).rows[0] == (2, ["7", "锁体切削工艺", "0577"])


def test_a_stray_control_character_does_not_make_a_sheet_unreadable():
    content = CSV.replace("锁体", "锁\x07体") + "9,阀门,0577\n" * 10

    assert read(content.encode(), is_heading=is_heading, name="成果.csv").rows[0][1][1] == "锁\x07体切削工艺"


def test_a_workbook_damaged_on_its_way_is_unreadable():
    content = xlsx(["成果名称", "成熟度"], *(["锁体切削工艺", at] for at in range(50)))
    sheet = content.index(b"xl/worksheets/sheet1.xml") + 60

    with pytest.raises(Unreadable):
        read(content[:sheet] + b"\xff" * 40 + content[sheet + 40 :], is_heading=is_heading, name="成果.xlsx")


def test_maps_other_names_of_a_column_and_takes_the_first_of_two():
    mapping = guess_mapping(["技术成熟度等级", "成果名称*", "名称", "联系电话", "价格 (万元)"])

    assert mapping == ["trl", "title", "", "", "price"]


def test_a_workbook_whose_first_sheet_is_empty_says_where_the_table_is_looked_for():
    book = Workbook()
    book.create_sheet("成果").append(["成果名称"])
    content = io.BytesIO()
    book.save(content)

    with pytest.raises(NoTable, match="第一张工作表"):
        read(content.getvalue(), is_heading=is_heading, name="成果.xlsx")


def locked_with_a_password(content: bytes) -> bytes:
    """Return the bytes of an archive whose parts say that they are encrypted (bit 0 of their flags)."""
    locked = bytearray(content)
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(signature)
        while at >= 0:
            locked[at + place] |= 1
            at = locked.find(signature, at + 4)
    return bytes(locked)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (OLE + bytes(512) + "Root Entry".encode("utf-16-le") + "Workbook".encode("utf-16-le"), OldWorkbook),
        (OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le"), Protected),
        (OLE + bytes(512) + "WordDocument".encode("utf-16-le"), Unreadable),
        (xlsx(["成果名称", "成熟度"], ["甲", 7])[:-200], Damaged),
        (locked_with_a_password(xlsx(["成果名称", "成熟度"], ["甲", 7])), Protected),
    ],
)
def test_says_what_kind_of_file_cannot_be_read(content, refusal):
    with pytest.raises(Unreadable) as refused:
        read(content, is_heading=is_heading)

    assert type(refused.value) is refusal


def test_the_limits_are_written_with_separators():
    with pytest.raises(SheetTooLarge) as refused:
        read(b"x" * (10 * 1024 * 1024 + 1), is_heading=is_heading)

    assert "5,000" in str(refused.value)


def test_what_a_merge_covers_is_marked_and_never_copied():
    book, buffer = Workbook(), io.BytesIO()
    rows = ["甲", 7, "张三"], [None, 8, None], ["丙", 9, None], [None, None, None]
    for line in (["成果名称", "成熟度", "完成人"], *rows):
        book.active.append(line)
    for area in ("A2:A3", "C2:C4", "A5:C6", "B7:C7"):
        book.active.merge_cells(area)
    book.save(buffer)

    assert read(buffer.getvalue(), is_heading=is_heading).rows == [
        (2, ["甲", "7", "张三"]), (3, ["⇡2", "8", "⇡2"]), (4, ["丙", "9", "⇡2"]),
    ]  # fmt: skip


def test_merges_beyond_every_limit_are_no_work():
    written = io.BytesIO(xlsx(["成果名称", "成熟度"], ["甲", 7], [None, 8]))
    merged = io.BytesIO()
    areas = b'<mergeCells><mergeCell ref="A2:XFD1048576"/><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(merged, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</sheetData>", b"</sheetData>" + areas))

    assert read(merged.getvalue(), is_heading=is_heading).rows == [(2, ["甲", "7"]), (3, ["⇡2", "8"])]
