/** What a file holds, and what becomes of its labels and findings under the person's corrections. */

import type { DataEdit, DataFinding, ErrorInfo, ImportedEdits, LabelInfo, LeftOutEdit, Project } from "..";

export interface FileData {
  /** Labels as they stand in the file, with their rows. */
  sources: readonly (readonly [label: string, nExamples: number])[];
  nDuplicates: number;
  nConflicts: number;
}

type Described = Pick<
  Project,
  "nExamples" | "labels" | "nLabels" | "ignoredLabels" | "nIgnoredLabels" | "findings" | "obstacle"
>;

interface Fate {
  name: string;
  isIgnored: boolean;
}

/** Applies the edits in their order. Throws an `ErrorInfo` when one can't be made. */
export function describeData(data: FileData, edits: readonly DataEdit[]): Described {
  const fates = new Map(data.sources.map(([label]): [string, Fate] => [label, { name: label, isIgnored: false }]));
  for (const edit of edits) {
    applyToLabels(edit, [...fates.values()], () => gather(data, fates, false, 0));
  }
  const isDone = (kind: DataEdit["kind"]) => edits.some((edit) => edit.kind === kind);
  const [nDuplicates, nConflicts] = [
    isDone("dropDuplicates") ? 0 : data.nDuplicates,
    isDone("dropConflicts") ? 0 : data.nConflicts,
  ];
  const gone = data.nDuplicates - nDuplicates + data.nConflicts - nConflicts;
  const labels = gather(data, fates, false, gone);
  const ignoredLabels = gather(data, fates, true, 0);
  return {
    nExamples: labels.reduce((total, label) => total + label.nExamples, 0),
    labels,
    nLabels: labels.length,
    ignoredLabels,
    nIgnoredLabels: ignoredLabels.length,
    findings: findings(labels, nDuplicates, nConflicts),
    obstacle: obstacle(labels),
  };
}

/** Divides edits into those that can be made after others, and those that can't. */
export function divideEdits(data: FileData, before: readonly DataEdit[], edits: readonly DataEdit[]): ImportedEdits & { made: DataEdit[] } {
  const made: DataEdit[] = [];
  const leftOut: LeftOutEdit[] = [];
  edits.forEach((edit, i) => {
    try {
      describeData(data, [...before, ...made, edit]);
      made.push(edit);
    } catch (reason) {
      leftOut.push({ number: i + 1, edit, reason: reason as ErrorInfo });
    }
  });
  return { made, nMade: made.length, leftOut };
}

function applyToLabels(edit: DataEdit, fates: Fate[], now: () => LabelInfo[]): void {
  const named = (name: string): Fate[] => {
    const found = fates.filter((fate) => !fate.isIgnored && fate.name === name);
    if (found.length === 0) {
      const hint = "Choose one of the labels in the list.";
      throw fault("edits.unknownLabel", `There is no label "${name}"`, hint, { label: name, nLabels: now().length });
    }
    return found;
  };
  const rename = (from: string, to: string): void => {
    if (to.trim() === "") {
      const hint = "Type a name, or ignore the label.";
      throw fault("edits.emptyName", `The label "${from}" can't have an empty name`, hint, { label: from });
    }
    named(from).forEach((fate) => (fate.name = to));
  };
  switch (edit.kind) {
    case "renameLabel":
      return rename(edit.from, edit.to);
    case "mergeLabels":
      return edit.labels.forEach((label) => rename(label, edit.into));
    case "ignoreLabel":
      return named(edit.label).forEach((fate) => (fate.isIgnored = true));
    case "ignoreRareLabels": {
      const rare = now().filter(({ nExamples }) => nExamples < edit.fewerThan);
      return rare.forEach(({ label }) => named(label).forEach((fate) => (fate.isIgnored = true)));
    }
    case "mergeRareLabels": {
      if (edit.into.trim() === "") {
        const hint = 'Type a name such as "other", or leave the rare labels out.';
        throw fault("edits.emptyRareName", "The label for all rare labels can't have an empty name", hint, {});
      }
      const rare = now().filter(({ nExamples }) => nExamples < edit.fewerThan);
      return rare.flatMap(({ label }) => named(label)).forEach((fate) => (fate.name = edit.into.trim()));
    }
    case "restoreLabel": {
      const ignored = fates.filter(({ isIgnored, name }) => isIgnored && name === edit.label);
      if (ignored.length === 0) {
        const message = `The label "${edit.label}" can't be brought back, because it is not ignored`;
        throw fault("edits.notIgnored", message, "Choose one of the ignored labels.", { label: edit.label });
      }
      return ignored.forEach((fate) => (fate.isIgnored = false));
    }
    case "dropDuplicates":
    case "dropConflicts":
    // What these settle is not in the fake's files.
    case "dropNearDuplicates":
    case "dropLeaks":
    case "dropShortTexts":
    case "ignoreLabelsNotInTrain":
    case "tidyLabels":
    case "composeTexts":
      return;
  }
}

function gather(data: FileData, fates: Map<string, Fate>, areIgnored: boolean, gone: number): LabelInfo[] {
  const labels = new Map<string, LabelInfo>();
  for (const [source, n] of data.sources) {
    const fate = fates.get(source);
    if (fate && fate.isIgnored === areIgnored) {
      const label = labels.get(fate.name) ?? { label: fate.name, nExamples: 0, sources: [] };
      labels.set(fate.name, { ...label, nExamples: label.nExamples + n, sources: [...label.sources, source] });
    }
  }
  const sorted = [...labels.values()].sort((a, b) => b.nExamples - a.nExamples);
  // The rows that are left out are taken from the most frequent label.
  return sorted.map((label, i) => (i === 0 ? { ...label, nExamples: label.nExamples - gone } : label));
}

