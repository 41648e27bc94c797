/** The score of a training in words, for a list of trainings. */

import type { RunSummary } from "../api";
import { formatPercent } from "../lib/format";
import { scoreOf } from "../lib/score";
import { words } from "../messages";

/** Returns "93.7% right", or the micro-F1 where a text can have several labels; null as long as there is no score. */
export function nameScore(run: RunSummary): string | null {
  const score = scoreOf(run);
  return score && words.report.scoreOfRun(formatPercent(score.share), score.isMicroF1);
}
