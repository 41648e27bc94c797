import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { Api, Project, RunSummary } from "../api";
import { fakeApi } from "../api/fake";
import { formatDate } from "../lib/format";
import { setLanguage, words } from "../messages";
import ProjectScreen from "../ProjectScreen.svelte";
import { outdated, upToDateRun } from "./outdated";
import type { Step } from "./route.svelte";

const text = words.frame.outdated;

afterEach(() => setLanguage("en"));

test("a run is outdated by another file or by other data, and only then", async () => {
  const api = fakeApi();
  const project = await api.openProject("hotel");
  const [run] = project.runs as [RunSummary];
  expect(outdated(project, run)).toBeNull();
  expect(outdated({ ...project, dataHash: "other" }, run)).toBe("data");
  expect(outdated({ ...project, fileVersion: 2, dataHash: "other" }, run)).toBe("file");
  expect(outdated({ ...project, fileVersion: 2 }, run), "the newer file says the same").toBeNull();
});

test("what older versions noted of a run is its file", async () => {
  const { dataHash: _now, ...project } = await fakeApi().openProject("hotel");
  const { dataHash: _then, ...run } = project.runs[0] as RunSummary;
  expect(outdated(project, run)).toBeNull();
  expect(outdated({ ...project, dataHash: "now" }, run)).toBeNull();
  expect(outdated({ ...project, dataHash: "now", fileVersion: 2 }, run)).toBe("file");
});

test("a change that is taken back makes the model one of the present data again", async () => {
  const api = fakeApi();
  const edited = await api.editData("hotel", [{ kind: "ignoreLabel", label: "Lage" }]);
  expect(upToDateRun(edited)).toBeNull();
  expect(upToDateRun(await api.undoEdit("hotel"))?.id).toBe("run-2");
});

async function show(step: Step, answers: Partial<Api> = {}, change?: (project: Project) => Project) {
  const api = fakeApi(answers);
  const edited = await api.editData("hotel", [{ kind: "ignoreLabel", label: "Lage" }]);
  const project = change ? change(edited) : edited;
  const handlers = { onproject: vi.fn(), onstep: vi.fn() };
  const { rerender } = render(ProjectScreen, { api, project, step, ...handlers });
  handlers.onproject.mockImplementation((changed: Project) => void rerender({ project: changed }));
  return { api, project, rerender, ...handlers };
}

const bar = () => screen.getByTestId("outdated");

test.each(["report", "try", "export"] as const)("%s says that the model learned from other data, and trains again", async (step) => {
  const { project, onproject, onstep } = await show(step);
  expect(bar().textContent).toContain(text.data);
  expect(bar().getAttribute("role")).toBe("status");

  await fireEvent.click(within(bar()).getByRole("button", { name: text.again }));
  await waitFor(() => expect(onstep).toHaveBeenCalledExactlyOnceWith("train"));
  const started = (onproject.mock.lastCall?.[0] as Project).runs[0];
  expect(started?.state).toBe("running");
  expect(started?.dataHash).toBe(project.dataHash);
});

test("an earlier file is named, in the person's language", async () => {
  await show("report", {}, (project) => ({ ...project, fileVersion: 2, sourceFile: "bewertungen_2025.csv" }));
  expect(bar().textContent).toContain(text.file("bewertungen_2024.csv"));
  setLanguage("de");
  await waitFor(() => expect(bar().textContent).toContain("hat aus einer früheren Datei gelernt: bewertungen_2024.csv"));
});

test("where there is a model of the present data, it is shown instead of trained", async () => {
  const current = (project: Project): RunSummary => {
    const { dataHash = "" } = project;
    return { ...(project.runs[0] as RunSummary), id: "run-9", startedAt: "2026-11-20T08:00:00Z", dataHash };
  };
  // The older of the two is the first in the list, as if the person had chosen it.
  await show("try", {}, (project) => ({ ...project, runs: [...project.runs, current(project)] }));
  const button = within(bar()).getByRole("button", { name: text.newer(formatDate("2026-11-20T08:00:00Z")) });
  await fireEvent.click(button);
  await waitFor(() => expect(screen.queryByTestId("outdated")).toBeNull());
});

test("a model of the present data has no bar, and neither have the steps before a training", async () => {
  const { rerender, api } = await show("labels");
  expect(screen.queryByTestId("outdated")).toBeNull();
  await rerender({ step: "report", project: await api.undoEdit("hotel") });
  expect(screen.queryByTestId("outdated")).toBeNull();
});

test("while a training runs no other begins, and one that can't begin says why", async () => {
  const fault = { code: "training.busy", message: "A training is running already", hint: null, details: null, values: {} };
  const { rerender, project, onstep } = await show("report", { startTraining: vi.fn<Api["startTraining"]>().mockRejectedValue(fault) });
  await fireEvent.click(within(bar()).getByRole("button", { name: text.again }));
  expect((await screen.findByRole("alert")).textContent).toContain("A training is running already");
  expect(onstep).not.toHaveBeenCalled();

  const running: RunSummary = { ...(project.runs[1] as RunSummary), id: "run-8", state: "running" };
  await rerender({ project: { ...project, runs: [running, ...project.runs] } });
  expect(within(bar()).getByRole("button", { name: text.again }).hasAttribute("disabled")).toBe(true);
});
