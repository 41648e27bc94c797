//! BERT with a head that gives every label a score.
//!
//! The head is `transformers`' `BertForSequenceClassification`: `[CLS]` → pooler (linear, tanh) →
//! dropout → linear. A checkpoint without a pooler gets a plain linear head on `[CLS]`.

use burn::module::Module;
use burn::tensor::{Device, Int, Tensor, activation};

use crate::batch::{Batch, Vocabulary};
use crate::bert::{
    BertConfig, DropoutSource, Embeddings, EncoderLayer, Linear, NamedTensors, WeightFile,
    WeightSource, WeightsError, parameter_elements,
};
use crate::kernel::{self, Queries};
use crate::random::Random;

/// Scale of the stand-in pooler of a model without one: see [`BertClassifier::write`].
const STAND_IN_SCALE: f32 = 1.0 / 4096.0;

/// A BERT that sorts texts into labels.
#[derive(Module, Debug)]
pub(crate) struct BertClassifier {
    embeddings: Embeddings,
    layers: Vec<EncoderLayer>,
    pooler: Option<Linear>,
    head: Linear,
    #[module(skip)]
    head_dropout: f64,
}

/// What a classifier is read from.
#[derive(Debug)]
pub(crate) struct ClassifierSource<'a> {
    /// The tensors.
    pub(crate) file: &'a WeightFile,
    /// The sizes.
    pub(crate) config: &'a BertConfig,
    /// Words whose embeddings are needed.
    pub(crate) vocabulary: &'a Vocabulary,
    /// Number of labels.
    pub(crate) n_labels: usize,
}

/// What a head is made of that has not learned yet.
#[derive(Debug)]
pub(crate) struct NewHead<'a> {
    /// Where its weights come from.
    pub(crate) random: &'a mut Random,
    /// One bias per label; all 0 where it is empty.
    pub(crate) bias: Vec<f32>,
}

impl<'a> NewHead<'a> {
    /// A head that begins with no label ahead of the others.
    pub(crate) fn plain(random: &'a mut Random) -> Self {
        Self {
            random,
            bias: Vec::new(),
        }
    }
}

impl BertClassifier {
    /// Reads a trained classifier, or a base model with a head that `new_head` describes.
    pub(crate) fn read(
        source: &ClassifierSource,
        new_head: Option<NewHead>,
        device: &Device,
    ) -> Result<Self, WeightsError> {
        let ClassifierSource {
            file,
            config,
            vocabulary,
            n_labels,
        } = *source;
        let weights = WeightSource::encoder(file, device);
        let hidden = config.hidden_size;
        let pooler = weights.part("pooler").part("dense");
        let layers =
            (0..config.num_hidden_layers).map(|index| EncoderLayer::read(&weights, config, index));
        let head = weights.top().part("classifier");
        Ok(Self {
            embeddings: Embeddings::read(&weights, config, vocabulary)?,
            layers: layers.collect::<Result<_, _>>()?,
            pooler: if pooler.has("weight") {
                Some(Linear::read(&pooler, hidden, hidden)?)
            } else {
                None
            },
            head: match new_head {
                Some(NewHead { random, bias }) => {
                    let new =
                        Linear::new(&head, hidden, n_labels, config.initializer_range, random);
                    if bias.is_empty() {
                        new
                    } else {
                        new.with_bias(bias, &head)
                    }
                }
                None => Linear::read(&head, hidden, n_labels)?,
            },
            head_dropout: config.head_dropout(),
        })
    }

    /// Scores before the softmax.
    ///
    /// # Shapes
    /// result `[batch, labels]`
    pub(crate) fn forward(&self, batch: &Batch, dropout: &mut DropoutSource) -> Tensor<2> {
        self.head_forward(self.first_vectors(batch, dropout), dropout)
    }

    /// Last hidden state of `[CLS]`.
    ///
    /// # Shapes
    /// result `[batch, hidden]`
    pub(crate) fn first_vectors(&self, batch: &Batch, dropout: &mut DropoutSource) -> Tensor<2> {
        let mut x = self.embeddings.forward(batch, dropout);
        let last = self.layers.len().saturating_sub(1);
        for (index, layer) in self.layers.iter().enumerate() {
            let queries = if index == last {
                Queries::First
            } else {
                Queries::All
            };
            x = layer.forward(x, batch, queries, dropout);
        }
        x
    }

