import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { Api, ExportedModel, OnnxExport, Project } from "../api";
import { fakeApi } from "../api/fake";
import { words } from "../messages";
import Export from "./Export.svelte";

const saved: ExportedModel = {
  folder: "/home/ada/my model",
  sizeBytes: 91_000_000,
  files: [
    { name: "config.json", sizeBytes: 900 },
    { name: "model.safetensors", sizeBytes: 90_900_000 },
  ],
};

const run = { id: "run", startedAt: "2025-11-23T10:48:00Z", baseModel: "minilm-l6", accuracy: null, hasModel: true };
// The screen looks at nothing but these.
const project = (hasModel = true) => ({ id: "desk", runs: [{ ...run, hasModel }] }) as Project;

function show(answers: Partial<Api>, hasModel = true) {
  render(Export, {
    api: fakeApi(answers),
    project: project(hasModel),
    onproject: () => {},
    runId: "run",
    onrun: () => {},
  });
}

const save = () => fireEvent.click(screen.getByRole("button", { name: words.export.save }));

afterEach(() => Reflect.deleteProperty(navigator, "clipboard"));

test("says where the folder went, how big it is, and how to use it", async () => {
  const showInFolder = vi.fn(async () => {});
  show({ exportModel: async () => saved, showInFolder });
  await save();

  expect(await screen.findByText("/home/ada/my model")).toBeTruthy();
  expect(screen.getAllByText(/91\sMB/).length).toBeGreaterThan(0);
  expect(screen.getByText(/embert classify "\/home\/ada\/my model"/)).toBeTruthy();
  const rows = screen.getAllByRole("rowheader").map((cell) => cell.textContent);
  expect(rows, "the largest first").toEqual(["model.safetensors", "config.json"]);
  await fireEvent.click(screen.getByRole("button", { name: words.export.showInFolder }));
  expect(showInFolder).toHaveBeenCalledWith("/home/ada/my model");
});

test("a cancelled dialog changes nothing", async () => {
  show({ exportModel: async () => null });
  await save();
  expect(await screen.findByRole("button", { name: words.export.save })).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a failure is told, and the button is there again", async () => {
  const error = { code: "export.full", message: "The disk has 3 MB, but the model needs 91 MB", hint: null, details: null, values: {} };
  show({ exportModel: () => Promise.reject(error) });
  await save();
  expect((await screen.findByRole("alert")).textContent).toContain(error.message);
  expect(screen.getByRole("button", { name: words.export.save })).toHaveProperty("disabled", false);
});

const onnx: OnnxExport = {
  folder: "/home/ada/desk ONNX",
  task: "single",
  pairs: false,
  nCompared: 200,
  comparedWith: "testPart",
  nRight: 184,
  files: [
    { name: "onnx/model.onnx", sizeBytes: 90_900_000, largestDifference: 0.000002, nSameLabels: 200, nRight: 184 },
    { name: "onnx/model_quantized.onnx", sizeBytes: 24_100_000, largestDifference: 0.08, nSameLabels: 197, nRight: 182 },
  ],
};

const saveOnnx = () => fireEvent.click(screen.getByRole("button", { name: words.export.onnxSave }));

test("as ONNX it says how each file compares with the model, and how to use the small one", async () => {
  const exportOnnx = vi.fn(async () => onnx);
  show({ exportOnnx });
  expect(screen.getByText(/dtype: "fp32"/)).toBeTruthy();
  await fireEvent.click(screen.getByRole("checkbox", { name: words.export.onnxSmall }));
  await saveOnnx();

  expect(await screen.findByText("/home/ada/desk ONNX")).toBeTruthy();
  expect(exportOnnx).toHaveBeenCalledWith("desk", "run", true, expect.any(Function));
  const cells = within(screen.getByRole("row", { name: /model_quantized/ })).getAllByRole("cell");
  expect(cells.map((cell) => cell.textContent)).toEqual([expect.stringMatching(/^24\sMB$/), "0.08", "197 of 200", "91.0%"]);
  expect(screen.getByText(new RegExp(words.export.onnxModel("92.0%"))), "what the model itself has right").toBeTruthy();
  expect(screen.getByText(/dtype: "q8"/)).toBeTruthy();
});

test("writing as ONNX tells how far it is and can be cancelled", async () => {
  let end: (value: null) => void = () => {};
  const exportOnnx: Api["exportOnnx"] = (_project, _run, _int8, listener) => {
    listener({ kind: "progress", done: 40, total: 400 });
    return new Promise((resolve) => (end = resolve));
  };
  const cancelExportOnnx = vi.fn(async () => {});
  show({ exportOnnx, cancelExportOnnx });
  await saveOnnx();
  expect(await screen.findByText(words.export.onnxDone("40", "400"))).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: words.export.onnxCancel }));
  expect(cancelExportOnnx).toHaveBeenCalledOnce();
  expect(screen.getByText(words.export.onnxCancelling)).toBeTruthy();
  end(null);
  expect(await screen.findByRole("button", { name: words.export.onnxSave })).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("code is copied", async () => {
  const writeText = vi.fn(async () => {});
  Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
  show({});
  await fireEvent.click(screen.getByRole("button", { name: words.export.copyName(words.export.python) }));
  expect(writeText).toHaveBeenCalledWith(expect.stringContaining("from transformers import pipeline"));
  expect((await screen.findAllByText(words.export.copied)).length).toBeGreaterThan(0);
});

test("where copying is not allowed, the code is selected", async () => {
  show({});
  await fireEvent.click(screen.getByRole("button", { name: words.export.copyName(words.export.terminal) }));
  expect(await screen.findByText(words.export.notCopied)).toBeTruthy();
  expect(window.getSelection()?.toString()).toContain("embert classify");
});

test("without a model it says what to do first", () => {
  show({}, false);
  expect(screen.getByText(words.export.noModelHint)).toBeTruthy();
});
