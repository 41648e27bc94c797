import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeAll, expect, test, vi } from "vitest";
import type { Api, Project, RunSummary, RunUpdate, TrainEvent } from "../api";
import { fakeApi } from "../api/fake";
import { setLanguage, words } from "../messages";
import Train from "./Train.svelte";

const text = words.train;

beforeAll(() => {
  // jsdom has no modal dialogs.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});

const running: RunSummary = {
  fileVersion: 1,
  sourceFile: "mails.csv",
  id: "new",
  startedAt: "2025-11-23T10:00:00Z",
  state: "running",
  baseModel: "minilm-l6",
  accuracy: null,
  macroF1: null,
  nSteps: 400,
  bestStep: null,
  seconds: null,
  validMacroF1: [],
  error: null,
  hasModel: false,
  resumeStep: null,
};

const started: TrainEvent = {
  kind: "started",
  nTrain: 640,
  nValid: 80,
  nTest: 80,
  nSteps: 400,
  nEpochs: 10,
  nParameters: 22_700_000,
  nTrainedParameters: 22_700_000,
  device: "CPU, 8 threads",
  deviceReason: "There is no GPU",
  deviceWhy: null,
  microBatchSize: 16,
};

const step = (n: number): TrainEvent => ({
  kind: "step",
  step: n,
  epoch: n / 40,
  loss: 2 - n / 300,
  learningRate: 1e-4,
  gradientNorm: 1,
  examplesPerSecond: 42,
  secondsLeft: 400 - n,
});

const check = (n: number, isBest: boolean): TrainEvent => ({
  kind: "validated",
  step: n,
  epoch: n / 40,
  loss: 1,
  accuracy: 0.8,
  macroF1: 0.7,
  isBest,
});

async function show(runs: RunSummary[], answers: Partial<Api> = {}) {
  const project: Project = { ...(await fakeApi().openProject("support-desk")), runs };
  let send: (update: RunUpdate) => void = () => {};
  const unsubscribe = vi.fn();
  const api = fakeApi({
    watchRun: async (_project, _run, listener) => {
      send = listener;
      return unsubscribe;
    },
    readRun: async (_project, runId) => {
      const summary = runs.find((run) => run.id === runId) ?? running;
      return { summary, events: [started, step(1), step(2), check(2, true)] };
    },
    ...answers,
  });
  const onreport = vi.fn();
  let now = project;
  const view = render(Train, {
    api,
    project,
    onproject: (changed) => {
      now = changed;
      void view.rerender({ project: changed });
    },
    onreport,
  });
  return {
    view,
    onreport,
    unsubscribe,
    project: () => now,
    send: (events: TrainEvent[], changes: Partial<RunSummary> = {}) =>
      send({ runId: "new", events, summary: { ...running, ...changes }, memoryBytes: 5e8 }),
  };
}

test("a training on an earlier file says which one", async () => {
  const run = (id: string, fileVersion: number, sourceFile: string | null): RunSummary => {
    return { ...running, id, state: "stopped", fileVersion, sourceFile };
  };
  await show([run("now", 1, "now.csv"), run("old", 2, "other.csv"), run("older", 3, null)]);
  const list = screen.getByRole("navigation", { name: words.train.runs });
  expect(list.textContent).toContain(words.corrections.newer.ofRun("other.csv"));
  expect(list.textContent).toContain(words.corrections.newer.ofRunUnnamed);
  expect(list.textContent).not.toContain("now.csv");
});

test("a running training shows its progress, its curves and what they say", async () => {
  const { send } = await show([running]);
  send([started, step(1), step(2), check(2, true), step(120)]);

  expect(await screen.findByText(text.stepOf("120", "400"))).toBeTruthy();
  expect(screen.getByText(text.perSecond("42"))).toBeTruthy();
  expect(screen.getByText("500 MB")).toBeTruthy();
  // What the curves say waits for the next frame.
  expect(await screen.findByText(text.reading({ kind: "first", step: 2, macroF1: 0.7 }, String))).toBeTruthy();
  expect(screen.getByText("There is no GPU")).toBeTruthy();
  const charts = screen.getAllByRole("img").map((chart) => chart.getAttribute("aria-label"));
  expect(charts.some((label) => label?.includes(text.lineFrom(text.trainLoss, "2", "1.6", "120")))).toBe(true);
});

test("progress is told at most once a second", async () => {
  const { send } = await show([running]);
  send([started, step(1)]);
  await screen.findByText(text.stepOf("1", "400"));
  send([step(2)]);
  send([step(3)]);

  expect(screen.getByText(text.stepOf("1", "400"))).toBeTruthy();
});

test("the slider reads the curves at a step", async () => {
  const { send } = await show([running]);
  send([started, step(1), step(150), step(300)]);
  const slider = await screen.findByRole("slider", { name: text.readAt });
  await fireEvent.input(slider, { target: { value: "150" } });

  expect(slider.getAttribute("aria-valuetext")).toContain(`${text.atStep("150")}, ${text.loss} (${text.trainLoss}) 1.5`);
});

test("throwing away is asked first", async () => {
  const stopTraining = vi.fn(async () => {});
  await show([running], { stopTraining });
  await fireEvent.click(await screen.findByRole("button", { name: text.stopDrop }));
  expect(stopTraining).not.toHaveBeenCalled();

  await fireEvent.click(screen.getByRole("button", { name: text.dropConfirm }));
  expect(stopTraining).toHaveBeenCalledWith(false);
});

test("stopping keeps the best and can be asked for only once", async () => {
  const stopTraining = vi.fn(async () => {});
  await show([running], { stopTraining });
  await fireEvent.click(await screen.findByRole("button", { name: text.stopKeep }));

  expect(stopTraining).toHaveBeenCalledWith(true);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: text.stopping }).disabled).toBe(true);
});

