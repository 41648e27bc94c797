/**
 * The api without an app: everything works on invented data in memory, so that every screen runs in a browser and in
 * tests. The address can ask for a picture: `?empty` begins without projects, `?theme=dark` and `?language=de` set the
 * settings.
 */

import type {
  Api,
  BaseModelInfo,
  ColumnInfo,
  ColumnRole,
  DataEdit,
  Dialect,
  DialectRequest,
  EditsImport,
  FileDrag,
  MappingRequest,
  Measurement,
  Project,
  ReadAgain,
  RunHistory,
  RunSummary,
  Settings,
  Unsubscribe,
} from ".";
import { BASE_MODELS, DEVICES, measurementOf, otherModel, RECIPE_FIELDS } from "./fake/catalogue";
import { describeData, divideEdits, fault, unreadable } from "./fake/data";
import { type LiveRun, resumedEvents, startLiveRun } from "./fake/live-run";
import {
  dataHashOf,
  eventsOf,
  type FakeProject,
  firstProjects,
  planOf,
  projectFromFile,
  reportOf,
  rowsOf,
  sampleProject,
} from "./fake/projects";
import { NOTICES } from "./fake/notices";
import { scoresByKeywords, SUPPORT_SAMPLES } from "./fake/samples";

export interface FakeOptions {
  /** How many times faster than life a training and a long job go. */
  speed?: number;
  /** Whether there are projects at the start; else as the address says. */
  empty?: boolean;
}

