import { expect, test } from "vitest";
import { asErrorInfo } from "./problem";

test("an error of the app is shown as it is", () => {
  const error = { code: "table.empty", message: "The file a.csv is empty", hint: null, details: null, values: {} };

  expect(asErrorInfo(error)).toBe(error);
});

test("anything else keeps its text as a detail", () => {
  expect(asErrorInfo(new TypeError("no such tray"))).toMatchObject({ code: "unknown", details: "TypeError: no such tray" });
  expect(asErrorInfo("command x not found").details).toBe("command x not found");
});
