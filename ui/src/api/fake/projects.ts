/** The projects that the fake begins with, and the one it makes of a file. */

import type {
  BaseModelInfo,
  ColumnInfo,
  ColumnReason,
  ColumnRole,
  Dialect,
  Project,
  Report,
  RowNote,
  RunPreview,
  RunSummary,
  TableRow,
  TrainEvent,
} from "..";
import { AS_DETECTED } from "../../data/dialect";
import { BASE_MODELS, DEVICES } from "./catalogue";
import { describeData, type FileData } from "./data";
import { makeReport } from "./report";
import { HOTEL_SAMPLES, type Sample, SUPPORT_SAMPLES, SURVEY_SAMPLES } from "./samples";
import { trainingEvents } from "./training";

export interface FakeProject {
  project: Project;
  data: FileData;
  samples: readonly Sample[];
  createdAt: string;
  changedAt: string;
  /** The cells of a row: by the columns, from the sample that stands there. */
  cells: (sample: Sample, index: number) => string[];
}

/** How a file is read that has names of columns and no marks; tests begin with it as well. */
export const UNMARKED: Omit<Dialect, "format"> = {
  archive: null,
  encoding: null,
  delimiter: null,
  runs: "each",
  quote: null,
  escape: null,
  lineEnd: null,
  hasHeader: true,
  headerRow: null,
  nLinesAbove: 0,
  comment: null,
  evidence: { encoding: null, delimiter: null, quote: null, escape: null, header: null, above: null, comment: null },
};

const COMMA: Dialect = {
  ...UNMARKED,
  format: { kind: "delimited" },
  encoding: "UTF-8",
  delimiter: ",",
  quote: '"',
  lineEnd: "lf",
  headerRow: 1,
  evidence: {
    ...UNMARKED.evidence,
    encoding: { code: "valid" },
    delimiter: { code: "rows", nRows: 413, nEqual: 411, nCells: 4 },
    quote: { code: "cells", nCells: 37 },
    header: { code: "usualName", name: "label" },
  },
};
const SEMICOLON: Dialect = { ...COMMA, encoding: "windows-1252", delimiter: ";" };
const SHEET: Dialect = {
  ...UNMARKED,
  format: { kind: "workbook", fileType: "xlsx", sheet: "Answers", sheets: ["Notes", "Answers", "Answers 2023"] },
};

export function sampleProject(id = "support-desk"): FakeProject {
  return fakeProject({
    id,
    name: "Support desk",
    sourceFile: "support-desk.csv",
    dialect: COMMA,
    columns: [
      column("text", "text", USUAL_NAME),
      column("label", "label", USUAL_NAME),
    ],
    repaired: [
      strayQuote(251),
      {
        line: 633,
        reason: "It has 1 cells, but the header has 2; the others are empty",
        faults: [{ code: "tooFewCells", nCells: 1, nColumns: 2, hasHeader: true }],
      },
    ],
    data: {
      sources: [
        ["billing", 148],
        ["delivery", 142],
        ["account access", 141],
        ["bug report", 138],
        ["cancellation", 112],
        ["feature request", 108],
      ],
      nDuplicates: 3,
      nConflicts: 4,
    },
    samples: SUPPORT_SAMPLES,
    cells: (sample) => [sample.text, sample.label],
    changedAt: "2026-11-23T09:12:00Z",
  });
}

