/** The report's numbers as the screen's tables need them. */

import type { JudgedText, LabelScore, Report } from "../api";

export interface LabelRow extends LabelScore {
  label: string;
}

export type LabelColumn = keyof LabelRow;

export interface Sorting {
  column: LabelColumn;
  descending: boolean;
}

export function labelRows(report: Report): LabelRow[] {
  return report.labels.flatMap((label, index) => {
    const score = report.scores.perLabel[index];
    return score ? [{ label, ...score }] : [];
  });
}

/** Sorts by a column; equal rows keep their order. */
export function sortLabels(rows: readonly LabelRow[], { column, descending }: Sorting): LabelRow[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [a[column], b[column]];
    const order =
      typeof left === "string" && typeof right === "string"
        ? left.localeCompare(right, undefined, { numeric: true })
        : Number(left) - Number(right);
    return sign * order;
  });
}

/** The sorting after a click on a column's head: numbers begin with the largest, names with A. */
export function nextSorting(now: Sorting, column: LabelColumn): Sorting {
  return now.column === column
    ? { column, descending: !now.descending }
    : { column, descending: column !== "label" };
}

/** A cell of the confusion matrix. */
export interface ConfusionCell {
  actual: string;
  predicted: string;
  n: number;
  /** Share of the texts that have the label `actual`, 0 to 1. */
  share: number;
}

export interface ConfusionRow {
  label: string;
  /** Texts that have the label. */
  n: number;
  /** The cell below a label, by its position. Made when it is asked for: a thousand labels have a million cells. */
  cellAt: (predicted: number) => ConfusionCell;
}

export function confusionRows(report: Report): ConfusionRow[] {
  return report.labels.map((actual, row) => {
    const counts = report.scores.confusion[row] ?? [];
    const n = counts.reduce((sum, count) => sum + count, 0);
    const cellAt = (column: number): ConfusionCell => {
      const count = counts[column] ?? 0;
      return { actual, predicted: report.labels[column] ?? "", n: count, share: n === 0 ? 0 : count / n };
    };
    return { label: actual, n, cellAt };
  });
}

/** Returns the wrong cells with texts in them, the fullest first. */
export function confusedPairs(report: Report): ConfusionCell[] {
  return confusionRows(report)
    .flatMap(({ cellAt }, row) => {
      const counts = report.scores.confusion[row] ?? [];
      return counts.flatMap((n, column) => (n > 0 && column !== row ? [cellAt(column)] : []));
    })
    .sort((a, b) => b.n - a.n || b.share - a.share);
}

/** With more labels than this, most cells of the matrix are empty and few of them are on the screen. */
const DENSE = 20;
/** As many labels are seen at once without scrolling. */
const MOST_CONFUSED = 16;

/**
 * Returns the positions of those labels that are most often taken for each other, in the order of the report; null where
 * there are few labels, or none was taken for another.
 */
export function mostConfused(report: Report): number[] | null {
  const pairs = report.labels.length > DENSE ? confusedPairs(report) : [];
  const names = new Set<string>();
  for (const { actual, predicted } of pairs) {
    const next = [actual, predicted].filter((name) => !names.has(name));
    if (names.size + next.length <= MOST_CONFUSED) {
      next.forEach((name) => names.add(name));
    }
  }
  const positions = report.labels.flatMap((label, position) => (names.has(label) ? [position] : []));
  return positions.length > 0 ? positions : null;
}

/** Returns how many texts of a row are in none of the cells at `positions`. */
export function nElsewhere({ n, cellAt }: ConfusionRow, positions: readonly number[]): number {
  return n - positions.reduce((sum, position) => sum + cellAt(position).n, 0);
}

/** Returns the texts behind a cell that are kept: of mistakes the surest first, of right answers the least sure. */
export function textsOf(report: Report, cell: ConfusionCell): JudgedText[] {
  const kept = cell.actual === cell.predicted ? report.right : report.mistakes;
  return kept.filter(({ actual, predicted }) => actual === cell.actual && predicted === cell.predicted);
}

/** Returns the number of wrong answers, also of those whose texts are not kept. */
export function nMistakes({ scores }: Report): number {
  // Where a text can have several labels, none is taken for another, and there is no such table.
  if (scores.confusion.length === 0) return Math.round((1 - scores.accuracy) * scores.nExamples);
  const nRight = scores.confusion.reduce((sum, row, label) => sum + (row[label] ?? 0), 0);
  return scores.nExamples - nRight;
}

export type TextOrder = "surest" | "line" | "label";

/** Sorts texts. The surest come first, or the order is that of the file, or of the labels. */
export function sortTexts(texts: readonly JudgedText[], order: TextOrder): JudgedText[] {
  const names = (a: string, b: string): number => a.localeCompare(b, undefined, { numeric: true });
  return [...texts].sort((a, b) => {
    switch (order) {
      case "surest":
        return b.score - a.score;
      case "line":
        return a.line - b.line;
      case "label":
        return names(a.actual, b.actual) || names(a.predicted, b.predicted) || b.score - a.score;
    }
  });
}
