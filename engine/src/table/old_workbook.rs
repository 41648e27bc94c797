//! Excel workbooks from before 2007: checked before they are read.
//!
//! Their reader lays each sheet out in full, as far as its outermost cells and the size that it declares. In a damaged
//! file these may ask for more memory than there is, and a program that gets none is ended. So the places of all cells
//! are looked at first, within the file system that such a file is.

use super::content::Content;

/// Cells of the largest sheet that these workbooks can have.
const MOST_CELLS: u64 = 65_536 * 256;

const SECTOR_MARK_LIMIT: u32 = 0xFFFF_FFFA;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;

/// The kind of the first entry of a directory.
const ROOT: u8 = 5;

/// What a look inside finds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Inside {
    /// A workbook that can be read.
    Workbook,
    /// Something that only a password opens.
    Encrypted,
    /// No workbook, but this, with its article.
    Other(&'static str),
    /// A workbook, or a file of this kind, that breaks off or leads nowhere.
    Damaged,
}

/// What stands at the top of the documents of other programs, and what to call them.
const OTHERS: [(&str, &str); 3] = [
    ("WordDocument", "an old Word document"),
    ("PowerPoint Document", "an old PowerPoint presentation"),
    ("__properties_version1.0", "an Outlook message"),
];

const UNKNOWN: &str = "an old Office document or an installer";

/// Looks into a file that begins as those of old Office programs do.
pub(super) fn look_inside(content: &mut Content) -> std::io::Result<Inside> {
    let mut bytes = Vec::new();
    std::io::Seek::rewind(content)?;
    std::io::Read::read_to_end(content, &mut bytes)?;
    std::io::Seek::rewind(content)?;
    Ok(inside(&bytes).unwrap_or(Inside::Damaged))
}

fn inside(bytes: &[u8]) -> Option<Inside> {
    let file = CompoundFile::open(bytes)?;
    if file.entry("EncryptedPackage").is_some() {
        return Some(Inside::Encrypted);
    }
    // A document of Word may have a workbook in it, and a workbook a document of Word.
    if let Some((_, kind)) = OTHERS.iter().find(|(name, _)| file.has_on_top(name)) {
        return Some(Inside::Other(kind));
    }
    let Some((start, n_bytes)) = file.entry("Workbook").or_else(|| file.entry("Book")) else {
        return Some(Inside::Other(UNKNOWN));
    };
    let mut stream = file.chain(start)?;
    stream.truncate(n_bytes);
    inside_workbook(&stream)
}

/// A file that holds others, in sectors that are chained by a table.
struct CompoundFile<'a> {
    sectors: Vec<&'a [u8]>,
    /// For each sector the one that follows it.
    next: Vec<u32>,
    directory: Vec<u8>,
}

impl<'a> CompoundFile<'a> {
    fn open(bytes: &'a [u8]) -> Option<CompoundFile<'a>> {
        let sector_bytes = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let sectors: Vec<&[u8]> = bytes.chunks(sector_bytes).skip(1).collect();
        let mut file = CompoundFile {
            sectors,
            next: Vec::new(),
            directory: Vec::new(),
        };
        // The first places of the table stand in the header, the others in sectors of their own.
        let mut places: Vec<u32> = words(bytes.get(76..512)?).collect();
        let mut at = u32_at(bytes, 68)?;
        for _ in 0..file.sectors.len() {
            let Some(sector) = file.sectors.get(at as usize) else {
                break;
            };
            places.extend(words(sector));
            at = places.pop()?;
        }
        for place in places {
            if place < SECTOR_MARK_LIMIT {
                file.next.extend(words(file.sectors.get(place as usize)?));
            }
        }
        file.directory = file.chain(u32_at(bytes, 48)?)?;
        if *file.directory.get(66)? != ROOT {
            return None;
        }
        // The reader follows the chains of small files too, where there are some.
        if u32_at(bytes, 64)? > 0 {
            file.chain(u32_at(&file.directory, 116)?)?;
            file.chain(u32_at(bytes, 60)?)?;
        }
        Some(file)
    }

    /// Returns the bytes of a chain; `None` when it leads out of the file or into itself.
    fn chain(&self, start: u32) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut at = start;
        for _ in 0..=self.sectors.len() {
            if at == END_OF_CHAIN {
                return Some(bytes);
            }
            bytes.extend_from_slice(self.sectors.get(at as usize)?);
            at = *self.next.get(at as usize)?;
        }
        None
    }

