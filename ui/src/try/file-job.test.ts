import { expect, test, vi } from "vitest";
import type { Api, ClassifiedFile, FilePreview, WorkProgress } from "../api";
import { FileJob } from "./file-job.svelte";

const preview: FilePreview = {
  file: "/home/ada/new.csv",
  nRows: 2,
  columns: ["id", "message"],
  rows: [
    ["1", "where is my parcel"],
    ["2", "a refund, please"],
  ],
  textColumn: "message",
  textBColumn: null,
};
const result: ClassifiedFile = { file: "/home/ada/sorted.csv", nClassified: 2, stopped: false };

function job(answers: Partial<Api>) {
  return new FileJob(
    {
      chooseDataFile: async () => preview.file,
      previewFile: async () => preview,
      classifyFile: async () => result,
      cancelClassifyFile: async () => {},
      ...answers,
    },
    "project",
  );
}

test("a chosen file is looked at, classified, and the result is told", async () => {
  const classifyFile = vi.fn<Api["classifyFile"]>(async (_project, _run, _file, _column, listener) => {
    listener({ kind: "progress", done: 1, total: 2 });
    return result;
  });
  const files = job({ classifyFile });
  await files.choose();
  files.setTextColumn("id");
  await files.start("run", false);

  expect(classifyFile.mock.calls[0]?.slice(0, 4)).toEqual([
    "project",
    "run",
    "/home/ada/new.csv",
    { text: "id", textB: null },
  ]);
  expect(files.state).toMatchObject({ kind: "done", result });
});

test("a cancelled file dialog changes nothing", async () => {
  const files = job({ chooseDataFile: async () => null });
  await files.choose();
  expect(files.state.kind).toBe("empty");
});

test("a cancelled place for the result leads back to the file", async () => {
  const files = job({ classifyFile: async () => null });
  await files.choose();
  await files.start("run", false);
  expect(files.state).toMatchObject({ kind: "ready", stopped: false });
});

test("progress is shown, and cancelling ends the work", async () => {
  let tell: (progress: WorkProgress) => void = () => {};
  let end: (result: ClassifiedFile) => void = () => {};
  const files = job({
    classifyFile: (_project, _run, _file, _column, listener) => {
      tell = listener;
      return new Promise((resolve) => (end = resolve));
    },
    cancelClassifyFile: async () => end({ file: "", nClassified: 0, stopped: true }),
  });
  await files.choose();
  const done = files.start("run", false);
  expect(files.state).toMatchObject({ kind: "running", progress: null });
  tell({ kind: "progress", done: 1, total: 2 });
  expect(files.state).toMatchObject({ progress: { done: 1 } });

  await files.cancel();
  await done;
  expect(files.state).toMatchObject({ kind: "ready", stopped: true });
});

test("another file does not interrupt the one that is being classified", async () => {
  const files = job({ classifyFile: () => new Promise(() => {}) });
  await files.choose();
  void files.start("run", false);
  await files.open("/other.csv");
  files.reset();
  expect(files.state.kind).toBe("running");
});

test("the file that was opened last counts, however slow the first one is", async () => {
  const waiting: ((preview: FilePreview) => void)[] = [];
  const files = job({ previewFile: () => new Promise((resolve) => waiting.push(resolve)) });
  const both = Promise.all([files.open("/slow.csv"), files.open("/new.csv")]);
  waiting[1]?.(preview);
  waiting[0]?.({ ...preview, columns: ["old"] });
  await both;
  expect(files.state).toMatchObject({ kind: "ready", file: { path: "/new.csv", preview } });
});

test("a failure while classifying leads back to the same file", async () => {
  const error = { code: "table.full", message: "The disk is full", hint: null, details: null, values: {} };
  const files = job({ classifyFile: () => Promise.reject(error) });
  await files.choose();
  files.setTextColumn("id");
  await files.start("run", false);
  expect(files.state).toMatchObject({ kind: "failed", error });
  await files.retry();
  expect(files.state).toMatchObject({ kind: "ready", file: { textColumn: "id" } });
});

test("a file that can't be read can be tried again", async () => {
  let attempts = 0;
  const files = job({
    previewFile: async () => {
      attempts += 1;
      if (attempts === 1) throw new Error("busy");
      return preview;
    },
  });
  await files.choose();
  expect(files.state.kind).toBe("failed");
  await files.retry();
  expect(files.state.kind).toBe("ready");
});

test("the second text column goes along for a model of pairs, and never is the first one", async () => {
  const classifyFile = vi.fn<Api["classifyFile"]>(async () => result);
  const files = job({ classifyFile, previewFile: async () => ({ ...preview, textBColumn: "id" }) });
  await files.choose();
  await files.start("run", true);
  expect(classifyFile.mock.calls[0]?.[3]).toEqual({ text: "message", textB: "id" });

  await files.choose();
  files.setTextColumn("id");
  expect(files.state).toMatchObject({ file: { textColumn: "id", textBColumn: null } });
  files.setTextBColumn("message");
  await files.start("run", false);
  expect(classifyFile.mock.calls[1]?.[3], "single texts").toEqual({ text: "id", textB: null });
});
