//! A sheet of an Excel or OpenDocument workbook → rows.
//!
//! Cells are taken one by one where the format allows it: a sheet that is laid out in full, with one cell far off,
//! would fill any memory. Rows and columns without a single cell are left out; a row keeps the number it has in the
//! sheet.

use std::io::BufReader;
use std::path::Path;

use calamine::{
    Error, Ods, OdsError, Reader, Sheet, SheetType, SheetVisible, Sheets, Xls, XlsError, Xlsb,
    XlsbError, Xlsx, XlsxError,
};

use super::cell_text::text_of;
use super::content::{Content, guarded};
use super::old_workbook::{self, Inside};
use super::records::check_size;
use super::row_fault::RowFault;
use super::{
    CELL_LIMIT, Dialect, DialectRequest, Format, ROW_LIMIT_BYTES, Row, RowPlace, SkippedRow, Table,
    TableError, UNPACKED_LIMIT_BYTES, WorkbookType, archive, header, sheet_repeats, unique_names,
    unreadable,
};

/// Rows on top that may be titles and not names of columns.
const MOST_ROWS_ABOVE: usize = 10;

/// Rows that decide whether there is a header.
const SAMPLE_ROWS: usize = 1000;

type Book = Sheets<BufReader<Content>>;

/// Reads the sheet that was named, or the first that looks like a table.
pub(super) fn read(
    mut content: Content,
    path: &Path,
    file_type: WorkbookType,
    request: &DialectRequest,
) -> Result<Table, TableError> {
    check(&mut content, path, file_type)?;
    guarded(path, kind_of(file_type), || {
        let mut book =
            open(content, file_type).map_err(|fault| workbook_fault(path, file_type, fault))?;
        let names = sheet_names(&book);
        let sheet = match &request.sheet {
            Some(name) => named_sheet(&mut book, path, file_type, &names, name)?,
            None => first_table(&mut book, path, file_type, &names)?,
        };
        let format = Format::Workbook {
            file_type,
            sheet: sheet.name.clone(),
            sheets: names,
        };
        to_table(sheet, path, format, request.has_header)
    })
}

/// Checks what the readers would not survive.
fn check(content: &mut Content, path: &Path, file_type: WorkbookType) -> Result<(), TableError> {
    match file_type {
        WorkbookType::Xlsx | WorkbookType::Xlsb => {
            archive::check_size(content, path, UNPACKED_LIMIT_BYTES)
        }
        WorkbookType::Ods => {
            archive::check_size(content, path, UNPACKED_LIMIT_BYTES)?;
            sheet_repeats::check(content, path, CELL_LIMIT as u64, UNPACKED_LIMIT_BYTES)
        }
        WorkbookType::Xls => check_old(content, path),
    }
}

fn check_old(content: &mut Content, path: &Path) -> Result<(), TableError> {
    let inside = old_workbook::look_inside(content).map_err(unreadable(path))?;
    let path = path.to_owned();
    match inside {
        Inside::Workbook => Ok(()),
        // New workbooks with a password look like old ones from outside.
        Inside::Encrypted => Err(TableError::Encrypted { path }),
        Inside::Other(kind) => Err(TableError::Binary { path, kind }),
        Inside::Damaged => Err(TableError::Damaged {
            path,
            kind: kind_of(WorkbookType::Xls),
            source: "there is no workbook in it".into(),
        }),
    }
}

fn kind_of(file_type: WorkbookType) -> &'static str {
    match file_type {
        WorkbookType::Xlsx | WorkbookType::Xlsb => "an Excel workbook",
        WorkbookType::Xls => "an old Excel or Word file",
        WorkbookType::Ods => "an OpenDocument spreadsheet",
    }
}

fn open(content: Content, file_type: WorkbookType) -> Result<Book, Error> {
    Ok(match file_type {
        WorkbookType::Xlsx => Sheets::Xlsx(Xlsx::new(BufReader::new(content))?),
        WorkbookType::Xlsb => Sheets::Xlsb(Xlsb::new(BufReader::new(content))?),
        WorkbookType::Ods => Sheets::Ods(Ods::new(BufReader::new(content))?),
        WorkbookType::Xls => Sheets::Xls(Xls::new(BufReader::new(content))?),
    })
}

fn workbook_fault(path: &Path, file_type: WorkbookType, fault: Error) -> TableError {
    let path = path.to_owned();
    match fault {
        Error::Xlsx(XlsxError::Password)
        | Error::Xlsb(XlsbError::Password)
        | Error::Xls(XlsError::Password)
        | Error::Ods(OdsError::Password) => TableError::Encrypted { path },
        fault => TableError::Damaged {
            path,
            kind: kind_of(file_type),
            source: fault.to_string().into(),
        },
    }
}