test("a finished training shows its score, tells the project and leads to the report", async () => {
  const { send, project, onreport } = await show([running]);
  send([started, step(400)]);
  send([{ kind: "finished", step: 400, seconds: 90, bestStep: 340, stopped: false }], {
    state: "finished",
    accuracy: 0.912,
    macroF1: 0.9,
    bestStep: 340,
    seconds: 90,
    hasModel: true,
  });

  expect(await screen.findByRole("heading", { name: /91\.2\s*%/ })).toBeTruthy();
  expect(project().runs[0]?.hasModel).toBe(true);
  await fireEvent.click(screen.getByRole("button", { name: text.toReport }));
  expect(onreport).toHaveBeenCalledWith("new");
});

test("a crash says what happened and what is kept, and can be trained again", async () => {
  const error = { code: "worker.ended", message: "The worker was killed at step 58", hint: "Train again.", details: null, values: {} };
  const startTraining = vi.fn(async () => running);
  const crashed: RunSummary = { ...running, id: "old", state: "interrupted", error, hasModel: true, bestStep: 52 };
  const { project } = await show([crashed], { startTraining });

  expect((await screen.findByRole("alert")).textContent).toContain(error.message);
  expect(screen.getByText(text.kept("52"))).toBeTruthy();
  expect(screen.getByText(text.noResume)).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: text.again }));
  await waitFor(() => expect(project().runs.map((run) => run.id)).toEqual(["new", "old"]));
  expect(await screen.findByRole("button", { name: text.stopKeep })).toBeTruthy();
});

test("a crash after a checkpoint can go on from there", async () => {
  const error = { code: "worker.died", message: "The worker was killed at step 58", hint: null, details: null, values: {} };
  const crashed: RunSummary = { ...running, id: "old", state: "interrupted", error, resumeStep: 48 };
  const resumed: RunSummary = { ...crashed, state: "running", error: null };
  const resumeTraining = vi.fn(async () => resumed);
  const { project } = await show([crashed], { resumeTraining });

  expect(await screen.findByText(text.canResume("48"))).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: text.resume }));
  await waitFor(() => expect(resumeTraining).toHaveBeenCalledWith(project().id, "old"));
  expect(project().runs.map(({ id, state }) => [id, state])).toEqual([["old", "running"]]);
  expect(await screen.findByRole("button", { name: text.stopKeep })).toBeTruthy();
});

test("a training that stopped by itself says why, in the person's language", async () => {
  const done: RunSummary = { ...running, id: "old", state: "finished", hasModel: true, bestStep: 2, nSteps: 6 };
  const reason = "The engine's English sentence.";
  const stopped: TrainEvent = { kind: "stoppedEarly", step: 6, reason, nChecks: 2, bestStep: 2 };
  const events = [started, step(1), check(2, true), check(4, false), check(6, false), stopped];
  setLanguage("de");
  await show([done], { readRun: async () => ({ summary: done, events }) });

  expect(await screen.findByText(/Die letzten 2 Prüfungen waren nicht besser/)).toBeTruthy();
  expect(document.body.textContent).not.toContain(reason);
  setLanguage("en");
});

test("two ticked runs are compared, a third takes the place of the first", async () => {
  const runs = ["a", "b", "c"].map((id, index): RunSummary => {
    return { ...running, id, state: "finished", accuracy: 0.8 + index / 20, nSteps: 100 * (index + 1) };
  });
  await show(runs);
  const [first, second, third] = await screen.findAllByRole("checkbox");
  if (!first || !second || !third) throw new Error("three runs have three boxes");
  await fireEvent.click(first);
  await fireEvent.click(second);

  expect(await screen.findByText("+5 points")).toBeTruthy();
  await fireEvent.click(third);
  await waitFor(() => expect(screen.getByText("300")).toBeTruthy());
  expect((first as HTMLInputElement).checked).toBe(false);

  await fireEvent.click(screen.getByRole("button", { name: text.compareEnd }));
  expect(screen.queryByRole("table")).toBeNull();
});

test("without a run there is a button that starts one", async () => {
  const startTraining = vi.fn(async () => running);
  await show([], { startTraining });
  await fireEvent.click(screen.getByRole("button", { name: text.start }));

  expect(startTraining).toHaveBeenCalled();
  expect(await screen.findByRole("button", { name: text.stopKeep })).toBeTruthy();
});

test("a run that can't be read says so", async () => {
  const error = { code: "run.unreadable", message: "The run has no events", hint: null, details: null, values: {} };
  await show([{ ...running, id: "old", state: "finished" }], { readRun: () => Promise.reject(error) });

  expect((await screen.findByRole("alert")).textContent).toContain(error.message);
});

test("leaving the screen ends the subscription", async () => {
  const { view, send, unsubscribe } = await show([running]);
  send([started, step(1)]);
  view.unmount();

  await waitFor(() => expect(unsubscribe).toHaveBeenCalled());
});
