/** The recipe's settings as a form shows them: in groups, with choices and limits. */

import type { RecipeField } from "../api";

export type GroupName = "duration" | "rate" | "texts" | "stability" | "other";

/** The settings that people ask for first come first. */
const GROUPS: readonly (readonly [GroupName, readonly string[]])[] = [
  ["duration", ["epochs", "minSteps", "validationsPerEpoch", "patience", "bestBy"]],
  ["rate", ["learningRate", "schedule", "warmupFraction", "headLearningRateFactor"]],
  ["texts", ["maxLength", "batchSize", "microBatchSize", "validFraction", "testFraction", "seed"]],
  ["stability", ["loss", "focalGamma", "classWeights", "dropout", "labelSmoothing", "weightDecay", "clipNorm", "adamBeta1", "adamBeta2", "adamEpsilon"]],
];

const WHOLE = ["batchSize", "microBatchSize", "maxLength", "validationsPerEpoch", "patience", "seed", "minSteps"];

/** Returns the settings in groups; those that no group knows come last. */
export function groupFields(fields: readonly RecipeField[]): { name: GroupName; fields: RecipeField[] }[] {
  const known = GROUPS.flatMap(([, names]) => names);
  const groups = GROUPS.map(([name, names]) => ({
    name,
    fields: names.flatMap((wanted) => fields.filter((field) => field.name === wanted)),
  }));
  const other = { name: "other" as const, fields: fields.filter((field) => !known.includes(field.name)) };
  return [...groups, other].filter((group) => group.fields.length > 0);
}

/** Returns what a setting of words can be; null for a number. */
export function choicesOf(field: RecipeField): string[] | null {
  return typeof field.default === "string" ? field.range.split(/, | or /) : null;
}

/** Whether the setting can hold this number. The engine checks again; this tells it beside the field. */
export function isPossible(field: RecipeField, value: number): boolean {
  const { least, most, aboveLeast, belowMost } = limitsOf(field.range);
  const whole = !WHOLE.includes(field.name) || Number.isInteger(value);
  const highEnough = aboveLeast ? value > least : value >= least;
  const lowEnough = belowMost ? value < most : value <= most;
  return whole && highEnough && lowEnough;
}

interface Limits {
  least: number;
  most: number;
  aboveLeast: boolean;
  belowMost: boolean;
}

/** Reads "0 to below 1", "1 to 100", "above 0, at most 0.1" and "above 0"; anything else has no limits. */
function limitsOf(range: string): Limits {
  const number = "(-?[\\d.]+)";
  const between = new RegExp(`^${number} to (below )?${number}$`).exec(range);
  if (between) {
    const [, least, below, most] = between;
    return { least: Number(least), most: Number(most), aboveLeast: false, belowMost: below !== undefined };
  }
  const above = new RegExp(`above ${number}`).exec(range)?.[1];
  const most = new RegExp(`at most ${number}`).exec(range)?.[1];
  return {
    least: above === undefined ? -Infinity : Number(above),
    most: most === undefined ? Infinity : Number(most),
    aboveLeast: above !== undefined,
    belowMost: false,
  };
}
