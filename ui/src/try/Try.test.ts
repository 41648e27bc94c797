import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import type { Api, FileDrag, Project, RunSummary } from "../api";
import { fakeApi } from "../api/fake";
import { UNMARKED } from "../api/fake/projects";
import { AS_DETECTED } from "../data/dialect";
import { words } from "../messages";
import Try from "./Try.svelte";

const run = (id: string, hasModel = true): RunSummary => ({
  id,
  startedAt: "2025-11-23T10:48:00Z",
  state: "finished",
  fileVersion: 1,
  sourceFile: "support-desk.csv",
  baseModel: "minilm-l6",
  accuracy: 0.9,
  macroF1: 0.9,
  nSteps: 10,
  bestStep: 10,
  seconds: 5,
  validMacroF1: [0.9],
  error: null,
  hasModel,
  resumeStep: null,
});

const labels = ["billing", "delivery", "refund", "bug", "login", "praise", "other"];
const sureOfDelivery = [0.02, 0.9, 0.03, 0.02, 0.01, 0.01, 0.01];

const DIALECT: Project["dialect"] = {
  ...UNMARKED,
  format: { kind: "delimited" },
  encoding: "UTF-8",
  delimiter: ",",
  quote: '"',
  lineEnd: "lf",
  headerRow: 1,
};

function project(runs: RunSummary[]): Project {
  return {
    id: "desk",
    name: "Support desk",
    sourceFile: "support-desk.csv",
    dialect: DIALECT,
    detected: DIALECT,
    fileVersion: 1,
    dialectRequest: AS_DETECTED,
    canReadAgain: true,
    columnRequest: { text: null, textB: null, label: null, split: null },
    nRows: 2,
    columns: [
      { name: "text", role: "text", guessed: true, reason: null },
      { name: "label", role: "label", guessed: true, reason: null },
    ],
    repaired: [],
    nRepaired: 0,
    skipped: [],
    nSkipped: 0,
    nExamples: 2,
    labels: [],
    nLabels: 0,
    ignoredLabels: [],
    nIgnoredLabels: 0,
    findings: [],
    edits: [],
    undone: [],
    obstacle: null,
    baseModel: "minilm-l6",
    recipe: {},
    sureFrom: 0.5,
    runs,
  };
}

/** An api whose model is sure of `delivery`. */
function api(answers: Partial<Api> = {}): Api {
  return fakeApi({
    readModel: async () => ({ labels, pairs: false }),
    readRows: async () => [{ line: 2, cells: ["Lamp arrived broken.", "delivery"] }],
    classifyTexts: async (_project, _run, texts) => texts.map(() => ({ label: "delivery", scores: sureOfDelivery })),
    onFileDrag: () => () => {},
    ...answers,
  });
}

function show(of: Api, runs = [run("new"), run("old")], onrun = () => {}) {
  return render(Try, { api: of, project: project(runs), onproject: () => {}, runId: runs[0]?.id ?? "", onrun });
}

const field = () => screen.findByLabelText<HTMLTextAreaElement>(words.try.text);

test("a typed text gets its label, the first five bars, and the others folded", async () => {
  show(api());
  await fireEvent.input(await field(), { target: { value: "where is my parcel" } });

  const verdict = await screen.findByTestId("verdict");
  expect(verdict.dataset.verdict).toBe("sure");
  expect(verdict.textContent).toContain("delivery");
  const bars = within(screen.getByRole("list", { name: words.try.scores })).getAllByRole("listitem");
  expect(bars).toHaveLength(5);
  expect(bars[0]?.textContent).toContain("delivery");
  expect(screen.getByText(words.try.moreLabels("2"))).toBeTruthy();
});

test("where a text can have several labels, nothing says that it gets one", async () => {
  const several = { ...run("new"), accuracy: 0.4, microF1: 0.7 };
  const { container } = show(api(), [several, run("old")]);
  expect(await screen.findByText(words.try.severalWaitingHint)).toBeTruthy();
  expect(screen.getByText(words.try.severalLead)).toBeTruthy();
  expect(container.textContent).toContain(words.try.severalFileLead);
  expect(screen.getByRole("option", { name: /micro-F1 70/ })).toBeTruthy();
  expect(container.textContent).not.toContain(words.try.waitingHint);
});

test("says in words why it is not sure", async () => {
  const scores = [0.4, 0.45, 0.15, 0, 0, 0, 0];
  show(api({ classifyTexts: async () => [{ label: "delivery", scores }] }));
  await fireEvent.input(await field(), { target: { value: "hm" } });

  const verdict = await screen.findByTestId("verdict");
  expect(verdict.dataset.verdict).toBe("tooLow");
  expect(screen.getByText(words.try.notSure)).toBeTruthy();
  expect(verdict.textContent).toContain("50");
});

