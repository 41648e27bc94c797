import { expect, test } from "vitest";
import { newColumns } from "./new-columns";

test.each([
  [["text"], "label", "score"],
  [["text", "label"], "predicted label", "score"],
  [["label", "score", "predicted label"], "predicted label 2", "predicted score"],
])("beside %j stand %s and %s", (columns, label, score) => {
  expect(newColumns(columns)).toEqual({ label, score });
});
