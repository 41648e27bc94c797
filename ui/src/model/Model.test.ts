import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import type { Api, DownloadState, Project, RunPreview } from "../api";
import { fakeApi } from "../api/fake";
import { words } from "../messages";
import Model from "./Model.svelte";

const text = words.model;

/** What a training would do where nothing is to be told of it. */
const preview: RunPreview = {
  baseModel: "minilm-l6",
  nTrain: 631,
  nValid: 79,
  nTest: 80,
  nSteps: 400,
  nEpochs: 10,
  batchSize: 16,
  maxLength: 256,
  learningRate: 0.0001,
  nCut: 2,
  device: "CPU, 8 threads",
  deviceId: "cpu",
  deviceReason: "There is no GPU",
  deviceWhy: null,
  seconds: null,
  memoryBytes: null,
  estimates: [],
  downloads: [],
};

/** The card of a model. */
async function card(name: string): Promise<HTMLElement> {
  const found = (await screen.findByText(name, { selector: "article code" })).closest("article");
  if (!found) throw new Error(`no card of ${name}`);
  return found;
}

async function show(changes: Partial<Project> = {}, answers: Partial<Api> = {}) {
  const api = fakeApi(answers, { speed: 1000 });
  const project = { ...(await api.openProject("support-desk")), ...changes };
  const onnext = vi.fn();
  let now = project;
  const view = render(Model, {
    api,
    project,
    onproject: (changed) => {
      now = changed;
      void view.rerender({ project: changed });
    },
    onnext,
  });
  return { onnext, project: () => now, unmount: view.unmount };
}

test("shows what the training would do", async () => {
  await show({}, { previewRun: async () => preview, measureDevice: async () => null });

  expect(await screen.findByText(text.texts("631", false))).toBeTruthy();
  expect(screen.getByText(text.cut("2", false))).toBeTruthy();
  expect(screen.getByText("0.0001")).toBeTruthy();
  expect(screen.getByText("There is no GPU")).toBeTruthy();
  await waitFor(() => expect(screen.getAllByText(text.notMeasured)).toHaveLength(2));
});

test("choosing a card changes the project's base model and what would be downloaded", async () => {
  const { project } = await show();
  await fireEvent.click(await screen.findByRole("radio", { name: /minilm-l12/ }));

  await waitFor(() => expect(project().baseModel).toBe("minilm-l12"));
  expect(await screen.findByText("134 MB")).toBeTruthy();
});

test("a changed setting is kept, marked and can be reset", async () => {
  const { project } = await show();
  const epochs = await screen.findByLabelText(text.setting("epochs").name);
  await fireEvent.change(epochs, { target: { value: "6" } });
  await waitFor(() => expect(project().recipe).toEqual({ epochs: 6 }));
  expect(await screen.findByText(text.changed)).toBeTruthy();

  await fireEvent.click(screen.getByRole("button", { name: text.resetOf(text.setting("epochs").name) }));
  await waitFor(() => expect(project().recipe).toEqual({}));
});

test("two changes at once are both kept", async () => {
  const { project } = await show();
  await fireEvent.change(await screen.findByLabelText(text.setting("epochs").name), { target: { value: "6" } });
  await fireEvent.change(screen.getByLabelText(text.setting("batchSize").name), { target: { value: "32" } });

  await waitFor(() => expect(project().recipe).toEqual({ epochs: 6, batchSize: 32 }));
});

test("an impossible value is refused with the range", async () => {
  const { project } = await show();
  await fireEvent.change(await screen.findByLabelText(text.setting("maxLength").name), { target: { value: "1000" } });

  expect((await screen.findByRole("alert")).textContent).toContain("512");
  expect(project().recipe).toEqual({});
});

test("Train starts the training and goes on", async () => {
  const { onnext, project } = await show();
  const before = project().runs.length;
  await fireEvent.click(screen.getByRole("button", { name: text.train }));

  await waitFor(() => expect(onnext).toHaveBeenCalled());
  expect(project().runs).toHaveLength(before + 1);
});

