import { expect, test } from "vitest";
import { fileName } from "./file-name";

test.each([
  ["/home/ada/new mails.csv", "new mails.csv"],
  ["C:\\Users\\ada\\new.csv", "new.csv"],
  ["new.csv", "new.csv"],
  ["/home/ada/models/", "models"],
  ["/", "/"],
])("%s is named %s", (path, expected) => {
  expect(fileName(path)).toBe(expected);
});
