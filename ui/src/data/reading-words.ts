/** What the fields of a reading are called, and their values, in the language of the screen. */

import { words } from "../messages";
import { delimiterOf, type DialectField, NONE } from "./dialect";

export function fieldName(field: DialectField): string {
  const text = words.data;
  const names: Record<DialectField, string> = {
    delimiter: text.delimiterField,
    hasHeader: text.headerField,
    headerRow: text.headerRowField,
    skipLines: text.skipLinesField,
    quote: text.quoteField,
    escape: text.escapeField,
    comment: text.commentField,
    encoding: text.encodingField,
    sheet: text.sheetField,
  };
  return names[field];
}

/** Says the value of an option. */
export function valueInWords(field: DialectField, value: string): string {
  const text = words.data;
  switch (field) {
    case "delimiter":
      return delimiterInWords(value);
    case "quote":
      return oneOf({ '"': text.quote.double, "'": text.quote.single, [NONE]: text.quote.none }, value) ?? character(value);
    case "escape":
      return oneOf({ "\\": text.escape.backslash, [NONE]: text.escape.doubled }, value) ?? character(value);
    case "hasHeader":
      return value === "true" ? text.header : text.noHeader;
    case "comment":
      return value === NONE ? text.noComments : value;
    case "encoding":
      return value === "windows-1252" ? text.western : value;
    case "headerRow":
    case "skipLines":
    case "sheet":
      return value;
  }
}

function delimiterInWords(option: string): string {
  const { mark, runs } = delimiterOf(option);
  const { delimiter, onePerLine, inRuns, spacesInRuns } = words.data;
  if (mark === NONE) {
    return onePerLine;
  }
  if (runs !== "each" && mark === " ") {
    return spacesInRuns[runs];
  }
  const usual = { ",": delimiter.comma, ";": delimiter.semicolon, "\t": delimiter.tab, "|": delimiter.bar, " ": delimiter.space };
  const name = oneOf(usual, mark) ?? character(mark);
  return runs === "each" ? name : inRuns[runs](name);
}

function oneOf(names: Record<string, string>, value: string): string | undefined {
  return Object.hasOwn(names, value) ? names[value] : undefined;
}

/** Names a character; one that nobody can see by its number. */
function character(mark: string): string {
  const isSeen = /^[^\p{C}\p{Z}]+$/u.test(mark);
  const code = mark.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  if (mark === " ") {
    return words.data.space;
  }
  return words.data.character(isSeen ? mark : `U+${code ?? ""}`);
}
