/** The shapes that cross the door. Those of the engine and of the shell are Rust types, serialised in camelCase. */

// --- Engine -----------------------------------------------------------------------------------------------------

/** A fault: `message` is one sentence without a final period, `hint` says what to do. */
export interface ErrorInfo {
  code: string;
  message: string;
  hint: string | null;
  details: string | null;
}

export interface Dialect {
  /** Such as `UTF-8` or `windows-1252`. */
  encoding: string;
  /** What stands between two cells; null when every line is one cell. */
  delimiter: string | null;
  /** What stands around cells; null when every mark is a letter. */
  quote: string | null;
  hasHeader: boolean;
}

/** What the person wants where Embert would guess: null = guess, false = there is none, else this one. */
export type Wish = string | false | null;

/** How the person wants the file to be read; null = as detected. */
export interface DialectRequest {
  encoding: string | null;
  delimiter: Wish;
  quote: Wish;
  hasHeader: boolean | null;
}

/** What the person said about the columns. A text and a label can't be declined. */
export interface MappingRequest {
  text: Wish;
  textB: Wish;
  label: Wish;
  split: Wish;
}

/** The columns of a file that are read to classify it. */
export interface TextColumns {
  text: string;
  textB: string | null;
}

/** A text or a pair of texts. */
export interface TextToClassify {
  text: string;
  textB: string | null;
}

/** What a trained model answers, and to what. */
export interface ModelInfo {
  /** In the order of the scores. */
  labels: string[];
  /** Whether it judges two texts together. */
  pairs: boolean;
}

export type TrainEvent =
  | {
      kind: "started";
      nTrain: number;
      nValid: number;
      nTest: number;
      nSteps: number;
      nEpochs: number;
      nParameters: number;
      nTrainedParameters: number;
      device: string;
      deviceReason: string;
      microBatchSize: number;
    }
  | {
      kind: "step";
      step: number;
      epoch: number;
      loss: number;
      learningRate: number;
      gradientNorm: number | null;
      examplesPerSecond: number;
      secondsLeft: number;
    }
  | {
      kind: "validated";
      step: number;
      epoch: number;
      loss: number;
      accuracy: number;
      macroF1: number;
      isBest: boolean;
    }
  | { kind: "notice"; code: string; message: string }
  /** The training goes on from here; what was told about later steps no longer counts. */
  | { kind: "resumed"; step: number }
  /** The training can be resumed from here. */
  | { kind: "checkpoint"; step: number }
  | { kind: "stoppedEarly"; step: number; reason: string }
  | { kind: "testing"; nTest: number }
  | { kind: "finished"; step: number; seconds: number; bestStep: number; stopped: boolean };

export interface WorkProgress {
  kind: "progress";
  done: number;
  total: number;
}

export interface LabelScore {
  precision: number;
  recall: number;
  f1: number;
  nExamples: number;
  nPredicted: number;
}

export interface Scores {
  nExamples: number;
  accuracy: number;
  macroPrecision: number;
  macroRecall: number;
  macroF1: number;
  weightedPrecision: number;
  weightedRecall: number;
  weightedF1: number;
  perLabel: LabelScore[];
  /** Counts by `[actual][predicted]`. */
  confusion: number[][];
}

export interface Mistake {
  /** Line of the file, from 1. */
  line: number;
  text: string;
  textB: string | null;
  actual: string;
  predicted: string;
  /** 0 to 1. */
  score: number;
}

export interface TrainingFacts {
  baseModel: string | null;
  device: string | null;
  seconds: number | null;
  peakMemoryBytes: number | null;
  bestStep: number | null;
  nSteps: number | null;
}

export interface Report {
  labels: string[];
  scores: Scores;
  /** 95 % interval of the accuracy. */
  accuracyInterval: [number, number];
  majority: { label: string; accuracy: number; macroF1: number };
  loss: number;
  nTrain: number;
  nValid: number;
  nTest: number;
  /** Test texts that were too long and lost their middle. */
  nCut: number;
  training: TrainingFacts | null;
  notes: string[];
  /** Every test text with a wrong answer, the surest first. */
  mistakes: Mistake[];
}

/** The scores of one text: one per label, in the order of `labels`, 0 to 1, summing to 1. */
export interface LabelledText {
  label: string;
  scores: number[];
}

// --- Shell ------------------------------------------------------------------------------------------------------

export interface AppInfo {
  name: string;
  version: string;
  /** Where projects are kept. */
  dataFolder: string;
}

export interface Settings {
  theme: "system" | "light" | "dark";
  language: "system" | "en" | "de";
  /** `auto`, or the id of a device. */
  device: string;
}

export interface DeviceInfo {
  id: string;
  name: string;
  kind: "cpu" | "gpu";
  backend: string;
  /** How fast it was in a test training; left out until it was measured. */
  measurement?: Measurement;
}