test("an obstacle is shown and disables the button", async () => {
  const obstacle = { code: "split.fewLabels", message: "There is only 1 label", hint: "Add another.", details: null, values: {} };
  await show({ obstacle });

  expect((await screen.findByRole("alert")).textContent).toContain(obstacle.message);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: text.train }).disabled).toBe(true);
});

test("a start that fails says why and stays here", async () => {
  const error = { code: "job.busy", message: "Another training is running", hint: null, details: null, values: {} };
  const { onnext } = await show({}, { startTraining: () => Promise.reject(error) });
  await fireEvent.click(screen.getByRole("button", { name: text.train }));

  expect((await screen.findByRole("alert")).textContent).toContain(error.message);
  expect(onnext).not.toHaveBeenCalled();
});

test("models that can't be listed can be asked for again", async () => {
  const listBaseModels = vi.fn<Api["listBaseModels"]>().mockRejectedValueOnce(new Error("gone")).mockResolvedValue([]);
  await show({}, { listBaseModels });
  await fireEvent.click(await screen.findByRole("button", { name: words.frame.problem.tryAgain }));

  expect(await screen.findByText(text.noModels)).toBeTruthy();
});

test("a device that was never measured is measured once, and the estimate follows", async () => {
  let end = () => {};
  const measureDevice = vi.fn<Api["measureDevice"]>(async () => {
    await new Promise<void>((ended) => (end = ended));
    return null;
  });
  const previewRun = vi.fn<Api["previewRun"]>().mockResolvedValue(preview);
  const { unmount } = await show({}, { previewRun, measureDevice });
  expect(await screen.findByText(text.measuring, { selector: "dd .number" })).toBeTruthy();
  end();
  await waitFor(() => expect(screen.queryByText(text.measuring, { selector: "dd .number" })).toBeNull());
  expect(measureDevice).toHaveBeenCalledTimes(1);
  expect(measureDevice.mock.calls[0]?.slice(0, 2)).toEqual(["cpu", false]);
  unmount();

  await show({});
  const fast = await card("minilm-l6");
  await waitFor(() => expect(within(fast).getByText(text.memory).nextElementSibling?.textContent).toMatch(/MB|GB/));
  await waitFor(() => expect(within(fast).getByText(text.time).nextElementSibling?.textContent).toMatch(/\d/));
});

test("nothing is measured while a training runs", async () => {
  const measureDevice = vi.fn<Api["measureDevice"]>(async () => null);
  const { runs } = await fakeApi().openProject("support-desk");
  const running = runs.map((run, i) => (i === 0 ? { ...run, state: "running" as const } : run));
  await show({ runs: running }, { previewRun: async () => preview, measureDevice });
  expect(await screen.findByText("There is no GPU")).toBeTruthy();
  expect(measureDevice).not.toHaveBeenCalled();
});

test("a model is downloaded with its progress, and is installed then", async () => {
  await show();
  const target = await card("bert-base-uncased");
  await fireEvent.click(within(target).getByRole("button", { name: text.downloadOf("bert-base-uncased") }));
  expect(within(target).getByRole("progressbar", { name: text.downloading })).toBeTruthy();
  await waitFor(async () => expect(within(await card("bert-base-uncased")).getByText(text.installed)).toBeTruthy());
});

test("the progress of a download says bytes, speed and time left, and it can be cancelled", async () => {
  const state: DownloadState = {
    kind: "download",
    file: "model.safetensors",
    doneBytes: 50_000_000,
    totalBytes: 100_000_000,
    bytesPerSecond: 10_000_000,
    secondsLeft: 5,
  };
  let end = (_: null) => {};
  const cancelDownload = vi.fn(async () => end(null));
  await show({}, {
    downloadModel: (_, listener) => {
      listener(state);
      return new Promise((ended) => (end = ended));
    },
    cancelDownload,
  });
  const target = await card("minilm-l12");
  await fireEvent.click(within(target).getByRole("button", { name: text.downloadOf("minilm-l12") }));
  const said = [text.bytesOf("50 MB", "100 MB"), text.perSecond("10 MB"), text.left("5 s")].join(", ");
  expect(await within(target).findByText(said)).toBeTruthy();
  await fireEvent.click(within(target).getByRole("button", { name: text.cancelDownload }));
  expect(cancelDownload).toHaveBeenCalledOnce();
  expect(await within(target).findByRole("button", { name: text.downloadOf("minilm-l12") })).toBeTruthy();
});

