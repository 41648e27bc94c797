/**
 * The answer to a text that is still being typed.
 *
 * A question waits until typing pauses, only one is on its way at a time, and the newest text wins: an answer that
 * comes for an older one is dropped.
 */

import type { LabelledText } from "../api";

/** How long typing must pause before the text is asked about. */
const PAUSE_MS = 150;

export interface Answer {
  text: string;
  prediction: LabelledText;
}

export class LiveAnswer {
  /** The newest answer; it stays while a newer text is on its way. */
  answer = $state.raw<Answer | null>(null);
  error = $state.raw<unknown>(null);
  asking = $state(false);

  #classify: (text: string) => Promise<LabelledText>;
  #wanted = "";
  #askAgain = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(classify: (text: string) => Promise<LabelledText>) {
    this.#classify = classify;
  }

  /** Takes the text as it is now and asks when typing pauses. */
  change(text: string): void {
    clearTimeout(this.#timer);
    this.#wanted = text;
    if (text.trim() === "") {
      this.answer = null;
      this.error = null;
      return;
    }
    this.#timer = setTimeout(() => this.askNow(), PAUSE_MS);
  }

  /** Asks without waiting for a pause. */
  askNow(): void {
    clearTimeout(this.#timer);
    if (this.#wanted.trim() === "") return;
    if (this.asking) this.#askAgain = true;
    else void this.#ask();
  }

  /** Asks nothing more and drops what is on its way. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#wanted = "";
  }

  async #ask(): Promise<void> {
    this.asking = true;
    do {
      this.#askAgain = false;
      const text = this.#wanted;
      try {
        const prediction = await this.#classify(text);
        if (text === this.#wanted) {
          this.answer = { text, prediction };
          this.error = null;
        }
      } catch (error) {
        if (text === this.#wanted) this.error = error;
      }
    } while (this.#askAgain && this.#wanted.trim() !== "");
    this.asking = false;
  }
}