    /// What the linear head reads: the pooled `[CLS]`, or `[CLS]` itself without a pooler.
    ///
    /// # Shapes
    /// `[batch, hidden]`, result the same
    pub(crate) fn pooled(&self, first: Tensor<2>) -> Tensor<2> {
        match &self.pooler {
            Some(pooler) => pooler.forward(first).tanh(),
            None => first,
        }
    }

    fn head_forward(&self, first: Tensor<2>, dropout: &mut DropoutSource) -> Tensor<2> {
        let pooled = self.pooled(first);
        self.head
            .forward(kernel::dropout(pooled, dropout.next(self.head_dropout)))
    }

    /// Every tensor under its Hugging Face name, `bert.` prefix included; the embeddings of words that
    /// were not used come from `base`.
    ///
    /// `BertForSequenceClassification` always has a pooler. For a model without one, a stand-in is
    /// written that `tanh` leaves as it is: the identity scaled by 2^-12, undone in the head. At that
    /// size `tanh(x) = x` within `x²/3`, below 1e-6 of the value for activations up to 7.
    pub(crate) fn write(
        &self,
        vocabulary: &Vocabulary,
        base: &WeightFile,
    ) -> Result<NamedTensors, WeightsError> {
        let device = self.head.weight.val().device();
        let base = WeightSource::encoder(base, &device);
        let mut tensors = NamedTensors::default();
        let mut read = Ok(());
        tensors.part("bert", |tensors| {
            read = self.embeddings.write(tensors, vocabulary, &base);
            for (index, layer) in self.layers.iter().enumerate() {
                layer.write(tensors, index);
            }
            tensors.part("pooler.dense", |tensors| match &self.pooler {
                Some(pooler) => pooler.write(tensors),
                None => self.write_stand_in_pooler(tensors),
            });
        });
        read?;
        tensors.part("classifier", |tensors| match &self.pooler {
            Some(_) => self.head.write(tensors),
            None => self.write_scaled_head(tensors),
        });
        Ok(tensors)
    }

    fn write_stand_in_pooler(&self, tensors: &mut NamedTensors) {
        let [_, hidden] = self.head.weight.dims();
        let mut identity = vec![0.0; hidden * hidden];
        for i in 0..hidden {
            identity[i * hidden + i] = STAND_IN_SCALE;
        }
        tensors.push_elements("weight", vec![hidden, hidden], identity);
        tensors.push_elements("bias", vec![hidden], vec![0.0; hidden]);
    }

    fn write_scaled_head(&self, tensors: &mut NamedTensors) {
        let weight = parameter_elements(&self.head.weight)
            .into_iter()
            .map(|x| x / STAND_IN_SCALE);
        tensors.push_elements("weight", self.head.weight.dims().to_vec(), weight.collect());
        tensors.push("bias", &self.head.bias);
    }
}

#[cfg(test)]
impl BertClassifier {
    /// Every hidden state of every layer, the embeddings first: what the forward pass would compute if
    /// somebody read it.
    pub(crate) fn hidden_states(&self, batch: &Batch) -> Vec<Tensor<2>> {
        let mut dropout = DropoutSource::none();
        let mut states = vec![self.embeddings.forward(batch, &mut dropout)];
        for layer in &self.layers {
            let x = states[states.len() - 1].clone();
            states.push(layer.forward(x, batch, Queries::All, &mut dropout));
        }
        states
    }

    /// The same network with another head.
    pub(crate) fn with_head(self, head: Linear) -> Self {
        Self { head, ..self }
    }
}

/// Mean cross-entropy of `logits`, `smoothing` of the probability spread over all labels
/// (Szegedy et al. 2016).
///
/// # Shapes
/// `logits` `[batch, labels]`, `label_ids` `[batch]`, result `[1]`
pub(crate) fn cross_entropy(
    logits: Tensor<2>,
    label_ids: Tensor<1, Int>,
    smoothing: f64,
) -> Tensor<1> {
    let log_probabilities = activation::log_softmax(logits, 1);
    let of_label = log_probabilities
        .clone()
        .gather(1, label_ids.unsqueeze_dim(1))
        .mean();
    if smoothing == 0.0 {
        return -of_label;
    }
    -(of_label * (1.0 - smoothing) + log_probabilities.mean() * smoothing)
}