/** Returns an api with invented data; a test replaces those answers that it is about. */
export function fakeApi(answers: Partial<Api> = {}, options: FakeOptions = {}): Api {
  const address = new URLSearchParams(location.search);
  const { speed = 1, empty = address.has("empty") } = options;
  const projects = new Map((empty ? [] : firstProjects()).map((fake) => [fake.project.id, fake]));
  let settings = settingsOf(address);
  let live: LiveRun | null = null;
  let isCancelled = false;
  let nCreated = 0;
  let models = copyOf(BASE_MODELS);
  let isDownloadCancelled = false;
  let isMeasureCancelled = false;
  let isImportCancelled = false;
  const measured = new Map<string, Measurement>();

  /** Pretends to work for a while; false when it was cancelled. */
  async function work(nParts: number, isStopped: () => boolean, tell: (part: number) => void): Promise<boolean> {
    for (let part = 0; part <= nParts; part += 1) {
      if (isStopped()) return false;
      tell(part);
      await new Promise((wake) => setTimeout(wake, 60 / speed));
    }
    return true;
  }

  /** The model by its name; one that is not in the list joins it. */
  function model(name: string, installed = false): BaseModelInfo {
    const known = models.find((other) => other.name === name || other.repository === name);
    if (known) return known;
    const isFolder = name.startsWith("/");
    if (!isFolder && !name.includes("/")) {
      const hint = "Give the folder of a model, or a name on the hub.";
      throw fault("baseModel.notFound", `There is no base model "${name}"`, hint, { name, folders: [] });
    }
    const other = otherModel(name, installed || isFolder);
    models = [...models, other];
    return other;
  }

  function find(projectId: string): FakeProject {
    const fake = projects.get(projectId);
    if (!fake) {
      const hint = "Go back to the list of projects.";
      throw fault("project.notFound", `There is no project "${projectId}"`, hint, { id: projectId });
    }
    return fake;
  }

  function findRun(projectId: string, runId: string): RunSummary {
    const run = find(projectId).project.runs.find(({ id }) => id === runId);
    if (!run) {
      const hint = "Go back to the list of projects.";
      throw fault("run.notFound", `There is no run "${runId}" in this project`, hint, { id: runId });
    }
    return run;
  }

  function change(projectId: string, changes: Partial<Project>): Project {
    const fake = find(projectId);
    const changed = { ...fake.project, ...changes };
    fake.project = { ...changed, dataHash: dataHashOf(changed, fake.data) };
    fake.changedAt = new Date().toISOString();
    return copyOf(fake.project);
  }

  function add(fake: FakeProject): Project {
    projects.set(fake.project.id, fake);
    return copyOf(fake.project);
  }

  function setColumns(projectId: string, request: MappingRequest): Project {
    const { project } = find(projectId);
    const columns = withRoles(find(projectId), request);
    const { labelCells: before, task: _, ...others } = project;
    const isOwn = columns.some(({ role }) => role === "ownLabel");
    const detected = before?.detected ?? null;
    const wish = request.task === "single" ? false : (request.labelSeparator ?? detected);
    const separator = wish === false ? null : wish;
    const task = request.task ?? (isOwn || separator !== null ? "multi" : "single");
    find(projectId).project = others;
    const labelCells = { separator, detected, reason: before?.reason ?? null };
    return change(projectId, { columnRequest: request, columns, task, ...(isOwn ? {} : { labelCells }) });
  }

  function setEdits(projectId: string, edits: Project["edits"], undone: Project["undone"] = []): Project {
    return change(projectId, { edits, undone, ...describeData(find(projectId).data, edits) });
  }

  /** Every imported list is the same: one correction that mostly fits, and one that never does. */
  function importEdits(projectId: string): EditsImport {
    const { project, data } = find(projectId);
    const list: DataEdit[] = [
      { kind: "renameLabel", from: "billing", to: "invoices" },
      { kind: "ignoreLabel", label: "newsletter" },
    ];
    const { made, nMade, leftOut } = divideEdits(data, project.edits, list);
    return { project: setEdits(projectId, [...project.edits, ...made]), imported: { nMade, leftOut } };
  }

  /** The newer file has one label less: the last. */
  function replaceFile(projectId: string, file: string): ReadAgain {
    const fake = find(projectId);
    const { edits, fileVersion } = fake.project;
    fake.data = { ...fake.data, sources: fake.data.sources.slice(0, -1) };
    const { made, leftOut } = divideEdits(fake.data, [], edits);
    change(projectId, {
      sourceFile: file.split(/[\\/]/).at(-1) ?? file,
      fileVersion: fileVersion + 1,
      nRows: fake.data.sources.reduce((total, [, n]) => total + n, 0),
    });
    return { project: setEdits(projectId, made), dropped: { dialect: false, columns: [], edits: leftOut } };
  }

  /** Only the facts change: what another reading makes of the rows is the engine's matter. */
  function readAgain(projectId: string, dialectRequest: DialectRequest): ReadAgain {
    const dialect = readAs(find(projectId).project.detected, dialectRequest);
    return { project: change(projectId, { dialect, dialectRequest }), dropped: { dialect: false, columns: [], edits: [] } };
  }

  function historyOf(projectId: string, runId: string): RunHistory {
    const summary = findRun(projectId, runId);
    if (live?.projectId === projectId && live.summary().id === runId) {
      return { summary: live.summary(), events: live.events() };
    }
    const events = eventsOf(find(projectId), runId);
    const isWhole = summary.state === "finished" || summary.state === "stopped";
    return { summary, events: isWhole ? events : events.slice(0, 62) };
  }

  /** Puts the state of a run where a reader of the project finds it. */
  function keep(projectId: string, summary: RunSummary): RunSummary {
    const { runs } = find(projectId).project;
    if (summary.state === "stopped" && !summary.hasModel) {
      change(projectId, { runs: runs.filter(({ id }) => id !== summary.id) });
      return summary;
    }
    const scores = summary.hasModel ? reportOf(find(projectId), summary).scores : null;
    const tested = { ...summary, accuracy: scores?.accuracy ?? null, macroF1: scores?.macroF1 ?? null };
    change(projectId, { runs: runs.map((run) => (run.id === summary.id ? tested : run)) });
    return tested;
  }

  return {
    appInfo: async () => ({ name: "Embert", version: "0.0.0-browser", dataFolder: "/home/mara/.local/share/embert" }),
    readNotices: async () => NOTICES,
    readSettings: async () => settings,
    saveSettings: async (changed) => void (settings = { ...changed }),
    listDevices: async () => ({
      ...DEVICES,
      devices: DEVICES.devices.map((device) => {
        const measurement = measured.get(device.id);
        return measurement ? { ...device, measurement } : device;
      }),
      chosen: settings.device === "auto" ? DEVICES.chosen : settings.device,
    }),
    measureDevice: async (device, again, listener) => {
      const known = measured.get(device);
      if (known && !again) return known;
      isMeasureCancelled = false;
      const isDone = await work(20, () => isMeasureCancelled, (part) => listener({ kind: "progress", done: part * 5, total: 100 }));
      if (!isDone) return null;
      const measurement = measurementOf(device, Date.now() / 1000);
      measured.set(device, measurement);
      return measurement;
    },
    cancelMeasure: async () => void (isMeasureCancelled = true),

    chooseDataFile: async () => "/home/mara/Documents/customer-mails.csv",
    chooseDataFiles: async () => ["/home/mara/Documents/customer-mails.csv"],
    chooseDataFolder: async () => "/home/mara/Documents/reviews",
    onFileDrag: listenForFiles,

    listProjects: async () =>
      [...projects.values()]
        .sort((a, b) => b.changedAt.localeCompare(a.changedAt))
        .map(({ project, createdAt, changedAt }) => ({
          id: project.id,
          name: project.name,
          sourceFile: project.sourceFile,
          createdAt,
          changedAt,
          nExamples: project.nExamples,
          nLabels: project.nLabels,
          lastRun: project.runs[0] ?? null,
        })),
    createProject: async (files, listener) => {
      const file = files[0] ?? "";
      if (/\.(pdf|docx?|png|jpe?g)$/i.test(file)) {
        const values = { path: file, kind: "binary data" };
        const hint = "Save it as an Excel or CSV file and drop that one.";
        throw fault("table.binary", `The file ${file} is binary data, not a table of text`, hint, values);
      }
      const unnamed = files.length > 1 ? files.find((name) => !/train|valid|test/i.test(name)) : undefined;
      if (unnamed) {
        const message = `The name of ${unnamed} doesn't say whether it is for training, validation or testing`;
        throw fault("table.unknownPart", message, "Choose one file.", { path: unnamed });
      }
      isImportCancelled = false;
      // A file that is called huge takes a while.
      const nParts = file.includes("huge") ? 40 : 0;
      const isDone = await work(nParts, () => isImportCancelled, (part) =>
        listener({ kind: "progress", done: part * 16_000_000, total: nParts * 16_000_000 }),
      );
      return isDone ? add(projectFromFile(`project-${++nCreated}`, file)) : null;
    },
    cancelCreateProject: async () => void (isImportCancelled = true),
    createSampleProject: async () => add({ ...sampleProject(`sample-${++nCreated}`), changedAt: new Date().toISOString() }),
    openProject: async (projectId) => copyOf(find(projectId).project),
    renameProject: async (projectId, name) => change(projectId, { name }),
    deleteProject: async (projectId) => void projects.delete(find(projectId).project.id),

    readRows: async (projectId, first, count) => rowsOf(find(projectId), first, count),
    readNotes: async (projectId, rows, first, count) => copyOf(find(projectId).project[rows].slice(first, first + count)),
    setColumns: async (projectId, request) => setColumns(projectId, request),
    setDialect: async (projectId, dialect) => readAgain(projectId, dialect),
    replaceFile: async (projectId, file) => replaceFile(projectId, file),
    editData: async (projectId, edits) => setEdits(projectId, [...find(projectId).project.edits, ...edits]),
    undoEdit: async (projectId) => {
      const { edits, undone } = find(projectId).project;
      return setEdits(projectId, edits.slice(0, -1), [...undone, ...edits.slice(-1)]);
    },
    redoEdit: async (projectId) => {
      const { edits, undone } = find(projectId).project;
      return setEdits(projectId, [...edits, ...undone.slice(-1)], undone.slice(0, -1));
    },
    chooseEditsFile: async () => "/home/mara/Documents/customer-mails corrections.json",
    importEdits: async (projectId) => importEdits(projectId),
    exportEdits: async (projectId) => `/home/mara/Documents/${find(projectId).project.name} corrections.json`,
    setSureFrom: async (projectId, sureFrom) => change(projectId, { sureFrom: Math.min(1, Math.max(0, sureFrom)) }).sureFrom,
    findUnreadable: async (projectId) => unreadable(find(projectId).project),

    listBaseModels: async () => copyOf(models),
    describeBaseModel: async (name) => copyOf(model(name)),
    chooseModelFolder: async () => copyOf(model("/home/mara/models/my-bert")),
    downloadModel: async (name, listener) => {
      const { downloadBytes } = model(name);
      const totalBytes = downloadBytes || 17_700_000;
      isDownloadCancelled = false;
      const isDone = await work(40, () => isDownloadCancelled, (part) =>
        listener({
          kind: "download",
          file: "model.safetensors",
          doneBytes: (totalBytes * part) / 40,
          totalBytes,
          bytesPerSecond: 11_200_000,
          secondsLeft: (totalBytes * (1 - part / 40)) / 11_200_000,
        }),
      );
      if (!isDone) return null;
      models = models.map((other) => (other.name === name ? { ...other, installed: true, folder: `/home/mara/.local/share/embert/models/${name}` } : other));
      return copyOf(model(name));
    },
    cancelDownload: async () => void (isDownloadCancelled = true),
    modelPlaces: async () => ({ downloadFolder: "/home/mara/.local/share/embert/models" }),
    recipeFields: async () => copyOf(RECIPE_FIELDS),
    setTraining: async (projectId, baseModel, recipe) => change(projectId, { baseModel, recipe: { ...recipe } }),
    previewRun: async (projectId) => planOf(find(projectId), models, measured.has("gpu0")),

    startTraining: async (projectId) => {
      if (live?.summary().state === "running") {
        const { name } = find(live.projectId).project;
        throw fault("training.busy", `A training is running already, in the project "${name}"`, "Wait for it.", { project: name });
      }
      const fake = find(projectId);
      const id = `run-${fake.project.runs.length + 1}-${Date.now() % 100_000}`;
      const summary = newRun(id, fake);
      change(projectId, { runs: [summary, ...fake.project.runs] });
      live = startLiveRun(projectId, summary, eventsOf(fake, id), speed, (ended) => keep(projectId, ended));
      return summary;
    },
    resumeTraining: async (projectId, runId) => {
      const run = findRun(projectId, runId);
      if (run.resumeStep === null) {
        const message = `The run "${runId}" has no checkpoint to go on from`;
        throw fault("run.noCheckpoint", message, "Train again.", { id: runId });
      }
      const fake = find(projectId);
      const script = resumedEvents(eventsOf(fake, runId), run.resumeStep);
      const summary: RunSummary = { ...run, state: "running", error: null };
      change(projectId, { runs: fake.project.runs.map((other) => (other.id === runId ? summary : other)) });
      live = startLiveRun(projectId, summary, script, speed, (ended) => keep(projectId, ended));
      return summary;
    },
    stopTraining: async (keepsModel) => live?.stop(keepsModel),
    watchRun: async (projectId, runId, listener) => {
      const { summary, events } = historyOf(projectId, runId);
      listener({ runId, events, summary, memoryBytes: null });
      return live?.summary().id === runId ? live.watch(listener) : () => {};
    },
    readRun: async (projectId, runId) => historyOf(projectId, runId),
    deleteRun: async (projectId, runId) =>
      change(projectId, { runs: find(projectId).project.runs.filter(({ id }) => id !== runId) }),

    readReport: async (projectId, runId) => reportOf(find(projectId), findRun(projectId, runId)),
    saveReport: async (projectId, _runId, format) => `/home/mara/Documents/${find(projectId).project.name} report.${format}`,

    readModel: async (projectId) => ({ labels: labelsOf(find(projectId)), pairs: hasPairs(find(projectId)) }),
    classifyTexts: async (projectId, _runId, texts) => {
      const labels = labelsOf(find(projectId));
      return texts.map(({ text, textB }) => {
        const scores = scoresByKeywords(`${text} ${textB ?? ""}`, labels);
        return { label: labels[scores.indexOf(Math.max(...scores))] ?? "", scores };
      });
    },
    previewFile: async (file) => ({
      file,
      nRows: 1200,
      columns: ["ticket", "message", "channel"],
      rows: SUPPORT_SAMPLES.slice(0, 8).map(({ text }, i) => [String(4410 + i), text, i % 3 === 0 ? "chat" : "mail"]),
      textColumn: "message",
      textBColumn: null,
    }),
    classifyFile: async (_projectId, _runId, file, _columns, listener) => {
      isCancelled = false;
      let done = 0;
      for (; done < 1200 && !isCancelled; done += 40) {
        listener({ kind: "progress", done, total: 1200 });
        await new Promise((wake) => setTimeout(wake, 120 / speed));
      }
      listener({ kind: "progress", done, total: 1200 });
      return { file: file.replace(/(\.[^.]+)?$/, " classified.csv"), nClassified: done, stopped: isCancelled };
    },
    cancelClassifyFile: async () => void (isCancelled = true),

    exportModel: async (projectId) => ({
      folder: `/home/mara/Documents/${find(projectId).project.name.toLowerCase().replaceAll(" ", "-")}-model`,
      sizeBytes: 91_912_448,
      files: [
        { name: "model.safetensors", sizeBytes: 90_880_312 },
        { name: "tokenizer.json", sizeBytes: 711_396 },
        { name: "vocab.txt", sizeBytes: 231_508 },
        { name: "config.json", sizeBytes: 1_204 },
        { name: "README.md", sizeBytes: 3_410 },
      ],
    }),
    exportOnnx: async (projectId, _runId, int8, listener) => {
      const folder = `/home/mara/Documents/${find(projectId).project.name.toLowerCase().replaceAll(" ", "-")}-onnx`;
      const total = int8 ? 600 : 400;
      isCancelled = false;
      for (let done = 0; done < total && !isCancelled; done += 40) {
        listener({ kind: "progress", done, total });
        await new Promise((wake) => setTimeout(wake, 120 / speed));
      }
      if (isCancelled) return null;
      const full = { name: "onnx/model.onnx", sizeBytes: 90_992_218, largestDifference: 1.4e-6, nSameLabels: 200, nRight: 184 };
      const small = { name: "onnx/model_quantized.onnx", sizeBytes: 22_905_512, largestDifference: 0.081, nSameLabels: 198, nRight: 183 };
      return {
        folder,
        task: "single",
        pairs: false,
        nCompared: 200,
        comparedWith: "testPart",
        nRight: 184,
        files: int8 ? [full, small] : [full],
      };
    },
    cancelExportOnnx: async () => void (isCancelled = true),
    showInFolder: async () => {},

    onCloseAsked: () => () => {},
    closeWindow: async () => {},
    ...answers,
  };
}

