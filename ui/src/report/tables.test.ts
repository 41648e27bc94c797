import { expect, test } from "vitest";
import { largeReport, smallReport } from "./report.fixture";
import {
  confusedPairs,
  confusionRows,
  labelRows,
  mostConfused,
  nElsewhere,
  nextSorting,
  nMistakes,
  sortLabels,
  sortTexts,
  type TextOrder,
  textsOf,
} from "./tables";

test("labels sort by name and by number, in both directions", () => {
  const rows = labelRows(smallReport());
  const names = (column: "label" | "f1", descending: boolean) =>
    sortLabels(rows, { column, descending }).map((row) => row.label);

  expect(names("label", false)).toEqual(["billing", "bug report", "delivery"]);
  expect(names("f1", true)).toEqual(["delivery", "bug report", "billing"]);
  expect(names("f1", false)).toEqual(["billing", "bug report", "delivery"]);
});

test("a second click on a column turns it around", () => {
  const first = nextSorting({ column: "label", descending: false }, "recall");
  expect(first).toEqual({ column: "recall", descending: true });
  expect(nextSorting(first, "recall")).toEqual({ column: "recall", descending: false });
});

test("a cell knows its share of the row, also in an empty row", () => {
  const report = smallReport();
  const shares = () => [0, 1, 2].map((column) => confusionRows(report)[0]?.cellAt(column).share);
  expect(shares()).toEqual([0.7, 0.2, 0.1]);

  report.scores.confusion[0] = [0, 0, 0];
  expect(shares()).toEqual([0, 0, 0]);
});

test("the fullest wrong cell comes first, right ones not at all", () => {
  expect(confusedPairs(smallReport()).map(({ actual, predicted, n }) => [actual, predicted, n])).toEqual([
    ["billing", "bug report", 2],
    ["billing", "delivery", 1],
    ["bug report", "billing", 1],
  ]);
});

test("a cell opens the mistakes with its two labels", () => {
  const report = smallReport();
  const [fullest] = confusedPairs(report);
  expect(fullest && textsOf(report, fullest).map((mistake) => mistake.line)).toEqual([12, 40]);
  const right = confusionRows(report)[0]?.cellAt(0);
  expect(right && textsOf(report, right).map((text) => text.line)).toEqual([31, 19]);
});

test("mistakes are counted from the matrix, since not all texts are kept", () => {
  expect(nMistakes({ ...smallReport(), mistakes: [] })).toBe(4);
});

test("texts have three orders", () => {
  const lines = (order: TextOrder) => sortTexts(smallReport().mistakes, order).map((text) => text.line);

  expect(lines("surest")).toEqual([12, 88, 40, 7]);
  expect(lines("line")).toEqual([7, 12, 40, 88]);
  expect(lines("label")).toEqual([12, 40, 7, 88]);
});

/** 77 labels of which some are taken for each other: those at the positions of a pair, so many times. */
function reportWith(pairs: readonly (readonly [actual: number, predicted: number, n: number])[]) {
  const report = largeReport(77);
  const confusion: number[][] = report.labels.map((_, row) => report.labels.map((_, column) => (row === column ? 9 : 0)));
  for (const [actual, predicted, n] of pairs) {
    confusion[actual]![predicted] = n;
  }
  return { ...report, scores: { ...report.scores, confusion } };
}

test("of many labels those come first that are taken for each other most often, in the order of the report", () => {
  expect(mostConfused(reportWith([[70, 3, 5], [12, 70, 2]]))).toEqual([3, 12, 70]);
  const ring = mostConfused(reportWith(Array.from({ length: 77 }, (_, i) => [i, (i + 1) % 77, i === 40 ? 8 : 1] as const)));
  expect(ring).toHaveLength(16);
  expect(ring).toContain(40);
  expect(ring).toContain(41);
});

test("few labels, and labels that nobody confuses, are shown as they are", () => {
  expect(mostConfused(largeReport(20))).toBeNull();
  expect(mostConfused(largeReport(21))).not.toBeNull();
  expect(mostConfused(reportWith([]))).toBeNull();
});

test("what a row has in other columns is counted, so that nothing is lost", () => {
  const report = reportWith([[1, 2, 5], [1, 60, 3]]);
  const row = confusionRows(report)[1]!;
  expect(nElsewhere(row, [1, 2])).toBe(3);
  expect(nElsewhere(row, [1, 2, 60])).toBe(0);
});
