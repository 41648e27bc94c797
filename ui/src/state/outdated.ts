/** Whether a model is still that of the project's data. */

import type { Project, RunSummary } from "../api";

/** What has changed since a training: the file, or what was made of it. */
export type Outdated = "file" | "data";

/** Returns why a run learned from other data than the project has now; null where it did not, or nobody knows. */
export function outdated(project: Project, run: RunSummary): Outdated | null {
  const isOtherFile = run.fileVersion !== project.fileVersion;
  // Runs of older versions say only which file they learned from.
  const isOtherData =
    run.dataHash === undefined || project.dataHash === undefined ? isOtherFile : run.dataHash !== project.dataHash;
  if (!isOtherData) {
    return null;
  }
  return isOtherFile ? "file" : "data";
}

/** Returns the newest run with a model that learned from the present data. */
export function upToDateRun(project: Project): RunSummary | null {
  return project.runs.find((run) => run.hasModel && outdated(project, run) === null) ?? null;
}
