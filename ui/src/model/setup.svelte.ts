/** What the next training is: its base model and settings, kept with the project, and what it would do. */

import type { Api, BaseModelInfo, Project, RecipeField, RunPreview } from "../api";
import { withRun } from "../train/runs";

type Recipe = Project["recipe"];

export interface Setup {
  readonly models: BaseModelInfo[] | null;
  readonly fields: RecipeField[];
  readonly preview: RunPreview | null;
  /** Whether `preview` is out of date and a new one is on its way. */
  readonly working: boolean;
  readonly starting: boolean;
  /** Why the models, the preview, a change or the start failed. */
  readonly problem: { about: "models" | "preview" | "change" | "start"; error: unknown } | null;
  reload(): void;
  chooseModel(name: string): void;
  /** Sets one setting; undefined brings its default back. */
  set(name: string, value: number | string | undefined): void;
  resetAll(): void;
  start(): void;
}

/** Returns the setup of the project that `project` gives. Call it while a component is made. */
export function createSetup(
  api: Api,
  project: () => Project,
  onproject: (project: Project) => void,
  onstarted: () => void,
): Setup {
  let models = $state.raw<BaseModelInfo[] | null>(null);
  let fields = $state.raw<RecipeField[]>([]);
  let preview = $state.raw<RunPreview | null>(null);
  let working = $state(false);
  let starting = $state(false);
  let problem = $state.raw<Setup["problem"]>(null);
  let attempt = $state(0);

  const fieldsOf = $derived([project().id, project().baseModel] as const);
  // A run that starts or ends changes the project, but not what the next one would do.
  const previewOf = $derived(JSON.stringify({ ...project(), runs: [], name: "" }));

  $effect(() => {
    void attempt;
    return latest(api.listBaseModels(), "models", (found) => (models = found));
  });

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
    get problem() {
      return problem;
    },
    reload: () => (attempt += 1),
    chooseModel: (name) => change((now) => ({ baseModel: name, recipe: now.recipe })),
    set: (name, value) =>
      change(({ baseModel, recipe: { [name]: _, ...rest } }) => ({
        baseModel,
        recipe: value === undefined ? rest : { ...rest, [name]: value },
      })),
    resetAll: () => change((now) => ({ baseModel: now.baseModel, recipe: {} })),
    start: () => void start(),
  };
}
