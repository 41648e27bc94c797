import { beforeAll, beforeEach, expect, test } from "vitest";
import script from "../public/error-banner.js?raw";

beforeAll(() => {
  // The page loads it as a plain script; indirect eval runs it the same way, in the global scope.
  (0, eval)(script);
});

beforeEach(() => {
  document.getElementById("error-banner")?.remove();
});

function banner(): string | null | undefined {
  return document.getElementById("error-banner")?.textContent;
}

test("an error of a script shows the banner with its message", () => {
  window.dispatchEvent(new ErrorEvent("error", { error: new Error("no such tray") }));

  expect(banner()).toContain("no such tray");
  expect(document.getElementById("error-banner")?.getAttribute("role")).toBe("alert");
});

test("a module that doesn't load shows the banner with its address", () => {
  const element = document.createElement("script");
  element.setAttribute("src", "/missing.js");
  document.body.append(element);
  element.dispatchEvent(new Event("error"));

  expect(banner()).toContain("/missing.js");
});

test("a second error is added to the first", () => {
  for (const reason of ["first", "second"]) {
    window.dispatchEvent(Object.assign(new Event("unhandledrejection"), { reason: new Error(reason) }));
  }

  expect(banner()).toMatch(/first[^]*second/);
});
