/** Puts the values of an error into a German sentence: „{path}“, „{neededBytes:bytes}“. */

import { type Template, terms, type Values } from "../messages/errors";
import { model, rangeDe } from "../messages/model";
import { formatBytes, formatNumber, formatPercent } from "./format";

type Value = Values[string];

const PLACE = /\{(\w+)(?::(\w+))?\}/g;

/** How a value can be written. */
export const forms: Readonly<Partial<Record<string, (value: Value) => string>>> = {
  plain,
  bytes: (value) => formatBytes(Number(value)),
  whole: (value) => formatNumber(Number(value), 0),
  percent: (value) => formatPercent(Number(value)),
  // A learning rate has more digits than other numbers.
  exact: (value) => formatNumber(Number(value), 12),
  quoted: (value) => listOf(value).map((name) => `„${name}“`).join(", "),
  shape: (value) => listOf(value).join(" × "),
  word: (value) => terms.de[String(value)] ?? plain(value),
  setting: (value) => model.de.setting(String(value)).name,
  reason: (value) => model.de.reason(String(value), ""),
  range: (value) => rangeDe(String(value)),
};

/** Returns the sentence with its values, or null where one is missing. */
export function fill(template: Template, values: Values): string | null {
  let isWhole = true;
  const text = typeof template === "string" ? template : template(values);
  const filled = text.replace(PLACE, (_place, name: string, form: string = "plain") => {
    const value = values[name];
    const write = forms[form];
    if (value === undefined || write === undefined) {
      isWhole = false;
      return "";
    }
    return write(value);
  });
  return isWhole ? filled.trim() : null;
}

function plain(value: Value): string {
  if (typeof value === "number") {
    return formatNumber(value);
  }
  return typeof value === "string" ? value : value.join(", ");
}

function listOf(value: Value): readonly (string | number)[] {
  return Array.isArray(value) ? value : [value];
}
