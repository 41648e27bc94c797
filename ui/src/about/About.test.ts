import { render, screen } from "@testing-library/svelte";
import { beforeAll, expect, test } from "vitest";
import { fakeApi } from "../api/fake";
import { words } from "../messages";
import { dialogsForTests } from "../settings/dialogs-for-tests";
import About from "./About.svelte";

beforeAll(dialogsForTests);

test("names the version, the licences and the one exception", async () => {
  const appInfo = async () => ({ name: "Embert", version: "1.2.3", dataFolder: "/home/ada/Embert" });
  render(About, { api: fakeApi({ appInfo }), onclose: () => {} });

  expect((await screen.findByTestId("version")).textContent).toBe(words.about.version("1.2.3"));
  expect(screen.getByText(words.about.embertLicence)).toBeTruthy();
  expect(screen.getByText(words.about.privacy).parentElement?.textContent).toContain(words.about.privacyException);
});

test("a missing version is told, and the rest is there", async () => {
  render(About, { api: fakeApi({ appInfo: () => Promise.reject(new Error("gone")) }), onclose: () => {} });
  expect(await screen.findByRole("alert")).toBeTruthy();
  expect(screen.getByText(words.about.embertLicence)).toBeTruthy();
});
