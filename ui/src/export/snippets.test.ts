import { expect, test } from "vitest";
import { pythonSnippet, terminalSnippet } from "./snippets";

test.each([
  ["/home/ada/model", "/home/ada/model"],
  ["/home/ada/my model", '"/home/ada/my model"'],
  ["/home/ada/it's $5", "'/home/ada/it'\\''s $5'"],
  ["/home/ada/it's here", '"/home/ada/it\'s here"'],
  ["C:\\Users\\ada\\model", '"C:\\Users\\ada\\model"'],
  ["\\\\server\\models\\desk", '"\\\\server\\models\\desk"'],
])("the folder %s stands in a command as %s", (folder, word) => {
  expect(terminalSnippet(folder, "a text")).toBe(`embert classify ${word} --text "a text"`);
});

test("Python gets the folder as one of its strings", () => {
  expect(pythonSnippet('C:\\new "models"', "Grüße")).toBe(
    [
      "from transformers import pipeline",
      "",
      'classify = pipeline("text-classification", model="C:\\\\new \\"models\\"")',
      'print(classify("Grüße"))',
    ].join("\n"),
  );
});
