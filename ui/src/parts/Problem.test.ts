import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { ErrorInfo } from "../api";
import { setLanguage } from "../messages";
import Problem from "./Problem.svelte";

const missing: ErrorInfo = {
  code: "table.rowTooLong",
  message: "The row in line 1200 of a.csv is longer than 16 MB, the most that a row may hold",
  hint: "Look at line 1200.",
  details: "quotation mark in byte 7",
  values: { path: "a.csv", line: 1200 },
};

afterEach(() => {
  cleanup();
  setLanguage("en");
  vi.unstubAllGlobals();
});

test("an error speaks the language of the window, and follows it", async () => {
  render(Problem, { error: missing });
  expect(screen.getByRole("alert").textContent).toContain(missing.message);

  setLanguage("de");
  await tick();

  const text = screen.getByRole("alert").textContent;
  expect(text).toContain("Die Zeile 1.200 von a.csv ist länger als 16 MB");
  expect(text).toContain("Sehen Sie sich Zeile 1.200 an");
  expect(text).not.toContain(missing.hint);
});

test("an error without German words stays English", () => {
  setLanguage("de");
  render(Problem, { error: { ...missing, code: "table.somethingNew" } });

  const text = screen.getByRole("alert").textContent;
  expect(text).toContain(missing.message);
  expect(text).toContain(missing.hint);
});

test("what is copied is the code with the English sentence", async () => {
  const writeText = vi.fn().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", { ...navigator, language: "de", clipboard: { writeText } });
  setLanguage("de");
  render(Problem, { error: missing });
  await fireEvent.click(screen.getByRole("button", { name: "Kopieren", hidden: true }));

  expect(writeText).toHaveBeenCalledWith(`table.rowTooLong: ${missing.message}\nquotation mark in byte 7`);
});
