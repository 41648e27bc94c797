/** What the engine found, in the language of the screen. */

import type { DataFinding, LabelSize } from "../api";
import { formatNumber } from "../lib/format";
import { words } from "../messages";

/** Labels that a sentence names. */
const NAMED = 3;

export interface Told {
  /** What kind of thing it is, two or three words. */
  title: string;
  message: string;
  why: string;
}

/** Says what a finding is about; in English where only the engine's sentences are known. */
export function describeFinding(finding: DataFinding): Told {
  const text = words.labels.matter;
  switch (finding.code) {
    case "conflicts": {
      const message = text.conflicts.message(formatNumber(finding.nTexts), finding.nTexts === 1, formatNumber(finding.nRows));
      return { ...text.conflicts, message };
    }
    case "duplicates": {
      return { ...text.duplicates, message: text.duplicates.message(formatNumber(finding.nRows), finding.nRows === 1) };
    }
    case "similarLabels": {
      const names = finding.labels.map(text.quoted).join(text.and);
      const { one, many } = text.similarLabels;
      return { ...text.similarLabels, message: finding.nGroups === 1 ? one(names) : many(formatNumber(finding.nGroups), names) };
    }
    case "rareLabel": {
      const named = finding.labels.slice(0, NAMED);
      const names = named.map(sized).join(", ") + (finding.nRare > named.length ? ", …" : "");
      const message = text.rareLabel.message(
        formatNumber(finding.nRare),
        formatNumber(finding.nLabels),
        finding.nRare === 1,
        formatNumber(finding.fewest),
        names,
      );
      return { ...text.rareLabel, message };
    }
    case "manyLabels": {
      const { title, message, why } = text.manyLabels;
      return { title, why, message: message(formatNumber(finding.nLabels), formatNumber(finding.nExamples), finding.areNumbers) };
    }
    case "imbalance": {
      const { most, least } = finding;
      const message = text.imbalance.message(
        most.label,
        formatNumber(most.nExamples),
        least.label,
        formatNumber(least.nExamples),
      );
      return { ...text.imbalance, message };
    }
    case "cutTexts": {
      const { nCut, nTexts, maxLength, longest, limit } = finding;
      const { title, why, whyAtLimit, message } = text.cutTexts;
      const told = message(formatNumber(nCut), nCut === 1, formatNumber(nTexts), formatNumber(maxLength), formatNumber(longest));
      return { title, message: told, why: maxLength < limit ? why : whyAtLimit(formatNumber(limit)) };
    }
    default: {
      return describeMore(finding);
    }
  }
}

/** Those that look at texts, parts and columns. */
function describeMore(finding: DataFinding): Told {
  const text = words.findings.matter;
  switch (finding.code) {
    case "leaks": {
      const { nEqual, nNear } = finding;
      const { equal, near, both } = text.leaks;
      const tell = nEqual === 0 ? near(formatNumber(nNear), nNear === 1) : equal(formatNumber(nEqual), nEqual === 1);
      return { ...text.leaks, message: nEqual > 0 && nNear > 0 ? both(tell, formatNumber(nNear)) : tell };
    }
    case "labelsNotInTrain": {
      const { nLabels, labels } = finding;
      const message = text.labelsNotInTrain.message(formatNumber(nLabels), nLabels === 1, listed(labels.map(sized), nLabels));
      return { ...text.labelsNotInTrain, message };
    }
    case "tellingColumn": {
      const { column, nRight, nRows, isOtherName } = finding;
      if (isOtherName) {
        return { ...text.otherName, message: text.otherName.message(column) };
      }
      const message = text.tellingColumn.message(column, formatNumber(nRight), formatNumber(nRows));
      return { ...text.tellingColumn, message };
    }
    case "labelsInTexts": {
      const { nLabels, labels } = finding;
      const message = text.labelsInTexts.message(formatNumber(nLabels), nLabels === 1, listed(labels.map(sized), nLabels));
      return { ...text.labelsInTexts, message };
    }
    case "nearDuplicates": {
      const { nRows, nLookedAt, nDifferent } = finding;
      const { message, compared } = text.nearDuplicates;
      const note = nLookedAt < nDifferent ? compared(formatNumber(nLookedAt), formatNumber(nDifferent)) : "";
      return { ...text.nearDuplicates, message: message(formatNumber(nRows), nRows === 1) + note };
    }
    case "nearConflicts": {
      const { nRows } = finding;
      return { ...text.nearConflicts, message: text.nearConflicts.message(formatNumber(nRows), nRows === 1) };
    }
    case "shortTexts": {
      const { nRows, fewest } = finding;
      const message = text.shortTexts.message(formatNumber(nRows), nRows === 1, formatNumber(fewest));
      return { ...text.shortTexts, message };
    }
    case "untidyLabels": {
      const { nLabels, labels } = finding;
      const names = listed(labels.map(words.labels.matter.quoted), nLabels);
      return { ...text.untidyLabels, message: text.untidyLabels.message(formatNumber(nLabels), nLabels === 1, names) };
    }
    case "uncomposedTexts": {
      const { nRows } = finding;
      return { ...text.uncomposedTexts, message: text.uncomposedTexts.message(formatNumber(nRows), nRows === 1) };
    }
    case "labelShift": {
      const { isTest, label, nLabelInTrain, nTrain, nLabelInPart, nPart } = finding;
      const [inTrain, inPart] = [nLabelInTrain / Math.max(1, nTrain), nLabelInPart / Math.max(1, nPart)];
      // A rare label would have 0 % of the rows, or the same share in both.
      const shown = (share: number): string => formatNumber(100 * share, Math.min(inTrain, inPart) < 0.1 ? 1 : 0);
      return { ...text.labelShift, message: text.labelShift.message(label, shown(inTrain), shown(inPart), isTest) };
    }
    case "unknownWords": {
      const { nUnknown, nWords, nHard, nTexts } = finding;
      const share = Math.max(1, percent(nUnknown, nWords));
      const message = text.unknownWords.message(`${share}`, formatNumber(nHard), formatNumber(nTexts), nTexts === 1);
      return { ...text.unknownWords, message };
    }
    default: {
      // A newer engine may know more than these.
      const { message, why } = finding as DataFinding;
      return { title: words.labels.matter.other, message, why };
    }
  }
}

/** The first few names of `n`. */
function listed(names: string[], n: number): string {
  return names.slice(0, NAMED).join(", ") + (n > NAMED ? ", …" : "");
}

function percent(n: number, of: number): number {
  return Math.round((100 * n) / Math.max(1, of));
}

function sized({ label, nExamples }: LabelSize): string {
  return `${words.labels.matter.quoted(label)} (${formatNumber(nExamples)})`;
}
