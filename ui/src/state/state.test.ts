import { expect, test, vi } from "vitest";
import type { Project, RunUpdate } from "../api";
import { fakeApi } from "../api/fake";
import { setLanguage, words } from "../messages";
import { firstStep, runWithModel, whyNot } from "./journey";
import { createProject } from "./project.svelte";
import { formatRoute, parseRoute, STEPS } from "./route.svelte";
import { followRun } from "./running";

async function project(changes: Partial<Project> = {}): Promise<Project> {
  return { ...(await fakeApi().openProject("support-desk")), ...changes };
}

test("a place survives the way through the address", () => {
  const place = { kind: "project", projectId: "Umfrage 2026/ä", step: "try" } as const;

  expect(parseRoute(formatRoute(place))).toEqual(place);
  expect(parseRoute(formatRoute({ kind: "home" }))).toEqual({ kind: "home" });
});

test.each(["", "#", "#/project/a", "#/project/a/nowhere", "#/project//data"])("the address %j is home", (hash) => {
  expect(parseRoute(hash)).toEqual({ kind: "home" });
});

test("a new project allows what its data allows, and says why not the rest", async () => {
  const fresh = await project({ runs: [] });
  const none = await project({ runs: [], labels: [], ignoredLabels: [] });
  const why = words.frame.notYet;

  expect(STEPS.map((step) => whyNot(step, fresh))).toEqual([null, null, null, why.needsRun, why.needsModel, why.needsModel, why.needsModel]);
  expect(whyNot("labels", none)).toBe(why.needsColumns);
});

test("an obstacle closes the model step with its own words", async () => {
  const obstacle = { code: "x", message: 'The label "spam" has only 1 example', hint: "Ignore it.", details: null, values: {} };

  expect(whyNot("model", await project({ obstacle }))).toBe('The label "spam" has only 1 example. Ignore it.');
});

test("an obstacle closes the model step in the language of the window", async () => {
  const obstacle = {
    code: "dataset.oneLabel",
    message: 'All 8 examples have the label "spam", but at least 2 labels are needed',
    hint: "Add examples with another label.",
    details: null,
    values: { nExamples: 8, label: "spam" },
  };
  setLanguage("de");
  const why = whyNot("model", await project({ obstacle }));
  setLanguage("en");

  expect(why).toMatch(/^Alle 8 Beispiele haben das Label „spam“; es braucht mindestens 2 Labels\. Fügen Sie .*\.$/);
});

test("the newest run with a model is taken unless another is chosen", async () => {
  const whole = await project();

  expect(runWithModel(whole, null)?.id).toBe("run-3");
  expect(runWithModel(whole, "run-2")?.id).toBe("run-2");
  expect(runWithModel(whole, "run-1")?.id, "run-1 has no model").toBe("run-3");
});

test("a project opens where it was left", async () => {
  const { runs } = await project();

  expect(firstStep(null)).toBe("data");
  expect(firstStep(runs[0] ?? null)).toBe("report");
  expect(firstStep(runs[2] ?? null)).toBe("train");
});

test("a project that arrives after the person went elsewhere is not shown", async () => {
  const answers = new Map<string, (project: Project) => void>();
  const opened = createProject(fakeApi({ openProject: (id) => new Promise((answer) => answers.set(id, answer)) }));
  const [first, second] = [opened.open("first"), opened.open("second")];
  answers.get("second")?.(await project({ id: "second" }));
  answers.get("first")?.(await project({ id: "first" }));
  await Promise.all([first, second]);

  expect(opened.current).toMatchObject({ kind: "open", project: { id: "second" } });
});

test("a late answer about one project does not take the place of another", async () => {
  const opened = createProject(fakeApi());
  opened.set(await project({ id: "first" }));
  opened.set(await project({ id: "second" }));
  opened.update(await project({ id: "first", name: "renamed" }));
  expect(opened.current).toMatchObject({ kind: "open", project: { id: "second" } });

  opened.update(await project({ id: "second", name: "renamed" }));
  expect(opened.current).toMatchObject({ project: { id: "second", name: "renamed" } });
});

test("a project that can't be opened says why and can be tried again", async () => {
  const openProject = vi.fn().mockRejectedValueOnce({ code: "project.missing" }).mockResolvedValueOnce(await project());
  const opened = createProject(fakeApi({ openProject }));
  await opened.open("support-desk");
  expect(opened.current).toMatchObject({ kind: "failed", error: { code: "project.missing" } });

  await opened.open("support-desk");
  expect(opened.current.kind).toBe("open");
});

test("a running training is followed to its end and no further", async () => {
  let send: (update: RunUpdate) => void = () => {};
  const unsubscribe = vi.fn();
  const api = fakeApi({
    watchRun: async (_project, _run, listener) => {
      send = listener;
      return unsubscribe;
    },
  });
  const [shares, onend] = [[] as number[], vi.fn()];
  followRun(api, "p", "r", (share) => shares.push(share), onend);
  await Promise.resolve();

  const { runs } = await project();
  const summary = { ...runs[0]!, nSteps: 200 };
  const step = { kind: "step", step: 50, epoch: 1, loss: 1, learningRate: 1, gradientNorm: 1, examplesPerSecond: 1, secondsLeft: 1 } as const;
  send({ runId: "r", events: [step], summary: { ...summary, state: "running" }, memoryBytes: null });
  send({ runId: "r", events: [], summary, memoryBytes: null });
  send({ runId: "r", events: [{ ...step, step: 60 }], summary, memoryBytes: null });

  expect(shares).toEqual([0.25]);
  expect(onend).toHaveBeenCalledOnce();
  expect(unsubscribe).toHaveBeenCalledOnce();
});
