//! The notices that licences ask for: who made the parts that an installer carries, and under which terms.
//!
//! They are gathered anew for each bundle from what is really in it, and a licence that an installer may not carry
//! stops the bundle.

mod crates;
mod expression;
mod files;
mod npm;

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use expression::{ALLOWED, Expression};

use crate::failure::{Failure, file_failure};
use crate::place;

/// The name of the notices, also where they are installed.
pub(crate) const FILE: &str = "THIRD-PARTY-NOTICES.txt";
/// The same for the notices of the standard library.
pub(crate) const LIBRARY_FILE: &str = "RUST-STANDARD-LIBRARY.html";

/// Crates that name a file in place of a licence, with what a person read in it.
const READ_BY_HAND: [(&str, &str); 1] = [("cfg_block", "Apache-2.0")];

/// How wide the lists of names become.
const WIDTH: usize = 100;

/// The notices as files.
pub(crate) struct Notices {
    /// Those of crates and packages.
    pub(crate) file: PathBuf,
    /// Those of Rust's standard library, if the compiler brought them.
    pub(crate) library: Option<PathBuf>,
}

/// A crate or a package that an installer carries.
#[derive(Debug)]
struct Part {
    name: String,
    version: String,
    /// What it is, in words.
    kind: &'static str,
    /// As its makers wrote it.
    licence: Option<String>,
    authors: Vec<String>,
    /// Where it can be had.
    origin: String,
    /// Its licence files.
    texts: Vec<String>,
}

/// Writes the notices of what is in the programs and the built screens.
pub(crate) fn write(with_gpu: bool) -> Result<Notices, Failure> {
    let mut parts = crates::linked(with_gpu)?;
    let n_crates = parts.len();
    parts.extend(npm::in_the_screens(&place::ui())?);
    parts.sort_by_cached_key(|part| (part.name.to_lowercase(), part.version.clone()));
    let text = describe(&parts)?;

    let folder = place::target().join("notices");
    fs::create_dir_all(&folder).map_err(|error| file_failure(&folder, &error))?;
    let file = folder.join(FILE);
    fs::write(&file, &text).map_err(|error| file_failure(&file, &error))?;
    println!(
        "Notices of {n_crates} Rust crates and {} npm packages, {} kB: {}.",
        parts.len() - n_crates,
        text.len() / 1000,
        place::shown(&file)
    );
    let library = match crates::of_the_standard_library() {
        Some(page) => {
            let copy = folder.join(LIBRARY_FILE);
            fs::copy(&page, &copy).map_err(|error| file_failure(&page, &error))?;
            Some(copy)
        }
        None => {
            println!("This compiler came without the notices of its standard library.");
            None
        }
    };
    Ok(Notices { file, library })
}

/// Words the notices: first every part, then every text with the parts that it belongs to.
fn describe(parts: &[Part]) -> Result<String, Failure> {
    let mut list = String::new();
    let mut texts = Texts::default();
    for part in parts {
        let (words, expression) = licence_of(part)?;
        for text in &part.texts {
            texts.add(text, part);
        }
        let mut lines = vec![format!("Licence: {words}")];
        if !part.authors.is_empty() {
            lines.push(format!("Authors: {}", part.authors.join(", ")));
        }
        lines.push(format!("Source:  {}", part.origin));
        if !part.texts.iter().any(|text| files::is_whole(text)) {
            lines.push(add_standard_texts(part, &expression, &mut texts));
        }
        // Writing to a string can't fail.
        let _ = writeln!(
            list,
            "\n{} {} ({})\n    {}",
            part.name,
            part.version,
            part.kind,
            lines.join("\n    ")
        );
    }
    Ok(format!(
        "Embert is made with the parts that are listed here. Each belongs to those who made it.\n\
         The texts of their licences follow after the list.\n\
         \n\
         Rust's standard library belongs to the Rust Project Developers; its licence is\n\
         MIT OR Apache-2.0. What it is made of stands in {LIBRARY_FILE}\n\
         beside this file, if the compiler came with that page.\n\
         \n\nPARTS\n{list}\n\nTEXTS\n{}",
        texts.shown()
    ))
}

/// The licence of `part` in words and taken apart, if an installer may carry it.
fn licence_of(part: &Part) -> Result<(&str, Expression), Failure> {
    let label = format!("The {} {} {}", part.kind, part.name, part.version);
    let by_hand = READ_BY_HAND
        .iter()
        .find(|(name, _)| *name == part.name)
        .map(|(_, licence)| *licence);
    let Some(words) = part.licence.as_deref().or(by_hand) else {
        return Err(if part.texts.is_empty() {
            Failure::new(
                format!("{label} has neither a licence nor a licence file"),
                format!(
                    "Nobody may pass it on: replace it, or ask its authors. It comes from {}.",
                    part.origin
                ),
            )
        } else {
            Failure::new(
                format!("{label} does not name its licence, and has only a file with its text"),
                "Read that file, and add the licence to READ_BY_HAND in xtask/src/notices.rs.",
            )
        });
    };
    Expression::parse(words)
        .filter(|expression| expression.choose(&ALLOWED).is_some())
        .map(|expression| (words, expression))
        .ok_or_else(|| {
            Failure::new(
                format!(
                    "{label} has the licence \"{words}\", which is not among those that an installer may carry"
                ),
                "Replace it, or read the licence and add it to ALLOWED in xtask/src/notices/expression.rs.",
            )
        })
}

