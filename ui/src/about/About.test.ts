import { fireEvent, render, screen } from "@testing-library/svelte";
import { beforeAll, expect, test, vi } from "vitest";
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

test("the licences of the parts are read when they are asked for, and hidden again", async () => {
  const readNotices = vi.fn(async () => "burn 1.0.0 (Rust crate)\n    Licence: MIT");
  render(About, { api: fakeApi({ readNotices }), onclose: () => {} });
  const button = screen.getByRole("button", { name: words.about.showNotices });
  expect(button.getAttribute("aria-expanded")).toBe("false");
  expect(readNotices).not.toHaveBeenCalled();

  await fireEvent.click(button);
  const region = await screen.findByRole("region", { name: words.about.notices });
  expect(region.textContent).toContain("burn 1.0.0 (Rust crate)\n    Licence: MIT");
  expect(region.tabIndex).toBe(0);
  expect(button.getAttribute("aria-expanded")).toBe("true");

  await fireEvent.click(screen.getByRole("button", { name: words.about.hideNotices }));
  expect(screen.queryByRole("region", { name: words.about.notices })).toBeNull();
  expect(readNotices).toHaveBeenCalledTimes(1);
});

test("a build that was not installed says that it has no list", async () => {
  render(About, { api: fakeApi({ readNotices: async () => null }), onclose: () => {} });
  await fireEvent.click(screen.getByRole("button", { name: words.about.showNotices }));
  expect(await screen.findByText(words.about.noNotices)).toBeTruthy();
  expect(screen.queryByRole("region", { name: words.about.notices })).toBeNull();
});

test("a list that can't be read is told, and can be asked for again", async () => {
  const readNotices = vi.fn<() => Promise<string | null>>();
  readNotices.mockRejectedValueOnce(new Error("gone")).mockResolvedValueOnce("burn 1.0.0");
  render(About, { api: fakeApi({ readNotices }), onclose: () => {} });
  await fireEvent.click(screen.getByRole("button", { name: words.about.showNotices }));
  expect(await screen.findByRole("alert")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: words.frame.problem.tryAgain }));
  expect((await screen.findByRole("region", { name: words.about.notices })).textContent).toBe("burn 1.0.0");
});
