/** Classifying a whole file: from choosing it to the place where the result lies. */

import type { Api, ClassifiedFile, FilePreview, WorkProgress } from "../api";

/** A file that was looked at. */
export interface OpenedFile {
  path: string;
  preview: FilePreview;
  textColumn: string;
  /** Read only by a model of pairs. */
  textBColumn: string | null;
}

export type FileJobState =
  | { kind: "empty" }
  | { kind: "reading"; path: string }
  | { kind: "ready"; file: OpenedFile; stopped: boolean }
  /** `progress` is null while the person chooses where the result goes, and while the model is loaded. */
  | { kind: "running"; file: OpenedFile; progress: WorkProgress | null; cancelling: boolean }
  | { kind: "done"; file: OpenedFile; result: ClassifiedFile }
  | { kind: "failed"; path: string | null; file: OpenedFile | null; error: unknown };

type JobApi = Pick<Api, "chooseDataFile" | "previewFile" | "classifyFile" | "cancelClassifyFile">;

export class FileJob {
  state = $state.raw<FileJobState>({ kind: "empty" });

  #api: JobApi;
  #projectId: string;

  constructor(api: JobApi, projectId: string) {
    this.#api = api;
    this.#projectId = projectId;
  }

  /** Lets the person choose a file and looks at it. */
  async choose(): Promise<void> {
    try {
      const path = await this.#api.chooseDataFile();
      if (path !== null) await this.open(path);
    } catch (error) {
      this.state = { kind: "failed", path: null, file: null, error };
    }
  }

  /** Looks at a file, unless another one is being classified. */
  async open(path: string): Promise<void> {
    if (this.state.kind === "running") return;
    const reading: FileJobState = { kind: "reading", path };
    this.state = reading;
    try {
      const preview = await this.#api.previewFile(path);
      // A file that was opened meanwhile counts more.
      if (this.state !== reading) return;
      const { textColumn, textBColumn } = preview;
      this.state = { kind: "ready", file: { path, preview, textColumn, textBColumn }, stopped: false };
    } catch (error) {
      if (this.state === reading) this.state = { kind: "failed", path, file: null, error };
    }
  }

  setTextColumn(textColumn: string): void {
    if (this.state.kind !== "ready") return;
    const { textBColumn } = this.state.file;
    const free = textBColumn === textColumn ? null : textBColumn;
    this.state = { ...this.state, file: { ...this.state.file, textColumn, textBColumn: free } };
  }

  setTextBColumn(textBColumn: string | null): void {
    if (this.state.kind !== "ready") return;
    this.state = { ...this.state, file: { ...this.state.file, textBColumn } };
  }

  /** Asks where the result goes and classifies the file with a run's model, which reads pairs or single texts. */
  async start(runId: string, pairs: boolean): Promise<void> {
    if (this.state.kind !== "ready") return;
    const { file } = this.state;
    const columns = { text: file.textColumn, textB: pairs ? file.textBColumn : null };
    this.state = { kind: "running", file, progress: null, cancelling: false };
    try {
      const result = await this.#api.classifyFile(this.#projectId, runId, file.path, columns, (progress) => {
        if (this.state.kind === "running") this.state = { ...this.state, progress };
      });
      if (result === null) this.state = { kind: "ready", file, stopped: false };
      else if (result.stopped) this.state = { kind: "ready", file, stopped: true };
      else this.state = { kind: "done", file, result };
    } catch (error) {
      this.state = { kind: "failed", path: file.path, file, error };
    }
  }

  async cancel(): Promise<void> {
    if (this.state.kind !== "running") return;
    this.state = { ...this.state, cancelling: true };
    try {
      await this.#api.cancelClassifyFile();
    } catch {
      // The work goes on; its end or its failure tells the rest.
      if (this.state.kind === "running") this.state = { ...this.state, cancelling: false };
    }
  }

  /** After a failure: back to the file, or a second attempt to read it. */
  async retry(): Promise<void> {
    if (this.state.kind !== "failed") return;
    const { file, path } = this.state;
    if (file) this.state = { kind: "ready", file, stopped: false };
    else if (path !== null) await this.open(path);
    else this.state = { kind: "empty" };
  }

  reset(): void {
    if (this.state.kind !== "running") this.state = { kind: "empty" };
  }
}

const jobs = new WeakMap<Api, Map<string, FileJob>>();

/** Returns the job of a project; it outlives the screen, so that leaving it loses nothing. */
export function fileJobOf(api: Api, projectId: string): FileJob {
  const ofApi = jobs.get(api) ?? new Map<string, FileJob>();
  jobs.set(api, ofApi);
  const job = ofApi.get(projectId) ?? new FileJob(api, projectId);
  ofApi.set(projectId, job);
  return job;
}
