//! What must hold whatever the weights are: a saving changes no number, and training does what it says.

use burn::optim::GradientsParams;
use safetensors::tensor::{Dtype, TensorView};

use super::{
    Model, assert_values, difference, encodings, floats, golden, integers_of, named, optimizer,
    tiny_folder,
};
use crate::batch::{BatchLayout, Vocabulary};
use crate::bert::DropoutSource;
use crate::inference::elements_of;
use crate::optimizer::{AdamW, AdamWConfig, StepTaken};
use crate::random::Random;
use crate::tokens::Encoding;

/// The exactness of these is that of f32 sums in another order.
const SAME: f64 = 2e-5;

/// The tiny model and its first batch, for all that follows.
fn tiny() -> (tempfile::TempDir, Vec<Encoding>, Vec<u32>) {
    let golden = golden("tiny.json");
    let batch = &golden["batches"][0];
    (
        tiny_folder(&golden),
        encodings(batch),
        integers_of(&batch["labels"]),
    )
}

fn as_f64(values: &[f32]) -> Vec<f64> {
    values.iter().map(|x| f64::from(*x)).collect()
}

#[test]
fn a_text_has_the_same_logits_alone_and_in_a_batch() {
    let (folder, texts, _) = tiny();
    for layout in [BatchLayout::Packed, BatchLayout::Padded { multiple: 8 }] {
        let model = Model::open(folder.path(), None, layout, 3, None);
        let together = elements_of(model.logits(&texts));
        for (index, text) in texts.iter().enumerate() {
            let alone = elements_of(model.logits(std::slice::from_ref(text)));
            let apart = difference(&together[index * 3..][..3], &as_f64(&alone));
            assert!(
                apart < SAME,
                "text {index} in {layout:?} differs by {apart:.1e}"
            );
        }
    }
}

#[test]
fn computing_cls_alone_in_the_last_layer_changes_nothing() {
    let (folder, texts, _) = tiny();
    let model = Model::open(folder.path(), None, BatchLayout::Packed, 3, None);
    let batch = model.batch(&texts);
    let short = elements_of(
        model
            .network
            .first_vectors(&batch, &mut DropoutSource::none()),
    );
    let all = model.network.hidden_states(&batch).pop().unwrap();
    let long = elements_of(all.select(0, batch.first_rows));
    assert!(difference(&short, &as_f64(&long)) < SAME);
}

#[test]
fn training_the_used_words_alone_gives_the_parameters_of_the_full_table() {
    let (folder, texts, labels) = tiny();
    let trained = |vocabulary| {
        let mut model = Model::open(folder.path(), vocabulary, BatchLayout::Packed, 3, None);
        // Not clipped: the norm of a table with other zeros between its numbers is rounded differently.
        let mut optimizer = AdamW::new(AdamWConfig {
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-6,
            weight_decay: 0.1,
            clip_norm: 1e9,
            head_factor: 1.0,
        });
        for _ in 0..5 {
            model.step(&mut optimizer, &texts, &labels, 1e-3);
        }
        model.parameters()
    };
    let (gathered, full) = (trained(Some(Vocabulary::of(&texts))), trained(None));
    assert_eq!(gathered.len(), full.len());
    for (name, values) in full {
        assert_eq!(gathered[&name], values, "{name}");
    }
}

#[test]
fn the_head_alone_moves_faster() {
    let (folder, texts, labels) = tiny();
    let moved = |head_factor| {
        let mut model = Model::open(folder.path(), None, BatchLayout::Packed, 3, None);
        let config = AdamWConfig {
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-6,
            weight_decay: 0.0,
            clip_norm: 1.0,
            head_factor,
        };
        let before = model.parameters();
        model.step(&mut AdamW::new(config), &texts, &labels, 1e-3);
        (before, model.parameters())
    };
    let ((before, plain), (_, faster)) = (moved(1.0), moved(10.0));
    for (name, values) in &plain {
        if !name.starts_with("classifier") {
            assert_eq!(&faster[name], values, "{name}");
            continue;
        }
        let way = |after: &[f32]| -> Vec<f64> {
            after
                .iter()
                .zip(&before[name])
                .map(|(a, b)| f64::from(a - b))
                .collect()
        };
        let expected: Vec<f64> = way(values).iter().map(|x| x * 10.0).collect();
        let found: Vec<f32> = way(&faster[name]).iter().map(|x| *x as f32).collect();
        assert!(difference(&found, &expected) < 1e-3, "{name}");
    }
}