/** What a test training of about two seconds found out about a device. */
export interface Measurement {
  device: string;
  deviceName: string;
  backend: string;
  /** Base model whose weights were trained, or what stood in for it. */
  model: string;
  nEncoderParameters: number;
  nSteps: number;
  seconds: number;
  tokensPerSecond: number;
  /** Texts of `exampleTokens` tokens. */
  examplesPerSecond: number;
  exampleTokens: number;
  flopsPerSecond: number;
  peakMemoryBytes: number | null;
  /** Seconds since 1970. */
  measuredAt: number;
  version: string;
  /** What real trainings showed since. */
  runs?: { nRuns: number; flopsPerSecond: number };
}

export interface DeviceChoice {
  devices: DeviceInfo[];
  /** Id of the device that the settings lead to. */
  chosen: string;
  /** Why, a sentence. */
  reason: string;
}

export interface ProjectSummary {
  id: string;
  name: string;
  /** Name of the file it began with. */
  sourceFile: string;
  /** ISO 8601. */
  createdAt: string;
  changedAt: string;
  nExamples: number;
  nLabels: number;
  lastRun: RunSummary | null;
}

/** `interrupted`: the worker or the computer ended in the middle. */
export type RunState = "running" | "finished" | "stopped" | "failed" | "interrupted";

export interface RunSummary {
  id: string;
  /** ISO 8601. */
  startedAt: string;
  state: RunState;
  baseModel: string;
  /** On the test part; null until it was looked at. */
  accuracy: number | null;
  macroF1: number | null;
  nSteps: number | null;
  bestStep: number | null;
  seconds: number | null;
  /** Macro-F1 on the valid part at each check, for a sparkline. */
  validMacroF1: number[];
  /** Why it failed or was interrupted. */
  error: ErrorInfo | null;
  /** Whether there is a model that can be tried and exported. */
  hasModel: boolean;
  /** The step from which an interrupted training can go on, or null. */
  resumeStep: number | null;
}

export type ColumnRole = "text" | "textB" | "label" | "split" | "ignore";

export interface ColumnInfo {
  name: string;
  role: ColumnRole;
  /** Whether the role is Embert's guess. */
  guessed: boolean;
  /** Why it was guessed. */
  reason: ColumnReason | null;
}

/** Why a column was chosen: in English, and by name for every language. */
export type ColumnReason = { message: string } & (
  | { code: "usualName" }
  | { code: "saysParts" }
  | { code: "fewValues"; nValues: number; nRows: number }
  | { code: "longestTexts"; meanWords: number }
);

/** One thing that is wrong with a row. */
export type RowFault =
  | { code: "tooManyCells"; nCells: number; nColumns: number; hasHeader: boolean }
  | { code: "tooFewCells"; nCells: number; nColumns: number; hasHeader: boolean }
  | { code: "emptyCellsDropped"; nCells: number }
  | { code: "strayQuote"; quote: string }
  | { code: "brokenBytes"; encoding: string }
  | { code: "noText"; column: string }
  | { code: "noLabel"; column: string };

/** A row that was repaired or skipped. */
export interface RowNote {
  /** Line of the file, from 1. */
  line: number;
  /** In English. */
  reason: string;
  /** The same by name; empty in projects of older versions. */
  faults: RowFault[];
}

export interface LabelInfo {
  /** The label as it will be trained. */
  label: string;
  nExamples: number;
  /** The labels of the file that it is made of, the first few. */
  sources: string[];
}

export interface LabelSize {
  label: string;
  nExamples: number;
}

/** One step in the person's corrections; they are kept as a list and can be taken back one by one. */
export type DataEdit =
  | { kind: "renameLabel"; from: string; to: string }
  | { kind: "mergeLabels"; labels: string[]; into: string }
  | { kind: "ignoreLabel"; label: string }
  | { kind: "ignoreRareLabels"; fewerThan: number }
  | { kind: "restoreLabel"; label: string }
  | { kind: "dropDuplicates" }
  | { kind: "dropConflicts" };

/** Something odd about the data, by name and with its values. */
export type Matter =
  | { code: "conflicts"; nTexts: number; nRows: number }
  | { code: "duplicates"; nRows: number }
  | { code: "similarLabels"; nGroups: number; labels: string[] }
  | { code: "rareLabel"; nRare: number; nLabels: number; fewest: number; labels: LabelSize[] }
  | { code: "imbalance"; most: LabelSize; least: LabelSize }
  | { code: "cutTexts"; nCut: number; nTexts: number; maxLength: number; longest: number; limit: number };

/** What one click on a finding would do. */
export interface Fix {
  /** In English. */
  label: string;
  edits: DataEdit[];
  /** The setting that would be better, in tokens. */
  maxLength: number | null;
}

