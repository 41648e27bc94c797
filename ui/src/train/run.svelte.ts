/** One run on the screen: its events as curves, live while it trains and from its history afterwards. */

import type { Api, RunSummary, RunUpdate, TrainEvent, Unsubscribe } from "../api";
import type { Notice, StoppedEarly } from "./told";
import { curvesOf, type Curves, emptySeries, extendSeries, type RunSeries } from "./series";

/** Where a training stands; renewed at most once a second, because it is read aloud. */
export interface RunProgress {
  phase: "preparing" | "training" | "testing";
  step: number;
  nSteps: number;
  epoch: number;
  nTest: number;
  examplesPerSecond: number | null;
  secondsLeft: number | null;
  memoryBytes: number | null;
}

export interface FollowedRun {
  readonly summary: RunSummary;
  readonly curves: Curves;
  readonly progress: RunProgress;
  /** The device and why, once the run has started. */
  readonly started: RunSeries["started"];
  readonly notices: readonly Notice[];
  readonly stoppedEarly: StoppedEarly | null;
  readonly loading: boolean;
  /** Why the run can't be read. */
  readonly problem: unknown;
  stop(): void;
}

const PROGRESS_EVERY_MS = 1000;

/** Follows a run until `stop`; `onsummary` hears of every state of it. */
export function followRun(
  api: Api,
  projectId: string,
  run: RunSummary,
  onsummary: (summary: RunSummary) => void = () => {},
): FollowedRun {
  const series = emptySeries();
  let summary = $state.raw(run);
  let curves = $state.raw(curvesOf(series));
  let progress = $state.raw(progressOf(series, null));
  let loading = $state(true);
  let problem = $state.raw<unknown>(null);

  let memoryBytes: number | null = null;
  let toldAt = -Infinity;
  let frame = 0;
  let ended = false;
  let unsubscribe: Unsubscribe | null = null;

  function draw(): void {
    frame = 0;
    curves = curvesOf(series);
  }

  function take(events: readonly TrainEvent[], now: RunSummary): void {
    if (ended) {
      return;
    }
    extendSeries(series, events);
    loading = false;
    const before = summary.state;
    summary = now;
    const next = progressOf(series, memoryBytes);
    if (next.phase !== progress.phase || now.state !== before || performance.now() - toldAt >= PROGRESS_EVERY_MS) {
      progress = next;
      toldAt = performance.now();
    }
    // Twenty messages a second may come; the screen is drawn when it is ready to be.
    frame ||= requestAnimationFrame(draw);
    onsummary(now);
  }

  async function begin(): Promise<void> {
    try {
      if (run.state === "running") {
        const listen = (update: RunUpdate): void => {
          if (update.runId !== run.id) return;
          memoryBytes = update.memoryBytes ?? memoryBytes;
          take(update.events, update.summary);
        };
        unsubscribe = await api.watchRun(projectId, run.id, listen);
        if (ended) unsubscribe();
      } else {
        const history = await api.readRun(projectId, run.id);
        take(history.events, history.summary);
      }
    } catch (error) {
      problem = error;
    }
    loading = false;
  }

  void begin();

  return {
    get summary() {
      return summary;
    },
    get curves() {
      return curves;
    },
    get progress() {
      return progress;
    },
    get started() {
      // Read through the curves, which are renewed when it arrives.
      return curves && series.started;
    },
    get notices() {
      return curves && series.notices.slice();
    },
    get stoppedEarly() {
      return curves && series.stoppedEarly;
    },
    get loading() {
      return loading;
    },
    get problem() {
      return problem;
    },
    stop() {
      ended = true;
      cancelAnimationFrame(frame);
      unsubscribe?.();
    },
  };
}

function progressOf(series: RunSeries, memoryBytes: number | null): RunProgress {
  const { started, lastStep, testing } = series;
  return {
    phase: testing ? "testing" : lastStep ? "training" : "preparing",
    step: lastStep?.step ?? 0,
    nSteps: started?.nSteps ?? 0,
    epoch: lastStep?.epoch ?? 0,
    nTest: testing?.nTest ?? started?.nTest ?? 0,
    examplesPerSecond: lastStep?.examplesPerSecond ?? null,
    secondsLeft: lastStep?.secondsLeft ?? null,
    memoryBytes,
  };
}