    /// Returns the first sector and the bytes of a file in it. Those of less than 4096 bytes lie elsewhere, but no
    /// workbook is so small.
    fn entry(&self, name: &str) -> Option<(u32, usize)> {
        let name = utf16(name);
        let entry = self
            .directory
            .chunks_exact(128)
            .find(|entry| is_called(entry, &name))?;
        let n_bytes = u32_at(entry, 120)? as usize;
        (n_bytes >= 4096).then_some(())?;
        Some((u32_at(entry, 116)?, n_bytes))
    }

    /// Tells whether a file lies at the top, and not within a document in this one.
    fn has_on_top(&self, name: &str) -> bool {
        let name = utf16(name);
        let entries: Vec<&[u8]> = self.directory.chunks_exact(128).collect();
        // Each entry leads to two others beside it; the first one, which is the top itself, to one below it.
        let mut open: Vec<u32> = u32_at(&self.directory, 76).into_iter().collect();
        for _ in 0..entries.len() {
            let Some(entry) = open.pop().and_then(|at| entries.get(at as usize)) else {
                return false;
            };
            if is_called(entry, &name) {
                return true;
            }
            open.extend(words(&entry[68..76]).filter(|at| (*at as usize) < entries.len()));
        }
        false
    }
}

fn utf16(name: &str) -> Vec<u8> {
    name.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn is_called(entry: &[u8], name: &[u8]) -> bool {
    entry[..name.len()].eq_ignore_ascii_case(name) && entry[name.len()..][..2] == [0, 0]
}

/// Tells whether a workbook can be read: none of it is protected, and every sheet is at most as large as a sheet can
/// be. `None` when it breaks off.
fn inside_workbook(stream: &[u8]) -> Option<Inside> {
    for (kind, data) in Records(stream) {
        match kind {
            // A sheet, and where it begins.
            0x0085 => {
                let start = u32_at(data, 0)? as usize;
                if !is_sheet_near(stream.get(start..)?)? {
                    return Some(Inside::Damaged);
                }
            }
            // How it is protected. It stands before the sheets; all records behind it can't be read.
            0x002F if data.iter().any(|byte| *byte != 0) => return Some(Inside::Encrypted),
            0x000A => return Some(Inside::Workbook),
            _ => {}
        }
    }
    None
}

fn is_sheet_near(stream: &[u8]) -> Option<bool> {
    let (mut rows, mut columns) = (Extent::default(), Extent::default());
    for (kind, data) in Records(stream) {
        match kind {
            // The size that the sheet declares: rows and columns from one to before another.
            0x0200 => {
                let (first_row, end_row, first_column, end_column) = if data.len() == 10 {
                    let short = |at| u16_at(data, at).map(u32::from);
                    (short(0)?, short(2)?, short(4)?, short(6)?)
                } else {
                    let short = |at| u16_at(data, at).map(u32::from);
                    (u32_at(data, 0)?, u32_at(data, 4)?, short(8)?, short(10)?)
                };
                if end_row > 0 && end_column > 0 {
                    if first_row >= end_row {
                        return Some(false);
                    }
                    rows.add(first_row);
                    rows.add(end_row - 1);
                    columns.add(if first_column < end_column {
                        first_column
                    } else {
                        0
                    });
                    columns.add(end_column - 1);
                }
            }
            // Cells: formula, several numbers, text, number, logical value.
            0x0006 | 0x00BD | 0x00D6 | 0x00FD | 0x0203..=0x0205 | 0x027E => {
                rows.add(u16_at(data, 0)?.into());
                columns.add(u16_at(data, 2)?.into());
                if kind == 0x00BD {
                    let last_column = u16_at(data, data.len().checked_sub(2)?)?;
                    columns.add(last_column.into());
                }
            }
            _ => {}
        }
    }
    Some(rows.length() * columns.length() <= MOST_CELLS)
}

/// From the first to the last.
#[derive(Default)]
struct Extent(Option<(u32, u32)>);

impl Extent {
    fn add(&mut self, at: u32) {
        let (first, last) = self.0.unwrap_or((at, at));
        self.0 = Some((first.min(at), last.max(at)));
    }

    fn length(&self) -> u64 {
        self.0
            .map_or(0, |(first, last)| u64::from(last - first) + 1)
    }
}

/// Kind and data of each record, up to where the stream breaks off.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<(u16, &'a [u8])> {
        let kind = u16_at(self.0, 0)?;
        let n_bytes = usize::from(u16_at(self.0, 2)?);
        let data = self.0.get(4..4 + n_bytes)?;
        self.0 = &self.0[4 + n_bytes..];
        Some((kind, data))
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    (0..bytes.len() / 4).filter_map(|i| u32_at(bytes, 4 * i))
}

