import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LabelledText, TextToClassify } from "../api";
import { LiveAnswer } from "./live-answer.svelte";

/** A classifier whose answers come when the test lets them. */
function slowClassifier() {
  const questions: { question: TextToClassify; answer: () => Promise<void>; fail: () => Promise<void> }[] = [];
  const classify = (question: TextToClassify) =>
    new Promise<LabelledText>((resolve, reject) => {
      const { text } = question;
      questions.push({
        question,
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

const one = (text: string): TextToClassify => ({ text, textB: null });
const texts = (questions: { question: TextToClassify }[]) => questions.map(({ question }) => question.text);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("asks at once, and once more for all that was typed meanwhile", async () => {
  const { questions, live } = slowClassifier();
  for (const text of ["a", "ab", "abc"]) live.change(one(text));
  expect(texts(questions)).toEqual(["a"]);

  await questions[0]?.answer();
  expect(texts(questions)).toEqual(["a", "abc"]);
  await questions[1]?.answer();
  expect(live.answer).toEqual({ question: one("abc"), prediction: { label: "ABC", scores: [1] } });
  expect(live.asking).toBe(false);
});

test("one question at a time, and the newest text wins", async () => {
  const { questions, live } = slowClassifier();
  live.change(one("first"));
  live.change(one("second"));
  live.change(one("third"));
  expect(texts(questions)).toEqual(["first"]);

  await questions[0]?.answer();
  expect(live.answer, "the slow answer for an old text is dropped").toBeNull();
  expect(texts(questions)).toEqual(["first", "third"]);
  await questions[1]?.answer();
  expect(live.answer?.prediction.label).toBe("THIRD");
});

test("an answer stays while a newer text is on its way", async () => {
  const { questions, live } = slowClassifier();
  live.change(one("one"));
  await questions[0]?.answer();
  live.change(one("two"));
  expect(live.answer?.question.text).toBe("one");
});

test("an empty text clears the answer and is not asked about", async () => {
  const { questions, live } = slowClassifier();
  live.change(one("text"));
  live.change(one("  \n"));
  await vi.advanceTimersByTimeAsync(500);
  await questions[0]?.answer();
  expect(live.answer).toBeNull();
  expect(texts(questions)).toEqual(["text"]);
});

test("a failure is kept until the next answer", async () => {
  const { questions, live } = slowClassifier();
  live.change(one("text"));
  await questions[0]?.fail();
  expect(live.error).toEqual(new Error("text"));

  live.ask();
  await questions[1]?.answer();
  expect(live.error).toBeNull();
});

test("a pair is asked about when both texts are there", async () => {
  const { questions, live } = slowClassifier();
  live.change({ text: "first", textB: "" });
  await vi.advanceTimersByTimeAsync(500);
  expect(questions).toHaveLength(0);

  live.change({ text: "first", textB: "second" });
  expect(questions[0]?.question).toEqual({ text: "first", textB: "second" });
  live.change({ text: "first", textB: "other" });
  await questions[0]?.answer();
  expect(live.answer, "the second text counts as well").toBeNull();
});
