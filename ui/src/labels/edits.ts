/** Corrections in words, and the small decisions around them. */

import type { DataEdit, Fix, LabelInfo } from "../api";
import { formatNumber } from "../lib/format";
import { words } from "../messages";

/** Says what an edit did: "Merged “a”, “b” into “c”". */
export function describeEdit(edit: DataEdit): string {
  const { done } = words.labels;
  const { done: doneToTexts } = words.findings;
  switch (edit.kind) {
    case "renameLabel":
      return done.renameLabel(edit.from, edit.to);
    case "mergeLabels":
      return done.mergeLabels(edit.labels.filter((label) => label !== edit.into).join(", "), edit.into);
    case "ignoreLabel":
      return done.ignoreLabel(edit.label);
    case "ignoreRareLabels":
      return done.ignoreRareLabels(formatNumber(edit.fewerThan));
    case "mergeRareLabels":
      return done.mergeRareLabels(formatNumber(edit.fewerThan), edit.into);
    case "restoreLabel":
      return done.restoreLabel(edit.label);
    case "dropDuplicates":
      return done.dropDuplicates;
    case "dropConflicts":
      return done.dropConflicts;
    case "dropNearDuplicates":
      return doneToTexts.dropNearDuplicates;
    case "dropLeaks":
      return doneToTexts.dropLeaks;
    case "dropShortTexts":
      return doneToTexts.dropShortTexts(formatNumber(edit.fewerThan));
    case "ignoreLabelsNotInTrain":
      return doneToTexts.ignoreLabelsNotInTrain;
    case "tidyLabels":
      return doneToTexts.tidyLabels;
    case "composeTexts":
      return doneToTexts.composeTexts;
  }
}

/** Says what a click on a finding's button will do, in the language of the screen. */
export function describeFix(fix: Fix): string {
  const text = words.labels.fix;
  const [first, ...others] = fix.edits;
  if (!first) {
    return fix.maxLength === null ? fix.label : text.maxLength(formatNumber(fix.maxLength));
  }
  const n = formatNumber(fix.edits.length);
  if (others.some((edit) => edit.kind !== first.kind)) {
    return fix.label;
  }
  switch (first.kind) {
    case "renameLabel":
      return others.length > 0 ? fix.label : text.renameLabel(first.from, first.to);
    case "mergeLabels":
      return others.length > 0 ? text.mergeGroups(n) : text.mergeLabels(first.into);
    case "ignoreLabel":
      return others.length > 0 ? text.ignoreLabels(n) : text.ignoreLabel(first.label);
    case "ignoreRareLabels":
      return text.ignoreRareLabels;
    case "mergeRareLabels":
    case "restoreLabel":
      return fix.label;
    case "dropDuplicates":
      return text.dropDuplicates;
    case "dropConflicts":
      return text.dropConflicts;
    case "dropNearDuplicates":
    case "dropLeaks":
    case "dropShortTexts":
    case "ignoreLabelsNotInTrain":
    case "tidyLabels":
    case "composeTexts":
      return words.findings.fix[first.kind];
  }
}

/** Returns the edit that gives a label a new name, or null if there is nothing to do. */
export function renaming(label: string, wanted: string): DataEdit | null {
  const to = wanted.trim();
  return to === "" || to === label ? null : { kind: "renameLabel", from: label, to };
}

/** Returns the label that several are merged into at first: the one with the most examples. */
export function mostFrequent(labels: readonly LabelInfo[], selected: readonly string[]): string | null {
  return labels.find(({ label }) => selected.includes(label))?.label ?? null;
}
