import { expect, test } from "vitest";
import type { RecipeField } from "../api";
import { choicesOf, groupFields, isPossible } from "./fields";

const field = (name: string, range: string, value: RecipeField["default"] = 1): RecipeField => ({
  name,
  range,
  reason: "",
  source: "",
  default: value,
});

test("settings keep the order of their groups, and unknown ones come last", () => {
  const groups = groupFields([field("new", ""), field("learningRate", ""), field("patience", ""), field("epochs", "")]);

  expect(groups.map((group) => [group.name, group.fields.map((one) => one.name)])).toEqual([
    ["duration", ["epochs", "patience"]],
    ["rate", ["learningRate"]],
    ["other", ["new"]],
  ]);
});

test("a setting of words has choices", () => {
  expect(choicesOf(field("schedule", "linear or cosine", "linear"))).toEqual(["linear", "cosine"]);
  expect(choicesOf(field("dropout", "0 to below 1", null))).toBeNull();
});

test.each([
  ["batchSize", "1 to 4096", [1, 4096], [0, 4097, 2.5]],
  ["dropout", "0 to below 1", [0, 0.99], [1, -0.1]],
  ["learningRate", "above 0, at most 0.1", [1e-9, 0.1], [0, 0.2]],
  ["clipNorm", "above 0", [1e9], [0]],
  ["seed", "a whole number", [0, 42], [4.2]],
  ["new", "as you like", [-1e9], []],
])("%s can be %s", (name, range, possible, impossible) => {
  expect(possible.filter((value) => !isPossible(field(name, range), value))).toEqual([]);
  expect(impossible.filter((value) => isPossible(field(name, range), value))).toEqual([]);
});
