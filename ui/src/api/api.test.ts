import { Channel } from "@tauri-apps/api/core";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, expect, test } from "vitest";
import { type Api, connect, type RunUpdate } from ".";
import { fakeApi } from "./fake";
import { tauriApi } from "./tauri";

afterEach(() => {
  clearMocks();
  Reflect.deleteProperty(window, "__TAURI_INTERNALS__");
});

interface Call {
  command: string;
  args: Record<string, unknown>;
}

/** Notes every command and answers with a number, which is what `watch_run` gives. */
function noteCalls(): Call[] {
  const calls: Call[] = [];
  mockIPC((command, args) => {
    calls.push({ command, args: { ...(args as Record<string, unknown>) } });
    return 7;
  });
  return calls;
}

test("a browser gets the fake", async () => {
  expect((await (await connect()).appInfo()).version).toBe("0.0.0-browser");
});

test("each function asks the shell by its own name in snake case", async () => {
  const calls = noteCalls();
  const api = await connect();
  // Arguments do not matter here; those of the window itself are no commands.
  const ofWindow = ["onFileDrag", "onCloseAsked", "closeWindow"];
  const names = Object.keys(api).filter((name) => !ofWindow.includes(name));
  for (const name of names) {
    await (api[name as keyof Api] as () => Promise<unknown>)();
  }

  const expected = names.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  expect(calls.map(({ command }) => command)).toEqual(expected);
  expect(names.sort()).toEqual(Object.keys(fakeApi()).filter((name) => !ofWindow.includes(name)).sort());
});

test("arguments go by their names in the interface", async () => {
  const calls = noteCalls();
  const api = tauriApi();
  await api.readRows("p", 100, 50);
  await api.editData("p", [{ kind: "ignoreLabel", label: "spam" }]);
  await api.importEdits("p", "/edits.json");
  await api.exportEdits("p", null, "de");
  await api.replaceFile("p", "/new.csv");
  await api.setTraining("p", "minilm-l6", { epochs: 2 });
  await api.classifyFile("p", "r", "a.csv", { text: "text", textB: null }, () => {});

  expect(calls.map(({ args }) => args)).toEqual([
    { projectId: "p", first: 100, count: 50 },
    { projectId: "p", edits: [{ kind: "ignoreLabel", label: "spam" }] },
    { projectId: "p", file: "/edits.json" },
    { projectId: "p", edits: null, language: "de" },
    { projectId: "p", file: "/new.csv" },
    { projectId: "p", baseModel: "minilm-l6", recipe: { epochs: 2 } },
    { projectId: "p", runId: "r", file: "a.csv", columns: { text: "text", textB: null }, onProgress: expect.any(Channel) },
  ]);
});

test("a watcher gets updates until it ends its subscription, and then tells the shell once", async () => {
  const calls = noteCalls();
  const seen: RunUpdate[] = [];
  const unsubscribe = await tauriApi().watchRun("p", "r", (update) => seen.push(update));
  const channel = calls[0]?.args["onUpdate"] as Channel<RunUpdate>;
  const update = { runId: "r" } as RunUpdate;

  channel.onmessage(update);
  unsubscribe();
  unsubscribe();
  channel.onmessage(update);

  expect(seen).toEqual([update]);
  expect(calls.slice(1)).toEqual([{ command: "unwatch_run", args: { watchId: 7 } }]);
});

test("a drag over the window is told from its beginning to its end", async () => {
  const listeners = new Map<unknown, number>();
  mockIPC((command, args) => {
    if (command === "plugin:event|listen") {
      const { event, handler } = args as { event: string; handler: number };
      listeners.set(event, handler);
    }
    return 1;
  });
  Object.assign(window, { __TAURI_EVENT_PLUGIN_INTERNALS__: { unregisterListener: () => {} } });
  const internals = Reflect.get(window, "__TAURI_INTERNALS__") as { runCallback: (id: number, data: unknown) => void };
  Object.assign(internals, { metadata: { currentWindow: { label: "main" }, currentWebview: { windowLabel: "main", label: "main" } } });
  const seen: unknown[] = [];
  tauriApi().onFileDrag((drag) => seen.push(drag));
  await new Promise((wake) => setTimeout(wake, 0));

  const send = (event: string, payload: object) =>
    internals.runCallback(listeners.get(`tauri://drag-${event}`) ?? 0, { event, id: 1, payload });
  const position = { x: 1, y: 1 };
  send("enter", { paths: ["/a.csv"], position });
  send("over", { position });
  send("leave", {});
  send("drop", { paths: ["/a.csv"], position });

  expect(seen).toEqual([{ kind: "over" }, { kind: "left" }, { kind: "dropped", files: ["/a.csv"] }]);
});
