/** The events of a run as the columns of numbers that the curves are drawn from. */

import type { TrainEvent } from "../api";
import { type Check, type Point, smooth } from "../lib/curve";

type EventOf<Kind extends TrainEvent["kind"]> = Extract<TrainEvent, { kind: Kind }>;

/** What a run has told so far. Grows in place: a long run has tens of thousands of steps. */
export interface RunSeries {
  started: EventOf<"started"> | null;
  lastStep: EventOf<"step"> | null;
  loss: Point[];
  learningRate: Point[];
  checks: Check[];
  notices: EventOf<"notice">[];
  stoppedEarly: EventOf<"stoppedEarly"> | null;
  testing: EventOf<"testing"> | null;
  finished: EventOf<"finished"> | null;
}

/** The curves as they are drawn; a new one for each drawing. */
export interface Curves {
  loss: readonly Point[];
  smoothLoss: readonly Point[];
  learningRate: readonly Point[];
  checks: readonly Check[];
  validLoss: readonly Point[];
  macroF1: readonly Point[];
  bestStep: number | null;
  /** The step at the right end: the last one that is planned, or that was done. */
  endStep: number;
}

export function emptySeries(): RunSeries {
  return {
    started: null,
    lastStep: null,
    loss: [],
    learningRate: [],
    checks: [],
    notices: [],
    stoppedEarly: null,
    testing: null,
    finished: null,
  };
}

/** Adds what has happened since the last events. */
export function extendSeries(series: RunSeries, events: readonly TrainEvent[]): void {
  for (const event of events) {
    switch (event.kind) {
      case "started":
        series.started = event;
        break;
      case "step":
        series.lastStep = event;
        // JSON has no NaN: a loss that is not a number arrives as null.
        if (Number.isFinite(event.loss)) series.loss.push({ x: event.step, y: event.loss });
        series.learningRate.push({ x: event.step, y: event.learningRate });
        break;
      case "validated":
        series.checks.push(event);
        break;
      case "notice":
        // A training that goes on begins with the same notices.
        if (!series.notices.some(({ message }) => message === event.message)) series.notices.push(event);
        break;
      case "resumed":
        goBack(series, event.step);
        break;
      case "checkpoint":
        break;
      case "stoppedEarly":
        series.stoppedEarly = event;
        break;
      case "testing":
        series.testing = event;
        break;
      case "finished":
        series.finished = event;
        break;
    }
  }
}

/** Forgets what came after `step`: it is done again. */
function goBack(series: RunSeries, step: number): void {
  series.loss = series.loss.filter(({ x }) => x <= step);
  series.learningRate = series.learningRate.filter(({ x }) => x <= step);
  series.checks = series.checks.filter((check) => check.step <= step);
  series.lastStep = series.lastStep && { ...series.lastStep, step: Math.min(series.lastStep.step, step) };
  series.stoppedEarly = series.testing = series.finished = null;
}

/** Returns the curves as they are now. */
export function curvesOf(series: RunSeries): Curves {
  const planned = series.started?.nSteps ?? 0;
  const done = series.lastStep?.step ?? 0;
  // A fixed span for a run, so that what is drawn does not change with every step.
  const span = Math.min(50, Math.max(5, (planned || done) / 40));
  return {
    loss: series.loss.slice(),
    smoothLoss: smooth(series.loss, span),
    learningRate: series.learningRate.slice(),
    checks: series.checks.slice(),
    validLoss: series.checks.filter(({ loss }) => Number.isFinite(loss)).map(({ step, loss }) => ({ x: step, y: loss })),
    macroF1: series.checks.map(({ step, macroF1 }) => ({ x: step, y: macroF1 })),
    bestStep: series.finished?.bestStep || (series.checks.filter((check) => check.isBest).at(-1)?.step ?? null),
    endStep: series.finished ? done : Math.max(planned, done),
  };
}