export function firstProjects(): FakeProject[] {
  const support = sampleProject();
  support.project.runs = [
    finishedRun(support, "run-3", "2026-11-23T08:58:00Z"),
    { ...finishedRun(support, "run-2", "2026-11-22T17:20:00Z"), state: "stopped" },
    brokenRun("run-1", "2026-11-22T17:02:00Z", "interrupted"),
  ];

  const hotel = fakeProject({
    id: "hotel",
    name: "Hotelbewertungen 2024",
    sourceFile: "bewertungen_2024.csv",
    dialect: SEMICOLON,
    columns: [
      column("nr", "ignore", null),
      column("bewertung", "text", USUAL_NAME),
      column("sterne", "ignore", null),
      column("thema", "label", fewValues(5, 5000)),
    ],
    data: {
      sources: [
        ["Zimmer", 3912],
        ["Service", 3540],
        ["Frühstück", 2604],
        ["Preis", 1466],
        ["Lage", 958],
      ],
      nDuplicates: 11,
      nConflicts: 0,
    },
    repaired: [],
    skipped: [
      tooManyCells(77),
      { line: 4120, reason: 'no text in "bewertung"', faults: [{ code: "noText", column: "bewertung" }] },
      { line: 9003, reason: 'no label in "thema"', faults: [{ code: "noLabel", column: "thema" }] },
    ],
    samples: HOTEL_SAMPLES,
    cells: (sample, i) => [String(20_001 + i), sample.text, String(1 + ((i * 7) % 5)), sample.label],
    changedAt: "2026-11-19T14:40:00Z",
  });
  hotel.project.runs = [
    finishedRun(hotel, "run-2", "2026-11-19T13:05:00Z"),
    brokenRun("run-1", "2026-11-18T20:11:00Z", "failed"),
  ];

  const survey = fakeProject({
    id: "survey",
    name: "Student survey",
    sourceFile: "survey-all-years.tsv",
    dialect: { ...COMMA, delimiter: "\t" },
    columns: [
      column("respondent", "ignore", null),
      column("answer", "text", { code: "longestTexts", meanWords: 14.2, message: "It has the longest texts" }),
      column("topic", "label", fewValues(5, 5000)),
      column("year", "ignore", null),
    ],
    data: {
      sources: [
        ["teaching", 402_118],
        ["workload", 251_090],
        ["rooms", 180_442],
        ["organisation", 121_350],
        ["food", 45_000],
      ],
      nDuplicates: 0,
      nConflicts: 0,
    },
    repaired: [],
    samples: SURVEY_SAMPLES,
    cells: (sample, i) => [`R${String(i + 1).padStart(7, "0")}`, sample.text, sample.label, String(2015 + (i % 10))],
    changedAt: "2026-11-02T10:00:00Z",
  });
  survey.project.runs = [finishedRun(survey, "run-1", "2026-11-02T09:05:00Z")];

  return [support, hotel, survey];
}

/** What comes of a dropped file: guesses that nobody has looked at yet, near-same labels and one that is too rare. */
export function projectFromFile(id: string, file: string): FakeProject {
  const sourceFile = file.split(/[\\/]/).at(-1) ?? file;
  return fakeProject({
    id,
    name: sourceFile.replace(/\.[^.]+$/, ""),
    sourceFile,
    dialect: /\.xlsx$/i.test(file) ? SHEET : COMMA,
    columns: [
      column("id", "ignore", null),
      column("message", "text", USUAL_NAME),
      column("received", "ignore", null),
      column("topic", "label", fewValues(8, 412)),
    ],
    data: {
      sources: [
        ["billing", 96],
        ["delivery", 84],
        ["account access", 77],
        ["bug report", 64],
        ["cancellation", 48],
        ["feature request", 34],
        ["Billing ", 8],
        ["spam", 1],
      ],
      nDuplicates: 11,
      nConflicts: 2,
    },
    repaired: [strayQuote(17)],
    skipped: [
      tooManyCells(203),
      { line: 388, reason: 'no text in "message"', faults: [{ code: "noText", column: "message" }] },
    ],
    samples: SUPPORT_SAMPLES,
    cells: (sample, i) => [String(7000 + i), sample.text, `2025-0${1 + (i % 9)}-${10 + (i % 18)}`, sample.label],
    changedAt: new Date().toISOString(),
  });
}

interface Seed extends Pick<Project, "id" | "name" | "sourceFile" | "dialect" | "columns" | "repaired"> {
  skipped?: Project["skipped"];
  data: FileData;
  samples: readonly Sample[];
  cells: FakeProject["cells"];
  changedAt: string;
}

