/** How a file may be written: the usual choices, and what a choice asks of the app. */

import type { Dialect, DialectRequest, Wish } from "../api";

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
const DELIMITERS = [",", ";", "\t", "|", NONE];
const QUOTES = ['"', "'", NONE];
const ESCAPES = ["\\", NONE];
/** Lines that may hold the names of the columns. */
const HEADER_ROWS = Array.from({ length: 10 }, (_, i) => String(i + 1));

/** What can be chosen in the window; the command line knows more. */
export type DialectField = Exclude<keyof DialectRequest, "runs" | "skipLines" | "comment">;

/** Returns what can be chosen for a file of this format. */
export function fieldsOf({ format, headerRow }: Dialect): DialectField[] {
  switch (format.kind) {
    case "delimited": {
      const names: DialectField[] = headerRow === null ? ["hasHeader"] : ["hasHeader", "headerRow"];
      return ["delimiter", ...names, "quote", "escape", "encoding"];
    }
    case "jsonLines":
    case "json":
      return ["encoding"];
    case "workbook":
      return ["sheet", "hasHeader"];
    case "parquet":
    case "folder":
    case "parts":
      return [];
  }
}

/** Returns the value of a fact as an option has it. */
export function valueOf(dialect: Dialect, field: DialectField): string {
  if (field === "sheet") {
    return dialect.format.kind === "workbook" ? dialect.format.sheet : NONE;
  }
  const value = dialect[field];
  return value === null ? NONE : String(value);
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
    headerRow: HEADER_ROWS,
    sheet: sheets,
  }[field];
  return [...new Set([...usual, ...dialects.map((dialect) => valueOf(dialect, field))])];
}

/** Returns the request after the person chose a value. */
export function requestWith(request: DialectRequest, field: DialectField, value: string): DialectRequest {
  const mark: Wish = value === NONE ? false : value;
  switch (field) {
    case "encoding":
    case "sheet":
      return { ...request, [field]: value };
    case "delimiter":
    case "quote":
    case "escape":
      return { ...request, [field]: mark };
    case "hasHeader":
      return { ...request, hasHeader: value === "true", headerRow: null };
    case "headerRow":
      return { ...request, hasHeader: null, headerRow: Number(value) };
  }
}

/** Says whether the person chose anything. */
export function isChosen(request: DialectRequest): boolean {
  return Object.values(request).some((value) => value !== null);
}