test("a threshold is kept with the project, and the last of several wishes stays", async () => {
  const fake = api();
  const answers: (() => void)[] = [];
  const setSureFrom = vi.fn<Api["setSureFrom"]>(
    (_id, sureFrom) => new Promise((resolve) => answers.push(() => resolve(sureFrom))),
  );
  const readModel = vi.fn(fake.readModel);
  const onproject = vi.fn((changed: Project) => void rerender({ project: changed }));
  const { rerender } = render(Try, {
    api: { ...fake, setSureFrom, readModel },
    project: { ...project([run("new")]), sureFrom: 0.75 },
    onproject,
    runId: "new",
    onrun: () => {},
  });
  await fireEvent.input(await field(), { target: { value: "where is my parcel" } });
  await screen.findByTestId("verdict");
  const slider = screen.getByLabelText<HTMLInputElement>(words.try.threshold);
  expect(slider.value).toBe("0.75");

  for (const value of ["0.8", "0.85", "0.95"]) {
    await fireEvent.input(slider, { target: { value } });
    await fireEvent.change(slider);
  }
  answers[0]?.();
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.();
  await vi.waitFor(() => expect(onproject).toHaveBeenCalledTimes(2));

  expect(setSureFrom.mock.calls).toEqual([
    ["desk", 0.8],
    ["desk", 0.95],
  ]);
  expect(screen.getByTestId("verdict").dataset.verdict).toBe("tooLow");
  expect(readModel, "the same model is not read again").toHaveBeenCalledTimes(1);
  expect((await field()).value).toBe("where is my parcel");
});

test("a threshold that can't be kept is said so", async () => {
  const error = { code: "file.unusable", message: "The disk is full", hint: null, details: null };
  show(api({ setSureFrom: () => Promise.reject(error) }));
  await fireEvent.input(await field(), { target: { value: "parcel" } });
  const slider = await screen.findByLabelText<HTMLInputElement>(words.try.threshold);
  await fireEvent.input(slider, { target: { value: "0.6" } });
  await fireEvent.change(slider);
  expect((await screen.findByRole("alert")).textContent).toContain("The disk is full");
});

test("of a thousand labels the last one can be reached", async () => {
  const many = Array.from({ length: 1000 }, (_, i) => `label ${i + 1}`);
  const scores = many.map((_, i) => (1000 - i) / 500_500);
  show(
    api({
      readModel: async () => ({ labels: many, pairs: false }),
      classifyTexts: async () => [{ label: "label 1", scores }],
    }),
  );
  await fireEvent.input(await field(), { target: { value: "parcel" } });
  await fireEvent.click(await screen.findByText(words.try.moreLabels("995")));
  const others = await screen.findByRole("region", { name: words.try.scores });
  expect(within(others).getAllByRole("listitem").length).toBeLessThan(40);

  // jsdom has no layout: the scroller says where it is.
  Object.defineProperty(others, "scrollTop", { value: 1_000_000, configurable: true });
  await fireEvent.scroll(others);
  const last = within(others).getAllByRole("listitem").at(-1);
  expect(last?.textContent).toContain("label 1000");
  expect(last?.getAttribute("aria-posinset")).toBe("995");
});

test("the answer is asked for while the text is typed", async () => {
  const classifyTexts = vi.fn(api().classifyTexts);
  show(api({ classifyTexts }));
  await fireEvent.input(await field(), { target: { value: "parcel" } });
  expect(classifyTexts).toHaveBeenCalledWith("desk", "new", [{ text: "parcel", textB: null }]);
});

test("an example is put in the field and asked about", async () => {
  show(api());
  await fireEvent.click(await screen.findByRole("button", { name: words.try.example("Lamp arrived broken.") }));
  expect((await field()).value).toBe("Lamp arrived broken.");
  expect(await screen.findByTestId("verdict")).toBeTruthy();
});

test("the screen is whole without examples", async () => {
  show(api({ readRows: () => Promise.reject(new Error("gone")) }));
  expect(await field()).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a failed answer is told and can be asked for again", async () => {
  let fails = true;
  const classifyTexts: Api["classifyTexts"] = async () => {
    if (fails) throw { code: "worker.gone", message: "The worker ended", hint: null, details: null, values: {} };
    return [{ label: "delivery", scores: sureOfDelivery }];
  };
  show(api({ classifyTexts }));
  await fireEvent.input(await field(), { target: { value: "parcel" } });
  const problem = await screen.findByRole("alert");
  expect(problem.textContent).toContain("The worker ended");

  fails = false;
  await fireEvent.click(within(problem).getByRole("button", { name: words.frame.problem.tryAgain }));
  expect(await screen.findByTestId("verdict")).toBeTruthy();
});

