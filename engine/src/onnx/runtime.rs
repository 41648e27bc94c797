//! A written file, read again and asked: by another program's code than the one that wrote it.

use std::path::Path;

use rten::{Model, NodeId, Value};

use super::OnnxError;
use crate::tokens::Encoding;

/// Texts that are computed together: enough to have lengths and padding of all kinds beside each other.
const BATCH: usize = 8;

/// A file that was read again.
pub(super) struct OnnxModel {
    file: &'static str,
    model: Model,
    pad_id: u32,
}

impl OnnxModel {
    /// Reads `file` in `folder`.
    pub(super) fn load(folder: &Path, file: &'static str, pad_id: u32) -> Result<Self, OnnxError> {
        let model = Model::load_file(folder.join(file)).map_err(|error| OnnxError::Runtime {
            file,
            reason: error.to_string(),
        })?;
        Ok(Self {
            file,
            model,
            pad_id,
        })
    }

    /// Scores of texts before the softmax or sigmoid, in their order; `progress` hears of each batch, and ends the work
    /// with `false`.
    pub(super) fn logits(
        &self,
        texts: &[Encoding],
        progress: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Vec<Vec<f32>>>, OnnxError> {
        let mut found = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            found.extend(self.batch(batch).map_err(|reason| OnnxError::Runtime {
                file: self.file,
                reason,
            })?);
            if !progress(batch.len()) {
                return Ok(None);
            }
        }
        Ok(Some(found))
    }

    fn batch(&self, texts: &[Encoding]) -> Result<Vec<Vec<f32>>, String> {
        let n_tokens = texts.iter().map(|text| text.ids.len()).max().unwrap_or(0);
        let padded = |of_text: &dyn Fn(&Encoding) -> Vec<u32>, pad: u32| -> Vec<i32> {
            let rows = texts.iter().flat_map(|text| {
                let mut row = of_text(text);
                row.resize(n_tokens, pad);
                row
            });
            rows.map(|id| id as i32).collect()
        };
        let inputs = [
            ("input_ids", padded(&|text| text.ids.clone(), self.pad_id)),
            ("attention_mask", padded(&|text| vec![1; text.ids.len()], 0)),
            ("token_type_ids", padded(&|text| text.type_ids.clone(), 0)),
        ];
        let shape = [texts.len(), n_tokens];
        let mut values = Vec::new();
        for (name, ids) in inputs {
            // A family without types of tokens has no such input.
            if let Some(node) = self.input(name) {
                let value = Value::from_shape(shape, ids).map_err(|error| error.to_string())?;
                values.push((node, value.into()));
            }
        }
        let failed = |error: rten::RunError| error.to_string();
        let output = self.model.node_id("logits").map_err(failed)?;
        let [logits] = self.model.run_n(values, [output], None).map_err(failed)?;
        let ([n_texts, n_labels], logits) = logits
            .into_shape_vec::<f32, 2>()
            .map_err(|error| error.to_string())?;
        if n_texts != texts.len() {
            return Err(format!(
                "{n_texts} rows of scores for {} texts",
                texts.len()
            ));
        }
        Ok(logits
            .chunks(n_labels.max(1))
            .map(<[f32]>::to_vec)
            .collect())
    }

    fn input(&self, name: &str) -> Option<NodeId> {
        let node = self.model.find_node(name)?;
        self.model.input_ids().contains(&node).then_some(node)
    }
}
