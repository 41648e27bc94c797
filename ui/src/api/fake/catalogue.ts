/** What is fixed in the fake: devices, base models and the settings of a training. */

import type { BaseModelInfo, DeviceChoice, RecipeField } from "..";

export const DEVICES: DeviceChoice = {
  devices: [
    { id: "cpu", name: "CPU, 8 threads", kind: "cpu", backend: "flex" },
    { id: "gpu0", name: "NVIDIA GeForce RTX 3060", kind: "discreteGpu", backend: "wgpu" },
  ],
  chosen: "gpu0",
  reason: "4.6 times the speed of the CPU in a short test.",
};

export const BASE_MODELS: BaseModelInfo[] = [
  {
    name: "minilm-l6",
    size: "fast",
    about: "Small and quick English model (6 layers, width 384); a good start on a computer without a GPU.",
    nParameters: 22_713_216,
    downloadBytes: 91_600_000,
    installed: true,
    licence: "Apache-2.0",
  },
  {
    name: "minilm-l12",
    size: "balanced",
    about: "Twice as deep and still quick (12 layers, width 384).",
    nParameters: 33_360_000,
    downloadBytes: 133_500_000,
    installed: false,
    licence: "MIT",
  },
  {
    name: "bert-base-uncased",
    size: "best",
    about: "The classic English BERT (12 layers, width 768); the best scores, and it takes its time.",
    nParameters: 109_482_240,
    downloadBytes: 440_500_000,
    installed: false,
    licence: "Apache-2.0",
  },
];

type FieldRow = [name: string, range: string, reason: string, source: string, initial: number | string | null];

const FIELD_ROWS: FieldRow[] = [
  ["epochs", "above 0, at most 1000", "A few passes are enough for a pretrained model; the best checkpoint is kept.", "Devlin et al. 2019", 4],
  ["learningRate", "above 0, at most 0.1", "Small models take larger steps than large ones.", "Devlin et al. 2019; measured on six data sets", 0.0001],
  ["headLearningRateFactor", "1 to 100", "The head is new and has the longest way to go, above all with many labels.", "Howard and Ruder 2018; measured on banking77", 10],
  ["batchSize", "1 to 4096", "Small batches make more steps of the same texts, which helps small data.", "Devlin et al. 2019", 16],
  ["microBatchSize", "1 to 4096", "Left out: the whole batch at once, as long as memory lasts.", "gradient accumulation gives the same gradient", null],
  ["maxLength", "8 to 512", "Most texts are shorter; longer ones lose their middle.", "Sun et al. 2019", 256],
  ["warmupFraction", "0 to 0.9", "A slow start keeps the pretrained weights from being thrown away.", "Devlin et al. 2019; Mosbach et al. 2021", 0.1],
  ["schedule", "linear or cosine", "The rate falls to zero along a line.", "Devlin et al. 2019", "linear"],
  ["weightDecay", "0 to 1", "A light pull to zero on matrices, none on biases, layer norms and embeddings.", "Loshchilov and Hutter 2019", 0.01],
  ["adamBeta1", "0 to below 1", "The usual one.", "Kingma and Ba 2015", 0.9],
  ["adamBeta2", "0 to below 1", "The usual one.", "Kingma and Ba 2015", 0.999],
  ["adamEpsilon", "above 0, at most 0.01", "The one BERT was trained with.", "Devlin et al. 2019", 0.000001],
  ["clipNorm", "above 0", "One unlucky batch can't throw the weights away.", "Pascanu et al. 2013", 1],
  ["dropout", "0 to below 1", "Left out: what the base model was trained with.", "Srivastava et al. 2014", null],
  ["labelSmoothing", "0 to below 1", "Off: scores stay close to probabilities.", "Szegedy et al. 2016", 0],
  ["validationsPerEpoch", "1 to 100", "Often enough to catch the best checkpoint, rarely enough to cost little.", "Dodge et al. 2020", 3],
  ["patience", "1 to 1000", "Two epochs without gain are rarely followed by one.", "Dodge et al. 2020", 6],
  ["bestBy", "macroF1 or loss", "Every label counts the same, however rare it is.", "Sokolova and Lapalme 2009", "macroF1"],
  ["validFraction", "0.01 to 0.5", "Enough texts to tell checkpoints apart, most are left to learn from.", "common practice", 0.1],
  ["testFraction", "0.01 to 0.5", "Enough texts for a narrow interval, most are left to learn from.", "common practice", 0.1],
  ["seed", "a whole number", "The same seed gives the same split, order and result.", "common practice", 42],
  ["minSteps", "0 to 1000000", "Small data needs more epochs: short trainings are unstable.", "Mosbach et al. 2021; Zhang et al. 2021", 400],
];

export const RECIPE_FIELDS: RecipeField[] = FIELD_ROWS.map(([name, range, reason, source, initial]) => {
  return { name, range, reason, source, default: initial };
});