test("another run is asked for, and only those with a model can be", async () => {
  const onrun = vi.fn();
  show(api(), [run("new"), run("failed", false), run("old")], onrun);
  const chooser = await screen.findByLabelText<HTMLSelectElement>(words.try.run);
  expect([...chooser.options].map(({ value }) => value)).toEqual(["new", "old"]);
  await fireEvent.change(chooser, { target: { value: "old" } });
  expect(onrun).toHaveBeenCalledWith("old");
});

test("the same text is put to the model that was chosen", async () => {
  const classifyTexts = vi.fn(api().classifyTexts);
  const { rerender } = show(api({ classifyTexts }));
  await fireEvent.input(await field(), { target: { value: "parcel" } });
  await screen.findByTestId("verdict");
  await rerender({ runId: "old" });
  await waitFor(() => expect(classifyTexts).toHaveBeenLastCalledWith("desk", "old", [{ text: "parcel", textB: null }]));
  expect((await field()).value).toBe("parcel");
});

test("without a model it says what to do first", () => {
  show(api(), [run("failed", false)]);
  expect(screen.getByText(words.try.noModelHint)).toBeTruthy();
});

test("a dropped file is looked at, classified and shown in its folder", async () => {
  let drop: (drag: FileDrag) => void = () => {};
  const showInFolder = vi.fn(async () => {});
  show(
    api({
      onFileDrag: (listener) => {
        drop = listener;
        return () => {};
      },
      previewFile: async (file) => ({
        file,
        nRows: 3,
        columns: ["message", "label"],
        rows: [["a text", "mine"]],
        textColumn: "message",
        textBColumn: null,
      }),
      classifyFile: async () => ({ file: "/home/ada/sorted.csv", nClassified: 2, stopped: false }),
      showInFolder,
    }),
  );
  await field();
  drop({ kind: "dropped", files: ["/home/ada/new.csv"] });

  // A column that is there keeps its name; the new one takes another.
  expect(await screen.findByRole("columnheader", { name: /^predicted label/ })).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: words.try.start("3", false) }));
  expect(await screen.findByText("/home/ada/sorted.csv")).toBeTruthy();
  expect(screen.getByText(words.try.withoutText("1", true))).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: words.try.showInFolder }));
  expect(showInFolder).toHaveBeenCalledWith("/home/ada/sorted.csv");
});

test("a model of pairs is asked with both texts", async () => {
  const classifyTexts = vi.fn(api().classifyTexts);
  show(api({ classifyTexts, readModel: async () => ({ labels, pairs: true }) }));
  const first = await screen.findByLabelText<HTMLTextAreaElement>(words.try.firstText);
  await fireEvent.input(first, { target: { value: "A dog runs." } });
  expect(classifyTexts).not.toHaveBeenCalled();

  const second = screen.getByLabelText<HTMLTextAreaElement>(words.try.secondText);
  await fireEvent.input(second, { target: { value: "An animal moves." } });
  expect(classifyTexts.mock.calls).toEqual([["desk", "new", [{ text: "A dog runs.", textB: "An animal moves." }]]]);
  expect(await screen.findByTestId("verdict")).toBeTruthy();
});

test("a file for a model of pairs shows its second text column, guessed and changeable", async () => {
  const classifyFile = vi.fn<Api["classifyFile"]>(async () => null);
  show(
    api({
      readModel: async () => ({ labels, pairs: true }),
      chooseDataFile: async () => "/home/ada/pairs.csv",
      previewFile: async (file) => ({
        file,
        nRows: 1,
        columns: ["premise", "hypothesis", "id"],
        rows: [["a", "b", "1"]],
        textColumn: "premise",
        textBColumn: "hypothesis",
      }),
      classifyFile,
    }),
  );
  await fireEvent.click(await screen.findByRole("button", { name: words.try.choose }));
  const second = await screen.findByLabelText<HTMLSelectElement>(words.try.textBColumn);
  expect(second.value).toBe("hypothesis");
  expect([...second.options].map(({ value }) => value)).toEqual(["", "hypothesis", "id"]);
  await fireEvent.change(second, { target: { value: "" } });
  expect(screen.getByText(words.try.noSecondText)).toBeTruthy();
  await fireEvent.change(second, { target: { value: "hypothesis" } });
  await fireEvent.click(screen.getByRole("button", { name: words.try.start("1", true) }));
  expect(classifyFile.mock.calls[0]?.[3]).toEqual({ text: "premise", textB: "hypothesis" });
});
