/** The api without an app: fixed answers, so that every screen runs in a browser and in tests. */

import type { Api } from ".";

/** Returns an api with fixed answers; a test replaces those it is about. */
export function fakeApi(answers: Partial<Api> = {}): Api {
  return {
    appInfo: async () => ({ name: "Embert", version: "0.0.0-browser" }),
    ...answers,
  };
}
