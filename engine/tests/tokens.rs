//! Texts become the token ids that the base model was trained with.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod shared;

use std::path::Path;

use embert_engine::tokens::{Encoding, LengthStats, Tokenizer, TokensError};
use serde_json::{Value, json};
use shared::shared;

const WORDS: [&str; 16] = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "e", "f", "good", "un",
    "##believ", "##able", "!",
];

/// A WordPiece tokenizer like that of BERT, over a handful of words, with truncation and padding switched on.
fn write_tiny_tokenizer(folder: &Path) {
    let vocab: serde_json::Map<String, Value> = WORDS
        .iter()
        .enumerate()
        .map(|(id, word)| ((*word).to_owned(), json!(id)))
        .collect();
    let special = |id: usize| {
        json!({"id": id, "content": WORDS[id], "special": true, "single_word": false,
               "lstrip": false, "rstrip": false, "normalized": false})
    };
    let tokenizer = json!({
        "version": "1.0",
        "truncation": {"max_length": 6, "strategy": "LongestFirst", "stride": 0, "direction": "Right"},
        "padding": {"strategy": {"Fixed": 12}, "direction": "Right", "pad_to_multiple_of": null,
                    "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"},
        "added_tokens": [special(0), special(1), special(2), special(3), special(4)],
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                       "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                       {"Sequence": {"id": "A", "type_id": 0}},
                       {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
            "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                     {"Sequence": {"id": "A", "type_id": 0}},
                     {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
                     {"Sequence": {"id": "B", "type_id": 1}},
                     {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
            "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                               "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocab}
    });
    std::fs::write(folder.join("tokenizer.json"), tokenizer.to_string()).unwrap();
}

fn tiny() -> Tokenizer {
    let folder = tempfile::tempdir().unwrap();
    write_tiny_tokenizer(folder.path());
    Tokenizer::load(folder.path()).unwrap()
}

fn words(encoding: &Encoding) -> String {
    encoding
        .ids
        .iter()
        .map(|&id| WORDS[id as usize])
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn unknown_words_are_counted_with_the_lengths() {
    let texts = [
        ("Unbelievable! GOOD, a", None),
        ("很好", Some("good c")),
        ("good", None),
    ];
    let counts = tiny().count(&texts).unwrap();
    assert_eq!(counts.lengths, [9, 7, 3]);
    assert_eq!(counts.n_unknown, [1, 2, 0]);
}

#[test]
fn single_text_gets_special_tokens_and_no_padding() {
    let tokenizer = tiny();
    let encoding = tokenizer.encode("Unbelievable! GOOD, a", None, 64).unwrap();
    assert_eq!(
        words(&encoding),
        "[CLS] un ##believ ##able ! good [UNK] a [SEP]"
    );
    assert_eq!(encoding.type_ids, vec![0; 9]);
    assert_eq!(encoding.n_cut, 0);
    assert_eq!(tokenizer.pad_id(), 0);
    assert_eq!(tokenizer.vocab_size(), WORDS.len());
}

#[test]
fn pair_marks_the_second_text() {
    let encoding = tiny().encode("a b", Some("c"), 64).unwrap();
    assert_eq!(words(&encoding), "[CLS] a b [SEP] c [SEP]");
    assert_eq!(encoding.type_ids, [0, 0, 0, 0, 1, 1]);
}

#[test]
fn empty_text_is_two_special_tokens() {
    assert_eq!(words(&tiny().encode("", None, 64).unwrap()), "[CLS] [SEP]");
}

#[test]
fn long_text_keeps_head_and_tail() {
    let encoding = tiny().encode("a b c d e f", None, 6).unwrap();
    assert_eq!(words(&encoding), "[CLS] a d e f [SEP]");
    assert_eq!(encoding.n_cut, 2);
    let just_fits = tiny().encode("a b c d", None, 6).unwrap();
    assert_eq!((just_fits.ids.len(), just_fits.n_cut), (6, 0));
}

#[test]
fn at_512_tokens_the_head_is_128_and_the_tail_382() {
    let text = format!("{}{}", "a ".repeat(300), "b ".repeat(500));
    let encoding = tiny().encode(&text, None, 512).unwrap();
    assert_eq!(encoding.ids.len(), 512);
    assert_eq!(encoding.n_cut, 800 - 510);
    let count = |id: u32| encoding.ids.iter().filter(|&&other| other == id).count();
    assert_eq!((count(5), count(6)), (128, 382));
}

#[test]
fn of_a_pair_the_longer_text_is_cut_first() {
    let tokenizer = tiny();
    let check = |text: &str, text_b: &str, max_length: usize, expected: &str| {
        let encoding = tokenizer.encode(text, Some(text_b), max_length).unwrap();
        assert_eq!(words(&encoding), expected);
        let n_second = expected
            .rsplit("[SEP]")
            .nth(1)
            .unwrap()
            .split_whitespace()
            .count()
            + 1;
        let n_ones = encoding.type_ids.iter().filter(|&&id| id == 1).count();
        assert_eq!(n_ones, n_second, "type ids of {expected}");
    };
    check("a b c d e f", "a b", 9, "[CLS] a d e f [SEP] a b [SEP]");
    check("a b", "a b c d e f", 9, "[CLS] a b [SEP] a d e f [SEP]");
    check(
        "a b c d e f",
        "a b c d e f",
        10,
        "[CLS] a d e f [SEP] a e f [SEP]",
    );
    check("a b c d e f", "b", 5, "[CLS] a [SEP] b [SEP]");
}

#[test]
fn a_length_without_room_for_text_is_an_error() {
    let error = tiny().encode("a", None, 2).unwrap_err();
    assert_eq!(error.code(), "tokens.noRoom");
    assert_eq!(
        error.to_string(),
        "The greatest length is 2 tokens, but at least 3 are needed"
    );
    assert!(tiny().encode("a", Some("b"), 4).is_err());
}

#[test]
fn many_texts_keep_their_order() {
    let tokenizer = tiny();
    let texts: Vec<String> = (0..1000).map(|i| "a b c ".repeat(i % 7)).collect();
    let pairs: Vec<(&str, Option<&str>)> = texts
        .iter()
        .enumerate()
        .map(|(i, text)| (text.as_str(), (i % 3 == 0).then_some("good")))
        .collect();
    let encodings = tokenizer.encode_all(&pairs, 16).unwrap();
    for ((text, text_b), encoding) in pairs.iter().zip(&encodings) {
        assert_eq!(*encoding, tokenizer.encode(text, *text_b, 16).unwrap());
    }
}

#[test]
fn lengths_count_what_was_cut() {
    let tokenizer = tiny();
    let texts: Vec<String> = (1..=20).map(|n| "a ".repeat(n)).collect();
    let pairs: Vec<(&str, Option<&str>)> = texts.iter().map(|text| (text.as_str(), None)).collect();
    let stats = LengthStats::of(&tokenizer.encode_all(&pairs, 12).unwrap());
    assert_eq!(
        stats,
        LengthStats {
            median: 12,
            p95: 21,
            max: 22,
            n_cut: 10
        }
    );
    assert_eq!(LengthStats::of(&[]).max, 0);
}

#[test]
fn a_folder_without_tokenizer_is_an_error_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let error = Tokenizer::load(folder.path()).unwrap_err();
    assert!(matches!(error, TokensError::Missing { .. }));
    assert!(error.hint().unwrap().contains("tokenizer.json"));
    std::fs::write(folder.path().join("tokenizer.json"), "{}").unwrap();
    let error = Tokenizer::load(folder.path()).unwrap_err();
    assert_eq!(error.code(), "tokens.broken");
}

#[test]
fn starter_model_ids_equal_those_of_transformers() {
    let Some(folder) = shared("models/paraphrase-minilm-l3-v2") else {
        return;
    };
    let tokenizer = Tokenizer::load(&folder).unwrap();
    for name in ["all-minilm-l6-v2", "paraphrase-minilm-l3-v2"] {
        let Some(reference) = shared(&format!("models/reference/{name}.json")) else {
            continue;
        };
        let reference: Value =
            serde_json::from_str(&std::fs::read_to_string(reference).unwrap()).unwrap();
        let texts = reference["texts"].as_array().unwrap();
        for (i, text) in texts.iter().enumerate() {
            let encoding = tokenizer.encode(text.as_str().unwrap(), None, 24).unwrap();
            let mut ids = encoding.ids.clone();
            ids.resize(24, tokenizer.pad_id());
            assert_eq!(json!(ids), reference["input_ids"][i], "{text}");
            let mask: Vec<u32> = (0..24).map(|p| u32::from(p < encoding.ids.len())).collect();
            assert_eq!(json!(mask), reference["attention_mask"][i], "{text}");
        }
    }
}
