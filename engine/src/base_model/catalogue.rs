//! The models that Embert knows by name: a data file beside this one, read when somebody first asks.
//!
//! A new model is a new entry in `catalogue.json`; the tests here check every entry. Only models whose
//! `model.safetensors` is known to be on the hub are in it.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::estimate::EncoderShape;

/// A model that Embert knows by name and can download.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CatalogueEntry {
    /// Short name, also the name of its folder.
    pub name: String,
    /// Name on the Hugging Face hub.
    pub repository: String,
    /// Commit on the hub, so that the same name is always the same model; left out = the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Files that are fetched beside `model.safetensors`.
    pub files: Vec<String>,
    /// SHA-256 of `model.safetensors`, in hexadecimal; left out = the hash that the hub gives decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights_sha256: Option<String>,
    /// How it stands among the others, in plain words.
    pub size: Size,
    /// Languages of the texts that it learned from, as ISO 639-1 codes.
    pub languages: Vec<String>,
    /// Licence of the weights, as an SPDX name.
    pub licence: String,
    /// What the model is good for, in a sentence.
    pub about: String,
    /// Sizes of the network, so that time and memory are known before the download.
    pub shape: EncoderShape,
    /// Number of parameters.
    pub n_parameters: usize,
    /// Bytes of all files, to the nearest 100 kB.
    pub download_bytes: u64,
    /// Peak learning rate that suits it.
    pub learning_rate: RecommendedRate,
    /// Who made the model and under which terms; becomes the file `NOTICE`.
    pub notice: String,
}

/// How large a model is, as people choose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Size {
    /// Trains quickly on any computer.
    Fast,
    /// Takes longer and is often better.
    Balanced,
    /// Takes the longest.
    Best,
}

impl Size {
    /// Returns the size of a model with so many parameters, for one that is not in the catalogue.
    #[must_use]
    pub fn of(n_parameters: usize) -> Self {
        match n_parameters {
            0..30_000_000 => Self::Fast,
            30_000_000..200_000_000 => Self::Balanced,
            _ => Self::Best,
        }
    }
}

/// A learning rate and where it is known from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecommendedRate {
    /// Peak learning rate.
    pub value: f64,
    /// Where that is known from.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    starter: String,
    models: Vec<CatalogueEntry>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    serde_json::from_str(include_str!("catalogue.json")).expect("a test reads the file")
});

/// Returns the models that Embert knows by name, the smallest first.
#[must_use]
pub fn catalogue() -> &'static [CatalogueEntry] {
    &CATALOGUE.models
}

/// Returns the model that comes with Embert and that every project begins with.
#[must_use]
pub fn starter() -> &'static CatalogueEntry {
    catalogue_entry(&CATALOGUE.starter).expect("a test looks the starter up")
}

/// Returns the catalogue's entry for a short name or a name on the hub.
#[must_use]
pub fn catalogue_entry(name: &str) -> Option<&'static CatalogueEntry> {
    catalogue().iter().find(|entry| {
        entry.name.eq_ignore_ascii_case(name) || entry.repository.eq_ignore_ascii_case(name)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::recipe::Recipe;

    #[test]
    fn the_starter_is_in_the_catalogue() {
        assert_eq!(starter().name, "minilm-l6");
    }

    #[test]
    fn every_entry_agrees_with_itself() {
        for entry in catalogue() {
            let name = &entry.name;
            assert!(
                name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
                "{name} is no plain folder name"
            );
            assert_eq!(entry.repository.split('/').count(), 2, "{name}");
            let is_hex = |text: &str, length| {
                text.len() == length
                    && text
                        .chars()
                        .all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
            };
            let revision = entry.revision.as_ref();
            assert!(revision.is_none_or(|text| is_hex(text, 40)), "{name}");
            let hash = entry.weights_sha256.as_ref();
            assert!(hash.is_none_or(|text| is_hex(text, 64)), "{name}");
            for file in ["config.json", "tokenizer.json"] {
                assert!(entry.files.iter().any(|own| own == file), "{name}: {file}");
            }
            assert_eq!(entry.shape.n_parameters(), entry.n_parameters, "{name}");
            let weights = entry.n_parameters as u64 * 4;
            assert!(
                (weights..weights + 8_000_000).contains(&entry.download_bytes),
                "{name}: {} bytes for {weights} bytes of weights",
                entry.download_bytes
            );
            assert_eq!(entry.shape.hidden % entry.shape.heads, 0, "{name}");
            assert!(entry.about.ends_with('.'), "{name}");
            assert!(!entry.learning_rate.source.is_empty(), "{name}");
            let recipe = Recipe::for_model(entry.n_parameters, Some(entry.learning_rate.value));
            recipe.validate().unwrap();
            assert!(entry.languages.iter().all(|code| code.len() == 2), "{name}");
            assert_eq!(
                entry.licence, "Apache-2.0",
                "{name}: its text is written beside it"
            );
            assert!(entry.notice.ends_with('\n'), "{name}");
        }
    }

    #[test]
    fn names_are_unique_and_the_smallest_comes_first() {
        let sizes: Vec<u64> = catalogue()
            .iter()
            .map(|entry| entry.shape.layers as u64)
            .collect();
        assert!(sizes.is_sorted(), "{sizes:?}");
        let mut names: Vec<&str> = catalogue()
            .iter()
            .map(|entry| entry.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), catalogue().len());
    }

    #[test]
    fn a_name_on_the_hub_finds_the_entry_too() {
        let entry = catalogue_entry("Google-BERT/bert-base-uncased").unwrap();
        assert_eq!(entry.name, "bert-base-uncased");
        assert_eq!(catalogue_entry("bert-huge"), None);
    }
}
