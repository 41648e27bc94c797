/** What the base model can't read. Counting takes seconds in a large file, so it comes when it comes. */

import { untrack } from "svelte";
import type { Api, DataFinding, Project } from "../api";

export type Unreadable =
  | { kind: "counting" }
  | { kind: "done"; findings: DataFinding[] }
  | { kind: "failed"; error: unknown };

/** Returns what is known of the project that `project` gives. Call it while a component is made. */
export function createUnreadable(api: Api, project: () => Project): { readonly now: Unreadable; retry(): void } {
  let now = $state.raw<Unreadable>({ kind: "counting" });
  let attempt = $state(0);

  // What the answer depends on; a project that was renamed or has run is the same to it.
  const question = $derived.by(() => {
    const { id, baseModel, recipe, edits, columnRequest, dialectRequest } = project();
    return JSON.stringify([id, baseModel, recipe["maxLength"], edits, columnRequest, dialectRequest]);
  });
  const id = $derived(project().id);

  $effect(() => {
    void [question, attempt];
    let isCurrent = true;
    // The last answer stays until the new one is there, so that cards don't come and go.
    if (untrack(() => now.kind) === "failed") {
      now = { kind: "counting" };
    }
    api.findUnreadable(id).then(
      (findings) => {
        if (isCurrent) {
          now = { kind: "done", findings };
        }
      },
      (error: unknown) => {
        if (isCurrent) {
          now = { kind: "failed", error };
        }
      },
    );
    return () => (isCurrent = false);
  });

  return {
    get now() {
      return now;
    },
    retry: () => (attempt += 1),
  };
}
