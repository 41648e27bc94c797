import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeAll, expect, test, vi } from "vitest";
import type { Api, DeviceChoice, Settings as Chosen } from "../api";
import { fakeApi } from "../api/fake";
import { words } from "../messages";
import Settings from "./Settings.svelte";
import { dialogsForTests } from "./dialogs-for-tests";

const settings: Chosen = { theme: "system", language: "system", device: "auto" };
const devices: DeviceChoice = {
  devices: [
    { id: "cpu", name: "CPU, 8 threads", kind: "cpu", backend: "flex" },
    { id: "gpu0", name: "RTX 3060", kind: "discreteGpu", backend: "wgpu" },
  ],
  chosen: "gpu0",
  reason: "4.6 times the speed of the CPU in a short test.",
};

beforeAll(dialogsForTests);

function show(answers: Partial<Api> = {}, chosen = settings) {
  const onsettings = vi.fn();
  const onclose = vi.fn();
  const api = fakeApi({
    appInfo: async () => ({ name: "Embert", version: "1.2.3", dataFolder: "/home/ada/Embert" }),
    listDevices: async () => devices,
    saveSettings: async () => {},
    ...answers,
  });
  render(Settings, { api, settings: chosen, onsettings, onclose });
  return { onsettings, onclose };
}

test("a choice is seen at once and saved", async () => {
  const saveSettings = vi.fn(async () => {});
  const { onsettings } = show({ saveSettings });
  await fireEvent.click(screen.getByRole("radio", { name: words.settings.themes.dark }));
  expect(onsettings).toHaveBeenCalledWith({ ...settings, theme: "dark" });
  expect(saveSettings).toHaveBeenCalledWith({ ...settings, theme: "dark" });
});

test("a choice that can't be saved is taken back and told", async () => {
  const error = { code: "settings.write", message: "The settings can't be written", hint: null, details: null };
  const { onsettings } = show({ saveSettings: () => Promise.reject(error) });
  await fireEvent.click(screen.getByRole("radio", { name: "Deutsch" }));
  expect((await screen.findByRole("alert")).textContent).toContain(error.message);
  expect(onsettings.mock.calls).toEqual([[{ ...settings, language: "de" }], [settings]]);
});

test("the device that is in use is named with the reason", async () => {
  show();
  const chooser = await screen.findByLabelText<HTMLSelectElement>(words.settings.device);
  await waitFor(() => expect([...chooser.ownerDocument.querySelectorAll("option")].length).toBe(3));
  expect(screen.getByText(new RegExp(devices.reason))).toBeTruthy();
});

test("after another device was chosen, the choice is asked for again", async () => {
  const listDevices = vi.fn(async () => devices);
  show({ listDevices });
  await screen.findByText(new RegExp(devices.reason));
  await fireEvent.change(screen.getByLabelText(words.settings.device), { target: { value: "cpu" } });
  await waitFor(() => expect(listDevices).toHaveBeenCalledTimes(2));
});

test("a device that is no longer there is named as such", async () => {
  show({}, { ...settings, device: "gpu7" });
  expect(await screen.findByRole("option", { name: words.settings.missingDevice("gpu7") })).toBeTruthy();
});

test("devices that can't be listed are told, and the rest works", async () => {
  let fails = true;
  show({
    listDevices: async () => {
      if (fails) throw new Error("no driver");
      return devices;
    },
  });
  const problem = await screen.findByRole("alert");
  fails = false;
  await fireEvent.click(within(problem).getByRole("button", { name: words.frame.problem.tryAgain }));
  expect(await screen.findByText(new RegExp(devices.reason))).toBeTruthy();
});

test("the data folder can be shown", async () => {
  const showInFolder = vi.fn(async () => {});
  show({ showInFolder });
  await fireEvent.click(await screen.findByRole("button", { name: words.settings.showInFolder }));
  expect(showInFolder).toHaveBeenCalledWith("/home/ada/Embert");
});

test("closing is told", async () => {
  const { onclose } = show();
  await fireEvent.click(screen.getByRole("button", { name: words.settings.close }));
  expect(onclose).toHaveBeenCalledOnce();
});
