//! A random BERT of two layers, small enough to train in a test, in the format of the Hugging Face hub.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use safetensors::tensor::{Dtype, TensorView};
use serde_json::json;

const HIDDEN: usize = 32;
const INNER: usize = 64;
const LAYERS: usize = 2;
const POSITIONS: usize = 64;

/// Writes config.json, model.safetensors, tokenizer.json and vocab.txt.
pub(crate) fn write(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let vocabulary = vocabulary();
    let config = json!({
        "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu",
        "vocab_size": vocabulary.len(), "hidden_size": HIDDEN, "intermediate_size": INNER,
        "num_hidden_layers": LAYERS, "num_attention_heads": 4,
        "max_position_embeddings": POSITIONS, "type_vocab_size": 2,
        "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1,
        "initializer_range": 0.02, "layer_norm_eps": 1e-12, "pad_token_id": 0,
        "position_embedding_type": "absolute"
    });
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
    fs::write(folder.join("vocab.txt"), vocabulary.join("\n") + "\n").unwrap();
    fs::write(
        folder.join("tokenizer.json"),
        tokenizer(&vocabulary).to_string(),
    )
    .unwrap();
    fs::write(
        folder.join("tokenizer_config.json"),
        r#"{"do_lower_case":true,"tokenizer_class":"BertTokenizer"}"#,
    )
    .unwrap();
    fs::write(
        folder.join("special_tokens_map.json"),
        r#"{"cls_token":"[CLS]","mask_token":"[MASK]","pad_token":"[PAD]","sep_token":"[SEP]","unk_token":"[UNK]"}"#,
    )
    .unwrap();
    write_weights(folder, vocabulary.len());
}

fn vocabulary() -> Vec<String> {
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map(str::to_owned);
    let letters = ('a'..='z')
        .chain('0'..='9')
        .chain([',', '.', '?', '!', '\'']);
    let pieces = letters
        .clone()
        .filter(|letter| letter.is_alphanumeric())
        .map(|letter| format!("##{letter}"));
    let words = "please refund my money order the app does not start on laptop thank you for quick help number";
    let words = words.split(' ').map(str::to_owned);
    special
        .into_iter()
        .chain(letters.map(String::from))
        .chain(pieces)
        .chain(words)
        .collect()
}

fn tokenizer(vocabulary: &[String]) -> serde_json::Value {
    let ids: BTreeMap<&str, usize> = vocabulary
        .iter()
        .enumerate()
        .map(|(id, token)| (token.as_str(), id))
        .collect();
    let special = |token: &str, id: usize| json!({"id": id, "content": token, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true});
    let added: Vec<_> = vocabulary[..5]
        .iter()
        .enumerate()
        .map(|(id, token)| special(token, id))
        .collect();
    let part = |kind: &str, id: &str, type_id: usize| json!({kind: {"id": id, "type_id": type_id}});
    json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": added,
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [part("SpecialToken", "[CLS]", 0), part("Sequence", "A", 0), part("SpecialToken", "[SEP]", 0)],
            "pair": [
                part("SpecialToken", "[CLS]", 0), part("Sequence", "A", 0), part("SpecialToken", "[SEP]", 0),
                part("Sequence", "B", 1), part("SpecialToken", "[SEP]", 1)
            ],
            "special_tokens": {
                "[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}
            }
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": ids
        }
    })
}

/// Names and shapes as in a checkpoint of `BertModel`.
fn shapes(vocabulary: usize) -> Vec<(String, Vec<usize>)> {
    let mut shapes = vec![
        (
            "embeddings.word_embeddings.weight".to_owned(),
            vec![vocabulary, HIDDEN],
        ),
        (
            "embeddings.position_embeddings.weight".to_owned(),
            vec![POSITIONS, HIDDEN],
        ),
        (
            "embeddings.token_type_embeddings.weight".to_owned(),
            vec![2, HIDDEN],
        ),
    ];
    let mut layer_norm = vec!["embeddings.LayerNorm".to_owned()];
    let mut linear = vec![("pooler.dense".to_owned(), HIDDEN, HIDDEN)];
    for layer in 0..LAYERS {
        let name = format!("encoder.layer.{layer}");
        for part in ["self.query", "self.key", "self.value", "output.dense"] {
            linear.push((format!("{name}.attention.{part}"), HIDDEN, HIDDEN));
        }
        linear.push((format!("{name}.intermediate.dense"), INNER, HIDDEN));
        linear.push((format!("{name}.output.dense"), HIDDEN, INNER));
        layer_norm.push(format!("{name}.attention.output.LayerNorm"));
        layer_norm.push(format!("{name}.output.LayerNorm"));
    }
    for (name, to, from) in linear {
        shapes.push((format!("{name}.weight"), vec![to, from]));
        shapes.push((format!("{name}.bias"), vec![to]));
    }
    for name in layer_norm {
        shapes.push((format!("{name}.weight"), vec![HIDDEN]));
        shapes.push((format!("{name}.bias"), vec![HIDDEN]));
    }
    shapes
}

fn write_weights(folder: &Path, vocabulary: usize) {
    let mut state = 7_u64;
    // A linear congruential generator: numbers that look random and are the same in every run.
    let mut random = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 40) as f32 / (1_u32 << 24) as f32 - 0.5) * 0.2
    };
    let tensors: Vec<(String, Vec<usize>, Vec<u8>)> = shapes(vocabulary)
        .into_iter()
        .map(|(name, shape)| {
            let is_scale = name.ends_with("LayerNorm.weight");
            let n = shape.iter().product();
            let bytes = (0..n)
                .flat_map(|_| (random() + f32::from(u8::from(is_scale))).to_le_bytes())
                .collect();
            (name, shape, bytes)
        })
        .collect();
    let views = tensors.iter().map(|(name, shape, bytes)| {
        (
            name.clone(),
            TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap(),
        )
    });
    safetensors::serialize_to_file(views, None, &folder.join("model.safetensors")).unwrap();
}