fn is_sheet(sheet: &&Sheet) -> bool {
    sheet.typ == SheetType::WorkSheet
}

fn sheet_names(book: &Book) -> Vec<String> {
    let sheets = book.sheets_metadata().iter().filter(is_sheet);
    sheets.map(|sheet| sheet.name.clone()).collect()
}

/// The cells of a sheet that say something, by row and column from 0.
struct Cells {
    name: String,
    cells: Vec<(u32, u32, String)>,
}

impl Cells {
    /// How much it looks like a table: 2 with two rows of several cells, 1 with two rows, 0 otherwise.
    fn likeness(&self) -> u8 {
        let rows = || self.cells.chunk_by(|a, b| a.0 == b.0);
        if rows().filter(|row| row.len() > 1).nth(1).is_some() {
            2
        } else {
            u8::from(rows().nth(1).is_some())
        }
    }
}

fn named_sheet(
    book: &mut Book,
    path: &Path,
    file_type: WorkbookType,
    names: &[String],
    name: &str,
) -> Result<Cells, TableError> {
    if !names.iter().any(|known| known == name) {
        return Err(TableError::UnknownSheet {
            path: path.to_owned(),
            sheet: name.to_owned(),
            sheets: names.to_vec(),
        });
    }
    let sheet = read_sheet(book, path, file_type, name)?;
    if sheet.cells.is_empty() {
        return Err(TableError::EmptySheet {
            path: path.to_owned(),
            sheet: name.to_owned(),
        });
    }
    Ok(sheet)
}

/// Returns the first sheet that looks like a table. Those that are hidden come last.
fn first_table(
    book: &mut Book,
    path: &Path,
    file_type: WorkbookType,
    names: &[String],
) -> Result<Cells, TableError> {
    let sheets = book.sheets_metadata().iter().filter(is_sheet);
    let (shown, hidden): (Vec<&Sheet>, Vec<&Sheet>) =
        sheets.partition(|sheet| sheet.visible == SheetVisible::Visible);
    let in_order: Vec<String> = shown
        .into_iter()
        .chain(hidden)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut best: Option<(u8, Cells)> = None;
    for name in in_order {
        let sheet = read_sheet(book, path, file_type, &name)?;
        let likeness = sheet.likeness();
        if likeness == 2 {
            return Ok(sheet);
        }
        let is_better = best.as_ref().is_none_or(|(so_far, _)| likeness > *so_far);
        if is_better && !sheet.cells.is_empty() {
            best = Some((likeness, sheet));
        }
    }
    best.map(|(_, sheet)| sheet)
        .ok_or_else(|| TableError::NoSheet {
            path: path.to_owned(),
            n_sheets: names.len(),
        })
}

fn read_sheet(
    book: &mut Book,
    path: &Path,
    file_type: WorkbookType,
    name: &str,
) -> Result<Cells, TableError> {
    let fault = |fault: Error| workbook_fault(path, file_type, fault);
    let mut sheet = Cells {
        name: name.to_owned(),
        cells: Vec::new(),
    };
    // A text that many cells share takes its room in the file once, and in memory each time.
    let mut left_bytes = UNPACKED_LIMIT_BYTES;
    let mut add = |(row, column): (u32, u32), text: String| {
        if text.trim().is_empty() {
            return Ok(());
        }
        left_bytes = left_bytes.checked_sub(text.len() as u64).ok_or_else(|| {
            TableError::UnpackedTooLarge {
                path: path.to_owned(),
            }
        })?;
        sheet.cells.push((row, column, text));
        Ok(())
    };
    match book {
        Sheets::Xlsx(book) => {
            let mut cells = book
                .worksheet_cells_reader(name)
                .map_err(|error| fault(error.into()))?;
            while let Some(cell) = cells.next_cell().map_err(|error| fault(error.into()))? {
                add(cell.get_position(), text_of(cell.get_value()))?;
            }
        }
        Sheets::Xlsb(book) => {
            let mut cells = book
                .worksheet_cells_reader(name)
                .map_err(|error| fault(error.into()))?;
            while let Some(cell) = cells.next_cell().map_err(|error| fault(error.into()))? {
                add(cell.get_position(), text_of(cell.get_value()))?;
            }
        }
        Sheets::Xls(_) | Sheets::Ods(_) => {
            let range = book.worksheet_range(name).map_err(fault)?;
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                add((top + row as u32, left + column as u32), text_of(value))?;
            }
        }
    }
    sheet.cells.sort_by_key(|(row, column, _)| (*row, *column));
    Ok(sheet)
}