/** Begins a project with one file, for a test that is about something else. */
export async function projectOf(api: Pick<Api, "createProject">, file: string): Promise<Project> {
  const project = await api.createProject([file], () => {});
  if (!project) {
    throw new Error("nobody cancelled it");
  }
  return project;
}

/** How a file is read as the person wants it, where it is read as `detected` else. */
function readAs(detected: Dialect, request: DialectRequest): Dialect {
  const { format, evidence } = detected;
  const mark = (wish: DialectRequest["quote"], otherwise: string | null) => (wish === null ? otherwise : wish || null);
  const named = { code: "named" } as const;
  const nLinesAbove = request.headerRow === null ? request.skipLines : request.headerRow - 1;
  const hasHeader = request.hasHeader ?? (request.headerRow !== null || detected.hasHeader);
  return {
    ...detected,
    format: format.kind === "workbook" ? { ...format, sheet: request.sheet ?? format.sheet } : format,
    encoding: request.encoding ?? detected.encoding,
    delimiter: mark(request.delimiter, detected.delimiter),
    runs: request.runs ?? (request.delimiter === null ? detected.runs : "each"),
    quote: mark(request.quote, detected.quote),
    escape: mark(request.escape, detected.escape),
    comment: mark(request.comment, detected.comment),
    hasHeader,
    nLinesAbove: nLinesAbove ?? detected.nLinesAbove,
    headerRow: hasHeader && detected.lineEnd !== null ? (nLinesAbove ?? detected.nLinesAbove) + 1 : null,
    evidence: {
      encoding: request.encoding === null ? evidence.encoding : named,
      delimiter: request.delimiter === null ? evidence.delimiter : named,
      quote: request.quote === null ? evidence.quote : named,
      escape: request.escape === null ? evidence.escape : named,
      comment: request.comment === null ? evidence.comment : named,
      header: request.hasHeader === null && request.headerRow === null ? evidence.header : named,
      above: nLinesAbove === null ? evidence.above : named,
    },
  };
}

