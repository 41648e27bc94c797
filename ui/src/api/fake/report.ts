/** Reports whose numbers agree with each other: a confusion matrix is drawn, and every score is counted from it. */

import type { BaselineScores, JudgedText, LabelScore, Remark, Report, Scores } from "..";
import { randomNumbers } from "./random";
import type { Sample } from "./samples";

export interface ReportRequest {
  labels: string[];
  /** Test texts of each label. */
  nTest: number[];
  nTrain: number;
  nValid: number;
  /** Share of wrong answers, roughly. */
  errorShare: number;
  seed: number;
  samples: readonly Sample[];
  training: Report["training"];
}

export function makeReport(request: ReportRequest): Report {
  const confusion = drawConfusion(request);
  const scores = scoresOf(confusion);
  const majority = request.nTest.indexOf(Math.max(...request.nTest));
  const majorityShare = (request.nTest[majority] ?? 0) / scores.nExamples;
  const texts = drawTexts(request, confusion);
  const wrong = texts.filter((text) => text.actual !== text.predicted);
  return {
    labels: request.labels,
    scores,
    accuracyInterval: wilson(scores.accuracy, scores.nExamples),
    majority: {
      label: request.labels[majority] ?? "",
      accuracy: majorityShare,
      macroF1: (2 * majorityShare) / (1 + majorityShare) / request.labels.length,
    },
    wordCount: drawWordCount(request, scores),
    loss: 0.34,
    nTrain: request.nTrain,
    nValid: request.nValid,
    nTest: scores.nExamples,
    nCut: 2,
    training: request.training,
    remarks: remarksOn(scores),
    mistakes: wrong.sort((a, b) => b.score - a.score),
    right: texts.filter((text) => text.actual === text.predicted).sort((a, b) => a.score - b.score),
  };
}

function drawConfusion({ labels, nTest, errorShare, seed }: ReportRequest): number[][] {
  const random = randomNumbers(seed);
  return labels.map((_, actual) => {
    const row = labels.map(() => 0);
    for (let i = 0; i < (nTest[actual] ?? 0); i += 1) {
      // Two neighbours are taken for each other more often than the rest.
      const other = (actual + (random() < 0.7 ? 1 : 2 + Math.floor(random() * (labels.length - 2)))) % labels.length;
      const predicted = random() < errorShare ? other : actual;
      row[predicted] = (row[predicted] ?? 0) + 1;
    }
    return row;
  });
}

/** Counts every score from a confusion matrix `[actual][predicted]`. */
export function scoresOf(confusion: number[][]): Scores {
  const perLabel = confusion.map((row, i): LabelScore => {
    const right = row[i] ?? 0;
    const nExamples = sum(row);
    const nPredicted = sum(confusion.map((other) => other[i] ?? 0));
    const precision = nPredicted > 0 ? right / nPredicted : 0;
    const recall = nExamples > 0 ? right / nExamples : 0;
    const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
    return { precision, recall, f1, nExamples, nPredicted };
  });
  const nExamples = sum(perLabel.map((label) => label.nExamples));
  const macro = (pick: (label: LabelScore) => number) => sum(perLabel.map(pick)) / perLabel.length;
  const weighted = (pick: (label: LabelScore) => number) =>
    sum(perLabel.map((label) => pick(label) * label.nExamples)) / nExamples;
  return {
    nExamples,
    accuracy: sum(confusion.map((row, i) => row[i] ?? 0)) / nExamples,
    macroPrecision: macro((label) => label.precision),
    macroRecall: macro((label) => label.recall),
    macroF1: macro((label) => label.f1),
    weightedPrecision: weighted((label) => label.precision),
    weightedRecall: weighted((label) => label.recall),
    weightedF1: weighted((label) => label.f1),
    perLabel,
    confusion,
  };
}

/** A word-count model that is a few answers worse. */
function drawWordCount({ nTrain }: ReportRequest, { accuracy, macroF1, nExamples }: Scores): BaselineScores {
  const nOnlyBaseline = Math.round(0.3 * (1 - accuracy) * nExamples);
  const nOnlyClassifier = nOnlyBaseline + Math.round(0.05 * nExamples);
  const share = accuracy - (nOnlyClassifier - nOnlyBaseline) / nExamples;
  const pValue = mcnemar(nOnlyClassifier, nOnlyBaseline);
  return {
    accuracy: share,
    accuracyInterval: wilson(share, nExamples),
    macroF1: macroF1 * (share / accuracy),
    nTrain,
    nOnlyClassifier,
    nOnlyBaseline,
    pValue,
    verdict: pValue < 0.05 ? "better" : "notSurelyDifferent",
  };
}

/** Two-sided binomial test of `b` among `b + c` with the probability one half. */
function mcnemar(b: number, c: number): number {
  let term = 0.5 ** (b + c);
  let tail = term;
  for (let k = 1; k <= Math.min(b, c); k += 1) {
    term *= (b + c - k + 1) / k;
    tail += term;
  }
  return Math.min(1, 2 * tail);
}

function remarksOn({ perLabel }: Scores): Remark[] {
  const nLabels = perLabel.filter((label) => label.nExamples < 10).length;
  return nLabels === 0 ? [] : [{ kind: "fewTestTexts", nLabels, fewerThan: 10 }];
}

function drawTexts({ labels, samples, seed }: ReportRequest, confusion: number[][]): JudgedText[] {
  const random = randomNumbers(seed + 1);
  return confusion.flatMap((row, actual) =>
    row.flatMap((n, predicted) =>
      Array.from({ length: actual === predicted ? Math.min(n, 50) : n }, (): JudgedText => {
        const ofLabel = samples.filter((sample) => sample.label === labels[actual]);
        const texts = ofLabel.length > 0 ? ofLabel : samples;
        return {
          line: 2 + Math.floor(random() * 780),
          text: texts[Math.floor(random() * texts.length)]?.text ?? "",
          textB: null,
          actual: labels[actual] ?? "",
          predicted: labels[predicted] ?? "",
          score: 0.42 + 0.57 * random(),
        };
      }),
    ),
  );
}

/** 95 % interval of a share by Wilson's formula. */
function wilson(share: number, n: number): [number, number] {
  const z = 1.96;
  const middle = share + (z * z) / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return [(middle - half) / scale, (middle + half) / scale];
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
