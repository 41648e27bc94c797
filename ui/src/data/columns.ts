/** From what the person chose in the heads of the table to what the app is asked for. */

import type { ColumnInfo, ColumnRole, MappingRequest, Task } from "../api";

/**
 * Returns the roles that a column may get. The text and the label are moved by choosing another column for them; so is
 * the last of several columns that are labels themselves.
 */
export function choicesOf(role: ColumnRole, nOwnLabels = 0): ColumnRole[] {
  const all: ColumnRole[] = ["text", "textB", "label", "ownLabel", "split", "ignore"];
  const isNeeded = role === "text" || role === "label" || (role === "ownLabel" && nOwnLabels < 2);
  return isNeeded ? all.filter((choice) => choice !== "ignore") : all;
}

/** Returns the names of the columns that are labels themselves. */
export function ownLabelsOf(columns: readonly ColumnInfo[]): string[] {
  return columns.filter(({ role }) => role === "ownLabel").map(({ name }) => name);
}

/**
 * Returns the request after `column` got `role`: what the person said stays said, the rest may be guessed anew. A
 * second text or a split that is no longer wanted is declined, else the same guess would come back.
 */
export function requestOf(
  request: MappingRequest,
  columns: readonly ColumnInfo[],
  column: string,
  role: ColumnRole,
): MappingRequest {
  const before = columns.find(({ name }) => name === column)?.role;
  const free = (wish: MappingRequest["text"]) => (wish === column ? null : wish);
  const next: MappingRequest = {
    text: free(request.text),
    textB: free(request.textB),
    label: free(request.label),
    split: free(request.split),
    ...labelsAfter(request, columns, column, role),
  };
  if (role === "ownLabel") {
    next.label = null;
  } else if (role !== "ignore") {
    next[role] = column;
  } else if (before === "textB" || before === "split") {
    next[before] = false;
  }
  return next;
}

/** What is said of labels beside their column. How they are written stays said, unless they now stand elsewhere. */
function labelsAfter(
  { labels, labelSeparator, task }: MappingRequest,
  columns: readonly ColumnInfo[],
  column: string,
  role: ColumnRole,
): Pick<MappingRequest, "labels" | "labelSeparator" | "task"> {
  const before = columns.find(({ name }) => name === column)?.role;
  const saidTask = task === undefined ? {} : { task };
  const own = ownLabelsOf(columns);
  if (role === "label" || before === "label") {
    return role === "ownLabel" ? { labels: [column] } : {};
  }
  if (role === "ownLabel") {
    const isOne = ({ name }: ColumnInfo) => name === column || own.includes(name);
    const names = columns.filter(isOne).map(({ name }) => name);
    return { labels: names, ...(own.length > 0 ? saidTask : {}) };
  }
  if (before === "ownLabel") {
    // Those that were guessed are named now, or the same guess would come back.
    const left = own.filter((name) => name !== column);
    return left.length > 0 ? { labels: left, ...saidTask } : {};
  }
  return { ...(labels && { labels }), ...(labelSeparator !== undefined && { labelSeparator }), ...saidTask };
}

/** Returns the request after the person said what stands between the labels of a cell; `false`: a cell is one label. */
export function withSeparator(request: MappingRequest, labelSeparator: string | false): MappingRequest {
  // Whether a text has several labels follows from it.
  const { task: _, ...rest } = request;
  return { ...rest, labelSeparator };
}

export function withoutSeparator(request: MappingRequest): MappingRequest {
  const { labelSeparator: _, ...rest } = request;
  return rest;
}

export function withTask(request: MappingRequest, task: Task): MappingRequest {
  return { ...request, task };
}

export function withoutTask(request: MappingRequest): MappingRequest {
  const { task: _, ...rest } = request;
  return rest;
}
