/** Which labels have too few examples, and what would be left without them. */

import type { Project } from "../api";

/** The labels with fewer examples than asked for. */
export interface RareLabels {
  nLabels: number;
  /** Null where a text can have several labels: then the texts of rare labels have others besides, or the same ones. */
  nRows: number | null;
  /** False where rare labels are not listed: then there are at most so many. */
  isExact: boolean;
}

export type LabelCounts = Pick<Project, "labels" | "nLabels" | "nExamples" | "task">;

/** Counts the labels with fewer examples than that, and their rows. */
export function rareLabels(counts: LabelCounts, fewerThan: number): RareLabels {
  const found = rareOfOne(counts, fewerThan);
  return counts.task === "multi" ? { ...found, nRows: null } : found;
}

/** Counts them where each row has one label. */
function rareOfOne({ labels, nLabels, nExamples }: LabelCounts, fewerThan: number) {
  const kept = labels.filter((label) => label.nExamples >= fewerThan);
  const nRows = nExamples - kept.reduce((sum, label) => sum + label.nExamples, 0);
  const nUnlisted = nLabels - labels.length;
  // The most frequent ones are listed: after a rare one, all others are rare.
  if (nUnlisted === 0 || kept.length < labels.length) {
    return { nLabels: nLabels - kept.length, nRows, isExact: true };
  }
  const most = fewerThan > 1 ? nUnlisted : 0;
  return { nLabels: most, nRows: Math.min(nRows, most * (fewerThan - 1)), isExact: most === 0 };
}

/** Returns how many labels there would be; `into` is the one that the rare ones become, null if they are left out. */
export function labelsLeft(counts: LabelCounts, fewerThan: number, into: string | null): number {
  const { nLabels: nRare } = rareLabels(counts, fewerThan);
  const isThere = counts.labels.some(({ label, nExamples }) => label === into && nExamples >= fewerThan);
  return counts.nLabels - nRare + (into === null || isThere ? 0 : 1);
}
