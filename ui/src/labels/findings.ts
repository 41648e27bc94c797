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
      // A newer engine may know more than these.
      const { message, why } = finding as DataFinding;
      return { title: text.other, message, why };
    }
  }
}

function sized({ label, nExamples }: LabelSize): string {
  return `${words.labels.matter.quoted(label)} (${formatNumber(nExamples)})`;
}
