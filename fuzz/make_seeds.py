"""Makes the binary seeds in fuzz/corpus. Needs pyarrow and xlwt; the seeds that are text were written by hand."""

import pathlib
import zipfile

import pyarrow
import pyarrow.parquet
import xlwt

CORPUS = pathlib.Path(__file__).parent / "corpus"


def parquet(name, table, **options):
    pyarrow.parquet.write_table(table, CORPUS / "parquet" / name, store_schema=False, **options)


texts = ["one", "two, too", None, "three"]
plain = pyarrow.table({"text": texts, "label": ["a", "b", "a", "b"]})
parquet("plain.parquet", plain, compression="none", use_dictionary=False)
parquet("packed.parquet", plain, compression="snappy")
parquet("numbers.parquet", pyarrow.table({
    "id": pyarrow.array([1, 2], pyarrow.int64()),
    "score": pyarrow.array([0.5, None], pyarrow.float64()),
    "is_spam": pyarrow.array([True, False]),
    "day": pyarrow.array([19000, 19001], pyarrow.date32()),
}), compression="zstd")
parquet("lists.parquet", pyarrow.table({
    "text": ["one", "two"],
    "labels": [["a", "b"], []],
    "who": [{"name": "A", "age": 1}, {"name": "B", "age": None}],
}), compression="gzip")

book = xlwt.Workbook()
sheet = book.add_sheet("a")
for row, cells in enumerate([["text", "label"], ["one", 1], ["two", 2.5]]):
    for column, cell in enumerate(cells):
        sheet.write(row, column, cell)
book.save(str(CORPUS / "workbook" / "old.xls"))

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*targets):
    inner = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


with zipfile.ZipFile(CORPUS / "workbook" / "shared.xlsx", "w", zipfile.ZIP_STORED) as archive:
    def add(name, content):
        archive.writestr(zipfile.ZipInfo(name), content)

    add("_rels/.rels", relations(("officeDocument", "xl/workbook.xml")))
    add("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>')
    add("xl/_rels/workbook.xml.rels", relations(
        ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")))
    add("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"><si><t>text</t></si><si><t>label</t></si>'
        "<si><r><t>on</t></r><r><t>e</t></r></si></sst>")
    add("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>'
        '<c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>1</v></c></row>'
        "</sheetData></worksheet>")
