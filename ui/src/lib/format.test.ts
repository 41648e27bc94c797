import { afterEach, expect, test, vi } from "vitest";
import { setLanguage } from "../messages";
import { formatBytes, formatCount, formatDate, formatDuration, formatNumber, formatPercent } from "./format";

afterEach(() => {
  vi.restoreAllMocks();
  setLanguage("en");
});

test.each([
  [0, "0 s"],
  [0.4, "< 1 s"],
  [59.6, "1 min"],
  [125, "2 min 5 s"],
  [3599.7, "1 h"],
  [3840, "1 h 4 min"],
  [Number.NaN, "–"],
])("a duration of %s seconds is %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [999_600, "1 MB"],
  [91_600_000, "92 MB"],
  [1_440_000_000, "1.4 GB"],
  [-1, "–"],
])("%s bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test("numbers follow the language", () => {
  expect([formatNumber(12480.5), formatPercent(0.9367), formatCount(1, "row", "rows")]).toEqual(["12,480.5", "93.7%", "1 row"]);

  setLanguage("de");
  expect([formatNumber(12480.5), formatPercent(0.9367), formatCount(2000, "Zeile", "Zeilen")]).toEqual([
    "12.480,5",
    "93,7\u00a0%",
    "2.000 Zeilen",
  ]);
});

test("a web view that calls its language C is read as English", () => {
  vi.spyOn(navigator, "language", "get").mockReturnValue("C");
  setLanguage("system");

  expect(formatNumber(1234)).toBe("1,234");
  expect(formatDate("2026-11-23T10:48:00Z")).toMatch(/2026/);
});

test("a date that is none is shown as it is", () => {
  expect(formatDate("yesterday")).toBe("yesterday");
});