fn to_table(
    sheet: Cells,
    path: &Path,
    format: Format,
    wants_header: Option<bool>,
) -> Result<Table, TableError> {
    let mut rows = dense_rows(sheet.cells, path)?;
    let n_above = match wants_header {
        Some(false) => 0,
        Some(true) | None => n_rows_above(&rows),
    };
    let skipped = rows
        .drain(..n_above)
        .map(|row| skipped_row(&row, RowFault::AboveTable));
    let mut skipped: Vec<SkippedRow> = skipped.collect();
    let has_header = wants_header.unwrap_or_else(|| header::is_header(&sample_of(&rows)));
    let has_types = wants_header.is_none() && header::has_types_below(&sample_of(&rows));
    let n_columns = rows.first().map_or(0, |row| row.cells.len());
    let header = if has_header {
        rows.remove(0).cells
    } else {
        vec![String::new(); n_columns]
    };
    if has_types {
        skipped.push(skipped_row(&rows.remove(0), RowFault::TypesRow));
    }
    if rows.is_empty() {
        return Err(TableError::HeaderOnly {
            path: path.to_owned(),
            n_columns,
        });
    }
    Ok(Table {
        columns: unique_names(header),
        rows,
        dialect: Dialect {
            format,
            has_header,
            ..Dialect::default()
        },
        repaired: Vec::new(),
        skipped,
    })
}

fn skipped_row(row: &Row, fault: RowFault) -> SkippedRow {
    SkippedRow {
        line: row.line,
        reason: fault.to_string(),
        faults: vec![fault],
    }
}

/// Lays the cells out. Of a cell that comes twice, the last one counts.
fn dense_rows(cells: Vec<(u32, u32, String)>, path: &Path) -> Result<Vec<Row>, TableError> {
    let mut columns: Vec<u32> = cells.iter().map(|(_, column, _)| *column).collect();
    columns.sort_unstable();
    columns.dedup();
    let n_rows = cells.chunk_by(|a, b| a.0 == b.0).count();
    check_size(path, columns.len(), n_rows, CELL_LIMIT)?;
    let mut rows: Vec<Row> = Vec::with_capacity(n_rows);
    let mut n_bytes = 0;
    for (row, column, text) in cells {
        let line = u64::from(row) + 1;
        if rows.last().is_none_or(|last| last.line != line) {
            n_bytes = 0;
            rows.push(Row {
                line,
                cells: vec![String::new(); columns.len()],
            });
        }
        n_bytes += text.len();
        if n_bytes > ROW_LIMIT_BYTES {
            return Err(TableError::RowTooLong {
                path: path.to_owned(),
                line,
                place: RowPlace::Row,
            });
        }
        if let (Some(last), Ok(position)) = (rows.last_mut(), columns.binary_search(&column)) {
            last.cells[position] = text;
        }
    }
    Ok(rows)
}

/// Counts the rows on top that hold a single cell, such as a title, where the names of several columns follow.
fn n_rows_above(rows: &[Row]) -> usize {
    let n_cells = |row: &Row| row.cells.iter().filter(|cell| !cell.is_empty()).count();
    let above = rows
        .iter()
        .take(MOST_ROWS_ABOVE + 1)
        .position(|row| n_cells(row) > 1);
    above
        .filter(|n_above| header::is_header(&sample_of(&rows[*n_above..])))
        .unwrap_or(0)
}

