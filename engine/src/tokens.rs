//! Text → token ids.
//!
//! Comes in: a text or a pair of texts. Goes out: the token ids that the base model was trained with, `[CLS]` and
//! `[SEP]` included, not padded. A text that is too long loses its middle, and how much it loses is counted.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use tokenizers::{PostProcessor, Token};

/// Turns texts into token ids with the `tokenizer.json` of a model folder.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    pad_id: u32,
    /// A vocabulary of single bytes knows everything and has none.
    unknown_id: Option<u32>,
}

/// The token ids of a text or a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoding {
    /// Token ids with the special tokens, not padded.
    pub ids: Vec<u32>,
    /// 0 for tokens of the first text, 1 for those of the second.
    pub type_ids: Vec<u32>,
    /// Tokens that were cut out of the middle to fit.
    pub n_cut: usize,
}

/// How long texts are, in tokens, before anything is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LengthStats {
    /// Half of the texts are at most this long.
    pub median: usize,
    /// 95 % of the texts are at most this long.
    pub p95: usize,
    /// The longest text.
    pub max: usize,
    /// Texts that were cut.
    pub n_cut: usize,
}

/// Texts whose different tokens are collected by one thread at a time.
const COUNTED_TOGETHER: usize = 512;

/// What is counted in texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenCounts {
    /// Tokens of each text.
    pub lengths: Vec<usize>,
    /// Tokens of each text that stand for something that the vocabulary doesn't have.
    pub n_unknown: Vec<usize>,
    /// The different tokens in all of them.
    pub token_ids: HashSet<u32>,
}

/// Why texts can't be turned into tokens.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum TokensError {
    /// The model folder has no `tokenizer.json`.
    #[error("The model folder {} has no tokenizer.json", folder.display())]
    Missing {
        /// The model folder.
        #[serde(serialize_with = "crate::values::path")]
        folder: PathBuf,
    },
    /// The file is not a tokenizer.
    #[error("The file {} is not a tokenizer that can be read", path.display())]
    Broken {
        /// The `tokenizer.json`.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
        /// What the tokenizer's reader said.
        #[source]
        #[serde(skip)]
        source: tokenizers::Error,
    },
    /// Without a padding token no batch can be made.
    #[error("The tokenizer {} has no padding token", path.display())]
    NoPadToken {
        /// The `tokenizer.json`.
        #[serde(serialize_with = "crate::values::path")]
        path: PathBuf,
    },
    /// The special tokens alone fill the length.
    #[error("The greatest length is {max_length} tokens, but at least {least} are needed")]
    NoRoom {
        /// What was asked for.
        max_length: usize,
        /// The smallest length that leaves room for text.
        least: usize,
    },
    /// The tokenizer refuses a text.
    #[error("A text of {n_bytes} bytes can't be turned into tokens")]
    Text {
        /// Bytes of the text.
        n_bytes: usize,
        /// What the tokenizer said.
        #[source]
        #[serde(skip)]
        source: tokenizers::Error,
    },
}

impl Tokenizer {
    /// Loads `tokenizer.json` from a model folder. Truncation and padding of the file are switched off.
    ///
    /// # Errors
    /// When the file is missing, broken, or has no padding token.
    pub fn load(folder: &Path) -> Result<Tokenizer, TokensError> {
        let path = folder.join("tokenizer.json");
        if !path.is_file() {
            return Err(TokensError::Missing {
                folder: folder.to_owned(),
            });
        }
        let broken = |source| TokensError::Broken {
            path: path.clone(),
            source,
        };
        let mut inner = tokenizers::Tokenizer::from_file(&path).map_err(broken)?;
        let Some(pad_id) = find_pad_id(&inner) else {
            return Err(TokensError::NoPadToken { path });
        };
        inner.with_truncation(None).map_err(broken)?;
        inner.with_padding(None);
        let unknown_id = find_unknown_id(&inner);
        Ok(Tokenizer {
            inner,
            pad_id,
            unknown_id,
        })
    }

