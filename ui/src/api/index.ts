/**
 * The only door from the screens to the app: one typed function per command.
 * `tauri.ts` speaks to the shell, `fake.ts` answers in a browser and in tests. No other folder imports @tauri-apps.
 *
 * Every promise may be rejected with an `ErrorInfo`.
 */

import type {
  AppInfo,
  BaseModelInfo,
  ClassifiedFile,
  DataEdit,
  DataFinding,
  DeviceChoice,
  DownloadState,
  DialectRequest,
  EditsImport,
  ExportedModel,
  FileDrag,
  FilePreview,
  LabelledText,
  MappingRequest,
  Measurement,
  ModelPlaces,
  ModelInfo,
  OnnxExport,
  Project,
  ProjectSummary,
  ReadAgain,
  RecipeField,
  Report,
  RowNote,
  RunHistory,
  RunPreview,
  RunSummary,
  RunUpdate,
  Settings,
  TableRow,
  TextColumns,
  TextToClassify,
  WorkProgress,
} from "./types";

export type * from "./types";

/** Ends a subscription. */
export type Unsubscribe = () => void;

/** Everything a screen can ask of the app. */
export interface Api {
  appInfo(): Promise<AppInfo>;
  /** The notices of other people's parts; null in a build that was not installed. */
  readNotices(): Promise<string | null>;
  readSettings(): Promise<Settings>;
  saveSettings(settings: Settings): Promise<void>;
  listDevices(): Promise<DeviceChoice>;
  /** Trains for two seconds, unless the device was measured before and not `again`; null when it was cancelled. */
  measureDevice(device: string, again: boolean, listener: (progress: WorkProgress) => void): Promise<Measurement | null>;
  cancelMeasure(): Promise<void>;

  /** Opens the system's dialog; null when the person cancelled. */
  chooseDataFile(): Promise<string | null>;
  /** The same for one file, or several that are parts of one table. */
  chooseDataFiles(): Promise<string[] | null>;
  /** The same for a folder with a folder of texts for each label. */
  chooseDataFolder(): Promise<string | null>;
  onFileDrag(listener: (drag: FileDrag) => void): Unsubscribe;

  /** The last changed first. */
  listProjects(): Promise<ProjectSummary[]>;
  /** Begins a project with a file, a folder, or the files of several parts; null when it was cancelled. Tells the bytes
      that were read, if it is known how many there are. */
  createProject(files: string[], listener: (progress: WorkProgress) => void): Promise<Project | null>;
  cancelCreateProject(): Promise<void>;
  createSampleProject(): Promise<Project>;
  openProject(projectId: string): Promise<Project>;
  renameProject(projectId: string, name: string): Promise<Project>;
  deleteProject(projectId: string): Promise<void>;

  /** Rows `first` to `first + count`, `first` from 0. */
  readRows(projectId: string, first: number, count: number): Promise<TableRow[]>;
  /** What there is to say about rows, by line; `first` from 0. */
  readNotes(projectId: string, rows: "repaired" | "skipped", first: number, count: number): Promise<RowNote[]>;
  setColumns(projectId: string, columns: MappingRequest): Promise<Project>;
  /** Reads the file again; what the person said about columns and labels stays as far as it can. */
  setDialect(projectId: string, dialect: DialectRequest): Promise<ReadAgain>;
  /** Takes a newer version of the file; what the person said stays as far as it can. */
  replaceFile(projectId: string, file: string): Promise<ReadAgain>;
  /** Appends to the list of edits. */
  editData(projectId: string, edits: DataEdit[]): Promise<Project>;
  /** Takes back the last edit. */
  undoEdit(projectId: string): Promise<Project>;
  /** Makes the edit again that was taken back last. */
  redoEdit(projectId: string): Promise<Project>;
  /** Asks for a file that `exportEdits` wrote; null when the person cancelled. */
  chooseEditsFile(): Promise<string | null>;
  /** Appends those edits of the file that fit. */
  importEdits(projectId: string, file: string): Promise<EditsImport>;
  /** Asks where, and writes these edits or, with null, all of the project; null when the person cancelled, else the file. */
  exportEdits(projectId: string, edits: DataEdit[] | null, language: "en" | "de"): Promise<string | null>;
  /** From which score on an answer counts as sure, 0 to 1. Returns the one that is kept. */
  setSureFrom(projectId: string, sureFrom: number): Promise<number>;
  /** What the base model can't read. Counting takes seconds in a large file, so these findings come apart from the others. */
  findUnreadable(projectId: string): Promise<DataFinding[]>;