function fakeProject({ data, samples, cells, changedAt, skipped = [], ...rest }: Seed): FakeProject {
  const nRows = data.sources.reduce((total, [, n]) => total + n, 0);
  const project: Project = {
    ...rest,
    skipped,
    nSkipped: skipped.length,
    nRepaired: rest.repaired.length,
    detected: rest.dialect,
    fileVersion: 1,
    dialectRequest: AS_DETECTED,
    canReadAgain: true,
    columnRequest: { text: null, textB: null, label: null, split: null },
    task: "single",
    labelCells: { separator: null, detected: null, reason: null },
    nRows,
    ...describeData(data, []),
    edits: [],
    undone: [],
    baseModel: "minilm-l6",
    recipe: {},
    sureFrom: 0.5,
    runs: [],
  };
  project.dataHash = dataHashOf(project, data);
  return { project, data, samples, createdAt: changedAt, changedAt, cells };
}

/** Changes with what a training would learn from, as far as the fake knows it. */
export function dataHashOf({ edits, columns, dialect }: Project, { sources }: FileData): string {
  const { encoding, delimiter, hasHeader } = dialect;
  return JSON.stringify([sources, edits, columns.map(({ role }) => role), encoding, delimiter, hasHeader]);
}

const USUAL_NAME: ColumnReason = { code: "usualName", message: "Its name is a usual one" };

function fewValues(nValues: number, nRows: number): ColumnReason {
  return { code: "fewValues", nValues, nRows, message: `It has ${nValues} different values in ${nRows} rows` };
}

function strayQuote(line: number): RowNote {
  const reason = 'A quotation mark (") is never closed and was read as part of the text';
  return { line, reason, faults: [{ code: "strayQuote", quote: '"' }] };
}

function tooManyCells(line: number): RowNote {
  const faults: RowNote["faults"] = [{ code: "tooManyCells", nCells: 5, nColumns: 4, hasHeader: true }];
  return { line, reason: "It has 5 cells, but the header has 4", faults };
}

function column(name: string, role: ColumnRole, reason: ColumnReason | null): ColumnInfo {
  return { name, role, guessed: true, reason };
}

export function rowsOf({ project, samples, cells }: FakeProject, first: number, count: number): TableRow[] {
  const last = Math.min(project.nRows, first + count);
  return Array.from({ length: Math.max(0, last - first) }, (_, i) => {
    const index = first + i;
    // A step that has no factor in common with the number of samples visits them all.
    const sample = samples[(index * 11) % samples.length] ?? { text: "", label: "" };
    return { line: index + (project.dialect.hasHeader ? 2 : 1), cells: cells(sample, index) };
  });
}

/** Returns what a training of the project would do, with its own settings. */
export function planOf({ project }: FakeProject, models: readonly BaseModelInfo[] = BASE_MODELS, isMeasured = true): RunPreview {
  const setting = (name: string, initial: number): number => Number(project.recipe[name] ?? initial);
  const [batchSize, minSteps] = [setting("batchSize", 16), setting("minSteps", 400)];
  const nValid = Math.round(project.nExamples * setting("validFraction", 0.1));
  const nTest = Math.round(project.nExamples * setting("testFraction", 0.1));
  const nTrain = project.nExamples - nValid - nTest;
  const stepsPerEpoch = Math.ceil(nTrain / batchSize);
  const nEpochs = Math.max(setting("epochs", 4), Math.ceil(minSteps / stepsPerEpoch));
  const model = models.find(({ name }) => name === project.baseModel);
  const nSteps = Math.round(stepsPerEpoch * nEpochs);
  const secondsOf = ({ nParameters }: BaseModelInfo) => ((nSteps * batchSize) / 26) * (nParameters / 22_713_216);
  const memoryOf = ({ nParameters }: BaseModelInfo) => 300_000_000 + 20 * nParameters;
  return {
    baseModel: project.baseModel,
    nTrain,
    nValid,
    nTest,
    nSteps,
    nEpochs,
    batchSize,
    maxLength: setting("maxLength", 256),
    learningRate: setting("learningRate", 0.0001),
    nCut: 2,
    device: "NVIDIA GeForce RTX 3060",
    deviceId: "gpu0",
    deviceReason: DEVICES.reason,
    deviceWhy: DEVICES.why,
    seconds: model && isMeasured ? secondsOf(model) : null,
    memoryBytes: model ? memoryOf(model) : null,
    estimates: models
      .filter(({ nParameters }) => nParameters > 0)
      .map((other) => ({ name: other.name, seconds: isMeasured ? secondsOf(other) : null, memoryBytes: memoryOf(other) })),
    downloads: model && !model.installed ? [model.name] : [],
  };
}

