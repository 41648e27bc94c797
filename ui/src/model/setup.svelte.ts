/** What the next training is: its base model and settings, kept with the project, and what it would do. */

import type { Api, BaseModelInfo, Project, RecipeField, RunPreview, WorkProgress } from "../api";
import { withRun } from "../train/runs";
import { createDownload, type Download } from "./download.svelte";

type Recipe = Project["recipe"];

export interface Setup {
  readonly models: BaseModelInfo[] | null;
  readonly fields: RecipeField[];
  readonly preview: RunPreview | null;
  /** Whether `preview` is out of date and a new one is on its way. */
  readonly working: boolean;
  readonly starting: boolean;
  /** How far the test of the device is; null when it is not tested. */
  readonly measuring: WorkProgress | null;
  readonly download: Download;
  /** Why the models, the preview, a change or the start failed. */
  readonly problem: { about: "models" | "preview" | "change" | "start"; error: unknown } | null;
  reload(): void;
  chooseModel(name: string): void;
  /** Chooses a model that the list does not have. */
  addModel(model: BaseModelInfo): void;
  /** Sets one setting; undefined brings its default back. */
  set(name: string, value: number | string | undefined): void;
  resetAll(): void;
  /** Starts the training; a model that is not here is fetched first. */
  start(): void;
}

/** Returns the setup of the project that `project` gives. Call it while a component is made. */
export function createSetup(
  api: Api,
  project: () => Project,
  onproject: (project: Project) => void,
  onstarted: () => void,
): Setup {
  let listed = $state.raw<BaseModelInfo[] | null>(null);
  /** The project's own model, when the list does not have it. */
  let other = $state.raw<BaseModelInfo | null>(null);
  let measuring = $state.raw<WorkProgress | null>(null);
  let fields = $state.raw<RecipeField[]>([]);
  let preview = $state.raw<RunPreview | null>(null);
  let working = $state(false);
  let starting = $state(false);
  let problem = $state.raw<Setup["problem"]>(null);
  let attempt = $state(0);

  const chosen = $derived(project().baseModel);
  const models = $derived(
    listed && other && other.name === chosen && !listed.some(({ name }) => name === chosen) ? [...listed, other] : listed,
  );
  const download = createDownload(api, (model) => {
    if (model.name === other?.name) other = model;
    attempt += 1;
  });

  const fieldsOf = $derived([project().id, project().baseModel] as const);
  // A run that starts or ends changes the project, but not what the next one would do.
  const previewOf = $derived(JSON.stringify({ ...project(), runs: [], name: "" }));

  $effect(() => {
    void attempt;
    return latest(api.listBaseModels(), "models", (found) => (listed = found));
  });

  $effect(() => {
    if (listed?.length && other?.name !== chosen && !listed.some(({ name }) => name === chosen)) {
      return latest(api.describeBaseModel(chosen), "models", (found) => (other = found));
    }
    return undefined;
  });

  /** Devices that were tested from here: one that can't be tested is not tried again and again. */
  const tried = new Set<string>();

  $effect(() => {
    const device = preview?.deviceId;
    // Beside a training the test would be wrong.
    const isQuiet = !project().runs.some(({ state }) => state === "running");
    if (preview?.seconds === null && device && isQuiet && !tried.has(device)) {
      tried.add(device);
      void measure(device);
    }
  });

  async function measure(device: string): Promise<void> {
    measuring = { kind: "progress", done: 0, total: 100 };
    try {
      const measurement = await api.measureDevice(device, false, (now) => (measuring = now));
      if (measurement) attempt += 1;
    } catch {
      // The screen says that there is no estimate; the settings tell why when a person asks there.
    } finally {
      measuring = null;
    }
  }

  $effect(() => {
    void attempt;
    // The defaults depend on the model's size.
    return latest(api.recipeFields(fieldsOf[0]), "models", (found) => (fields = found));
  });

  $effect(() => {
    void [attempt, previewOf];
    if (project().obstacle) {
      preview = null;
      return;
    }
    working = true;
    return latest(api.previewRun(project().id), "preview", (found) => (preview = found), () => (working = false));
  });

  /** Takes the answer unless the question has been asked anew by then. */
  function latest<Answer>(
    answer: Promise<Answer>,
    about: "models" | "preview",
    take: (answer: Answer) => void,
    done: () => void = () => {},
  ): () => void {
    let current = true;
    answer
      .then((found) => {
        if (!current) return;
        take(found);
        if (problem?.about === about) problem = null;
      })
      .catch((error: unknown) => {
        if (current) problem = { about, error };
      })
      .finally(() => {
        if (current) done();
      });
    return () => (current = false);
  }

  // One after the other, each from what the one before left; else two quick changes would lose one.
  let queue = Promise.resolve();

  function change(next: (now: Project) => { baseModel: string; recipe: Recipe }): void {
    queue = queue.then(async () => {
      const { baseModel, recipe } = next(project());
      try {
        onproject(await api.setTraining(project().id, baseModel, recipe));
        problem = null;
      } catch (error) {
        problem = { about: "change", error };
      }
    });
  }

  async function start(): Promise<void> {
    starting = true;
    problem = null;
    try {
      for (const name of preview?.downloads ?? []) {
        if (!(await download.start(name))) return;
      }
      onproject(withRun(project(), await api.startTraining(project().id)));
      onstarted();
    } catch (error) {
      problem = { about: "start", error };
    } finally {
      starting = false;
    }
  }

  return {
    get models() {
      return models;
    },
    get fields() {
      return fields;
    },
    get preview() {
      return preview;
    },
    get working() {
      return working;
    },
    get starting() {
      return starting;
    },
    get measuring() {
      return measuring;
    },
    download,
    get problem() {
      return problem;
    },
    reload: () => (attempt += 1),
    chooseModel: (name) => change((now) => ({ baseModel: name, recipe: now.recipe })),
    addModel: (model) => {
      other = model;
      change((now) => ({ baseModel: model.name, recipe: now.recipe }));
    },
    set: (name, value) =>
      change(({ baseModel, recipe: { [name]: _, ...rest } }) => ({
        baseModel,
        recipe: value === undefined ? rest : { ...rest, [name]: value },
      })),
    resetAll: () => change((now) => ({ baseModel: now.baseModel, recipe: {} })),
    start: () => void start(),
  };
}