/** Gives the named columns their roles; a role that is not named stays where it was guessed, if that column is free. */
function withRoles({ project }: FakeProject, request: MappingRequest): ColumnInfo[] {
  const roles = ["text", "label", "textB", "split"] as const;
  const own = (request.labels ?? []).map((name) => [name, "ownLabel"] as const);
  const named = new Map<string, ColumnRole>([...roles.flatMap((role) => (request[role] ? [[request[role], role] as const] : [])), ...own]);
  const isNamed = (role: ColumnRole) => [...named.values()].some((other) => other === role);
  // A text or a label is always found: in a column that nothing else is wanted of.
  const free = project.columns.filter(({ name, role }) => !named.has(name) && role === "ignore");
  const lost = (["text", "label"] as const).filter((role) => {
    return !isNamed(role) && !(role === "label" && own.length > 0) && !project.columns.some((column) => column.role === role && !named.has(column.name));
  });
  return project.columns.map((column): ColumnInfo => {
    const role = named.get(column.name);
    if (role) {
      return { ...column, role, guessed: false, reason: null };
    }
    if (column.role === "ownLabel" || (column.role === "label" && own.length > 0)) {
      return { ...column, role: "ignore", guessed: true, reason: null };
    }
    if (column.role !== "ignore" && request[column.role] === false) {
      return { ...column, role: "ignore", guessed: false, reason: null };
    }
    const guess = free.indexOf(column) < 0 ? undefined : lost[free.indexOf(column)];
    if (guess) {
      return { ...column, role: guess, guessed: true, reason: { code: "longestTexts", meanWords: 4, message: "It has the longest texts" } };
    }
    return { ...column, role: isNamed(column.role) ? "ignore" : column.role, guessed: true };
  });
}