export type DataFinding = Matter & {
  /** What, with the number; in English. */
  message: string;
  /** Why it matters; in English. */
  why: string;
  /** Lines of the file, the first few. */
  lines: number[];
  /** What one click would do; null where the person must decide. */
  fix: Fix | null;
};

/** A project whose file was read in another way, and what had to go for that. */
export interface ReadAgain {
  project: Project;
  dropped: { columns: string[]; edits: DataEdit[] };
}

export interface Project {
  id: string;
  name: string;
  sourceFile: string;
  dialect: Dialect;
  /** The dialect if the person had said nothing about it. */
  detected: Dialect;
  dialectRequest: DialectRequest;
  /** Whether the file can be read again in another way; projects of older versions kept no copy of it. */
  canReadAgain: boolean;
  nRows: number;
  columns: ColumnInfo[];
  columnRequest: MappingRequest;
  /** The first of `nRepaired`. */
  repaired: RowNote[];
  nRepaired: number;
  /** The first of `nSkipped`. */
  skipped: RowNote[];
  nSkipped: number;
  /** Rows with a text and a label that is not ignored. */
  nExamples: number;
  /** The most frequent of `nLabels`. */
  labels: LabelInfo[];
  nLabels: number;
  /** The most frequent of `nIgnoredLabels`. */
  ignoredLabels: LabelInfo[];
  nIgnoredLabels: number;
  findings: DataFinding[];
  edits: DataEdit[];
  /** Why training can't start, or null. */
  obstacle: ErrorInfo | null;
  baseModel: string;
  /** Settings that differ from the defaults. */
  recipe: Partial<Record<string, number | string>>;
  /** The newest first. */
  runs: RunSummary[];
}

export interface TableRow {
  line: number;
  cells: string[];
}

export type ModelSize = "fast" | "balanced" | "best";

export interface BaseModelInfo {
  /** What it is asked for by: a name of the list, `owner/model` on the hub, or a folder. */
  name: string;
  /** Name on the Hugging Face hub; null for a model that did not come from there. */
  repository: string | null;
  /** Whether Embert knows it by name. */
  inCatalogue: boolean;
  size: ModelSize;
  /** ISO 639-1 codes. */
  languages: string[];
  /** What it is good for, a sentence; empty when nobody knows. */
  about: string;
  /** 0 until it is known. */
  nParameters: number;
  /** 0 until it is known. */
  downloadBytes: number;
  installed: boolean;
  folder: string | null;
  licence: string;
  /** Where its default learning rate is known from. */
  rateSource: string | null;
}

/** Where models are put. */
export interface ModelPlaces {
  downloadFolder: string;
}

/** How far a download has come. */
export interface DownloadState {
  kind: "download";
  file: string;
  /** Of all files. */
  doneBytes: number;
  /** 0 until it is known. */
  totalBytes: number;
  bytesPerSecond: number;
  secondsLeft: number | null;
}

/** One setting of the recipe. */
export interface RecipeField {
  name: string;
  /** What is possible, in words. */
  range: string;
  /** Why the default is what it is. */
  reason: string;
  source: string;
  /** The default for this project. */
  default: number | string | null;
}

/** Time and memory of a training with one model. */
export interface RunEstimate {
  name: string;
  seconds: number | null;
  memoryBytes: number;
}

/** What a training would do. */
export interface RunPreview {
  baseModel: string;
  nTrain: number;
  nValid: number;
  nTest: number;
  nSteps: number;
  nEpochs: number;
  batchSize: number;
  maxLength: number;
  learningRate: number;
  /** Texts that would be cut. */
  nCut: number;
  device: string;
  deviceId: string;
  deviceReason: string;
  /** From a measurement on this computer, if nothing ends it early; null before there is one. */
  seconds: number | null;
  memoryBytes: number | null;
  /** What each model of the list would take. */
  estimates: RunEstimate[];
  /** Names of models that would be downloaded. */
  downloads: string[];
}

/** What has happened in a run since the last message, at most 20 messages a second. */
export interface RunUpdate {
  runId: string;
  events: TrainEvent[];
  /** The state after these events. */
  summary: RunSummary;
  memoryBytes: number | null;
}

export interface RunHistory {
  summary: RunSummary;
  events: TrainEvent[];
}

export interface FilePreview {
  file: string;
  nRows: number;
  columns: string[];
  rows: string[][];
  /** Column that is taken for the text. */
  textColumn: string;
  /** Column that looks like the second text of a pair. */
  textBColumn: string | null;
}

export interface ClassifiedFile {
  file: string;
  nClassified: number;
  stopped: boolean;
}

export interface ExportedModel {
  folder: string;
  sizeBytes: number;
  files: { name: string; sizeBytes: number }[];
}

/** A file that is being dragged over the window, or dropped. */
export type FileDrag = { kind: "over" } | { kind: "left" } | { kind: "dropped"; files: string[] };
