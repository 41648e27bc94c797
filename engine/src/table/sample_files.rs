//! Files for the tests of this chapter, made on the spot.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{DialectRequest, Table, TableError};

/// Writes a file that is gone after the test.
pub(super) fn write(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// Reads bytes as a file of an ending that says nothing.
pub(super) fn read(bytes: &[u8]) -> Result<Table, TableError> {
    read_with(bytes, &DialectRequest::default())
}

pub(super) fn read_with(bytes: &[u8], request: &DialectRequest) -> Result<Table, TableError> {
    let (_folder, path) = write("file.dat", bytes);
    Table::read_with(&path, request)
}

/// Checks columns and cells; a cell is told apart from the next by a bar.
pub(super) fn check(table: &Table, columns: &str, rows: &[&str]) {
    assert_eq!(table.columns.join("|"), columns);
    let cells: Vec<String> = table.rows.iter().map(|row| row.cells.join("|")).collect();
    assert_eq!(cells, rows);
}

/// Checks that an error says all that an error must say: a code, the file and what to do.
pub(super) fn check_error(error: &TableError, code: &str, part: &str) {
    let message = error.to_string();
    assert_eq!(error.code(), code, "{message}");
    assert!(message.contains(part), "{message}");
    assert!(message.contains("file.dat"), "{message}");
    assert!(!message.ends_with('.'), "{message}");
    assert!(error.hint().unwrap().ends_with('.'));
}

pub(super) fn gz_of(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// Makes a workbook of sheets with these rows in XML. Style 1 is a date, style 2 a duration.
pub(super) fn xlsx(sheets: &[(&str, &str)]) -> Vec<u8> {
    let package = format!(
        r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let numbered = || (1..).zip(sheets);
    let listed: String = numbered()
        .map(|(i, (name, _))| format!(r#"<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>"#))
        .collect();
    let workbook = format!(
        r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>"#
    );
    let related: String = numbered()
        .map(|(i, _)| {
            format!(
                r#"<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>"#
            )
        })
        .collect();
    let related = format!(r#"<Relationships xmlns="{PACKAGE}">{related}</Relationships>"#);
    let styles = format!(
        r#"<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="46"/></cellXfs></styleSheet>"#
    );
    let mut files = vec![
        ("_rels/.rels".to_owned(), package),
        ("xl/workbook.xml".to_owned(), workbook),
        ("xl/_rels/workbook.xml.rels".to_owned(), related),
        ("xl/styles.xml".to_owned(), styles),
    ];
    for (i, (_, rows)) in numbered() {
        let sheet =
            format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>"#);
        files.push((format!("xl/worksheets/sheet{i}.xml"), sheet));
    }
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, xml)| (name.as_str(), xml.as_bytes()))
        .collect();
    zip_of(&files)
}

/// Rows of texts in the XML of a sheet; an empty text is no cell.
pub(super) fn text_rows(rows: &[&[&str]]) -> String {
    let mut xml = String::new();
    for (row, cells) in (1..).zip(rows) {
        xml += &format!(r#"<row r="{row}">"#);
        for (column, cell) in ('A'..='Z').zip(*cells) {
            if !cell.is_empty() {
                xml += &format!(r#"<c r="{column}{row}" t="inlineStr"><is><t>{cell}</t></is></c>"#);
            }
        }
        xml += "</row>";
    }
    xml
}

/// Makes an OpenDocument workbook of one sheet with these rows in XML.
pub(super) fn ods(name: &str, rows: &str, manifest: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:document-content><office:body><office:spreadsheet><table:table table:name="{name}">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    zip_of(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("META-INF/manifest.xml", manifest.as_bytes()),
        ("content.xml", content.as_bytes()),
    ])
}

/// Makes a file of old Office programs that holds one stream.
pub(super) fn compound_file(name: &str, stream: &[u8]) -> Vec<u8> {
    const FREE: u32 = 0xFFFF_FFFF;
    const END: u32 = 0xFFFF_FFFE;
    const TABLE: u32 = 0xFFFF_FFFD;
    const SECTOR: usize = 512;
    // A shorter stream would have to lie in sectors of another size.
    let n_sectors = stream.len().max(4096).div_ceil(SECTOR);
    let mut file = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    file.resize(24, 0);
    for half in [0x3E_u16, 3, 0xFFFE, 9, 6, 0, 0, 0] {
        file.extend(half.to_le_bytes());
    }
    // Directory sectors, table sectors, the first directory sector, and no small streams.
    for word in [0, 1, 1, 0, 4096, END, 0, END, 0, 0] {
        file.extend(word.to_le_bytes());
    }
    file.resize(SECTOR, 0xFF);
    let chain = (3..).take(n_sectors - 1).chain([END]);
    for word in [TABLE, END].into_iter().chain(chain) {
        file.extend(word.to_le_bytes());
    }
    file.resize(2 * SECTOR, 0xFF);
    for (entry, kind, start, n_bytes) in [
        ("Root Entry", 5, END, 0),
        (name, 2, 2, (n_sectors * SECTOR) as u32),
    ] {
        let start_of_entry = file.len();
        file.extend(entry.encode_utf16().flat_map(u16::to_le_bytes));
        file.resize(start_of_entry + 64, 0);
        let n_name_bytes = 2 * entry.encode_utf16().count() + 2;
        file.extend((n_name_bytes as u16).to_le_bytes());
        file.extend([kind, 1]);
        for word in [FREE, FREE, if kind == 5 { 1 } else { FREE }] {
            file.extend(word.to_le_bytes());
        }
        file.resize(start_of_entry + 116, 0);
        file.extend(start.to_le_bytes());
        file.extend(n_bytes.to_le_bytes());
        file.resize(start_of_entry + 128, 0);
    }
    file.resize(3 * SECTOR, 0);
    file.extend(stream);
    file.resize((3 + n_sectors) * SECTOR, 0);
    file
}

/// Makes an Excel workbook of the old kind with one sheet of texts.
pub(super) fn xls(sheet: &str, rows: &[&[&str]]) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| {
        let mut bytes = kind.to_le_bytes().to_vec();
        bytes.extend((data.len() as u16).to_le_bytes());
        bytes.extend(data);
        bytes
    };
    let begin = |kind: u8| {
        let mut data = vec![0, 6, kind, 0];
        data.resize(16, 0);
        record(0x0809, &data)
    };
    let end = record(0x000A, &[]);
    let n_bytes_before = 2 * (4 + 16) + 4 + 8 + sheet.len() + 4 - 20;
    let mut about_sheet = (n_bytes_before as u32).to_le_bytes().to_vec();
    about_sheet.extend([0, 0, sheet.len() as u8, 0]);
    about_sheet.extend(sheet.as_bytes());
    let mut stream = [begin(5), record(0x0085, &about_sheet), end.clone()].concat();
    assert_eq!(stream.len(), n_bytes_before);
    stream.extend(begin(0x10));
    for (row, cells) in (0_u16..).zip(rows) {
        for (column, cell) in (0_u16..).zip(*cells) {
            let mut data = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
            data.extend((cell.len() as u16).to_le_bytes());
            data.push(0);
            data.extend(cell.as_bytes());
            stream.extend(record(0x0204, &data));
        }
    }
    stream.extend(end);
    compound_file("Workbook", &stream)
}

/// Makes an Excel workbook of the old kind whose cells only a password opens: behind the first record the one that
/// says so, and then what can't be read.
pub(super) fn protected_xls() -> Vec<u8> {
    let mut stream = 0x0809_u16.to_le_bytes().to_vec();
    stream.extend(16_u16.to_le_bytes());
    stream.extend([0, 6, 5, 0]);
    stream.extend([0; 12]);
    stream.extend(0x002F_u16.to_le_bytes());
    stream.extend(54_u16.to_le_bytes());
    stream.extend([1, 0]);
    stream.extend([0xA5; 52]);
    stream.extend([0xA5; 600]);
    compound_file("Workbook", &stream)
}

/// Makes a folder of text files.
pub(super) fn folder_of(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}
