/** From what the person chose in the heads of the table to what the app is asked for. */

import type { ColumnInfo, ColumnRole, MappingRequest } from "../api";

/** Returns the roles that a column may get. The text and the label are moved by choosing another column for them. */
export function choicesOf(role: ColumnRole): ColumnRole[] {
  const all: ColumnRole[] = ["text", "textB", "label", "split", "ignore"];
  return role === "text" || role === "label" ? all.filter((choice) => choice !== "ignore") : all;
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
  };
  // How labels are written stays said, unless they now stand in another column.
  if (role !== "label" && before !== "label") {
    const { labels, labelSeparator, task } = request;
    Object.assign(next, labels && { labels }, labelSeparator !== undefined && { labelSeparator }, task && { task });
  }
  if (role !== "ignore") {
    next[role] = column;
  } else if (before === "textB" || before === "split") {
    next[before] = false;
  }
  return next;
}
