/** A training that seems to run: the events of `trainingEvents`, handed out by a timer. */

import type { RunSummary, RunUpdate, TrainEvent } from "..";

type Listener = (update: RunUpdate) => void;

export interface LiveRun {
  readonly projectId: string;
  summary(): RunSummary;
  events(): TrainEvent[];
  watch(listener: Listener): () => void;
  /** Ends it now: with the best model so far, or without any. */
  stop(keep: boolean): void;
}

const STEPS_PER_SECOND = 12;

/** Starts one. `speed` 1 is about 12 steps a second; `onend` is called before the last update goes out. */
export function startLiveRun(
  projectId: string,
  first: RunSummary,
  script: TrainEvent[],
  speed: number,
  onend: (summary: RunSummary) => RunSummary,
): LiveRun {
  const listeners = new Set<Listener>();
  const shown: TrainEvent[] = [];
  const waiting = [...script];
  let summary = first;
  let timer = setTimeout(next, 300 / speed);

  function next(): void {
    const events: TrainEvent[] = [];
    while (events.length === 0 || (waiting[0] && waiting[0].kind !== "step")) {
      const event = waiting.shift();
      if (!event) {
        break;
      }
      events.push(event);
    }
    show(events);
    if (summary.state === "running") {
      timer = setTimeout(next, 1000 / STEPS_PER_SECOND / speed);
    }
  }

  function show(events: TrainEvent[]): void {
    shown.push(...events);
    summary = events.reduce(after, summary);
    if (summary.state !== "running") {
      summary = onend(summary);
    }
    for (const listener of listeners) {
      listener({ runId: first.id, events, summary, memoryBytes: 1_204_000_000 + 1_000_000 * (shown.length % 40) });
    }
  }

  return {
    projectId,
    summary: () => summary,
    events: () => [...shown],
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop(keep) {
      clearTimeout(timer);
      const step = shown.reduce((last, event) => (event.kind === "step" ? event.step : last), 0);
      const canKeep = keep && summary.bestStep !== null;
      summary = { ...summary, state: "stopped", hasModel: canKeep };
      show(
        canKeep
          ? [{ kind: "finished", step, seconds: step / STEPS_PER_SECOND, bestStep: summary.bestStep ?? 0, stopped: true }]
          : [],
      );
    },
  };
}

/** What a training tells that goes on after `step`: its beginning again, and then the rest. */
export function resumedEvents(events: readonly TrainEvent[], step: number): TrainEvent[] {
  const begin = events.filter(({ kind }) => kind === "started" || kind === "notice");
  const rest = events.filter((event) => !begin.includes(event) && !("step" in event && event.step <= step));
  return [...begin, { kind: "resumed", step }, ...rest];
}

function after(summary: RunSummary, event: TrainEvent): RunSummary {
  switch (event.kind) {
    case "started":
      return { ...summary, nSteps: event.nSteps };
    case "validated":
      return {
        ...summary,
        bestStep: event.isBest ? event.step : summary.bestStep,
        validMacroF1: [...summary.validMacroF1, event.macroF1],
      };
    case "finished":
      return {
        ...summary,
        state: event.stopped ? "stopped" : "finished",
        seconds: event.seconds,
        bestStep: event.bestStep,
        hasModel: true,
        resumeStep: null,
      };
    case "checkpoint":
      return { ...summary, resumeStep: event.step };
    case "step":
    case "resumed":
    case "notice":
    case "stoppedEarly":
    case "testing":
      return summary;
  }
}