test("a download that fails says why and can be tried again", async () => {
  const error = { code: "baseModel.hubUnreachable", message: "The hub can't be reached", hint: null, details: null, values: {} };
  const downloadModel = vi.fn<Api["downloadModel"]>().mockRejectedValueOnce(error).mockResolvedValue(null);
  await show({}, { downloadModel });
  const target = await card("minilm-l12");
  await fireEvent.click(within(target).getByRole("button", { name: text.downloadOf("minilm-l12") }));
  const problem = await within(target).findByRole("alert");
  expect(problem.textContent).toContain(error.message);
  await fireEvent.click(within(problem).getByRole("button", { name: words.frame.problem.tryAgain }));
  expect(downloadModel).toHaveBeenCalledTimes(2);
});

test("a training with a model that is not here downloads it first, after the click", async () => {
  const asked: string[] = [];
  const api = fakeApi();
  const { onnext } = await show(
    { baseModel: "minilm-l12" },
    {
      previewRun: async () => ({ ...preview, baseModel: "minilm-l12", downloads: ["minilm-l12"] }),
      measureDevice: async () => null,
      downloadModel: async (name) => {
        asked.push(`download ${name}`);
        return api.describeBaseModel(name);
      },
      startTraining: async (projectId) => {
        asked.push("start");
        return api.startTraining(projectId);
      },
    },
  );
  const button = await screen.findByRole("button", { name: text.downloadAndTrain });
  expect(asked).toEqual([]);
  await fireEvent.click(button);
  await waitFor(() => expect(onnext).toHaveBeenCalled());
  expect(asked).toEqual(["download minilm-l12", "start"]);
  await api.stopTraining(false);
});

test("a download that was cancelled starts no training", async () => {
  const startTraining = vi.fn<Api["startTraining"]>();
  await show(
    { baseModel: "minilm-l12" },
    {
      previewRun: async () => ({ ...preview, baseModel: "minilm-l12", downloads: ["minilm-l12"] }),
      measureDevice: async () => null,
      downloadModel: async () => null,
      startTraining,
    },
  );
  await fireEvent.click(await screen.findByRole("button", { name: text.downloadAndTrain }));
  expect(await screen.findByRole("button", { name: text.downloadAndTrain })).toBeTruthy();
  expect(startTraining).not.toHaveBeenCalled();
});

test("any model can be chosen by its name on the hub, or from a folder", async () => {
  const { project } = await show();
  await screen.findAllByRole("radio");
  await fireEvent.input(screen.getByLabelText(text.hubName), { target: { value: " prajjwal1/bert-tiny " } });
  await fireEvent.click(screen.getByRole("button", { name: text.use }));
  await waitFor(() => expect(project().baseModel).toBe("prajjwal1/bert-tiny"));
  expect(within(await card("prajjwal1/bert-tiny")).getByText(text.notInstalled)).toBeTruthy();

  await fireEvent.click(screen.getByRole("button", { name: text.fromFolder }));
  await waitFor(() => expect(project().baseModel).toBe("/home/mara/models/my-bert"));
  expect(within(await card("/home/mara/models/my-bert")).getByText(text.installed)).toBeTruthy();
});

test("a folder that is no model says why", async () => {
  const error = { code: "baseModel.pickle", message: "The weights are a pickle", hint: "Get safetensors.", details: null, values: {} };
  await show({}, { chooseModelFolder: () => Promise.reject(error) });
  await screen.findAllByRole("radio");
  await fireEvent.click(screen.getByRole("button", { name: text.fromFolder }));
  expect((await screen.findByRole("alert")).textContent).toContain(error.hint);
});
