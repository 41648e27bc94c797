//! The options that say how a file is written, where Embert would detect it.

use clap::Args;
use embert_engine::table::DialectRequest;
use embert_engine::wish::Wish;

/// How the file is written.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "How the file is written")]
pub(crate) struct DialectArguments {
    /// Encoding, such as UTF-8, windows-1252 or UTF-16LE [default: detected].
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// What separates columns: a character, comma, semicolon, tab, pipe, space, or none [default: detected].
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    delimiter: Option<Wish<char>>,
    /// What stands around cells: a character, double, single, or none [default: detected].
    #[arg(long, value_name = "CHARACTER", value_parser = quote)]
    quote: Option<Wish<char>>,
    /// The first row names the columns [default: detected].
    #[arg(long, conflicts_with = "no_header")]
    header: bool,
    /// The first row is a row like the others [default: detected].
    #[arg(long)]
    no_header: bool,
    /// Sheet of a workbook [default: the first that has a table].
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
}

impl DialectArguments {
    /// Returns what was said; the rest is detected.
    pub(crate) fn request(&self) -> DialectRequest {
        DialectRequest {
            encoding: self.encoding.clone(),
            delimiter: self.delimiter.unwrap_or_default(),
            quote: self.quote.unwrap_or_default(),
            has_header: match (self.header, self.no_header) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            },
            sheet: self.sheet.clone(),
        }
    }
}

fn delimiter(value: &str) -> Result<Wish<char>, String> {
    match value {
        "comma" => Ok(Wish::Named(',')),
        "semicolon" => Ok(Wish::Named(';')),
        "tab" | "\\t" => Ok(Wish::Named('\t')),
        "pipe" => Ok(Wish::Named('|')),
        "space" => Ok(Wish::Named(' ')),
        other => mark(other, "comma, semicolon, tab, pipe, space or none"),
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
        assert_eq!(delimiter(";"), Ok(Wish::Named(';')));
        assert_eq!(delimiter("tab"), Ok(Wish::Named('\t')));
        assert_eq!(delimiter("\\t"), Ok(Wish::Named('\t')));
        assert_eq!(delimiter("none"), Ok(Wish::None));
        assert_eq!(quote("single"), Ok(Wish::Named('\'')));
        assert_eq!(quote("none"), Ok(Wish::None));
        for wrong in ["", "::", "semi", "\n"] {
            assert!(delimiter(wrong).is_err(), "{wrong:?}");
        }
    }
}
