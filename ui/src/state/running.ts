/** Follows a running training from outside its screen: the rail shows how far it is. */

import type { Api, RunUpdate, Unsubscribe } from "../api";

/** Calls `onshare` with the share of the steps that are done, and `onend` once when the run is over. */
export function followRun(
  api: Api,
  projectId: string,
  runId: string,
  onshare: (share: number) => void,
  onend: () => void,
): Unsubscribe {
  let isOver = false;
  let unsubscribe: Unsubscribe | null = null;

  function end(): void {
    isOver = true;
    unsubscribe?.();
  }

  function onupdate({ events, summary }: RunUpdate): void {
    if (isOver) {
      return;
    }
    const step = events.reduce((last, event) => (event.kind === "step" ? event.step : last), 0);
    if (step > 0 && summary.nSteps) {
      onshare(step / summary.nSteps);
    }
    if (summary.state !== "running") {
      end();
      onend();
    }
  }

  api.watchRun(projectId, runId, onupdate).then(
    (stop) => (isOver ? stop() : (unsubscribe = stop)),
    // The Train screen watches the same run and shows the error.
    () => {},
  );
  return end;
}
