import { afterEach, describe, expect, test } from "vitest";
import type { ErrorInfo } from "../api";
import { fill, forms } from "./fill";
import { describeError } from "./problem";
import { setLanguage } from "../messages";
import { SAMPLES } from "./errors.samples";
import { errors, notices, type Template, terms } from "../messages/errors";

/** The Rust sources, by path. */
const sources = import.meta.glob<string>(
  ["../../../engine/src/**/*.rs", "../../../worker/src/**/*.rs", "../../../src-tauri/**/*.rs"],
  { query: "?raw", import: "default", eager: true },
);

/** Codes of which only the command line, or a program that speaks to the worker, can hear. */
const COMMAND_LINE = [
  "pack.io",
  "pack.taken",
  "pack.tensors",
  "pack.tooLarge",
  "worker.classifyWhat",
  "worker.malformed",
  "worker.nothingToResume",
  "worker.output",
  "worker.page",
  "worker.unevenPairs",
];

/** Guesses are told to a caller that names no columns; the window names them. */
const UNHEARD_NOTICES = ["columns.guessed"];

const CODE = /"([a-z][A-Za-z]*\.[a-zA-Z]+)"/g;

afterEach(() => setLanguage("en"));

test("every error that the window can show has German words, and no other has", () => {
  const bodies = Object.values(sources).flatMap((text) => text.match(/fn code\(&self\) -> &[^{]*\{[^]*?\n {4}\}/g) ?? []);
  const codes = codesIn(bodies.join("\n"));

  expect(codes.length).toBeGreaterThan(80);
  expect(codes.filter((code) => !COMMAND_LINE.includes(code))).toEqual(Object.keys(errors.de).sort());
  expect(codes).toEqual(expect.arrayContaining(COMMAND_LINE));
});

test("every notice that the window can show has German words", () => {
  const notice = /(?:notice\(|Notice \{|\[|\()\s*(?:code: )?"([a-z][A-Za-z]*\.[a-zA-Z]+)"/g;
  const tellers = ["engine/src/evaluate.rs", "engine/src/train/texts.rs", "worker/src/train.rs", "worker/src/worker.rs"];
  const text = tellers.map((path) => sources[`../../../${path}`] ?? "").join("\n");
  const named = [...text.matchAll(notice)].map(([, code]) => code ?? "").filter((code) => !code.endsWith(".safetensors"));
  const codes = [...new Set(named)].filter((code) => !UNHEARD_NOTICES.includes(code));

  expect(codes.sort()).toEqual(Object.keys(notices.de).sort());
});

test("every kind of file has a German name", () => {
  // What a JSON document is instead of a table stands in no German sentence.
  const paths = Object.keys(sources).filter((path) => /\/table(\/|\.rs$)/.test(path) && !/\/json\w*\.rs$/.test(path));
  const kinds = paths.flatMap((path) => wordsIn(path, /(?<!b)"((?:an? |text in |binary )[^"\\{]+)"/g));

  expect(kinds).toEqual(
    expect.arrayContaining(["a PDF document", "a tar archive", "a gzip archive", "an Excel workbook", "a Parquet file", "binary data"]),
  );
  expect(kinds.filter((kind) => terms.de[kind] === undefined)).toEqual([]);
});

test("every other word that an error puts into its sentence has a German one", () => {
  const places: [path: string, word: RegExp, n: number][] = [
    ["engine/src/dataset.rs", /\), "(the [a-z ]+)"\),/g, 4],
    ["engine/src/train/run_folder.rs", /\(\s*"([a-z ]+)",\s*self\.\w+ ==/g, 4],
    ["engine/src/base_model.rs", /\baction: "(\w+)"/g, 2],
    ["engine/src/base_model/hub.rs", /"([a-z][a-z ]+ [a-z ]+)"\.to_owned\(\)/g, 2],
    ["src-tauri/worker.rs", /break "([a-z ]+)"\.to_owned\(\)/g, 1],
  ];
  for (const [path, word, n] of places) {
    const found = wordsIn(`../../../${path}`, word);
    expect(found, path).toHaveLength(n);
    expect(found.filter((text) => terms.de[text] === undefined)).toEqual([]);
  }
});

describe("in German", () => {
  test("there is a sample for every code", () => {
    expect(Object.keys(SAMPLES).sort()).toEqual([...Object.keys(errors.de), ...Object.keys(notices.de)].sort());
  });

  test("the samples have the names that the Rust sources have", () => {
    const text = Object.values(sources).join("\n");
    const names = new Set(Object.values(SAMPLES).flatMap((samples) => samples.flatMap((values) => Object.keys(values))));
    const unknown = [...names].filter((name) => {
      const field = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return !new RegExp(`\\b${field}: |"${name}": `).test(text);
    });

    expect(unknown).toEqual([]);
  });

  const cases = Object.entries(SAMPLES).flatMap(([code, samples]) => samples.map((values) => ({ code, values })));

  test.each(cases)("$code is said with $values", ({ code, values }) => {
    setLanguage("de");
    const word = errors.de[code];
    const notice = notices.de[code];
    for (const template of [word?.message, word?.hint, notice].filter((template) => template !== undefined)) {
      expect(formsOf(template, values).filter((form) => forms[form] === undefined)).toEqual([]);
      const sentence = fill(template, values);
      expect(sentence).not.toBeNull();
      expect(sentence).not.toMatch(/[{}]|undefined|NaN|\s\s/);
    }
  });

  test.each(cases.filter(({ values }) => Object.keys(values).length > 0))("$code needs its values", ({ code, values }) => {
    setLanguage("de");
    for (const template of [errors.de[code]?.message, notices.de[code]].filter((template) => template !== undefined)) {
      const said = fill(template, values);
      const needed = Object.keys(values).filter((name) => String(typeof template === "string" ? template : template(values)).includes(`{${name}`));
      for (const name of needed) {
        const { [name]: _gone, ...others } = values;
        expect(fill(template, others)).not.toBe(said);
      }
    }
  });
});

const tooFew: ErrorInfo = {
  code: "split.tooFewExamples",
  message: 'The label "spam" has only 2 examples (line 1200), but every label needs at least 3',
  hint: "Add some examples.",
  details: null,
  values: { label: "spam", n: 2, line: 1200, needed: 3 },
};

test("an error is said in the language of the window", () => {
  expect(describeError(tooFew)).toEqual({ message: tooFew.message, hint: tooFew.hint });
  setLanguage("de");

  expect(describeError(tooFew).message).toBe(
    "Das Label „spam“ hat nur 2 Beispiele (Zeile 1.200); jedes Label braucht mindestens 3",
  );
  expect(describeError({ ...tooFew, values: { ...tooFew.values, n: 1 } }).message).toContain("nur 1 Beispiel (");
});

test("an error without words or without its values stays English", () => {
  setLanguage("de");
  const english = { message: tooFew.message, hint: tooFew.hint };

  expect(describeError({ ...tooFew, code: "split.somethingNew" })).toEqual(english);
  expect(describeError({ ...tooFew, values: {} })).toEqual(english);
  const { most: _most, ...values } = { asked: 512, most: 256 };
  expect(describeError({ ...tooFew, code: "recipe.tooLong", values })).toEqual(english);
});

test("braces in a name are no places for values", () => {
  expect(fill("Die Datei {path} ist leer", { path: "{label}.csv", label: "spam" })).toBe("Die Datei {label}.csv ist leer");
});

test("values are written as a German sentence has them", () => {
  setLanguage("de");
  const said = (code: string, values: ErrorInfo["values"]) => describeError({ ...tooFew, code, values });

  expect(said("table.unknownColumn", { column: "txt", columns: ["text", "label"] }).message).toContain("„text“, „label“");
  expect(said("table.binary", { path: "a.pdf", kind: "a PDF document" }).message).toBe(
    "Die Datei a.pdf ist ein PDF-Dokument, keine Tabelle aus Text",
  );
  const diskFull = { repository: "a/b", folder: "/m", neededBytes: 91_000_000, freeBytes: 1_400_000_000 };
  expect(said("baseModel.diskFull", diskFull).message).toBe(
    "a/b braucht 91 MB, auf dem Datenträger von /m sind aber nur 1,4 GB frei",
  );
  const rate = said("recipe.outOfRange", { name: "learningRate", value: 0.00000002, range: "above 0 and at most 0.1" });
  expect(rate.message).toBe("Die Einstellung „Lernrate“ ist 0,00000002; möglich ist: über 0 und höchstens 0,1");
  expect(rate.hint).toContain("Kleine Modelle");
  const shape = { path: "m", name: "head", found: [2, 3], expected: [2, 4] };
  expect(said("model.weights", shape).message).toContain("die Form 2 × 3; config.json verlangt 2 × 4");
});

/** What a source says outside of its tests, word by word. */
function wordsIn(path: string, word: RegExp): string[] {
  const [text = ""] = (sources[path] ?? "").split("#[cfg(test)]\nmod tests");
  return [...new Set([...text.matchAll(word)].map(([, found]) => found ?? ""))];
}

function codesIn(text: string): string[] {
  return [...new Set([...text.matchAll(CODE)].map(([, code]) => code ?? ""))].sort();
}

function formsOf(template: Template, values: ErrorInfo["values"]): string[] {
  const text = typeof template === "string" ? template : template(values);
  return [...text.matchAll(/\{\w+:(\w+)\}/g)].map(([, form]) => form ?? "");
}
