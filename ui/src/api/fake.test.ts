import { expect, test } from "vitest";
import type { DataEdit, RunUpdate } from ".";
import { AS_DETECTED } from "../data/dialect";
import { fakeApi, projectOf } from "./fake";

test("a training runs to its end, and its model can be read about, tried and exported", async () => {
  const api = fakeApi({}, { speed: 10_000 });
  const { id: projectId } = await api.createSampleProject();
  const run = await api.startTraining(projectId);
  const updates: RunUpdate[] = [];
  await new Promise<void>((ended) => {
    void api.watchRun(projectId, run.id, (update) => {
      updates.push(update);
      if (update.summary.state !== "running") ended();
    });
  });

  const events = updates.flatMap((update) => update.events);
  const losses = events.flatMap((event) => (event.kind === "step" ? [event.loss] : []));
  expect(events.at(-1)?.kind).toBe("finished");
  expect(Math.max(...losses.slice(-20))).toBeLessThan(Math.min(...losses.slice(0, 5)));
  expect(updates.at(-1)?.summary).toMatchObject({ state: "finished", hasModel: true });

  const project = await api.openProject(projectId);
  const report = await api.readReport(projectId, run.id);
  expect(project.runs[0]?.accuracy).toBe(report.scores.accuracy);
  const [answer] = await api.classifyTexts(projectId, run.id, [
    { text: "I was charged twice, please refund the invoice", textB: null },
  ]);
  expect(answer?.label).toBe("billing");
  expect(answer?.scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1);
});

test("the numbers of a report agree with each other", async () => {
  const api = fakeApi();
  const { scores, mistakes, accuracyInterval, nTest } = await api.readReport("support-desk", "run-3");
  const right = scores.confusion.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);

  expect(scores.accuracy).toBeCloseTo(right / nTest);
  expect(mistakes.length).toBe(nTest - right);
  expect(accuracyInterval[0]).toBeLessThan(scores.accuracy);
  expect(accuracyInterval[1]).toBeGreaterThan(scores.accuracy);
});

test("stopping can keep the best model or throw the run away", async () => {
  const api = fakeApi({}, { speed: 10_000 });
  const { id } = await api.createSampleProject();
  await api.startTraining(id);
  await api.stopTraining(false);
  expect((await api.openProject(id)).runs).toEqual([]);

  const run = await api.startTraining(id);
  await new Promise<void>((checked) => {
    void api.watchRun(id, run.id, (update) => update.summary.bestStep !== null && checked());
  });
  await api.stopTraining(true);
  expect((await api.openProject(id)).runs[0]).toMatchObject({ state: "stopped", hasModel: true });
});

test("a second training is refused while one runs", async () => {
  const api = fakeApi({}, { speed: 0.001 });
  await api.startTraining("support-desk");

  await expect(api.startTraining("hotel")).rejects.toMatchObject({ code: "training.busy" });
  await api.stopTraining(false);
});

test("edits change labels and findings, and are taken back one by one", async () => {
  const api = fakeApi();
  const { id, obstacle, nExamples, findings } = await projectOf(api, "/tmp/mails.csv");
  expect(obstacle?.code).toBe("split.tooFewExamples");

  let fixed = await api.openProject(id);
  for (let i = 0; i < findings.length; i += 1) {
    // Each fix can make another one needless.
    const fix = fixed.findings.find((finding) => finding.fix !== null)?.fix;
    fixed = fix ? await api.editData(id, fix.edits) : fixed;
  }
  expect(fixed).toMatchObject({ findings: [], obstacle: null });
  expect(fixed.labels.find(({ label }) => label === "billing")?.sources).toEqual(["billing", "Billing "]);

  for (const _ of fixed.edits) {
    await api.undoEdit(id);
  }
  expect(await api.openProject(id)).toMatchObject({ edits: [], nExamples });
});

test("edits that were taken back are made again, until there is another one", async () => {
  const api = fakeApi();
  const { id } = await projectOf(api, "/tmp/mails.csv");
  const [spam, billing]: DataEdit[] = [
    { kind: "ignoreLabel", label: "spam" },
    { kind: "ignoreLabel", label: "billing" },
  ];
  await api.editData(id, [spam!, billing!]);
  await api.undoEdit(id);
  expect(await api.undoEdit(id)).toMatchObject({ edits: [], undone: [billing, spam] });
  expect(await api.redoEdit(id)).toMatchObject({ edits: [spam], undone: [billing] });
  expect(await api.editData(id, [{ kind: "dropDuplicates" }])).toMatchObject({ undone: [] });
});

test("a newer file keeps what fits, and the runs of the one before", async () => {
  const api = fakeApi();
  const { edits } = await api.editData("hotel", [
    { kind: "ignoreLabel", label: "Lage" },
    { kind: "renameLabel", from: "Preis", to: "Kosten" },
  ]);
  const { project, dropped } = await api.replaceFile("hotel", "/home/mara/bewertungen_2025.csv");
  expect(dropped.edits).toMatchObject([{ number: 1, edit: edits[0], reason: { code: "edits.unknownLabel" } }]);
  expect(project).toMatchObject({ edits: [edits[1]], sourceFile: "bewertungen_2025.csv", fileVersion: 2, nLabels: 4 });
  expect(project.runs[0]).toMatchObject({ fileVersion: 1, sourceFile: "bewertungen_2024.csv" });
});

test("a file is read as the person wants, and as detected again", async () => {
  const api = fakeApi();
  const { id, dialect } = await projectOf(api, "/tmp/mails.csv");
  const { project } = await api.setDialect(id, { ...AS_DETECTED, delimiter: ";", quote: false });
  const named = { code: "named" } as const;
  const evidence = { ...dialect.evidence, delimiter: named, quote: named };
  expect(project.dialect).toEqual({ ...dialect, evidence, delimiter: ";", quote: null });
  expect(project.detected).toEqual(dialect);

  expect((await api.setDialect(id, AS_DETECTED)).project.dialect).toEqual(dialect);
});

test("an ignored label is brought back", async () => {
  const api = fakeApi();
  const { id, nExamples } = await projectOf(api, "/tmp/mails.csv");
  await api.editData(id, [{ kind: "ignoreLabel", label: "billing" }]);
  expect(await api.editData(id, [{ kind: "restoreLabel", label: "billing" }])).toMatchObject({ nExamples, ignoredLabels: [] });
});

test("long texts are read whole once the setting allows it", async () => {
  const api = fakeApi();
  const { id, baseModel } = await projectOf(api, "/tmp/mails.csv");
  const [found] = await api.findUnreadable(id);
  await api.setTraining(id, baseModel, { maxLength: found?.fix?.maxLength ?? 0 });
  expect(await api.findUnreadable(id)).toEqual([]);
});

test("a column that gets a role takes it from the other", async () => {
  const api = fakeApi();
  const { id } = await projectOf(api, "/tmp/mails.csv");
  const { columns } = await api.setColumns(id, { text: "received", textB: null, label: null, split: null });

  expect(columns.map(({ name, role, guessed }) => [name, role, guessed])).toEqual([
    ["id", "ignore", true],
    ["message", "ignore", true],
    ["received", "text", false],
    ["topic", "label", true],
  ]);
});