#[cfg(test)]
mod tests {
    use super::super::sample_files::{compound_file, protected_xls, xls};
    use super::*;

    #[test]
    fn only_a_sound_workbook_is_one() {
        let sound = xls("S", &[&["text", "label"], &["one", "a"]]);
        assert_eq!(inside(&sound), Some(Inside::Workbook));
        for length in [0, 100, 512, 1024, 1600, sound.len() - 4000] {
            assert_ne!(inside(&sound[..length]), Some(Inside::Workbook), "{length}");
        }
        let letter = compound_file("WordDocument", b"a letter");
        assert_eq!(inside(&letter), Some(Inside::Other("an old Word document")));
        assert_eq!(
            inside(&letter[..2000]),
            Some(Inside::Other("an old Word document"))
        );
        assert_eq!(inside(&letter[..1000]), None, "without its directory");
        let package = compound_file("EncryptedPackage", b"secret");
        assert_eq!(inside(&package), Some(Inside::Encrypted));
    }

    #[test]
    fn a_password_is_seen_before_the_first_sheet() {
        assert_eq!(inside(&protected_xls()), Some(Inside::Encrypted));
        // Some programs write the record without protecting anything.
        let none = [&[0x2F, 0, 2, 0, 0, 0][..], &[0x0A, 0, 0, 0]].concat();
        assert_eq!(inside_workbook(&none), Some(Inside::Workbook));
    }

    #[test]
    fn a_document_within_a_workbook_makes_it_no_other() {
        let mut file = xls("S", &[&["text"]]);
        // A third entry, to which none at the top leads.
        let name = utf16("WordDocument");
        file[2 * 512 + 2 * 128..][..name.len()].copy_from_slice(&name);
        assert_eq!(inside(&file), Some(Inside::Workbook));
        // Now the workbook leads to it.
        file[2 * 512 + 128 + 68..][..4].copy_from_slice(&2_u32.to_le_bytes());
        assert_eq!(inside(&file), Some(Inside::Other("an old Word document")));
    }

    #[test]
    fn a_chain_that_leads_into_itself_is_left() {
        let mut file = xls("S", &[&["text"]]);
        // The second sector of the stream says that it follows itself.
        file[512 + 4 * 3..][..4].copy_from_slice(&3_u32.to_le_bytes());
        assert_eq!(inside(&file), None);
    }

    #[test]
    fn cells_beyond_a_sheet_are_seen() {
        let record = |kind: u16, data: &[u8]| {
            let mut record = [kind.to_le_bytes(), (data.len() as u16).to_le_bytes()].concat();
            record.extend(data);
            record
        };
        let cell = |row: u16, column: u16| {
            let mut data = [row.to_le_bytes(), column.to_le_bytes()].concat();
            data.resize(14, 0);
            record(0x0203, &data)
        };
        let size = |first_row: u32, end_row: u32, end_column: u16| {
            let mut data = [first_row.to_le_bytes(), end_row.to_le_bytes()].concat();
            data.extend([0, 0]);
            data.extend(end_column.to_le_bytes());
            data.resize(14, 0);
            record(0x0200, &data)
        };
        for (records, is_near) in [
            (vec![cell(0, 0), cell(65_535, 255)], true),
            (vec![cell(0, 0), cell(65_535, 256)], false),
            (vec![cell(65_535, 65_535)], true),
            (vec![size(0, 65_536, 256)], true),
            (vec![size(0, 70_000, 300)], false),
            (vec![size(7, 7, 2)], false),
            (vec![size(0, u32::MAX, 1)], false),
            (vec![size(0, 0, 0)], true),
        ] {
            let stream = records.concat();
            assert_eq!(is_sheet_near(&stream), Some(is_near), "{stream:?}");
        }
        assert_eq!(is_sheet_near(&record(0x0203, &[1])), None);
    }
}
