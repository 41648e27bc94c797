import { expect, test } from "vitest";
import { search } from "./search";

const NAMES = ["Card payment fee", "card_arrival", "Überweisung", "café", "Straße", "ATM", "Rueckgabe", "Übergröße", "Strassenbahn"];

test.each([
  ["card", ["Card payment fee", "card_arrival"]],
  ["fee card", ["Card payment fee"]],
  ["uber", ["Überweisung", "Übergröße"]],
  ["ueber", ["Überweisung", "Übergröße"]],
  ["rück", ["Rueckgabe"]],
  ["RU\u0308CK", ["Rueckgabe"]],
  ["ruck", []],
  ["uebergroesse", ["Übergröße"]],
  ["übergroesse", ["Übergröße"]],
  ["CAFÉ", ["café"]],
  ["strasse", ["Straße", "Strassenbahn"]],
  ["straße", ["Straße", "Strassenbahn"]],
  ["  ", NAMES],
  ["nothing", []],
])("%j finds %j", (typed, found) => {
  expect(search(NAMES, typed, (name) => [name])).toEqual(found);
});

test("any of several names is enough, but the words of one", () => {
  const labels = [{ names: ["refund", "money back"] }];

  expect(search(labels, "back", ({ names }) => names)).toEqual(labels);
  expect(search(labels, "refund back", ({ names }) => names)).toEqual([]);
});
