import { expect, test } from "vitest";
import { DRAWN_WHOLE, placedRows, positionsOf, visibleRows } from "./virtual";

test("only the rows on the screen and a few around them are drawn", () => {
  const rows = visibleRows(3600, 400, 36, 789);

  expect(rows.first).toBe(94);
  expect(rows.count).toBeLessThan(30);
  expect(rows.above).toBe(94 * 36);
  expect(rows.above + rows.count * 36 + rows.below).toBe(789 * 36);
});

test("a short list is drawn whole", () => {
  expect(visibleRows(0, 400, 36, 5)).toEqual({ first: 0, count: 5, above: 0, below: 0 });
  // Wherever it is scrolled to, because nobody knows how high its rows are.
  expect(visibleRows(900, 400, 36, DRAWN_WHOLE)).toEqual({ first: 0, count: DRAWN_WHOLE, above: 0, below: 0 });
  expect(visibleRows(0, 400, 36, DRAWN_WHOLE + 1).count).toBeLessThan(DRAWN_WHOLE);
});

test.each([1_000_000, 50_000_000])("the last of %s rows can be reached, and the list stays drawable", (nRows) => {
  const top = visibleRows(0, 400, 36, nRows);
  const height = top.above + top.count * 36 + top.below;
  const end = visibleRows(height - 400, 400, 36, nRows);

  expect(height).toBeLessThan(17_000_000);
  expect(top.first).toBe(0);
  expect(end.first + end.count).toBe(nRows);
  expect(end.above + end.count * 36 + end.below).toBeCloseTo(height);
});

test("in a list that is too high, the row at the share of the scroll bar is at the top of the screen", () => {
  const { first, above } = visibleRows(6_000_000, 400, 36, 1_000_000);

  expect(first + (6_000_000 - above) / 36).toBeCloseTo((6_000_000 / (12_000_000 - 400)) * (1_000_000 - 400 / 36), 3);
});

test("the rows to draw are known by their positions", () => {
  expect(positionsOf({ first: 94, count: 3, above: 0, below: 0 })).toEqual([94, 95, 96]);
});

test("each row of a long list knows its place, and those of a short one need none", () => {
  const names = Array.from({ length: 100 }, (_, i) => `name ${i + 1}`);
  const rows = placedRows(names, { first: 40, count: 20, above: 0, below: 0 }, 36);

  expect(rows).toHaveLength(20);
  expect(rows[0]).toEqual({ one: "name 41", place: { position: 41, of: 100, height: 36 } });
  expect(placedRows(["a"], visibleRows(0, 400, 36, 1), 36)).toEqual([{ one: "a", place: null }]);
});
