/** From what the person chose in the heads of the table to what the app is asked for. */

import type { ColumnInfo, ColumnRole, MappingRequest } from "../api";

/** Returns the roles that a column may get. The text and the label are moved by choosing another column for them. */
export function choicesOf(role: ColumnRole): ColumnRole[] {
  const all: ColumnRole[] = ["text", "textB", "label", "split", "ignore"];
  return role === "text" || role === "label" ? all.filter((choice) => choice !== "ignore") : all;
}

/** Returns the request after `column` got `role`: what the person named stays named, the rest may be guessed anew. */
export function requestOf(columns: readonly ColumnInfo[], column: string, role: ColumnRole): MappingRequest {
  const named = (wanted: ColumnRole): string | null => {
    if (wanted === role) {
      return column;
    }
    return columns.find((one) => one.role === wanted && !one.guessed && one.name !== column)?.name ?? null;
  };
  return { text: named("text"), textB: named("textB"), label: named("label"), split: named("split") };
}
