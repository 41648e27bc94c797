/** Rows of the project's file → a few texts to try with one click. */

import type { ColumnInfo, TableRow, TextToClassify } from "../api";

/** Shorter ones say too little, longer ones fill the screen. */
const SHORTEST = 12;
const LONGEST = 160;

/** Returns up to `count` texts or pairs, each of another label as far as possible, in the order of the file. */
export function pickExamples(rows: TableRow[], columns: ColumnInfo[], pairs: boolean, count: number): TextToClassify[] {
  const textBColumn = columns.findIndex((column) => column.role === "textB");
  const textColumn = columns.findIndex((column) => column.role === "text");
  const labelColumn = columns.findIndex((column) => column.role === "label");
  const texts = rows
    .map(({ line, cells }) => ({
      line,
      text: cells[textColumn]?.trim() ?? "",
      textB: pairs ? (cells[textBColumn]?.trim() ?? "") : null,
      label: cells[labelColumn] ?? "",
    }))
    .filter(({ text, textB }) => text.length >= SHORTEST && text.length <= LONGEST && textB !== "");

  const seen = new Set<string>();
  const fresh = texts.filter(({ label }) => !seen.has(label) && seen.add(label));
  const others = texts.filter((text) => !fresh.includes(text));
  return [...fresh, ...others]
    .slice(0, count)
    .sort((a, b) => a.line - b.line)
    .map(({ text, textB }) => ({ text, textB }));
}
