/** What a training is judged by on the test part. */

import type { RunSummary } from "../api";

export interface Score {
  /** 0 to 1. */
  share: number;
  /** Whether it is the micro-F1 of several labels per text; otherwise it is the share of right answers. */
  isMicroF1: boolean;
}

/** Returns the score of a training; null as long as there is none. */
export function scoreOf({ accuracy, microF1 }: Pick<RunSummary, "accuracy" | "microF1">): Score | null {
  // With several labels per text the accuracy asks for all of them at once, which the report tells besides.
  return microF1 !== undefined ? { share: microF1, isMicroF1: true } : accuracy === null ? null : { share: accuracy, isMicroF1: false };
}
