/** What is fixed in the fake: devices, base models and the settings of a training. */

import type { BaseModelInfo, DeviceChoice, Measurement, RecipeField } from "..";

export const DEVICES: DeviceChoice = {
  devices: [
    { id: "cpu", name: "CPU, 8 threads", kind: "cpu", backend: "flex" },
    { id: "gpu0", name: "NVIDIA GeForce RTX 3060", kind: "gpu", backend: "wgpu" },
  ],
  chosen: "gpu0",
  reason: "4.6 times the speed of this CPU in a short test.",
  why: { code: "rightGpu", speed: { times: 4.6, seconds: null } },
};

/** What a test training on a device would find. */
export function measurementOf(device: string, measuredAt: number): Measurement {
  const info = DEVICES.devices.find(({ id }) => id === device);
  const examplesPerSecond = device === "cpu" ? 52 : 468;
  return {
    device,
    deviceName: info?.name ?? device,
    backend: info?.backend ?? "",
    model: "minilm-l6",
    nEncoderParameters: 10_646_784,
    nSteps: 9,
    seconds: 2.1,
    tokensPerSecond: examplesPerSecond * 32,
    examplesPerSecond,
    exampleTokens: 32,
    flopsPerSecond: examplesPerSecond * 1.9e9,
    peakMemoryBytes: 412_000_000,
    measuredAt,
    version: "0.0.0-browser",
  };
}

const KNOWN = { inCatalogue: true, languages: ["en"], licence: "Apache-2.0", installed: false, folder: null } as const;

export const BASE_MODELS: BaseModelInfo[] = [
  {
    ...KNOWN,
    name: "minilm-l3",
    repository: "sentence-transformers/paraphrase-MiniLM-L3-v2",
    size: "fast",
    languages: ["en"],
    about: "The quickest English model (3 layers, width 384), for a first try or an old computer.",
    nParameters: 17_389_824,
    downloadBytes: 70_300_000,
    rateSource: "the range for small models in Turc et al. 2019",
  },
  {
    ...KNOWN,
    name: "minilm-l6",
    repository: "sentence-transformers/all-MiniLM-L6-v2",
    size: "fast",
    languages: ["en"],
    about: "Small and quick English model (6 layers, width 384); a good start on a computer without a GPU.",
    nParameters: 22_713_216,
    downloadBytes: 91_600_000,
    installed: true,
    folder: "/opt/embert/models/minilm-l6",
    rateSource: "the range for small models in Turc et al. 2019; measured on six data sets",
  },
  {
    ...KNOWN,
    name: "minilm-l12",
    repository: "sentence-transformers/all-MiniLM-L12-v2",
    size: "balanced",
    languages: ["en"],
    about: "Twice as deep as the starter model and still small (12 layers, width 384).",
    nParameters: 33_360_000,
    downloadBytes: 134_200_000,
    rateSource: "the range for small models in Turc et al. 2019",
  },
  {
    ...KNOWN,
    name: "bert-base-uncased",
    repository: "google-bert/bert-base-uncased",
    size: "balanced",
    languages: ["en"],
    about: "The classic English BERT (12 layers, width 768). Capital letters make no difference to it.",
    nParameters: 109_482_240,
    downloadBytes: 441_200_000,
    rateSource: "Devlin et al. 2019: 2e-5 to 5e-5",
  },
  {
    ...KNOWN,
    name: "bert-large-uncased",
    repository: "google-bert/bert-large-uncased",
    size: "best",
    languages: ["en"],
    about: "The large English BERT (24 layers, width 1024). It wants a graphics card and much memory.",
    nParameters: 335_141_888,
    downloadBytes: 1_345_600_000,
    rateSource: "Devlin et al. 2019: 2e-5 to 5e-5",
  },
];

/** A model that the list does not know, by its name on the hub or its folder. */
export function otherModel(name: string, installed: boolean): BaseModelInfo {
  const isOnHub = /^[\w.-]+\/[\w.-]+$/.test(name);
  return {
    name,
    repository: isOnHub ? name : null,
    inCatalogue: false,
    size: "fast",
    languages: [],
    about: "",
    nParameters: installed ? 4_385_920 : 0,
    downloadBytes: 0,
    installed,
    folder: installed ? name : null,
    licence: "",
    rateSource: null,
  };
}

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
  ["bestBy", "macroF1, microF1 or loss", "Every label counts the same, however rare it is.", "Sokolova and Lapalme 2009", "macroF1"],
  ["validFraction", "0.01 to 0.5", "Enough texts to tell checkpoints apart, most are left to learn from.", "common practice", 0.1],
  ["testFraction", "0.01 to 0.5", "Enough texts for a narrow interval, most are left to learn from.", "common practice", 0.1],
  ["seed", "a whole number", "The same seed gives the same split, order and result.", "common practice", 42],
  ["minSteps", "0 to 1000000", "Small data needs more epochs: short trainings are unstable.", "Mosbach et al. 2021; Zhang et al. 2021", 400],
  ["loss", "crossEntropy or focal", "Scores stay close to probabilities.", "common practice; Lin et al. 2017", "crossEntropy"],
  ["focalGamma", "1 to 5", "Only for the focal loss: the value that its authors found best.", "Lin et al. 2017", 2],
  ["classWeights", "none or balanced", "Weights help rare labels and cost frequent ones; scores are no longer probabilities.", "King and Zeng 2001", "none"],
];

export const RECIPE_FIELDS: RecipeField[] = FIELD_ROWS.map(([name, range, reason, source, initial]) => {
  return { name, range, reason, source, default: initial };
});
