/** How a file may be written: the usual choices, and what a choice asks of the app. */

import type { Dialect, DialectRequest, Runs, Wish } from "../api";

export const AS_DETECTED: DialectRequest = {
  encoding: null,
  delimiter: null,
  runs: null,
  quote: null,
  escape: null,
  hasHeader: null,
  headerRow: null,
  skipLines: null,
  comment: null,
  sheet: null,
};

/** What an option stands for that says "there is none": no character is empty. */
export const NONE = "";

/** By the names that the engine gives them; those of Western files first. */
const ENCODINGS = [
  "UTF-8",
  "windows-1252",
  "UTF-16LE",
  "UTF-16BE",
  "UTF-32LE",
  "UTF-32BE",
  "ISO-8859-15",
  "macintosh",
  "ISO-8859-2",
  "windows-1250",
  "windows-1251",
  "KOI8-R",
  "windows-1253",
  "windows-1254",
  "gb18030",
  "Big5",
  "Shift_JIS",
  "EUC-KR",
];
const QUOTES = ['"', "'", NONE];
const ESCAPES = ["\\", NONE];
const COMMENTS = ["#", "//", "%", NONE];

/** What can be chosen; what several delimiters in a row mean is chosen with the delimiter. */
export type DialectField = Exclude<keyof DialectRequest, "runs">;

/** The fields of a format: those that most people ask for, and the rest. */
export interface FieldGroups {
  usual: DialectField[];
  more: DialectField[];
}

/** Returns what can be chosen for a file of this format. */
export function fieldsOf({ format }: Dialect): FieldGroups {
  switch (format.kind) {
    case "delimited":
      return {
        usual: ["delimiter", "quote", "hasHeader", "encoding"],
        more: ["headerRow", "skipLines", "comment", "escape"],
      };
    case "jsonLines":
    case "json":
      return { usual: ["encoding"], more: [] };
    case "workbook":
      return { usual: ["sheet", "hasHeader"], more: [] };
    case "parquet":
    case "folder":
    case "parts":
      return { usual: [], more: [] };
  }
}

/** A delimiter and what several of them in a row mean, as one option. */
export interface Delimiter {
  /** `NONE` where every line is one cell. */
  mark: string;
  runs: Runs;
}

/** A delimiter has one character, so that a longer option can only be one with runs. */
export function delimiterOption({ mark, runs }: Delimiter): string {
  return runs === "each" || mark === NONE ? mark : `${runs}:${mark}`;
}

export function delimiterOf(option: string): Delimiter {
  for (const runs of ["any", "twoOrMore"] as const) {
    const mark = option.slice(runs.length + 1);
    if (mark !== "" && option === `${runs}:${mark}`) {
      return { mark, runs };
    }
  }
  return { mark: option, runs: "each" };
}

const DELIMITERS = [",", ";", "\t", "|", " ", delimiterOption({ mark: " ", runs: "any" }), NONE];

/** Returns the value of a fact as an option has it. */
export function valueOf(dialect: Dialect, field: DialectField): string {
  switch (field) {
    case "sheet":
      return dialect.format.kind === "workbook" ? dialect.format.sheet : NONE;
    case "delimiter":
      return delimiterOption({ mark: dialect.delimiter ?? NONE, runs: dialect.runs });
    case "skipLines":
      return String(dialect.nLinesAbove);
    default: {
      const value = dialect[field];
      return value === null ? NONE : String(value);
    }
  }
}

/** Returns the values to choose from: the usual ones, and what was detected and chosen, however unusual. */
export function choicesFor(field: DialectField, ...dialects: Dialect[]): string[] {
  const sheets = dialects.flatMap(({ format }) => (format.kind === "workbook" ? format.sheets : []));
  const usual = {
    encoding: ENCODINGS,
    delimiter: DELIMITERS,
    quote: QUOTES,
    escape: ESCAPES,
    hasHeader: ["true", "false"],
    comment: COMMENTS,
    sheet: sheets,
    headerRow: [],
    skipLines: [],
  }[field];
  return [...new Set([...usual, ...dialects.map((dialect) => valueOf(dialect, field))])];
}

/** What a person may type instead of choosing; null where there is nothing to type. */
export type Typed = "character" | "text" | "number" | null;

export function typedFor(field: DialectField): Typed {
  switch (field) {
    case "delimiter":
    case "quote":
    case "escape":
      return "character";
    case "encoding":
    case "comment":
      return "text";
    case "headerRow":
    case "skipLines":
      return "number";
    case "hasHeader":
    case "sheet":
      return null;
  }
}

/** The least number that a field takes: lines are counted from 1, and none may be left out. */
export function leastOf(field: DialectField): number {
  return field === "headerRow" ? 1 : 0;
}

/** Returns what was typed as an option has it; null for what can't be one. */
export function readTyped(field: DialectField, typed: string): string | null {
  switch (typedFor(field)) {
    case "character":
      return readCharacter(typed);
    case "text":
      return typed.trim() === "" ? null : typed.trim();
    case "number": {
      const n = Number(typed);
      return typed.trim() !== "" && Number.isSafeInteger(n) && n >= leastOf(field) ? String(n) : null;
    }
    case null:
      return null;
  }
}

/** A tab can't be typed into a field, so it has a name. */
function readCharacter(typed: string): string | null {
  if (typed === "\\t") {
    return "\t";
  }
  return [...typed].length === 1 ? typed : null;
}

/** Returns the request after the person chose a value. */
export function requestWith(request: DialectRequest, field: DialectField, value: string): DialectRequest {
  const wish: Wish = value === NONE ? false : value;
  switch (field) {
    case "encoding":
    case "sheet":
      return { ...request, [field]: value };
    case "delimiter": {
      const { mark, runs } = delimiterOf(value);
      // A space is the only delimiter whose runs the app judges by itself.
      const isSaid = runs !== "each" || mark === " ";
      return { ...request, delimiter: mark === NONE ? false : mark, runs: isSaid ? runs : null };
    }
    case "quote":
    case "escape":
    case "comment":
      return { ...request, [field]: wish };
    // The line of the names says all that the other two say.
    case "hasHeader":
      return { ...request, hasHeader: value === "true", headerRow: null };
    case "headerRow":
      return { ...request, hasHeader: null, headerRow: Number(value), skipLines: null };
    case "skipLines":
      return { ...request, headerRow: null, skipLines: Number(value) };
  }
}

/** Returns the request after the person left a field to be detected. */
export function requestWithout(request: DialectRequest, field: DialectField): DialectRequest {
  return { ...request, [field]: null, ...(field === "delimiter" ? { runs: null } : {}) };
}

/** Says whether the person set the field. */
export function isSet(request: DialectRequest, field: DialectField): boolean {
  return request[field] !== null || (field === "delimiter" && request.runs !== null);
}

/** Says whether the person chose anything. */
export function isChosen(request: DialectRequest): boolean {
  return Object.values(request).some((value) => value !== null);
}
