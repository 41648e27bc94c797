/** Which steps of a project can be taken, and which model they are about. */

import type { Project, RunSummary } from "../api";
import { describeError, type Told } from "../lib/problem";
import { words } from "../messages";
import type { Step } from "./route.svelte";

/** Returns why a step can't be taken yet, a sentence; null if it can. */
export function whyNot(step: Step, project: Project): string | null {
  const why = words.frame.notYet;
  switch (step) {
    case "data":
      return null;
    case "labels":
      return project.labels.length > 0 || project.ignoredLabels.length > 0 ? null : why.needsColumns;
    case "model":
      return project.obstacle ? inOneLine(describeError(project.obstacle)) : null;
    case "train":
      return project.runs.length > 0 ? null : why.needsRun;
    case "report":
    case "try":
    case "export":
      return runWithModel(project, null) ? null : why.needsModel;
  }
}

function inOneLine({ message, hint }: Told): string {
  return `${message}. ${hint ?? ""}`.trim();
}

/** Returns the chosen run if it has a model, else the newest one that has. */
export function runWithModel(project: Project, chosen: string | null): RunSummary | null {
  const runs = project.runs.filter((run) => run.hasModel);
  return runs.find((run) => run.id === chosen) ?? runs[0] ?? null;
}

/** Returns where a project is opened: where its last training is or what came of it. */
export function firstStep(lastRun: RunSummary | null): Step {
  if (lastRun === null) {
    return "data";
  }
  return lastRun.hasModel ? "report" : "train";
}
