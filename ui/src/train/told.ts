/** What a training tells, in the language of the window. */

import type { TrainEvent } from "../api";
import { fill } from "../lib/fill";
import { formatNumber } from "../lib/format";
import { language, words } from "../messages";
import { notices } from "../messages/errors";

export type Notice = Extract<TrainEvent, { kind: "notice" }>;
export type StoppedEarly = Extract<TrainEvent, { kind: "stoppedEarly" }>;

/** Says a notice; in English where there are no other words for its code, or a value is missing. */
export function describeNotice({ code, message, values }: Notice): string {
  const german = language() === "de" ? notices.de[code] : undefined;
  return (german && fill(german, values)) ?? message;
}

/** Says why a training ended by itself; older versions said it in English alone. */
export function describeStop({ reason, nChecks, bestStep }: StoppedEarly): string {
  if (nChecks === null || bestStep === null) {
    return words.train.stoppedEarly(reason);
  }
  return words.train.stoppedEarly(words.train.noGain(formatNumber(nChecks), nChecks === 1, formatNumber(bestStep)));
}
