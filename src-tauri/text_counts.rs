//! How many tokens the texts of a project have, and how many different ones. Counting takes seconds for large files, so
//! each text is counted once per base model, and a change of labels or of the length setting costs nothing.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use embert_engine::dataset::Example;
use embert_engine::edits::Edited;
use embert_engine::tokens::Tokenizer;

use crate::fault::Fault;
use crate::project::TextsKey;

/// The examples of a project and what was counted in them.
#[derive(Debug)]
pub struct CountedTexts {
    /// The examples, after the corrections.
    pub edited: Arc<Edited>,
    /// What was counted in them.
    pub counts: Counts,
}

/// What was counted in some examples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Tokens of each example, special ones included, before anything is cut.
    pub lengths: Vec<usize>,
    /// Tokens of each example that stand for something that the base model doesn't know.
    pub n_unknown: Vec<usize>,
    /// Different tokens in all of them.
    pub n_words: usize,
}

/// What was counted in one example.
#[derive(Debug, Clone, Copy, Default)]
struct TextCount {
    n_tokens: usize,
    n_unknown: usize,
}

/// What was counted of one project's texts for one base model.
#[derive(Debug, Default)]
pub struct TextCounts {
    of: Option<(TextsKey, PathBuf)>,
    /// By line of the person's file.
    by_line: HashMap<u64, TextCount>,
    words: HashSet<u32>,
}

impl TextCounts {
    /// Counts examples that nobody will ask about again.
    ///
    /// # Errors
    /// When the model has no usable tokenizer.
    pub fn once(examples: &[Example], model: &Path) -> Result<Counts, Fault> {
        let mut counts = TextCounts::default();
        counts.add(&examples.iter().collect::<Vec<_>>(), model)?;
        Ok(counts.counts(examples))
    }

    /// Returns what the tokenizer in the folder `model` makes of the examples.
    ///
    /// # Errors
    /// When the model has no usable tokenizer.
    pub fn of(
        &mut self,
        examples: &[Example],
        texts: TextsKey,
        model: &Path,
    ) -> Result<Counts, Fault> {
        let of = (texts, model.to_path_buf());
        if self.of.as_ref() != Some(&of) {
            *self = TextCounts {
                of: Some(of),
                ..TextCounts::default()
            };
        }
        let is_new = |example: &&Example| !self.by_line.contains_key(&example.line);
        let new: Vec<&Example> = examples.iter().filter(is_new).collect();
        if !new.is_empty() {
            self.add(&new, model)?;
        }
        Ok(self.counts(examples))
    }

    fn add(&mut self, examples: &[&Example], model: &Path) -> Result<(), Fault> {
        let texts: Vec<_> = examples
            .iter()
            .map(|example| (example.text.as_str(), example.text_b.as_deref()))
            .collect();
        let counted = Tokenizer::load(model)?.count(&texts)?;
        let counts = counted.lengths.into_iter().zip(counted.n_unknown);
        let counts = counts.map(|(n_tokens, n_unknown)| TextCount {
            n_tokens,
            n_unknown,
        });
        let lines = examples.iter().map(|example| example.line);
        self.by_line.extend(lines.zip(counts));
        self.words.extend(counted.token_ids);
        Ok(())
    }

    fn counts(&self, examples: &[Example]) -> Counts {
        let counts = examples
            .iter()
            .map(|example| self.by_line.get(&example.line).copied().unwrap_or_default());
        let (lengths, n_unknown) = counts
            .map(|count| (count.n_tokens, count.n_unknown))
            .unzip();
        Counts {
            lengths,
            n_unknown,
            n_words: self.words.len(),
        }
    }
}
