import { expect, test } from "vitest";
import { scoreOf } from "./score";

test("a training is judged by its right answers, with several labels per text by the micro-F1", () => {
  expect(scoreOf({ accuracy: 0.9 })).toEqual({ share: 0.9, isMicroF1: false });
  expect(scoreOf({ accuracy: 0.4, microF1: 0.53 })).toEqual({ share: 0.53, isMicroF1: true });
  expect(scoreOf({ accuracy: null })).toBeNull();
});
