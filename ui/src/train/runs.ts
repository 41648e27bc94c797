/** The trainings of a project as a list. */

import type { Project, RunSummary } from "../api";

/** Returns the project with this run as it is now; a new run comes first. */
export function withRun(project: Project, run: RunSummary): Project {
  const known = project.runs.some((other) => other.id === run.id);
  const runs = known ? project.runs.map((other) => (other.id === run.id ? run : other)) : [run, ...project.runs];
  return { ...project, runs };
}

/** Whether other screens must hear of the difference; a step more is none. */
export function differs(before: RunSummary | undefined, now: RunSummary): boolean {
  return (
    before === undefined ||
    before.state !== now.state ||
    before.hasModel !== now.hasModel ||
    before.accuracy !== now.accuracy
  );
}

/** Ticks or unticks a run; of three the first ticked one gives way. */
export function tick(ticked: readonly string[], runId: string): string[] {
  return ticked.includes(runId) ? ticked.filter((id) => id !== runId) : [...ticked, runId].slice(-2);
}
