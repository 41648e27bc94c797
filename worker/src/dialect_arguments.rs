//! The options that say how a file is written, where Embert would detect it.

use clap::Args;
use embert_engine::table::{DialectRequest, Runs};
use embert_engine::wish::Wish;

/// How the file is written.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "How the file is written")]
pub(crate) struct DialectArguments {
    /// Encoding, such as UTF-8, windows-1252 or UTF-16LE [default: detected].
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// What separates columns: a character, comma, semicolon, tab, pipe, space, spaces (a run of them separates once), or
    /// none [default: detected].
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    delimiter: Option<Delimiter>,
    /// What stands around cells: a character, double, single, or none [default: detected].
    #[arg(long, value_name = "CHARACTER", value_parser = quote)]
    quote: Option<Wish<char>>,
    /// What makes a letter of the mark behind it: a character, backslash, or none where quotation marks are doubled
    /// [default: detected].
    #[arg(long, value_name = "CHARACTER", value_parser = escape)]
    escape: Option<Wish<char>>,
    /// The first row names the columns [default: detected].
    #[arg(long, conflicts_with_all = ["no_header", "header_row"])]
    header: bool,
    /// The first row is a row like the others [default: detected].
    #[arg(long, conflicts_with = "header_row")]
    no_header: bool,
    /// Line of the file that names the columns, from 1; those above are left out [default: detected].
    #[arg(long, value_name = "LINE", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "skip_lines")]
    header_row: Option<u64>,
    /// How many lines on top are left out [default: detected].
    #[arg(long, value_name = "NUMBER")]
    skip_lines: Option<u64>,
    /// What a line begins with that is no row, such as #, or none [default: detected].
    #[arg(long, value_name = "TEXT", value_parser = comment)]
    comment: Option<Wish<String>>,
    /// Sheet of a workbook [default: the first that has a table].
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
}

/// What separates columns, and what several of them in a row mean where that was said.
type Delimiter = (Wish<char>, Option<Runs>);

impl DialectArguments {
    /// Returns what was said; the rest is detected.
    pub(crate) fn request(&self) -> DialectRequest {
        let (delimiter, runs) = self.delimiter.unwrap_or_default();
        DialectRequest {
            encoding: self.encoding.clone(),
            delimiter,
            runs,
            quote: self.quote.unwrap_or_default(),
            escape: self.escape.unwrap_or_default(),
            has_header: match (self.header, self.no_header) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            },
            header_row: self.header_row,
            skip_lines: self.skip_lines,
            comment: self.comment.clone().unwrap_or_default(),
            sheet: self.sheet.clone(),
        }
    }
}

fn delimiter(value: &str) -> Result<Delimiter, String> {
    let mark = match value {
        "comma" => Wish::Named(','),
        "semicolon" => Wish::Named(';'),
        "tab" | "\\t" => Wish::Named('\t'),
        "pipe" => Wish::Named('|'),
        "space" => return Ok((Wish::Named(' '), Some(Runs::Each))),
        "spaces" => return Ok((Wish::Named(' '), Some(Runs::Any))),
        other => mark(other, "comma, semicolon, tab, pipe, space, spaces or none")?,
    };
    Ok((mark, None))
}

fn escape(value: &str) -> Result<Wish<char>, String> {
    match value {
        "backslash" => Ok(Wish::Named('\\')),
        other => mark(other, "backslash or none"),
    }
}

fn comment(value: &str) -> Result<Wish<String>, String> {
    match value {
        "none" => Ok(Wish::None),
        mark if mark.trim().is_empty() => {
            Err("expected what comments begin with, or none".to_owned())
        }
        mark => Ok(Wish::Named(mark.to_owned())),
    }
}

fn quote(value: &str) -> Result<Wish<char>, String> {
    match value {
        "double" => Ok(Wish::Named('"')),
        "single" => Ok(Wish::Named('\'')),
        other => mark(other, "double, single or none"),
    }
}

fn mark(value: &str, names: &str) -> Result<Wish<char>, String> {
    let mut characters = value.chars();
    match (value, characters.next(), characters.next()) {
        ("none", _, _) => Ok(Wish::None),
        (_, Some('\n' | '\r'), None) => Err("a line break can't be one; it ends a row".to_owned()),
        (_, Some(character), None) => Ok(Wish::Named(character)),
        _ => Err(format!("expected one character, or {names}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_characters_or_names() {
        assert_eq!(delimiter(";"), Ok((Wish::Named(';'), None)));
        assert_eq!(delimiter("tab"), Ok((Wish::Named('\t'), None)));
        assert_eq!(delimiter("\\t"), Ok((Wish::Named('\t'), None)));
        assert_eq!(delimiter("none"), Ok((Wish::None, None)));
        let runs = |runs| Ok((Wish::Named(' '), Some(runs)));
        assert_eq!(delimiter("space"), runs(Runs::Each));
        assert_eq!(delimiter("spaces"), runs(Runs::Any));
        assert_eq!(escape("backslash"), Ok(Wish::Named('\\')));
        assert_eq!(escape("none"), Ok(Wish::None));
        assert_eq!(comment("//"), Ok(Wish::Named("//".to_owned())));
        assert_eq!(comment("none"), Ok(Wish::None));
        assert!(comment(" ").is_err());
        assert_eq!(quote("single"), Ok(Wish::Named('\'')));
        assert_eq!(quote("none"), Ok(Wish::None));
        for wrong in ["", "::", "semi", "\n"] {
            assert!(delimiter(wrong).is_err(), "{wrong:?}");
        }
    }
}