/** Every answer is a copy, as it is when it comes from another process. */
function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function labelsOf({ project }: FakeProject): string[] {
  return project.labels.map(({ label }) => label).sort();
}

function hasPairs({ project }: FakeProject): boolean {
  return project.columns.some(({ role }) => role === "textB");
}

function newRun(id: string, { project, data }: FakeProject): RunSummary {
  const { baseModel, fileVersion, sourceFile } = project;
  return {
    id,
    startedAt: new Date().toISOString(),
    state: "running",
    fileVersion,
    sourceFile,
    dataHash: dataHashOf(project, data),
    baseModel,
    accuracy: null,
    macroF1: null,
    nSteps: null,
    bestStep: null,
    seconds: null,
    validMacroF1: [],
    error: null,
    hasModel: false,
    resumeStep: null,
  };
}

function settingsOf(address: URLSearchParams): Settings {
  const [theme, language] = [address.get("theme"), address.get("language")];
  return {
    theme: theme === "light" || theme === "dark" ? theme : "system",
    language: language === "en" || language === "de" ? language : "system",
    device: "auto",
  };
}

/** In a browser a dropped file has a name, but no path. */
function listenForFiles(listener: (drag: FileDrag) => void): Unsubscribe {
  const ended = new AbortController();
  const options = { signal: ended.signal };
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragenter", (event) => hasFiles(event) && listener({ kind: "over" }), options);
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault(), options);
  addEventListener("dragleave", (event) => event.relatedTarget === null && listener({ kind: "left" }), options);
  addEventListener(
    "drop",
    (event) => {
      event.preventDefault();
      listener({ kind: "dropped", files: [...(event.dataTransfer?.files ?? [])].map(({ name }) => name) });
    },
    options,
  );
  return () => ended.abort();
}
