/** Says why a device was chosen, in the language of the window. */

import type { DeviceReason, GpuSpeed } from "../api";
import { words } from "../messages";
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
      return text.failedGpu(why.name, why.reason);
    case "rightGpu":
      return text.rightGpu(inWords(why.speed));
    default:
      return english;
  }
}

function inWords({ times, seconds }: GpuSpeed): string {
  const text = words.settings.why;
  const rounded = formatNumber(times, 1);
  return seconds === null ? text.inShortTest(rounded) : text.inTraining(rounded, formatNumber(Math.max(1, seconds), 0));
}