  listBaseModels(): Promise<BaseModelInfo[]>;
  /** The model of that name in the list or on the hub, or in that folder. */
  describeBaseModel(name: string): Promise<BaseModelInfo>;
  /** Asks for a folder; null when the person cancelled. */
  chooseModelFolder(): Promise<BaseModelInfo | null>;
  /** Fetches a model; null when it was cancelled. */
  downloadModel(name: string, listener: (state: DownloadState) => void): Promise<BaseModelInfo | null>;
  cancelDownload(): Promise<void>;
  modelPlaces(): Promise<ModelPlaces>;
  recipeFields(projectId: string): Promise<RecipeField[]>;
  /** `recipe` holds only what differs from the defaults. */
  setTraining(projectId: string, baseModel: string, recipe: Project["recipe"]): Promise<Project>;
  previewRun(projectId: string): Promise<RunPreview>;

  startTraining(projectId: string): Promise<RunSummary>;
  /** Goes on with an interrupted training that has a `resumeStep`. */
  resumeTraining(projectId: string, runId: string): Promise<RunSummary>;
  /** Ends the running training; the best model so far is kept, or the run is thrown away. */
  stopTraining(keep: boolean): Promise<void>;
  /** The whole history at once, then what happens from there on. */
  watchRun(projectId: string, runId: string, listener: (update: RunUpdate) => void): Promise<Unsubscribe>;
  readRun(projectId: string, runId: string): Promise<RunHistory>;
  deleteRun(projectId: string, runId: string): Promise<Project>;

  readReport(projectId: string, runId: string): Promise<Report>;
  /** Asks where; null when the person cancelled, else the file. */
  saveReport(
    projectId: string,
    runId: string,
    format: "html" | "json",
    language: "en" | "de",
  ): Promise<string | null>;

  /** What the model of a run answers, and to what. */
  readModel(projectId: string, runId: string): Promise<ModelInfo>;
  classifyTexts(projectId: string, runId: string, texts: TextToClassify[]): Promise<LabelledText[]>;
  previewFile(file: string): Promise<FilePreview>;
  /** Asks where the result goes; null when the person cancelled. */
  classifyFile(
    projectId: string,
    runId: string,
    file: string,
    columns: TextColumns,
    listener: (progress: WorkProgress) => void,
  ): Promise<ClassifiedFile | null>;
  cancelClassifyFile(): Promise<void>;

  /** Asks where; null when the person cancelled. */
  exportModel(projectId: string, runId: string): Promise<ExportedModel | null>;
  /** Asks where, and writes the model as ONNX; null when the person cancelled. */
  exportOnnx(
    projectId: string,
    runId: string,
    int8: boolean,
    listener: (progress: WorkProgress) => void,
  ): Promise<OnnxExport | null>;
  cancelExportOnnx(): Promise<void>;
  showInFolder(path: string): Promise<void>;

  /** The person wants to close the window while a training runs. */
  onCloseAsked(listener: () => void): Unsubscribe;
  /** Closes the window, whatever runs. */
  closeWindow(): Promise<void>;
}

/** Connects to the shell inside the app's window, and to the fake everywhere else. */
export async function connect(): Promise<Api> {
  if ("__TAURI_INTERNALS__" in window) {
    return (await import("./tauri")).tauriApi();
  }
  return (await import("./fake")).fakeApi();
}
