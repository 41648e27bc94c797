import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LabelledText } from "../api";
import { LiveAnswer } from "./live-answer.svelte";

/** A classifier whose answers come when the test lets them. */
function slowClassifier() {
  const questions: { text: string; answer: () => Promise<void>; fail: () => Promise<void> }[] = [];
  const classify = (text: string) =>
    new Promise<LabelledText>((resolve, reject) => {
      questions.push({
        text,
        answer: async () => {
          resolve({ label: text.toUpperCase(), scores: [1] });
          await vi.advanceTimersByTimeAsync(0);
        },
        fail: async () => {
          reject(new Error(text));
          await vi.advanceTimersByTimeAsync(0);
        },
      });
    });
  return { questions, live: new LiveAnswer(classify) };
}

const texts = (questions: { text: string }[]) => questions.map(({ text }) => text);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("asks once, when typing pauses", async () => {
  const { questions, live } = slowClassifier();
  for (const text of ["a", "ab", "abc"]) {
    live.change(text);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(texts(questions)).toEqual([]);

  await vi.advanceTimersByTimeAsync(50);
  expect(texts(questions)).toEqual(["abc"]);
  await questions[0]?.answer();
  expect(live.answer).toEqual({ text: "abc", prediction: { label: "ABC", scores: [1] } });
  expect(live.asking).toBe(false);
});

test("one question at a time, and the newest text wins", async () => {
  const { questions, live } = slowClassifier();
  live.change("first");
  await vi.advanceTimersByTimeAsync(150);
  live.change("second");
  await vi.advanceTimersByTimeAsync(150);
  live.change("third");
  await vi.advanceTimersByTimeAsync(150);
  expect(texts(questions)).toEqual(["first"]);

  await questions[0]?.answer();
  expect(live.answer, "the slow answer for an old text is dropped").toBeNull();
  expect(texts(questions)).toEqual(["first", "third"]);
  await questions[1]?.answer();
  expect(live.answer?.prediction.label).toBe("THIRD");
});

test("an answer stays while a newer text is on its way", async () => {
  const { questions, live } = slowClassifier();
  live.change("one");
  live.askNow();
  await questions[0]?.answer();
  live.change("two");
  live.askNow();
  expect(live.answer?.text).toBe("one");
});

test("asking now does not wait, and does not ask twice", async () => {
  const { questions, live } = slowClassifier();
  live.change("now");
  live.askNow();
  await vi.advanceTimersByTimeAsync(500);
  expect(texts(questions)).toEqual(["now"]);
});

test("an empty text clears the answer and is not asked about", async () => {
  const { questions, live } = slowClassifier();
  live.change("text");
  live.askNow();
  live.change("  \n");
  await vi.advanceTimersByTimeAsync(500);
  await questions[0]?.answer();
  expect(live.answer).toBeNull();
  expect(texts(questions)).toEqual(["text"]);
});

test("a failure is kept until the next answer", async () => {
  const { questions, live } = slowClassifier();
  live.change("text");
  live.askNow();
  await questions[0]?.fail();
  expect(live.error).toEqual(new Error("text"));

  live.askNow();
  await questions[1]?.answer();
  expect(live.error).toBeNull();
});
