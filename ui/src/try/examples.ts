/** Rows of the project's file → a few texts to try with one click. */

import type { ColumnInfo, TableRow } from "../api";

/** Shorter ones say too little, longer ones fill the screen. */
const SHORTEST = 12;
const LONGEST = 160;

/** Returns up to `count` texts, each of another label as far as possible, in the order of the file. */
export function pickExamples(rows: TableRow[], columns: ColumnInfo[], count: number): string[] {
  const textColumn = columns.findIndex((column) => column.role === "text");
  const labelColumn = columns.findIndex((column) => column.role === "label");
  const texts = rows
    .map(({ line, cells }) => ({ line, text: cells[textColumn]?.trim() ?? "", label: cells[labelColumn] ?? "" }))
    .filter(({ text }) => text.length >= SHORTEST && text.length <= LONGEST);

  const seen = new Set<string>();
  const fresh = texts.filter(({ label }) => !seen.has(label) && seen.add(label));
  const others = texts.filter((text) => !fresh.includes(text));
  return [...fresh, ...others]
    .slice(0, count)
    .sort((a, b) => a.line - b.line)
    .map(({ text }) => text);
}
