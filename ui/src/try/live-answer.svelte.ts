/**
 * The answer to a text that is still being typed.
 *
 * The text is asked about at once. Only one question is on its way at a time, and the newest text wins: what is typed
 * meanwhile is one question, asked when the answer is there, and an answer that comes for an older text is dropped.
 */

import type { LabelledText, TextToClassify } from "../api";

export interface Answer {
  question: TextToClassify;
  prediction: LabelledText;
}

/** Says whether two questions are the same. */
export function isSame(a: TextToClassify, b: TextToClassify): boolean {
  return a.text === b.text && a.textB === b.textB;
}

/** A question can be asked when nothing is empty that the model reads. */
function isWhole({ text, textB }: TextToClassify): boolean {
  return text.trim() !== "" && (textB === null || textB.trim() !== "");
}

const NOTHING: TextToClassify = { text: "", textB: null };

export class LiveAnswer {
  /** The newest answer; it stays while a newer text is on its way. */
  answer = $state.raw<Answer | null>(null);
  error = $state.raw<unknown>(null);
  asking = $state(false);

  #classify: (question: TextToClassify) => Promise<LabelledText>;
  #wanted = NOTHING;
  #askAgain = false;

  constructor(classify: (question: TextToClassify) => Promise<LabelledText>) {
    this.#classify = classify;
  }

  /** Takes the text, or both texts of a pair, as they are now and asks about them. */
  change(question: TextToClassify): void {
    this.#wanted = question;
    if (isWhole(question)) {
      this.ask();
    } else {
      this.answer = null;
      this.error = null;
    }
  }

  /** Asks about the newest text, now or after the question that is on its way. */
  ask(): void {
    if (!isWhole(this.#wanted)) return;
    if (this.asking) this.#askAgain = true;
    else void this.#ask();
  }

  /** Asks nothing more and drops what is on its way. */
  stop(): void {
    this.#wanted = NOTHING;
  }

  async #ask(): Promise<void> {
    this.asking = true;
    do {
      this.#askAgain = false;
      const question = this.#wanted;
      try {
        const prediction = await this.#classify(question);
        if (isSame(question, this.#wanted)) {
          this.answer = { question, prediction };
          this.error = null;
        }
      } catch (error) {
        if (isSame(question, this.#wanted)) this.error = error;
      }
    } while (this.#askAgain && isWhole(this.#wanted));
    this.asking = false;
  }
}