/// Adds the standard texts for a part that brings no text of its own, and says so.
fn add_standard_texts(part: &Part, expression: &Expression, texts: &mut Texts) -> String {
    let Some(chosen) = expression.choose(&files::WITH_STANDARD_TEXT) else {
        return "Text:    none in its package; look at its source".to_owned();
    };
    for text in chosen
        .iter()
        .filter_map(|licence| files::standard_text(licence))
    {
        texts.add(text, part);
    }
    format!(
        "Text:    none in its package; the standard text of {}",
        chosen.join(" and ")
    )
}

/// Licence texts, each with the parts that it belongs to.
#[derive(Default)]
struct Texts {
    found: Vec<(String, Vec<String>)>,
    /// Places in `found`, by the words of the text.
    places: HashMap<String, usize>,
}

impl Texts {
    /// Adds a text of `part`; one that differs from another in its line breaks alone is the same.
    fn add(&mut self, text: &str, part: &Part) {
        let words: Vec<&str> = text.split_whitespace().collect();
        let found = &mut self.found;
        let place = *self.places.entry(words.join(" ")).or_insert_with(|| {
            found.push((text.trim_end().to_owned(), Vec::new()));
            found.len() - 1
        });
        let owner = format!("{} {}", part.name, part.version);
        if let Some((_, owners)) = self.found.get_mut(place)
            && owners.last() != Some(&owner)
        {
            owners.push(owner);
        }
    }

    fn shown(&self) -> String {
        let (thick, thin) = ("=".repeat(WIDTH), "-".repeat(WIDTH));
        self.found
            .iter()
            .map(|(text, owners)| format!("\n{thick}\n{}\n{thin}\n\n{text}\n", in_lines(owners)))
            .collect()
    }
}

/// The names with commas, in lines of at most `WIDTH` characters where the names allow it.
fn in_lines(names: &[String]) -> String {
    let mut lines = String::new();
    let mut width = 0;
    for (i, name) in names.iter().enumerate() {
        if i > 0 {
            lines.push(',');
            // The comma that follows needs room too.
            if width + name.len() + 3 > WIDTH {
                lines.push('\n');
                width = 0;
            } else {
                lines.push(' ');
                width += 2;
            }
        }
        lines.push_str(name);
        width += name.len();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, licence: Option<&str>, texts: &[&str]) -> Part {
        Part {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            kind: "Rust crate",
            licence: licence.map(str::to_owned),
            authors: vec!["Ada".to_owned()],
            origin: format!("https://example.org/{name}"),
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    fn failure_of(part: Part) -> String {
        describe(&[part]).unwrap_err().to_string()
    }

    #[test]
    fn every_part_is_named_and_a_text_stands_once() {
        let long = "Permission is granted. ".repeat(40);
        let wrapped = long.replace(". ", ".\n");
        let text = describe(&[
            part("first", Some("MIT"), &[&long]),
            part("second", Some("ISC"), &["Copyright Grace", &wrapped]),
        ])
        .unwrap();
        assert!(text.contains("first 1.0.0 (Rust crate)\n    Licence: MIT\n    Authors: Ada\n"));
        assert!(text.contains("Source:  https://example.org/second"));
        assert_eq!(text.matches("Permission is granted.").count(), 40, "{text}");
        assert!(text.contains("\nfirst 1.0.0, second 1.0.0\n---"), "{text}");
        assert!(text.contains("---\n\nCopyright Grace\n"), "{text}");
        assert!(!text.contains("standard text of"), "{text}");
    }

    #[test]
    fn a_part_without_a_text_gets_the_standard_one() {
        let text = describe(&[
            part("bare", Some("Zlib OR MIT"), &[]),
            part("short", Some("Apache-2.0"), &["Copyright Grace"]),
            part("rare", Some("CDLA-Permissive-2.0"), &[]),
        ])
        .unwrap();
        assert!(text.contains("none in its package; the standard text of MIT\n"));
        assert!(text.contains("\nbare 1.0.0\n---"), "{text}");
        assert!(text.contains("the standard text of Apache-2.0\n"));
        assert!(text.contains("Copyright Grace"));
        assert!(text.contains("none in its package; look at its source\n"));
    }

    #[test]
    fn a_licence_that_is_not_allowed_stops_the_bundle_with_its_name() {
        let failure = failure_of(part("copyleft", Some("GPL-3.0-only"), &[]));
        assert!(failure.contains("The Rust crate copyleft 1.0.0"));
        assert!(failure.contains("\"GPL-3.0-only\""), "{failure}");
        assert!(failure.contains("ALLOWED"), "{failure}");
        assert!(failure_of(part("odd", Some("MIT or so"), &[])).contains("\"MIT or so\""));
    }

    #[test]
    fn a_part_without_a_licence_stops_the_bundle() {
        let failure = failure_of(part("nothing", None, &[]));
        assert!(failure.contains("nothing 1.0.0 has neither"), "{failure}");
        let failure = failure_of(part("file", None, &["Copyright Ada"]));
        assert!(failure.contains("READ_BY_HAND"), "{failure}");
        assert!(describe(&[part("cfg_block", None, &["Copyright Ada"])]).is_ok());
    }

    #[test]
    fn long_lists_of_names_are_broken_into_lines() {
        let names: Vec<String> = (0..30).map(|i| format!("crate-number-{i} 1.0.0")).collect();
        let lines = in_lines(&names);
        assert!(lines.lines().count() > 5);
        assert!(lines.lines().all(|line| line.len() <= WIDTH), "{lines}");
        assert_eq!(lines.replace('\n', " "), names.join(", "));
    }
}
