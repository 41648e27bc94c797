/** Turns whatever was thrown into an error that can be shown, in the language of the window. */

import type { ErrorInfo } from "../api";
import { language, words } from "../messages";
import { errors } from "../messages/errors";
import { fill } from "./fill";

/** What happened and what to do about it. */
export interface Told {
  message: string;
  hint: string | null;
}

/**
 * Returns the error as it is if it is one of the app's own; anything else becomes the unknown one with its text below.
 */
export function asErrorInfo(error: unknown): ErrorInfo {
  if (isErrorInfo(error)) {
    return error;
  }
  return {
    code: "unknown",
    message: words.frame.problem.unknown,
    hint: words.frame.problem.unknownHint,
    details: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    values: {},
  };
}

/**
 * Says an error in the language of the window; in English where it has no words for the code, or a value is missing.
 */
export function describeError(info: ErrorInfo): Told {
  const german = language() === "de" ? errors.de[info.code] : undefined;
  if (german) {
    const message = fill(german.message, info.values);
    const hint = german.hint === undefined ? null : fill(german.hint, info.values);
    if (message !== null && (hint !== null || german.hint === undefined)) {
      return { message, hint };
    }
  }
  return { message: info.message, hint: info.hint };
}

function isErrorInfo(error: unknown): error is ErrorInfo {
  return typeof error === "object" && error !== null && "code" in error && "message" in error && "hint" in error;
}
