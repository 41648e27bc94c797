/** The api through the shell's commands: snake_case names, arguments as the interface calls them. */

import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { getCurrentWindow } from "@tauri-apps/api/window";
import type { Api, DownloadState, FileDrag, RunUpdate, Unsubscribe, WorkProgress } from ".";

/** Returns the api of the running app. */
export function tauriApi(): Api {
  return {
    appInfo: () => invoke("app_info"),
    readNotices: () => invoke("read_notices"),
    readSettings: () => invoke("read_settings"),
    saveSettings: (settings) => invoke("save_settings", { settings }),
    listDevices: () => invoke("list_devices"),
    measureDevice: (device, again, listener) =>
      invoke("measure_device", { device, again, onProgress: new Channel<WorkProgress>(listener) }),
    cancelMeasure: () => invoke("cancel_measure"),

    chooseDataFile: () => invoke("choose_data_file"),
    chooseDataFiles: () => invoke("choose_data_files"),
    chooseDataFolder: () => invoke("choose_data_folder"),
    onFileDrag,

    listProjects: () => invoke("list_projects"),
    createProject: (files, listener) =>
      invoke("create_project", { files, onProgress: new Channel<WorkProgress>(listener) }),
    cancelCreateProject: () => invoke("cancel_create_project"),
    createSampleProject: () => invoke("create_sample_project"),
    openProject: (projectId) => invoke("open_project", { projectId }),
    renameProject: (projectId, name) => invoke("rename_project", { projectId, name }),
    deleteProject: (projectId) => invoke("delete_project", { projectId }),

    readRows: (projectId, first, count) => invoke("read_rows", { projectId, first, count }),
    readNotes: (projectId, rows, first, count) => invoke("read_notes", { projectId, rows, first, count }),
    setColumns: (projectId, columns) => invoke("set_columns", { projectId, columns }),
    setDialect: (projectId, dialect) => invoke("set_dialect", { projectId, dialect }),
    replaceFile: (projectId, file) => invoke("replace_file", { projectId, file }),
    editData: (projectId, edits) => invoke("edit_data", { projectId, edits }),
    undoEdit: (projectId) => invoke("undo_edit", { projectId }),
    redoEdit: (projectId) => invoke("redo_edit", { projectId }),
    chooseEditsFile: () => invoke("choose_edits_file"),
    importEdits: (projectId, file) => invoke("import_edits", { projectId, file }),
    exportEdits: (projectId, edits, language) => invoke("export_edits", { projectId, edits, language }),
    setSureFrom: (projectId, sureFrom) => invoke("set_sure_from", { projectId, sureFrom }),
    findUnreadable: (projectId) => invoke("find_unreadable", { projectId }),

    listBaseModels: () => invoke("list_base_models"),
    describeBaseModel: (name) => invoke("describe_base_model", { name }),
    chooseModelFolder: () => invoke("choose_model_folder"),
    downloadModel: (name, listener) =>
      invoke("download_model", { name, onProgress: new Channel<DownloadState>(listener) }),
    cancelDownload: () => invoke("cancel_download"),
    modelPlaces: () => invoke("model_places"),
    recipeFields: (projectId) => invoke("recipe_fields", { projectId }),
    setTraining: (projectId, baseModel, recipe) => invoke("set_training", { projectId, baseModel, recipe }),
    previewRun: (projectId) => invoke("preview_run", { projectId }),

    startTraining: (projectId) => invoke("start_training", { projectId }),
    resumeTraining: (projectId, runId) => invoke("resume_training", { projectId, runId }),
    stopTraining: (keep) => invoke("stop_training", { keep }),
    watchRun,
    readRun: (projectId, runId) => invoke("read_run", { projectId, runId }),
    deleteRun: (projectId, runId) => invoke("delete_run", { projectId, runId }),

    readReport: (projectId, runId) => invoke("read_report", { projectId, runId }),
    saveReport: (projectId, runId, format, language) =>
      invoke("save_report", { projectId, runId, format, language }),

    readModel: (projectId, runId) => invoke("read_model", { projectId, runId }),
    classifyTexts: (projectId, runId, texts) => invoke("classify_texts", { projectId, runId, texts }),
    previewFile: (file) => invoke("preview_file", { file }),
    classifyFile: (projectId, runId, file, columns, listener) => {
      const onProgress = new Channel<WorkProgress>(listener);
      return invoke("classify_file", { projectId, runId, file, columns, onProgress });
    },
    cancelClassifyFile: () => invoke("cancel_classify_file"),

    exportModel: (projectId, runId) => invoke("export_model", { projectId, runId }),
    exportOnnx: (projectId, runId, int8, listener) => {
      const onProgress = new Channel<WorkProgress>(listener);
      return invoke("export_onnx", { projectId, runId, int8, onProgress });
    },
    cancelExportOnnx: () => invoke("cancel_export_onnx"),
    showInFolder: (path) => invoke("show_in_folder", { path }),

    onCloseAsked: (listener) => {
      const unlisten = listen("close-asked", listener);
      return () => void unlisten.then((end) => end());
    },
    closeWindow: () => getCurrentWindow().destroy(),
  };
}

async function watchRun(
  projectId: string,
  runId: string,
  listener: (update: RunUpdate) => void,
): Promise<Unsubscribe> {
  let isWatching = true;
  const onUpdate = new Channel<RunUpdate>((update) => {
    // What was sent before the shell heard of the end still arrives.
    if (isWatching) {
      listener(update);
    }
  });
  const watchId = await invoke<number>("watch_run", { projectId, runId, onUpdate });
  return () => {
    if (isWatching) {
      isWatching = false;
      void invoke("unwatch_run", { watchId });
    }
  };
}

function onFileDrag(listener: (drag: FileDrag) => void): Unsubscribe {
  const unlisten = getCurrentWebview().onDragDropEvent(({ payload }) => {
    switch (payload.type) {
      case "enter":
        return listener({ kind: "over" });
      case "leave":
        return listener({ kind: "left" });
      case "drop":
        return listener({ kind: "dropped", files: payload.paths });
      case "over":
        // Only the place changes.
        return;
    }
  });
  return () => void unlisten.then((end) => end());
}
