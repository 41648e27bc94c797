import { afterEach, expect, test } from "vitest";
import { describeDeviceReason } from "../lib/device-reason";
import { setLanguage } from "../messages";
import { describeNotice, describeStop, type Notice, type StoppedEarly } from "./told";

const cut: Notice = {
  kind: "notice",
  code: "texts.cut",
  message: "12 of 1200 texts have more than 256 tokens; their middle is left out.",
  values: { nCut: 12, nTexts: 1200, maxLength: 256 },
};
const stop: StoppedEarly = {
  kind: "stoppedEarly",
  step: 80,
  reason: "The last 6 checks were not better than the one at step 20.",
  nChecks: 6,
  bestStep: 20,
};

afterEach(() => setLanguage("en"));

test("a notice speaks the language of the window", () => {
  expect(describeNotice(cut)).toBe(cut.message);
  setLanguage("de");

  expect(describeNotice(cut)).toBe("12 von 1.200 Texten haben mehr als 256 Token; ihre Mitte bleibt weg.");
  expect(describeNotice({ ...cut, values: {} }), "an older version wrote it").toBe(cut.message);
  expect(describeNotice({ ...cut, code: "columns.guessed" })).toBe(cut.message);
});

test("the early end of a training speaks the language of the window", () => {
  expect(describeStop(stop)).toBe(`It stopped by itself. ${stop.reason}`);
  setLanguage("de");

  expect(describeStop(stop)).toContain("Die letzten 6 Prüfungen waren nicht besser als die bei Schritt 20.");
  expect(describeStop({ ...stop, nChecks: 1 })).toContain("Die letzte Prüfung war nicht besser als die bei Schritt 20.");
  expect(describeStop({ ...stop, nChecks: null, bestStep: null })).toContain(stop.reason);
});

test("the reason for a device speaks the language of the window", () => {
  const short = { code: "rightGpu", speed: { times: 4.6, seconds: null } } as const;
  const english = "4.6 times the speed of this CPU in a short test.";
  expect(describeDeviceReason(short, english)).toBe(english);
  setLanguage("de");

  expect(describeDeviceReason(short, english)).toBe("4,6-mal so schnell wie dieser Prozessor in einem kurzen Test.");
  const slow = { code: "slowGpu", name: "RTX 3060", speed: { times: 0.5, seconds: 2.1 } } as const;
  expect(describeDeviceReason(slow, "")).toBe(
    "Die Grafikkarte RTX 3060 ist hier langsamer: 0,5-mal so schnell wie dieser Prozessor in einem Testtraining von 2 Sekunden.",
  );
  const failed = { code: "failedGpu", name: "RTX 3060", reason: "the driver ended its test (signal: 11)" } as const;
  expect(describeDeviceReason({ ...failed, fault: { fault: "ended", status: "signal: 11" } }, "")).toBe(
    "Die Grafikkarte RTX 3060 hat ihren Test nicht bestanden: Der Treiber hat den Test beendet („signal: 11“).",
  );
  expect(describeDeviceReason({ ...failed, fault: null }, ""), "an older version named no fault").toBe(
    "Die Grafikkarte RTX 3060 hat ihren Test nicht bestanden: „the driver ended its test (signal: 11)“.",
  );
  expect(describeDeviceReason(null, english), "an older version wrote it").toBe(english);
});