/** The plan of a run that can be shown: no chart needs the quarter of a million steps of a million rows. */
function shortPlanOf(fake: FakeProject): RunPreview {
  const plan = planOf(fake);
  return { ...plan, nSteps: Math.min(plan.nSteps, 600) };
}

export function reportOf(fake: FakeProject, run: RunSummary): Report {
  const plan = planOf(fake);
  const { labels, nExamples } = fake.project;
  // More test texts than this give the same picture.
  const nTest = Math.min(plan.nTest, 1200);
  return makeReport({
    labels: labels.map(({ label }) => label).sort(),
    nTest: [...labels]
      .sort((a, b) => (a.label < b.label ? -1 : 1))
      .map((label) => Math.max(1, Math.round((nTest * label.nExamples) / nExamples))),
    nTrain: plan.nTrain,
    nValid: plan.nValid,
    errorShare: 0.07 + 0.01 * (seedOf(run.id) % 4),
    seed: seedOf(run.id),
    samples: fake.samples,
    training: {
      baseModel: run.baseModel,
      device: plan.device,
      seconds: run.seconds,
      peakMemoryBytes: 1_412_000_000,
      bestStep: run.bestStep,
      nSteps: run.nSteps,
      wordCountSeconds: 0.4,
    },
  });
}

/** Every event of a run, the same at each call. */
export function eventsOf(fake: FakeProject, runId: string): TrainEvent[] {
  return trainingEvents(shortPlanOf(fake), fake.project.labels.length, seedOf(fake.project.id + runId));
}

function seedOf(runId: string): number {
  return [...runId].reduce((seed, letter) => (31 * seed + letter.charCodeAt(0)) % 9973, 7);
}

function finishedRun(fake: FakeProject, id: string, startedAt: string): RunSummary {
  const events = eventsOf(fake, id);
  const end = events.at(-1);
  const run: RunSummary = {
    id,
    startedAt,
    state: "finished",
    fileVersion: 1,
    sourceFile: fake.project.sourceFile,
    dataHash: dataHashOf(fake.project, fake.data),
    baseModel: fake.project.baseModel,
    accuracy: null,
    macroF1: null,
    nSteps: end?.kind === "finished" ? end.step : null,
    bestStep: end?.kind === "finished" ? end.bestStep : null,
    seconds: end?.kind === "finished" ? end.seconds : null,
    validMacroF1: events.flatMap((event) => (event.kind === "validated" ? [event.macroF1] : [])),
    error: null,
    hasModel: true,
    resumeStep: null,
  };
  const { accuracy, macroF1 } = reportOf(fake, run).scores;
  return { ...run, accuracy, macroF1 };
}

function brokenRun(id: string, startedAt: string, state: "failed" | "interrupted"): RunSummary {
  const isFault = state === "failed";
  return {
    id,
    startedAt,
    state,
    fileVersion: 1,
    sourceFile: null,
    baseModel: "minilm-l6",
    accuracy: null,
    macroF1: null,
    nSteps: 400,
    bestStep: null,
    seconds: null,
    validMacroF1: [0.21, 0.44, 0.58, 0.66],
    error: {
      code: isFault ? "train.diverged" : "worker.died",
      message: isFault
        ? "Training broke off at step 112: the gradient was not a number for 10 steps in a row"
        : "The worker process ended in the middle of its work (signal: 9 (SIGKILL))",
      hint: isFault ? "Try a learning rate of half the size." : "What was reached before is kept.",
      details: null,
      values: isFault ? { step: 112, nSkipped: 10 } : { ending: "signal: 9 (SIGKILL)" },
    },
    hasModel: false,
    resumeStep: isFault ? null : 48,
  };
}

