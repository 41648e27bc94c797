/** Turns whatever was thrown into an error that can be shown. */

import type { ErrorInfo } from "../api";
import { words } from "../messages";

/** Returns the error as it is if it is one of the app's own; anything else becomes the unknown one with its text below. */
export function asErrorInfo(error: unknown): ErrorInfo {
  if (isErrorInfo(error)) {
    return error;
  }
  return {
    code: "unknown",
    message: words.frame.problem.unknown,
    hint: words.frame.problem.unknownHint,
    details: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  };
}

function isErrorInfo(error: unknown): error is ErrorInfo {
  return typeof error === "object" && error !== null && "code" in error && "message" in error && "hint" in error;
}
