import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import type { Api, Project } from "../api";
import { fakeApi } from "../api/fake";
import { words } from "../messages";
import Model from "./Model.svelte";

const text = words.model;

async function show(changes: Partial<Project> = {}, answers: Partial<Api> = {}) {
  const api = fakeApi(answers);
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
  return { onnext, project: () => now };
}

test("shows what the training would do", async () => {
  await show({}, {
    previewRun: async () => ({
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
      deviceReason: "There is no GPU",
      seconds: null,
      memoryBytes: null,
      downloads: [],
    }),
  });

  expect(await screen.findByText(text.texts("631", false))).toBeTruthy();
  expect(screen.getByText(text.cut("2", false))).toBeTruthy();
  expect(screen.getByText("0.0001")).toBeTruthy();
  expect(screen.getByText("There is no GPU")).toBeTruthy();
  expect(screen.getAllByText(text.notMeasured)).toHaveLength(2);
});

test("choosing a card changes the project's base model and what would be downloaded", async () => {
  const { project } = await show();
  await fireEvent.click(await screen.findByRole("radio", { name: new RegExp(text.size("balanced").name) }));

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
  const obstacle = { code: "split.fewLabels", message: "There is only 1 label", hint: "Add another.", details: null };
  await show({ obstacle });

  expect((await screen.findByRole("alert")).textContent).toContain(obstacle.message);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: text.train }).disabled).toBe(true);
});

test("a start that fails says why and stays here", async () => {
  const error = { code: "job.busy", message: "Another training is running", hint: null, details: null };
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
