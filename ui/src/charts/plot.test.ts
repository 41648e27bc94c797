import { expect, test } from "vitest";
import { type Line, linePath, margin, stepAt, stepScale, valueScale } from "./plot";

const line = (ys: number[]): Line => ({
  name: "a",
  points: ys.map((y, x) => ({ x, y })),
  colour: "red",
  look: "solid",
});

test("steps go from the left margin to the right one", () => {
  const x = stepScale(400, 600);
  expect([x(0), x(400)]).toEqual([margin.left, 600 - margin.right]);
});

test("values begin at zero and end at a round number above the largest", () => {
  expect(valueScale([line([0.3, 1.83]), line([0.7])], null, 200).domain()).toEqual([0, 2]);
  expect(valueScale([], null, 200).domain()).toEqual([0, 1]);
});

test("a path goes through every point", () => {
  const path = linePath(line([0, 1, 0.5]).points, stepScale(2, 600), valueScale([], [0, 1], 200));
  expect(path.match(/[ML]/g)?.join("")).toBe("MLL");
  expect(linePath([], stepScale(2, 600), valueScale([], [0, 1], 200))).toBe("");
});

test("the pointer's step stays within the run", () => {
  expect([-50, margin.left, 586, 9999].map((pixel) => stepAt(pixel, 400, 600))).toEqual([0, 0, 400, 400]);
});
