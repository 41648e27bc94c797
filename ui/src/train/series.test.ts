import { expect, test } from "vitest";
import type { RunSummary, TrainEvent } from "../api";
import { differencesOf } from "./differences";
import { tick } from "./runs";
import { curvesOf, emptySeries, extendSeries } from "./series";

const step = (n: number, loss: number): TrainEvent => ({
  kind: "step",
  step: n,
  epoch: 0,
  loss,
  learningRate: n / 1000,
  gradientNorm: null,
  examplesPerSecond: 1,
  secondsLeft: 1,
});

const check = (n: number, isBest: boolean): TrainEvent => ({
  kind: "validated",
  step: n,
  epoch: 0,
  loss: 0.5,
  accuracy: 0.5,
  macroF1: 0.5,
  isBest,
});

test("events become curves, whether they come at once or one by one", () => {
  const events = [step(1, 2), step(2, 1), check(2, true), step(3, 1.5), check(3, false)];
  const [atOnce, oneByOne] = [emptySeries(), emptySeries()];
  extendSeries(atOnce, events);
  events.forEach((event) => extendSeries(oneByOne, [event]));

  expect(curvesOf(oneByOne)).toEqual(curvesOf(atOnce));
  expect(curvesOf(atOnce)).toMatchObject({ bestStep: 2, endStep: 3, loss: [{ x: 1, y: 2 }, { x: 2, y: 1 }, { x: 3, y: 1.5 }] });
});

test("a loss that is not a number is left out", () => {
  const series = emptySeries();
  // JSON writes NaN as null.
  extendSeries(series, [step(1, 2), step(2, null as unknown as number)]);

  expect(curvesOf(series).loss).toEqual([{ x: 1, y: 2 }]);
});

test("a training that goes on takes back what came after its checkpoint", () => {
  const series = emptySeries();
  extendSeries(series, [step(1, 2), step(2, 1.5), step(3, 9), { kind: "resumed", step: 2 }, step(3, 1)]);

  expect(curvesOf(series).loss.map(({ y }) => y)).toEqual([2, 1.5, 1]);
});

test("curves that were drawn don't change with later events", () => {
  const series = emptySeries();
  extendSeries(series, [step(1, 2)]);
  const before = curvesOf(series);
  extendSeries(series, [step(2, 1)]);

  expect(before.loss).toHaveLength(1);
});

test("of three ticked runs the first one gives way", () => {
  expect(tick(tick(tick([], "a"), "b"), "c")).toEqual(["b", "c"]);
  expect(tick(["a", "b"], "a")).toEqual(["b"]);
});

test("more is better for scores, less for time, and neither for steps", () => {
  const run = { accuracy: 0.8, macroF1: null, bestStep: 10, nSteps: 100, seconds: 60 } as RunSummary;
  const other = { ...run, accuracy: 0.9, macroF1: 0.9, bestStep: 20, seconds: 90 };

  expect(differencesOf(run, other).map(({ measure, better }) => [measure, better])).toEqual([
    ["score", "b"],
    ["macroF1", null],
    ["bestStep", null],
    ["nSteps", null],
    ["seconds", "a"],
  ]);
});
