/** Reports for tests, small enough to be checked in the head. */

import type { JudgedText, Report } from "../api";

/** Three labels, 27 of 31 right. */
export function smallReport(): Report {
  return {
    labels: ["billing", "bug report", "delivery"],
    scores: {
      nExamples: 31,
      accuracy: 27 / 31,
      macroPrecision: 0.86,
      macroRecall: 0.87,
      macroF1: 0.861,
      weightedPrecision: 0.87,
      weightedRecall: 0.87,
      weightedF1: 0.869,
      perLabel: [
        { precision: 0.875, recall: 0.7, f1: 0.778, nExamples: 10, nPredicted: 8 },
        { precision: 0.833, recall: 0.909, f1: 0.87, nExamples: 11, nPredicted: 12 },
        { precision: 0.909, recall: 1, f1: 0.952, nExamples: 10, nPredicted: 11 },
      ],
      confusion: [
        [7, 2, 1],
        [1, 10, 0],
        [0, 0, 10],
      ],
    },
    accuracyInterval: [0.711, 0.949],
    majority: { label: "bug report", accuracy: 11 / 31, macroF1: 0.175 },
    wordCount: {
      accuracy: 24 / 31,
      accuracyInterval: [0.602, 0.886],
      macroF1: 0.77,
      nTrain: 250,
      nOnlyClassifier: 5,
      nOnlyBaseline: 2,
      pValue: 0.453,
      verdict: "notSurelyDifferent",
    },
    loss: 0.412,
    nTrain: 250,
    nValid: 31,
    nTest: 31,
    nCut: 0,
    training: {
      baseModel: "minilm-l6",
      device: "CPU, 8 threads",
      seconds: 184,
      peakMemoryBytes: 812_000_000,
      bestStep: 340,
      nSteps: 400,
      wordCountSeconds: 0.4,
    },
    remarks: [{ kind: "fewTestTexts", nLabels: 1, fewerThan: 10 }],
    mistakes: [
      mistake(12, "I was charged twice and the page shows an error", "billing", "bug report", 0.97),
      mistake(88, "The invoice page is blank", "bug report", "billing", 0.81),
      mistake(40, "Card is refused with error 402", "billing", "bug report", 0.66),
      mistake(7, "Who pays for the return parcel?", "billing", "delivery", 0.52),
    ],
    right: [
      mistake(31, "The total on my bill is wrong", "billing", "billing", 0.51),
      mistake(19, "Please send me the invoice again", "billing", "billing", 0.99),
    ],
  };
}

/** `n` labels with ten texts each, of which one is taken for the next label. */
export function largeReport(n: number): Report {
  const report = smallReport();
  const labels = Array.from({ length: n }, (_, i) => `intent_${i + 1}`);
  const confusion = labels.map((_, row) => labels.map((_, column) => (column === row ? 9 : column === (row + 1) % n ? 1 : 0)));
  const perLabel = labels.map(() => ({ precision: 0.9, recall: 0.9, f1: 0.9, nExamples: 10, nPredicted: 10 }));
  return { ...report, labels, mistakes: [], right: [], scores: { ...report.scores, nExamples: 10 * n, perLabel, confusion } };
}

function mistake(line: number, text: string, actual: string, predicted: string, score: number): JudgedText {
  return { line, text, textB: null, actual, predicted, score };
}
