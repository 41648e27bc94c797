/**
 * The shapes that cross the door: those of Rust, which are written by a program, and a few that only the screens name.
 */

import type { BaseModelInfo, DeviceReason, Measurement } from "./generated";

export type * from "./generated";
export type { download as DownloadState, progress as WorkProgress } from "./generated";

/** What the person wants where Embert would guess: null = guess, false = there is none, else this one. */
export type Wish = string | false | null;

export type ModelSize = BaseModelInfo["size"];

/** What the worker says about a device; the shell hands it on as it is. */
export interface DeviceInfo {
  id: string;
  name: string;
  kind: "cpu" | "gpu";
  backend: string;
  /** How fast it was in a test training; left out until it was measured. */
  measurement?: Measurement;
}

export interface DeviceChoice {
  devices: DeviceInfo[];
  /** Id of the device that the settings lead to. */
  chosen: string;
  /** Why, a sentence in English. */
  reason: string;
  /** The same by name. */
  why: DeviceReason;
}

/** A file that is being dragged over the window, or dropped. */
export type FileDrag = { kind: "over" } | { kind: "left" } | { kind: "dropped"; files: string[] };
