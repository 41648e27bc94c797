/** How labels are written, and how many a text has, in the language of the screen. */

import type { Project } from "../api";
import { words } from "../messages";
import { describeReason } from "./notes";

/** The option that says that a cell is one label. */
export const WHOLE_CELL = "";

/** What the engine calls lists in brackets. */
const BRACKETS = "[]";

const SEPARATORS = [WHOLE_CELL, ";", ",", "|", BRACKETS];

type Said = Pick<Project, "columnRequest" | "labelCells">;

export function separatorOf({ labelCells }: Said): string {
  return labelCells?.separator ?? WHOLE_CELL;
}

/** The separators to choose from: the usual ones, and what was detected and chosen, however unusual. */
export function separatorsFor(project: Said): string[] {
  return [...new Set([...SEPARATORS, detectedSeparator(project), separatorOf(project)])];
}

export function detectedSeparator({ labelCells }: Said): string {
  return labelCells?.detected ?? WHOLE_CELL;
}

export function separatorInWords(separator: string): string {
  const { delimiter, space } = words.data;
  const { wholeCell, brackets, between } = words.data.separator;
  switch (separator) {
    case WHOLE_CELL:
      return wholeCell;
    case BRACKETS:
      return brackets;
    case ";":
      return delimiter.semicolon;
    case ",":
      return delimiter.comma;
    case "|":
      return delimiter.bar;
    case " ":
      return space;
    default:
      return between(separator);
  }
}

/** Returns what was typed as a separator. Spaces around labels don't count, so they do not around it. */
export function readSeparator(typed: string): string | null {
  return typed.trim() || (typed === "" ? null : " ");
}

export function isSeparatorSet({ columnRequest: { labelSeparator } }: Said): boolean {
  return labelSeparator !== undefined && labelSeparator !== null;
}

/** Says why the cells are taken apart so, and what would be detected where the person said it. */
export function separatorReason(project: Said): string {
  const text = words.data.separator;
  const reason = project.labelCells?.reason ?? null;
  const detected = detectedSeparator(project);
  const why = reason === null ? text.noLists : describeReason(reason);
  if (isSeparatorSet(project)) {
    return `${words.data.detectedAs(separatorInWords(detected))} ${why}`;
  }
  if (separatorOf(project) === detected) {
    return why;
  }
  return separatorOf(project) === WHOLE_CELL ? text.bySingle : text.likeliest;
}

/** Says why a text has one label or several; null where the person said it, or there are no labels. */
export function taskReason({ task, columnRequest, labelCells }: Said & Pick<Project, "task">): string | null {
  const text = words.data.taskWhy;
  if (task === undefined || columnRequest.task !== undefined) {
    return null;
  }
  if (labelCells === undefined) {
    return task === "multi" ? text.anyMarks : text.oneMark;
  }
  return task === "multi" ? text.lists : text.cells;
}
