//! The texts of a project, and what is worked out about them once, however often the labels change.

use std::sync::Arc;

use embert_engine::dataset::{Dataset, Mapping};
use embert_engine::edits::{DataEdit, Edited};
use embert_engine::same_text::NearTexts;
use embert_engine::table::DialectRequest;

use super::Project;

/// Which texts a project has, as far as their lengths go: equal keys, equal texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextsKey {
    project: String,
    created_at: String,
    file_version: usize,
    dialect: DialectRequest,
    text: String,
    text_b: Option<String>,
    /// Letters of two characters may be other tokens than those of one.
    is_composed: bool,
}

/// Which texts are nearly the same, and what that depends on: the texts, and the column of the label, since a row without
/// a label is no example.
pub(super) type KnownNear = ((TextsKey, Option<String>), Arc<NearTexts>);

impl Project {
    /// The examples after the corrections, obstacle or not, and what their texts can be known by.
    #[must_use]
    pub fn texts(&self) -> Option<(Arc<Edited>, TextsKey)> {
        let edited = Arc::clone(self.understood.edited.as_ref()?);
        let mapping = self.understood.mapping.as_ref()?;
        Some((edited, self.texts_key(mapping)))
    }

    fn texts_key(&self, mapping: &Mapping) -> TextsKey {
        TextsKey {
            project: self.id.clone(),
            created_at: self.decisions.created_at.clone(),
            file_version: self.decisions.file_version,
            dialect: self.decisions.dialect.clone(),
            text: mapping.text.clone(),
            text_b: mapping.text_b.clone(),
            is_composed: self.decisions.edits.contains(&DataEdit::ComposeTexts),
        }
    }

    /// Which texts of the file are nearly the same; they are looked for once.
    pub(super) fn near_texts(&mut self, dataset: &Dataset, mapping: &Mapping) -> Arc<NearTexts> {
        let key = TextsKey {
            // It makes no text another one.
            is_composed: false,
            ..self.texts_key(mapping)
        };
        let key = (key, mapping.label.clone());
        if let Some((known, near)) = &self.near
            && *known == key
        {
            return Arc::clone(near);
        }
        let near = Arc::new(NearTexts::find(&dataset.examples));
        self.near = Some((key, Arc::clone(&near)));
        near
    }
}
