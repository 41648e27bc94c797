/** Says why a device was chosen, in the language of the window. */

import type { DeviceReason, GpuFault, GpuSpeed } from "../api";
import { language, words } from "../messages";
import { gpuFaults } from "../messages/errors";
import { fill } from "./fill";
import { formatNumber } from "./format";

/** Returns a sentence; `english` where older versions said nothing else. */
export function describeDeviceReason(why: DeviceReason | null, english: string): string {
  const text = words.settings.why;
  switch (why?.code) {
    case "asked":
      return text.asked;
    case "noGpu":
      return text.noGpu;
    case "slowGpu":
      return text.slowGpu(why.name, inWords(why.speed));
    case "failedGpu":
      return text.failedGpu(why.name, inGerman(why.fault) ?? text.saidByDriver(why.reason));
    case "rightGpu":
      return text.rightGpu(inWords(why.speed));
    default:
      return english;
  }
}

/**
 * Returns null where the window speaks English: the engine's sentence is in `reason`. Older versions named no fault.
 */
function inGerman(fault: GpuFault | null | undefined): string | null {
  const template = language() === "de" && fault ? gpuFaults.de[fault.fault] : undefined;
  return fault && template !== undefined ? fill(template, fault) : null;
}

function inWords({ times, seconds }: GpuSpeed): string {
  const text = words.settings.why;
  const rounded = formatNumber(times, 1);
  return seconds === null ? text.inShortTest(rounded) : text.inTraining(rounded, formatNumber(Math.max(1, seconds), 0));
}