    /// Encodes a text or a pair in at most `max_length` tokens.
    ///
    /// A text that is too long keeps the first quarter of the room from its start and fills the rest from its end
    /// (128 + 382 tokens at 512, after Sun et al. 2019, "How to Fine-Tune BERT for Text Classification?").
    /// Of a pair the longer text is cut first, until both are equally long.
    ///
    /// # Errors
    /// When `max_length` leaves no room for text.
    pub fn encode(
        &self,
        text: &str,
        text_b: Option<&str>,
        max_length: usize,
    ) -> Result<Encoding, TokensError> {
        let n_texts = 1 + usize::from(text_b.is_some());
        let n_special = self.n_special(text_b.is_some());
        let least = n_special + n_texts;
        if max_length < least {
            return Err(TokensError::NoRoom { max_length, least });
        }
        let refused = |source| TokensError::Text {
            n_bytes: text.len() + text_b.map_or(0, str::len),
            source,
        };
        let whole = match text_b {
            None => self.inner.encode_fast(text, true),
            Some(text_b) => self.inner.encode_fast((text, text_b), true),
        }
        .map_err(refused)?;
        if whole.len() <= max_length {
            return Ok(Encoding::new(&whole, 0));
        }
        let cut = self
            .encode_cut(text, text_b, max_length - n_special)
            .map_err(refused)?;
        Ok(Encoding::new(&cut, whole.len() - cut.len()))
    }

    /// Counts the tokens of texts, special ones included, before anything is cut; on all processor cores, order kept.
    ///
    /// # Errors
    /// When the tokenizer refuses a text.
    pub fn count(&self, texts: &[(&str, Option<&str>)]) -> Result<TokenCounts, TokensError> {
        let counted: Vec<TokenCounts> = texts
            .par_chunks(COUNTED_TOGETHER)
            .map(|texts| {
                let mut counts = TokenCounts::default();
                for (text, text_b) in texts {
                    let Encoding { ids, .. } = self.encode(text, *text_b, usize::MAX)?;
                    let unknown = ids.iter().filter(|id| Some(**id) == self.unknown_id);
                    counts.n_unknown.push(unknown.count());
                    counts.lengths.push(ids.len());
                    counts.token_ids.extend(ids);
                }
                Ok(counts)
            })
            .collect::<Result<_, TokensError>>()?;
        let mut counts = TokenCounts::default();
        for part in counted {
            counts.lengths.extend(part.lengths);
            counts.n_unknown.extend(part.n_unknown);
            counts.token_ids.extend(part.token_ids);
        }
        Ok(counts)
    }

    /// Encodes many texts on all processor cores; the order is kept.
    ///
    /// # Errors
    /// Those of [`Tokenizer::encode`].
    pub fn encode_all(
        &self,
        texts: &[(&str, Option<&str>)],
        max_length: usize,
    ) -> Result<Vec<Encoding>, TokensError> {
        texts
            .par_iter()
            .map(|(text, text_b)| self.encode(text, *text_b, max_length))
            .collect()
    }

    /// Returns the id that fills short texts in a batch.
    pub fn pad_id(&self) -> u32 {
        self.pad_id
    }

    /// Returns the number of tokens there are, added ones included.
    pub fn vocab_size(&self) -> usize {
        self.inner.get_vocab_size(true)
    }

    fn n_special(&self, is_pair: bool) -> usize {
        self.inner
            .get_post_processor()
            .map_or(0, |processor| processor.added_tokens(is_pair))
    }

    /// Encodes texts that together have more than `room` tokens, special ones not counted.
    fn encode_cut(
        &self,
        text: &str,
        text_b: Option<&str>,
        room: usize,
    ) -> tokenizers::Result<tokenizers::Encoding> {
        let first = self.inner.encode_fast(text, false)?;
        let Some(text_b) = text_b else {
            return self
                .inner
                .post_process(keep_head_and_tail(&first, room), None, true);
        };
        let second = self.inner.encode_fast(text_b, false)?;
        let (room_a, room_b) = share_room(first.len(), second.len(), room);
        self.inner.post_process(
            keep_head_and_tail(&first, room_a),
            Some(keep_head_and_tail(&second, room_b)),
            true,
        )
    }
}