#[test]
fn weight_decay_spares_biases_norms_and_embeddings() {
    let (folder, texts, labels) = tiny();
    let moved = |weight_decay| {
        let mut model = Model::open(folder.path(), None, BatchLayout::Packed, 3, None);
        let before = model.parameters();
        let mut optimizer = AdamW::new(AdamWConfig {
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-6,
            weight_decay,
            clip_norm: 1.0,
            head_factor: 1.0,
        });
        model.step(&mut optimizer, &texts, &labels, 1e-3);
        (before, model.parameters())
    };
    let ((before, plain), (_, decayed)) = (moved(0.0), moved(0.5));
    for (name, values) in &plain {
        let spared =
            name.contains("bias") || name.contains("LayerNorm") || name.contains("embeddings");
        if spared {
            assert_eq!(&decayed[name], values, "{name}");
            continue;
        }
        let pulled: Vec<f32> = decayed[name]
            .iter()
            .zip(values)
            .map(|(a, b)| a - b)
            .collect();
        let expected: Vec<f64> = before[name]
            .iter()
            .map(|x| f64::from(*x) * -1e-3 * 0.5)
            .collect();
        assert!(difference(&pulled, &expected) < 1e-2, "{name}");
    }
}

#[test]
fn micro_batches_add_up_to_the_gradient_of_the_batch() {
    let (folder, texts, labels) = tiny();
    let model = Model::open(folder.path(), None, BatchLayout::Packed, 3, None);
    let whole = model.named_gradients(model.gradients(&texts, &labels));
    let mut accumulator = burn::optim::GradientsAccumulator::new();
    for (text, label) in texts.iter().zip(&labels) {
        let loss = model.loss(std::slice::from_ref(text), &[*label], 0.0) / texts.len() as f64;
        let gradients = GradientsParams::from_grads(loss.backward(), &model.network);
        accumulator.accumulate(&model.network, gradients);
    }
    let added = model.named_gradients(accumulator.grads());
    for (name, values) in whole {
        let apart = difference(&added[&name], &as_f64(&values));
        assert!(apart < SAME, "{name} differs by {apart:.1e}");
    }
}

#[test]
fn a_step_with_an_infinite_gradient_changes_nothing() {
    let (folder, texts, labels) = tiny();
    let model = Model::open(folder.path(), None, BatchLayout::Packed, 3, None);
    let loss = model.loss(&texts, &labels, 0.0) * f32::INFINITY;
    let gradients = GradientsParams::from_grads(loss.backward(), &model.network);
    let before = model.parameters();
    let mut optimizer = optimizer(&golden("tiny.json")["training"]);
    let (network, taken) = optimizer.step(model.network.clone(), gradients, 1e-3);
    assert_eq!(taken, StepTaken::Skipped);
    assert_eq!(named(&network, &model), before);
}

#[test]
fn an_exported_plain_head_answers_like_the_network() {
    let golden = golden("tiny_plain_head.json");
    let folder = tiny_folder(&golden);
    let texts = encodings(&golden["batches"][0]);
    let model = Model::open(folder.path(), None, BatchLayout::Packed, 3, None);
    let exported = tempfile::tempdir().unwrap();
    std::fs::copy(
        folder.path().join("config.json"),
        exported.path().join("config.json"),
    )
    .unwrap();
    let tensors = model
        .network
        .write(&model.vocabulary, &model.file)
        .unwrap()
        .tensors;
    let bytes: Vec<Vec<u8>> = tensors
        .iter()
        .map(|t| t.elements.iter().flat_map(|x| x.to_le_bytes()).collect())
        .collect();
    let views = tensors.iter().zip(&bytes).map(|(tensor, bytes)| {
        (
            &tensor.name,
            TensorView::new(Dtype::F32, tensor.shape.clone(), bytes).unwrap(),
        )
    });
    safetensors::serialize_to_file(views, None, &exported.path().join("model.safetensors"))
        .unwrap();
    let read_back = Model::open(exported.path(), None, BatchLayout::Packed, 3, None);
    assert_values(
        "logits",
        &elements_of(read_back.logits(&texts)),
        &floats(&golden["step"]["logits"]),
    );
}

#[test]
fn a_tiny_bert_learns_eight_texts_by_heart() {
    let (folder, _, _) = tiny();
    let mut model = Model::open(folder.path(), None, BatchLayout::Packed, 3, None);
    let mut random = Random::new(5);
    let texts: Vec<Encoding> = (0..8)
        .map(|_| {
            let ids: Vec<u32> = (0..4 + random.below(8))
                .map(|_| 5 + random.below(90) as u32)
                .collect();
            Encoding {
                type_ids: vec![0; ids.len()],
                ids,
                n_cut: 0,
            }
        })
        .collect();
    let labels = [0, 1, 2, 0, 1, 2, 0, 1];
    let mut optimizer = AdamW::new(AdamWConfig {
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-6,
        weight_decay: 0.0,
        clip_norm: 1.0,
        head_factor: 1.0,
    });
    for _ in 0..150 {
        model.step(&mut optimizer, &texts, &labels, 3e-3);
    }
    let loss = elements_of(model.loss(&texts, &labels, 0.0))[0];
    assert!(loss < 0.02, "the loss is still {loss}");
}
