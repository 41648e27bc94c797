/** What the training curves show and say: smoothed, with fewer points, and in a sentence. */

export interface Point {
  x: number;
  y: number;
}

/** One look at the valid part. */
export interface Check {
  step: number;
  loss: number;
  macroF1: number;
  /** Whether it was the best until then. */
  isBest: boolean;
}

/** What the curves say; the words are in `messages/train.ts`. */
export type CurveReading =
  | { kind: "waiting" }
  | { kind: "first"; step: number; macroF1: number }
  | { kind: "improving"; step: number; macroF1: number }
  | { kind: "stalled"; nChecks: number; bestStep: number }
  | { kind: "memorising"; nChecks: number; bestStep: number }
  | { kind: "diverging" };

/**
 * Exponential moving average that counts about the last `span` points.
 * The bias correction divides by the weight so far, so that the first points are not pulled to zero.
 */
export function smooth(points: readonly Point[], span: number): Point[] {
  const keep = 1 - 1 / Math.max(1, span);
  let sum = 0;
  let weight = 0;
  return points.map(({ x, y }) => {
    sum = keep * sum + (1 - keep) * y;
    weight = keep * weight + (1 - keep);
    return { x, y: sum / weight };
  });
}

/** Returns at most about `most` points with the same outline: of each stretch the lowest and the highest. */
export function decimate(points: readonly Point[], most = 400): readonly Point[] {
  if (points.length <= most) {
    return points;
  }
  const nStretches = Math.max(1, Math.floor(most / 2));
  const kept: Point[] = [];
  for (let stretch = 0; stretch < nStretches; stretch++) {
    const from = Math.floor((stretch * points.length) / nStretches);
    const to = Math.floor(((stretch + 1) * points.length) / nStretches);
    kept.push(...outline(points.slice(from, to)));
  }
  // The line must begin where the run began and end where it is now.
  const ends = [points[0], points[points.length - 1]].filter((point) => point !== undefined);
  return [...new Set([ends[0], ...kept, ends[1]])].filter((point) => point !== undefined);
}

function outline(points: readonly Point[]): Point[] {
  let lowest = points[0];
  let highest = points[0];
  for (const point of points) {
    if (lowest && point.y < lowest.y) lowest = point;
    if (highest && point.y > highest.y) highest = point;
  }
  if (!lowest || !highest) {
    return [];
  }
  return lowest === highest ? [lowest] : lowest.x < highest.x ? [lowest, highest] : [highest, lowest];
}

/** Returns the point whose x is closest; the points are in the order of x. */
export function nearest(points: readonly Point[], x: number): Point | null {
  let low = 0;
  let high = points.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.x ?? 0) < x) low = middle;
    else high = middle;
  }
  const [before, after] = [points[low], points[high]];
  if (!before || !after) {
    return null;
  }
  return x - before.x <= after.x - x ? before : after;
}

/** Reads the curves: `loss` is the smoothed training loss, `checks` are in the order of their steps. */
export function readCurve(loss: readonly Point[], checks: readonly Check[]): CurveReading {
  if (isDiverging(loss)) {
    return { kind: "diverging" };
  }
  const last = checks[checks.length - 1];
  if (!last) {
    return { kind: "waiting" };
  }
  if (checks.length === 1) {
    return { kind: "first", step: last.step, macroF1: last.macroF1 };
  }
  const bestAt = checks.map((check) => check.isBest).lastIndexOf(true);
  const best = checks[bestAt];
  const nChecks = checks.length - 1 - bestAt;
  if (!best || nChecks === 0) {
    return { kind: "improving", step: last.step, macroF1: last.macroF1 };
  }
  const kind = nChecks > 1 && isMemorising(loss, checks, best) ? "memorising" : "stalled";
  return { kind, nChecks, bestStep: best.step };
}

/** The loss has climbed well above its lowest and is as high as at the start: the learning rate is too large. */
function isDiverging(loss: readonly Point[]): boolean {
  const [first, last] = [loss[0], loss[loss.length - 1]];
  if (!first || !last || loss.length < 20) {
    return false;
  }
  const lowest = loss.reduce((least, { y }) => Math.min(least, y), Infinity);
  return last.y > 2 * lowest && last.y > 1.2 * first.y;
}

/** The training loss still falls while the validation loss has risen by a tenth: the texts are learned by heart. */
function isMemorising(loss: readonly Point[], checks: readonly Check[], best: Check): boolean {
  const atBest = nearest(loss, best.step);
  const now = loss[loss.length - 1];
  const lowest = checks.reduce((least, check) => Math.min(least, check.loss), Infinity);
  const lastCheck = checks[checks.length - 1];
  return Boolean(atBest && now && lastCheck && now.y < 0.9 * atBest.y && lastCheck.loss > 1.1 * lowest);
}