fn find_pad_id(tokenizer: &tokenizers::Tokenizer) -> Option<u32> {
    tokenizer
        .get_padding()
        .map(|padding| padding.pad_id)
        .or_else(|| tokenizer.token_to_id("[PAD]"))
        .or_else(|| tokenizer.token_to_id("<pad>"))
}

fn find_unknown_id(tokenizer: &tokenizers::Tokenizer) -> Option<u32> {
    let id = |token: &str| tokenizer.token_to_id(token);
    id("[UNK]").or_else(|| id("<unk>"))
}

/// Divides `room` tokens between two texts as `longest_first` does: the longer one loses tokens until both are equal.
fn share_room(n_a: usize, n_b: usize, room: usize) -> (usize, usize) {
    let half_a = room.div_ceil(2);
    let half_b = room / 2;
    if n_a <= half_a {
        (n_a, room - n_a)
    } else if n_b <= half_b {
        (room - n_b, n_b)
    } else {
        (half_a, half_b)
    }
}

/// Keeps `room` tokens: the first quarter from the start, the rest from the end.
fn keep_head_and_tail(encoding: &tokenizers::Encoding, room: usize) -> tokenizers::Encoding {
    let n = encoding.len();
    if n <= room {
        return encoding.clone();
    }
    let n_head = room.div_ceil(4);
    let n_tail = room - n_head;
    let tokens = (0..n_head)
        .chain(n - n_tail..n)
        .map(|i| Token {
            id: encoding.get_ids()[i],
            value: encoding.get_tokens()[i].clone(),
            offsets: encoding.get_offsets()[i],
        })
        .collect();
    tokenizers::Encoding::from_tokens(tokens, 0)
}

impl Encoding {
    fn new(encoding: &tokenizers::Encoding, n_cut: usize) -> Encoding {
        Encoding {
            ids: encoding.get_ids().to_vec(),
            type_ids: encoding.get_type_ids().to_vec(),
            n_cut,
        }
    }
}

impl LengthStats {
    /// Measures encodings. All numbers are 0 for an empty list.
    pub fn of(encodings: &[Encoding]) -> LengthStats {
        let mut lengths: Vec<usize> = encodings
            .iter()
            .map(|encoding| encoding.ids.len() + encoding.n_cut)
            .collect();
        lengths.sort_unstable();
        // Nearest rank: the smallest length that at least this share of the texts does not exceed.
        let rank = |percent: usize| {
            let position = (lengths.len() * percent).div_ceil(100);
            lengths
                .get(position.saturating_sub(1))
                .copied()
                .unwrap_or(0)
        };
        LengthStats {
            median: rank(50),
            p95: rank(95),
            max: rank(100),
            n_cut: encodings
                .iter()
                .filter(|encoding| encoding.n_cut > 0)
                .count(),
        }
    }
}

impl TokensError {
    /// Returns the stable name of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            TokensError::Missing { .. } => "tokens.missing",
            TokensError::Broken { .. } => "tokens.broken",
            TokensError::NoPadToken { .. } => "tokens.noPadToken",
            TokensError::NoRoom { .. } => "tokens.noRoom",
            TokensError::Text { .. } => "tokens.text",
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            TokensError::Missing { .. } | TokensError::Broken { .. } | TokensError::NoPadToken { .. } => Some(
                "Get the model again, or choose a model folder with a tokenizer.json as Hugging Face saves it."
                    .to_owned(),
            ),
            TokensError::NoRoom { least, .. } => Some(format!(
                "Choose a greatest length of at least {least}; 128 or 256 suits most texts."
            )),
            TokensError::Text { .. } => None,
        }
    }

    /// Tells whether the person's input is at fault, as opposed to the program or the machine.
    pub fn is_input_fault(&self) -> bool {
        !matches!(self, TokensError::Text { .. })
    }
}
