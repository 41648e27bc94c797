import { expect, test } from "vitest";
import { javascriptSnippet, pythonSnippet, terminalSnippet } from "./snippets";

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

test.each([
  ["/home/ada/my model", '"/home/ada"', '"my model"'],
  ["C:\\models\\desk", '"C:\\\\models"', '"desk"'],
  ["/desk", '"/"', '"desk"'],
  ["FOLDER", '"."', '"FOLDER"'],
])("JavaScript gets the folder %s as the one above it and its name", (folder, above, name) => {
  const code = javascriptSnippet(folder, "Grüße", false).split("\n");
  expect(code[2]).toBe(`env.localModelPath = ${above};`);
  expect(code[6]).toBe(`const classify = await pipeline("text-classification", ${name}, options);`);
  expect(code[7]).toBe('console.log(await classify("Grüße"));');
});

test("JavaScript takes the small file where there is one", () => {
  expect(javascriptSnippet("a", "b", true)).toContain('dtype: "q8"');
  expect(javascriptSnippet("a", "b", false)).toContain('dtype: "fp32"');
});
