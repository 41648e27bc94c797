import { expect, test } from "vitest";
import type { ColumnInfo } from "../api";
import { pickExamples } from "./examples";

const column = (name: string, role: ColumnInfo["role"]): ColumnInfo => ({ name, role, guessed: false, reason: null });
const columns = [column("topic", "label"), column("message", "text")];
const rows = (...cells: [label: string, text: string][]) => cells.map((row, index) => ({ line: index + 2, cells: row }));

test("takes one text of each label before a second one", () => {
  const found = pickExamples(
    rows(["a", "the first of a"], ["a", "the second of a"], ["b", "the first of b"], ["a", "the third of a"]),
    columns,
    false,
    3,
  );
  expect(found.map(({ text }) => text)).toEqual(["the first of a", "the second of a", "the first of b"]);
});

test("leaves out texts that say too little or fill the screen", () => {
  expect(pickExamples(rows(["a", "hi"], ["b", "x".repeat(500)], ["c", "a text to try"]), columns, false, 3)).toEqual([
    { text: "a text to try", textB: null },
  ]);
});

test("without a text column there are none", () => {
  expect(pickExamples(rows(["a", "a text to try"]), [column("topic", "label")], false, 3)).toEqual([]);
});

test("a pair needs both texts", () => {
  const withSecond = [...columns, column("reply", "textB")];
  const pairs = [
    { line: 2, cells: ["a", "a first text", "and its reply"] },
    { line: 3, cells: ["b", "a text without reply", " "] },
  ];
  expect(pickExamples(pairs, withSecond, true, 3)).toEqual([{ text: "a first text", textB: "and its reply" }]);
  expect(pickExamples(pairs, columns, true, 3)).toEqual([]);
});
