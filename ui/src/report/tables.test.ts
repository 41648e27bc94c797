import { expect, test } from "vitest";
import { smallReport } from "./report.fixture";
import {
  confusedPairs,
  confusionRows,
  labelRows,
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
