import { describe, expect, test } from "vitest";
import { type Check, decimate, nearest, type Point, readCurve, smooth } from "./curve";

const line = (ys: number[]): Point[] => ys.map((y, index) => ({ x: index + 1, y }));
const check = (step: number, macroF1: number, isBest: boolean, loss = 0.5): Check => ({ step, loss, macroF1, isBest });

describe("smooth", () => {
  test("a flat line stays flat from its first point on", () => {
    expect(smooth(line([2, 2, 2]), 10).map(({ y }) => y)).toEqual([2, 2, 2].map((y) => expect.closeTo(y, 12)));
  });

  test("a span of two weighs the last point twice as much as the one before", () => {
    expect(smooth(line([0, 3]), 2)[1]?.y).toBeCloseTo(2);
  });

  test("a span of one changes nothing", () => {
    expect(smooth(line([5, 1, 4]), 1)).toEqual(line([5, 1, 4]));
  });
});

describe("decimate", () => {
  const many = line(Array.from({ length: 10_000 }, (_, index) => Math.sin(index / 300)));
  many[4321] = { x: 4322, y: 9 };
  many[8765] = { x: 8766, y: -9 };

  test("few points stay as they are", () => {
    expect(decimate(line([1, 2, 3]))).toEqual(line([1, 2, 3]));
  });

  test("keeps the ends, the highest and the lowest point, in the order of x", () => {
    const few = decimate(many, 400);

    expect(few.length).toBeLessThanOrEqual(402);
    for (const index of [0, 4321, 8765, 9999]) {
      expect(few).toContain(many[index]);
    }
    expect(few.every((point, index) => index === 0 || point.x > (few[index - 1]?.x ?? 0))).toBe(true);
  });
});

test("nearest finds the closest point, also beyond the ends", () => {
  const points = [10, 20, 40].map((x) => ({ x, y: x }));
  expect([0, 14, 16, 29, 31, 99].map((x) => nearest(points, x)?.x)).toEqual([10, 10, 20, 20, 40, 40]);
  expect(nearest([], 3)).toBeNull();
});

describe("readCurve", () => {
  const falling = smooth(line(Array.from({ length: 60 }, (_, index) => 2 - index / 40)), 5);

  test("waits for the first check", () => {
    expect(readCurve(falling, [])).toEqual({ kind: "waiting" });
  });

  test("the first check has nothing to be compared with", () => {
    expect(readCurve(falling, [check(20, 0.4, true)])).toEqual({ kind: "first", step: 20, macroF1: 0.4 });
  });

  test("the last check is the best", () => {
    const checks = [check(20, 0.4, true), check(40, 0.6, true)];
    expect(readCurve(falling, checks)).toEqual({ kind: "improving", step: 40, macroF1: 0.6 });
  });

  test("counts the checks since the best", () => {
    const checks = [check(10, 0.6, true), check(20, 0.5, false), check(30, 0.6, false), check(40, 0.5, false)];
    expect(readCurve(falling, checks)).toEqual({ kind: "stalled", nChecks: 3, bestStep: 10 });
  });

  test("a rising validation loss beside a falling training loss means learning by heart", () => {
    const checks = [check(20, 0.6, true, 0.5), check(40, 0.5, false, 0.6), check(60, 0.5, false, 0.7)];
    expect(readCurve(falling, checks)).toEqual({ kind: "memorising", nChecks: 2, bestStep: 20 });
  });

  test("a loss that climbs above its start is diverging", () => {
    const rising = line(Array.from({ length: 40 }, (_, index) => (index < 10 ? 1 - index / 20 : index / 8)));
    expect(readCurve(rising, [check(10, 0.2, true)])).toEqual({ kind: "diverging" });
  });
});
