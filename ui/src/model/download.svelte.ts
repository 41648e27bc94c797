/** Fetching one base model: how far it is, and how it ended. */

import type { Api, BaseModelInfo, DownloadState } from "../api";

export interface Download {
  /** The model that is being fetched; null when none is. */
  readonly name: string | null;
  /** Null until the first bytes. */
  readonly state: DownloadState | null;
  readonly cancelling: boolean;
  /** Why the last one failed, and of which model. */
  readonly problem: { name: string; error: unknown } | null;
  /** Fetches a model; false when it was cancelled, failed or another one is on its way. */
  start(name: string): Promise<boolean>;
  cancel(): void;
}

/** Returns a download that has not begun. `ondone` hears of a model that is here now. */
export function createDownload(api: Api, ondone: (model: BaseModelInfo) => void): Download {
  let name = $state<string | null>(null);
  let progress = $state.raw<DownloadState | null>(null);
  let cancelling = $state(false);
  let problem = $state.raw<Download["problem"]>(null);

  async function start(wanted: string): Promise<boolean> {
    if (name !== null) return false;
    name = wanted;
    progress = null;
    cancelling = false;
    problem = null;
    try {
      const model = await api.downloadModel(wanted, (now) => (progress = now));
      if (model) ondone(model);
      return model !== null;
    } catch (error) {
      problem = { name: wanted, error };
      return false;
    } finally {
      name = null;
    }
  }

  return {
    get name() {
      return name;
    },
    get state() {
      return progress;
    },
    get cancelling() {
      return cancelling;
    },
    get problem() {
      return problem;
    },
    start,
    cancel: () => {
      cancelling = true;
      void api.cancelDownload();
    },
  };
}