fn sample_of(rows: &[Row]) -> Vec<Vec<String>> {
    let rows = rows.iter().take(SAMPLE_ROWS);
    rows.map(|row| row.cells.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample_files::{
        check, check_error, compound_file, ods, protected_xls, read, read_with, text_rows, xls,
        xlsx, zip_of,
    };
    use super::*;

    fn sheet_of(table: &Table) -> (&str, &[String]) {
        match &table.dialect.format {
            Format::Workbook { sheet, sheets, .. } => (sheet, sheets),
            other => panic!("{other:?}"),
        }
    }

    fn named(sheet: &str) -> DialectRequest {
        DialectRequest {
            sheet: Some(sheet.to_owned()),
            ..DialectRequest::default()
        }
    }

    const TABLE: &[&[&str]] = &[&["text", "label"], &["one, two", "a"], &["three", "b"]];

    #[test]
    fn every_kind_of_workbook_is_read() {
        let rows: String = TABLE
            .iter()
            .map(|cells| {
                let cells: String = cells
                    .iter()
                    .map(|cell| {
                        format!(r#"<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>"#)
                    })
                    .collect();
                format!("<table:table-row>{cells}</table:table-row>")
            })
            .collect();
        // Real programs fill the sheet up to its last row with nothing.
        let rest = r#"<table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
        for (file_type, bytes) in [
            (WorkbookType::Xlsx, xlsx(&[("S", &text_rows(TABLE))])),
            (WorkbookType::Xls, xls("S", TABLE)),
            (WorkbookType::Ods, ods("S", &(rows + rest), "<m/>")),
        ] {
            let table = read(&bytes).unwrap();
            check(&table, "text|label", &["one, two|a", "three|b"]);
            assert_eq!(table.rows[1].line, 3);
            assert_eq!(
                table.dialect,
                Dialect {
                    format: Format::Workbook {
                        file_type,
                        sheet: "S".to_owned(),
                        sheets: vec!["S".to_owned()],
                    },
                    has_header: true,
                    ..Dialect::default()
                }
            );
        }
    }

    #[test]
    fn cells_read_as_they_look() {
        let rows = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>text</t></is></c><c r="B1" t="inlineStr"><is><t>n</t></is></c><c r="C1" t="inlineStr"><is><t>day</t></is></c><c r="D1" t="inlineStr"><is><t>took</t></is></c></row>
            <row r="2"><c r="A2" t="str"><f>A1</f><v>made &amp; kept</v></c><c r="B2"><v>3</v></c><c r="C2" s="1"><v>45943</v></c><c r="D2" s="2"><v>0.5</v></c></row>
            <row r="3"><c r="A3" t="b"><v>1</v></c><c r="B3"><v>0.30000000000000004</v></c><c r="C3" s="1"><v>45943.25</v></c><c r="D3" t="e"><v>#N/A</v></c></row>"#;
        check(
            &read(&xlsx(&[("S", rows)])).unwrap(),
            "text|n|day|took",
            &[
                "made & kept|3|2025-10-13|12:00:00",
                "TRUE|0.3|2025-10-13T06:00:00|#N/A",
            ],
        );
    }

    #[test]
    fn empty_rows_and_columns_are_left_out_and_a_far_cell_costs_nothing() {
        let rows = r#"<row r="3"><c r="C3" t="inlineStr"><is><t>text</t></is></c><c r="E3" t="inlineStr"><is><t>label</t></is></c></row>
            <row r="4"><c r="C4" t="inlineStr"><is><t>one</t></is></c><c r="D4" t="inlineStr"><is><t> </t></is></c><c r="E4" t="inlineStr"><is><t>a</t></is></c></row>
            <row r="9"><c r="C9" t="inlineStr"><is><t>two</t></is></c></row>
            <row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row>"#;
        let table = read(&xlsx(&[("S", rows)])).unwrap();
        check(&table, "text|label|column 3", &["one|a|", "two||", "||far"]);
        let lines: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [4, 9, 1_048_576]);
    }

    #[test]
    fn the_first_sheet_with_a_table_is_read_or_the_one_that_was_named() {
        let notes = text_rows(&[&["How to use this file"], &["Fill in the second sheet"]]);
        let other = text_rows(&[&["text", "label"], &["four", "d"], &["five", "e"]]);
        let table = text_rows(TABLE);
        let sheets = [
            ("Empty", ""),
            ("Notes", &notes),
            ("Data", &table),
            ("More", &other),
        ];
        let bytes = xlsx(&sheets);
        let first = read(&bytes).unwrap();
        assert_eq!(sheet_of(&first).0, "Data");
        assert_eq!(sheet_of(&first).1, ["Empty", "Notes", "Data", "More"]);
        let more = read_with(&bytes, &named("More")).unwrap();
        check(&more, "text|label", &["four|d", "five|e"]);
        let error = read_with(&bytes, &named("more")).unwrap_err();
        let part = "no sheet \"more\"; its sheets are \"Empty\", \"Notes\", \"Data\", \"More\"";
        check_error(&error, "table.unknownSheet", part);
        let error = read_with(&bytes, &named("Empty")).unwrap_err();
        check_error(&error, "table.emptySheet", "The sheet \"Empty\" of");
        // Texts alone are a table where there is no better one.
        let lists = xlsx(&[("Empty", ""), ("Notes", &notes)]);
        assert_eq!(sheet_of(&read(&lists).unwrap()).0, "Notes");
    }

    #[test]
    fn a_title_above_the_names_is_listed() {
        let rows = [&[&["Survey 2024"][..], &[], &["as of May"]][..], TABLE].concat();
        let bytes = xlsx(&[("S", &text_rows(&rows))]);
        let table = read(&bytes).unwrap();
        check(&table, "text|label", &["one, two|a", "three|b"]);
        let above: Vec<u64> = table.skipped.iter().map(|row| row.line).collect();
        assert_eq!(above, [1, 3]);
        assert_eq!(table.skipped[0].faults, [RowFault::AboveTable]);
        let no_header = DialectRequest {
            has_header: Some(false),
            ..DialectRequest::default()
        };
        let table = read_with(&bytes, &no_header).unwrap();
        assert_eq!(table.columns, ["column 1", "column 2"]);
        assert_eq!(table.rows.len(), 5);
    }

    #[test]
    fn merged_names_are_names() {
        let rows = text_rows(&[
            &["text", "rating", ""],
            &["one", "a", "b"],
            &["two", "c", "d"],
        ]);
        let merged = format!(
            "{rows}</sheetData><mergeCells><mergeCell ref=\"B1:C1\"/></mergeCells><sheetData>"
        );
        check(
            &read(&xlsx(&[("S", &merged)])).unwrap(),
            "text|rating|column 3",
            &["one|a|b", "two|c|d"],
        );
    }

    #[test]
    fn a_workbook_without_rows_says_so() {
        let error = read(&xlsx(&[("A", ""), ("B", "")])).unwrap_err();
        check_error(&error, "table.noSheet", "has 2 sheets, and none has a row");
        let error = read(&xlsx(&[])).unwrap_err();
        check_error(&error, "table.noSheet", "has 0 sheets");
        let error = read(&xlsx(&[("A", "")])).unwrap_err();
        check_error(&error, "table.noSheet", "has 1 sheet, and it has no row");
        let error = read(&xlsx(&[("A", &text_rows(&[&["text", "label"]]))])).unwrap_err();
        check_error(&error, "table.headerOnly", "2 columns, but 0 rows");
    }

    #[test]
    fn a_password_is_told() {
        let error = read(&compound_file("EncryptedPackage", b"secret")).unwrap_err();
        check_error(&error, "table.encrypted", "with a password");
        assert!(error.hint().unwrap().contains("remove the password"));
        let protected = read(&protected_xls()).unwrap_err();
        check_error(&protected, "table.encrypted", "with a password");
        let manifest =
            "<m><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></m>";
        let error = read(&ods("S", "", manifest)).unwrap_err();
        check_error(&error, "table.encrypted", "with a password");
    }

    #[test]
    fn an_old_document_of_another_program_is_told() {
        for (stream, kind) in [
            ("WordDocument", "an old Word document"),
            ("PowerPoint Document", "an old PowerPoint presentation"),
            ("__properties_version1.0", "an Outlook message"),
            ("Something", "an old Office document or an installer"),
        ] {
            let error = read(&compound_file(stream, b"a letter")).unwrap_err();
            check_error(&error, "table.binary", kind);
        }
    }

    #[test]
    fn a_damaged_workbook_is_an_error_and_no_crash() {
        let cut = &xls("S", TABLE)[..2000];
        check_error(
            &read(cut).unwrap_err(),
            "table.damaged",
            "an old Excel or Word file",
        );
        let empty = zip_of(&[("xl/workbook.xml", b"<workbook")]);
        let error = read(&empty).unwrap_err();
        check_error(&error, "table.damaged", "an Excel workbook");
        let sound = xls("S", TABLE);
        let mut random = crate::random::Random::new(3);
        for _ in 0..2000 {
            let mut bytes = sound.clone();
            // The head, the table of sectors, the directory and the beginning of the cells; not the empty rest.
            let place = random.below(3 * 512 + 200);
            bytes[place] = random.below(256) as u8;
            let _ = read(&bytes);
        }
    }

    #[test]
    fn repeats_that_fill_the_memory_are_refused() {
        let cell = r#"<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>"#;
        let row = format!("<table:table-row>{cell}</table:table-row>");
        let error = read(&ods("S", &row.repeat(7000), "<m/>")).unwrap_err();
        check_error(&error, "table.tooManyCells", "at least 16384 columns");
    }

    #[test]
    fn a_row_keeps_its_limit() {
        let long = "x".repeat(ROW_LIMIT_BYTES);
        let rows = text_rows(&[&["text", "label"], &[&long, "a"], &["two", "b"]]);
        let error = read(&xlsx(&[("S", &rows)])).unwrap_err();
        check_error(&error, "table.rowTooLong", "Row 2 of");
    }
}
