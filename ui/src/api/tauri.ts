/** The api through the shell's commands. */

import { invoke } from "@tauri-apps/api/core";
import type { Api, AppInfo } from ".";

/** Returns the api of the running app. */
export function tauriApi(): Api {
  return {
    appInfo: () => invoke<AppInfo>("app_info"),
  };
}
