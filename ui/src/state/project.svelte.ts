/** The project that is open. One state instead of several flags: nothing, on its way, there, or failed. */

import type { Api, Project } from "../api";

export type OpenProject =
  | { kind: "none" }
  | { kind: "opening"; projectId: string }
  | { kind: "open"; project: Project }
  | { kind: "failed"; projectId: string; error: unknown };

export interface ProjectState {
  readonly current: OpenProject;
  /** Opens the project unless it is the one that is open. */
  open(projectId: string): Promise<void>;
  /** Reads the open project again, without a flicker. */
  refresh(): Promise<void>;
  /** Takes a project that was just made. */
  set(project: Project): void;
  /** Takes the project as a change has left it, unless the person has gone to another one meanwhile. */
  update(project: Project): void;
  close(): void;
}

export function createProject(api: Api): ProjectState {
  let current = $state.raw<OpenProject>({ kind: "none" });

  async function read(projectId: string): Promise<void> {
    try {
      const project = await api.openProject(projectId);
      // Meanwhile the person may have gone elsewhere.
      if (idOf(current) === projectId) {
        current = { kind: "open", project };
      }
    } catch (error) {
      if (idOf(current) === projectId) {
        current = { kind: "failed", projectId, error };
      }
    }
  }

  return {
    get current() {
      return current;
    },
    async open(projectId) {
      if (current.kind !== "failed" && idOf(current) === projectId) {
        return;
      }
      current = { kind: "opening", projectId };
      await read(projectId);
    },
    async refresh() {
      const projectId = idOf(current);
      if (projectId !== null) {
        await read(projectId);
      }
    },
    set(project) {
      current = { kind: "open", project };
    },
    update(project) {
      if (idOf(current) === project.id) {
        current = { kind: "open", project };
      }
    },
    close() {
      current = { kind: "none" };
    },
  };
}

function idOf(state: OpenProject): string | null {
  switch (state.kind) {
    case "none":
      return null;
    case "open":
      return state.project.id;
    case "opening":
    case "failed":
      return state.projectId;
  }
}
