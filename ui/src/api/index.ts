/**
 * The only door from the screens to the app: one typed function per command.
 * `tauri.ts` speaks to the shell, `fake.ts` answers in a browser and in tests. No other folder imports @tauri-apps.
 */

/** What the app says about itself. */
export interface AppInfo {
  name: string;
  version: string;
}

/** Everything a screen can ask of the app. */
export interface Api {
  appInfo(): Promise<AppInfo>;
}

/** Connects to the shell inside the app's window, and to the fake everywhere else. */
export async function connect(): Promise<Api> {
  if ("__TAURI_INTERNALS__" in window) {
    return (await import("./tauri")).tauriApi();
  }
  return (await import("./fake")).fakeApi();
}
