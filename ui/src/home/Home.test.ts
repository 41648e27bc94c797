import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { fakeApi } from "../api/fake";
import { messages } from "../messages";
import Home from "./Home.svelte";

test("shows the name and the version that the app gives", async () => {
  const api = fakeApi({ appInfo: async () => ({ name: "Embert", version: "1.2.3" }) });
  render(Home, { api });

  expect(await screen.findByRole("heading", { name: "Embert" })).toBeTruthy();
  expect(screen.getByTestId("version").textContent).toBe("Version 1.2.3");
});

test("says that it is starting until the app answers", () => {
  render(Home, { api: fakeApi({ appInfo: () => new Promise(() => {}) }) });

  expect(screen.getByRole("status").textContent).toBe(messages.home.loading);
});

test("says what to do when the app does not answer", async () => {
  render(Home, { api: fakeApi({ appInfo: () => Promise.reject(new Error("gone")) }) });

  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain(messages.home.failed);
  expect(alert.textContent).toContain(messages.home.failedHint);
});
