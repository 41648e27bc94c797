import { expect, test } from "vitest";
import { judge, rankLabels } from "./verdict";

const ranked = (...scores: number[]) =>
  rankLabels(
    scores.map((_, index) => `label ${index}`),
    scores,
  );

test("labels are ranked by score, and equal ones keep their order", () => {
  expect(rankLabels(["a", "b", "c", "d"], [0.1, 0.4, 0.1, 0.4]).map(({ label }) => label)).toEqual(["b", "d", "a", "c"]);
});

test("a missing score counts as none", () => {
  expect(rankLabels(["a", "b"], [1])).toEqual([
    { label: "a", score: 1 },
    { label: "b", score: 0 },
  ]);
});

test.each([
  [[0.9, 0.1], "sure"],
  [[0.5, 0.3, 0.2], "sure"],
  [[0.499, 0.3, 0.201], "tooLow"],
  [[0.55, 0.45], "tooClose"],
  // Exactly the margin is enough, although 0.575 - 0.425 is a little less than 0.15.
  [[0.575, 0.425], "sure"],
  [[0.574, 0.426], "tooClose"],
  [[0.3, 0.3, 0.3], "tooLow"],
  [[1], "sure"],
])("scores %j are %s", (scores, expected) => {
  expect(judge(ranked(...scores), 0.5)?.kind).toBe(expected);
});

test("the person's threshold counts", () => {
  expect(judge(ranked(0.7, 0.3), 0.75)?.kind).toBe("tooLow");
  expect(judge(ranked(0.4, 0.2, 0.2, 0.2), 0.35)?.kind).toBe("sure");
});

test("without labels there is no verdict", () => {
  expect(judge([], 0.5)).toBeNull();
});
