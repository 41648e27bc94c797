/** Two runs beside each other, row by row. */

import type { RunSummary } from "../api";
import { scoreOf } from "../lib/score";

export type Measure = "score" | "macroF1" | "bestStep" | "nSteps" | "seconds";

export interface Difference {
  measure: Measure;
  a: number | null;
  b: number | null;
  /** `b` less `a`; null where one of them is not known. */
  difference: number | null;
  /** Which is better; null where they are equal, not known, or neither is good or bad. */
  better: "a" | "b" | null;
}

const MEASURES: readonly { measure: Measure; goal: "high" | "low" | null }[] = [
  { measure: "score", goal: "high" },
  { measure: "macroF1", goal: "high" },
  { measure: "bestStep", goal: null },
  { measure: "nSteps", goal: null },
  { measure: "seconds", goal: "low" },
];

export function differencesOf(first: RunSummary, second: RunSummary): Difference[] {
  return MEASURES.map(({ measure, goal }) => {
    const [a, b] = [valueOf(first, measure), valueOf(second, measure)];
    const difference = a === null || b === null ? null : b - a;
    const winner = difference === null || difference === 0 || !goal ? null : difference > 0 === (goal === "high");
    return { measure, a, b, difference, better: winner === null ? null : winner ? "b" : "a" };
  });
}

function valueOf(run: RunSummary, measure: Measure): number | null {
  return measure === "score" ? (scoreOf(run)?.share ?? null) : run[measure];
}
