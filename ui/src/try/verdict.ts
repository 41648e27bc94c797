/** Scores of one text → the labels in the order of their scores, and whether the best one can be trusted. */

/** The least lead over the second label. */
export const MARGIN = 0.15;
/** A lead of exactly the margin is enough, also where 0.65 - 0.5 is not quite 0.15. */
const ROUNDING = 1e-9;

export interface RankedLabel {
  label: string;
  /** 0 to 1. */
  score: number;
}

export type Verdict =
  | { kind: "sure"; best: RankedLabel }
  | { kind: "tooLow"; best: RankedLabel; second: RankedLabel | null }
  | { kind: "tooClose"; best: RankedLabel; second: RankedLabel; ahead: number };

/** Returns the labels with their scores, the highest first; equal scores keep the order of the labels. */
export function rankLabels(labels: string[], scores: number[]): RankedLabel[] {
  return labels.map((label, index) => ({ label, score: scores[index] ?? 0 })).sort((a, b) => b.score - a.score);
}

/** Says whether the first of the ranked labels is sure, which no score below the threshold is; null without labels. */
export function judge(ranked: RankedLabel[], threshold: number, margin = MARGIN): Verdict | null {
  const [best, second] = ranked;
  if (!best) return null;
  if (best.score < threshold) return { kind: "tooLow", best, second: second ?? null };
  if (!second) return { kind: "sure", best };
  const ahead = best.score - second.score;
  return ahead < margin - ROUNDING ? { kind: "tooClose", best, second, ahead } : { kind: "sure", best };
}