function findings(labels: LabelInfo[], nDuplicates: number, nConflicts: number): DataFinding[] {
  const found: DataFinding[] = [];
  if (nConflicts > 0) {
    found.push({
      code: "conflicts",
      nTexts: nConflicts / 2,
      nRows: nConflicts,
      message: `${nConflicts === 2 ? "1 text stands" : `${nConflicts / 2} texts stand`} with more than one label (${nConflicts} rows)`,
      why: "A text with two labels teaches a contradiction, and one of its rows is counted as wrong whatever the answer.",
      lines: [118, 251, 402, 633].slice(0, nConflicts),
      fix: { label: "Leave these rows out", edits: [{ kind: "dropConflicts" }], maxLength: null },
    });
  }
  if (nDuplicates > 0) {
    found.push({
      code: "duplicates",
      nRows: nDuplicates,
      message: `${nDuplicates} rows repeat an earlier one`,
      why: "Equal texts never stand on both sides of the split, so the score stays honest; but they count several times.",
      lines: [57, 96, 140, 233, 234, 301, 512, 530, 688, 701, 733].slice(0, nDuplicates),
      fix: { label: "Keep the first of each", edits: [{ kind: "dropDuplicates" }], maxLength: null },
    });
  }
  return [...found, ...similarLabels(labels), ...rareLabels(labels), ...imbalance(labels)];
}

function similarLabels(labels: LabelInfo[]): DataFinding[] {
  const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return labels.flatMap((label, i) => {
    const others = labels.slice(i + 1).filter((other) => plain(other.label) === plain(label.label));
    if (others.length === 0) {
      return [];
    }
    const names = [label, ...others].map((one) => one.label);
    return {
      code: "similarLabels",
      nGroups: 1,
      labels: names,
      message: `${names.map((name) => `"${name}"`).join(" and ")} look like one label`,
      why: "Two spellings of one label share its examples between them, and the classifier can't tell them apart.",
      lines: [],
      fix: { label: "Merge them", edits: [{ kind: "mergeLabels", labels: names, into: label.label }], maxLength: null },
    };
  });
}

function rareLabels(labels: LabelInfo[]): DataFinding[] {
  const rare = labels.filter((label) => label.nExamples < 10);
  if (rare.length === 0) {
    return [];
  }
  const names = rare.slice(0, 3).map((label) => `"${label.label}" (${label.nExamples})`);
  const [first, ...others] = rare.map((label): DataEdit => ({ kind: "ignoreLabel", label: label.label }));
  const edits: DataEdit[] = others.length > 0 || !first ? [{ kind: "ignoreRareLabels", fewerThan: 10 }] : [first];
  return [
    {
      code: "rareLabel",
      nRare: rare.length,
      nLabels: labels.length,
      fewest: 10,
      labels: rare.map(({ label, nExamples }) => ({ label, nExamples })),
      message: `${rare.length} of ${labels.length} labels ${rare.length === 1 ? "has" : "have"} fewer than 10 examples: ${names.join(", ")}`,
      why: "So few examples are hard to learn from, and their score says little.",
      lines: [],
      fix: labels.length - rare.length < 2 ? null : { label: "Ignore these labels", edits, maxLength: null },
    },
  ];
}

function imbalance(labels: LabelInfo[]): DataFinding[] {
  const [most, least] = [labels[0], labels.at(-1)];
  if (!most || !least || most.nExamples < 20 * least.nExamples) {
    return [];
  }
  return [
    {
      code: "imbalance",
      most: { label: most.label, nExamples: most.nExamples },
      least: { label: least.label, nExamples: least.nExamples },
      message: `"${most.label}" has ${most.nExamples} examples, "${least.label}" has ${least.nExamples}`,
      why: "Look at the macro-F1 in the report: it counts every label the same, the accuracy counts frequent ones more.",
      lines: [],
      fix: null,
    },
  ];
}

/** Three texts have 320 tokens; the others are short. */
export function unreadable({ recipe, nExamples }: Project): DataFinding[] {
  const maxLength = Number(recipe["maxLength"] ?? 256);
  const [nCut, longest, limit] = [3, 320, 512];
  if (maxLength >= longest) {
    return [];
  }
  const cut: DataFinding = {
    code: "cutTexts",
    nCut,
    nTexts: nExamples,
    maxLength,
    longest,
    limit,
    message: `${nCut} of ${nExamples} texts are longer than the ${maxLength} tokens that are read; the longest has ${longest}`,
    why: "Of a longer text only the beginning and the end are read. Reading all of it takes more time and memory.",
    lines: [44, 210, 391],
    fix: { label: `Read up to ${longest} tokens`, edits: [], maxLength: longest },
  };
  return [cut];
}

function obstacle(labels: LabelInfo[]): ErrorInfo | null {
  const rare = labels.find((label) => label.nExamples < 3);
  if (rare) {
    const { label, nExamples: n } = rare;
    const examples = n === 1 ? "1 example" : `${n} examples`;
    return fault(
      "split.tooFewExamples",
      `The label "${label}" has only ${examples} (line 388), but every label needs at least 3`,
      "Add some, merge the label with another or ignore it.",
      { label, n, line: 388, needed: 3 },
    );
  }
  if (labels.length >= 2) {
    return null;
  }
  const { label, nExamples } = labels[0] ?? { label: "", nExamples: 0 };
  return fault(
    "dataset.oneLabel",
    `All ${nExamples} examples have the label "${label}", but at least 2 labels are needed`,
    "Undo the last change, or choose another column.",
    { label, nExamples },
  );
}

export function fault(code: string, message: string, hint: string | null, values: ErrorInfo["values"]): ErrorInfo {
  return { code, message, hint, details: null, values };
}
