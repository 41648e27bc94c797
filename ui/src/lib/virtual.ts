/** Which rows of a long list are on the screen, and where. Only those are drawn. */

/** A list that is no longer than this is drawn whole, with rows as high as they like. */
export const DRAWN_WHOLE = 60;

/** Browsers stop drawing elements that are higher than some 17 to 33 million pixels. */
const HIGHEST = 12_000_000;

export interface VisibleRows {
  /** From 0. */
  first: number;
  count: number;
  /** Pixels above the first drawn row. */
  above: number;
  /** Pixels below the last drawn row. */
  below: number;
}

/**
 * Returns the rows to draw. Lists that would be too high are as high as is possible:
 * there the scroll bar's share decides, and one pixel of it stands for more than one of the rows.
 */
export function visibleRows(scrollTop: number, viewport: number, rowHeight: number, nRows: number): VisibleRows {
  if (nRows <= DRAWN_WHOLE) {
    return { first: 0, count: nRows, above: 0, below: 0 };
  }
  const spare = 6;
  const nFitting = Math.ceil(viewport / rowHeight) + 1;
  const whole = Math.min(nRows * rowHeight, HIGHEST);
  const isScaled = nRows * rowHeight > HIGHEST;
  const scrollable = Math.max(1, whole - viewport);
  const top = Math.min(Math.max(0, scrollTop), scrollable);
  const exact = isScaled ? (top / scrollable) * (nRows - viewport / rowHeight) : top / rowHeight;
  const first = Math.max(0, Math.min(nRows - 1, Math.floor(exact)) - spare);
  const count = Math.min(nRows - first, nFitting + 2 * spare);
  // The drawn rows stand so that `exact` is at the top of the viewport.
  const above = Math.max(0, Math.min(top - (exact - first) * rowHeight, whole - count * rowHeight));
  return { first, count, above, below: Math.max(0, whole - above - count * rowHeight) };
}

/** Where a row stands in a list that is not drawn whole, with the height in pixels that all rows have there. */
export interface RowPlace {
  /** From 1. */
  position: number;
  of: number;
  height: number;
}

/** A row to draw; `place` is null in a list that is drawn whole. */
export interface PlacedRow<One> {
  one: One;
  place: RowPlace | null;
}

/** Returns the rows of `all` to draw, each with its place. */
export function placedRows<One>(all: readonly One[], visible: VisibleRows, height: number): PlacedRow<One>[] {
  const { first, count } = visible;
  const of = all.length;
  return all.slice(first, first + count).map((one, i) => ({
    one,
    place: of > DRAWN_WHOLE ? { position: first + i + 1, of, height } : null,
  }));
}

/** Returns the positions of the rows to draw. */
export function positionsOf({ first, count }: VisibleRows): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}
