import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeAll, expect, test, vi } from "vitest";
import type { Api, DeviceChoice, Measurement, Settings as Chosen } from "../api";
import { fakeApi } from "../api/fake";
import { words } from "../messages";
import Settings from "./Settings.svelte";
import { dialogsForTests } from "./dialogs-for-tests";

const settings: Chosen = { theme: "system", language: "system", device: "auto" };
const devices: DeviceChoice = {
  devices: [
    { id: "cpu", name: "CPU, 8 threads", kind: "cpu", backend: "flex" },
    { id: "gpu0", name: "RTX 3060", kind: "gpu", backend: "wgpu" },
  ],
  chosen: "gpu0",
  reason: "4.6 times the speed of this CPU in a short test.",
  why: { code: "rightGpu", speed: { times: 4.6, seconds: null } },
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
  const error = { code: "settings.write", message: "The settings can't be written", hint: null, details: null, values: {} };
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
  const name = (label: string) => `${words.settings.showInFolder}: ${label}`;
  await fireEvent.click(await screen.findByRole("button", { name: name(words.settings.folder) }));
  expect(showInFolder).toHaveBeenCalledWith("/home/ada/Embert");
  await fireEvent.click(await screen.findByRole("button", { name: name(words.settings.modelFolder) }));
  expect(showInFolder).toHaveBeenCalledWith("/home/mara/.local/share/embert/models");
});

const measurement: Measurement = {
  device: "cpu",
  deviceName: "CPU, 8 threads",
  backend: "flex",
  model: "minilm-l6",
  nEncoderParameters: 10_646_784,
  nSteps: 9,
  seconds: 2.1,
  tokensPerSecond: 1664,
  examplesPerSecond: 52.4,
  exampleTokens: 32,
  flopsPerSecond: 1e11,
  peakMemoryBytes: 412_000_000,
  measuredAt: 1_763_900_000,
  version: "1.2.3",
};

test("a device is measured, and the result is said in words", async () => {
  const text = words.settings;
  const known: DeviceChoice = {
    ...devices,
    devices: devices.devices.map((device) => (device.id === "cpu" ? { ...device, measurement } : device)),
  };
  const listDevices = vi.fn<Api["listDevices"]>().mockResolvedValueOnce(devices).mockResolvedValue(known);
  const measureDevice = vi.fn<Api["measureDevice"]>(async () => measurement);
  show({ listDevices, measureDevice });
  await fireEvent.click(await screen.findByRole("button", { name: text.measureOf("CPU, 8 threads") }));
  expect(measureDevice.mock.calls[0]?.slice(0, 2)).toEqual(["cpu", true]);
  expect(await screen.findByText(new RegExp(text.speed("52", "32")))).toBeTruthy();
  expect(screen.getByText(new RegExp(text.measuredMemory("412 MB")))).toBeTruthy();
});

test("a measurement shows that it goes on and can be cancelled", async () => {
  const text = words.settings;
  let end = (_: null) => {};
  const cancelMeasure = vi.fn(async () => end(null));
  show({ measureDevice: () => new Promise((ended) => (end = ended)), cancelMeasure });
  await fireEvent.click(await screen.findByRole("button", { name: text.measureOf("RTX 3060") }));
  expect(screen.getByRole("progressbar", { name: text.measuring })).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: text.measureOf("CPU, 8 threads") }).disabled).toBe(true);
  await fireEvent.click(screen.getByRole("button", { name: text.stopMeasuring }));
  expect(cancelMeasure).toHaveBeenCalledOnce();
  await waitFor(() => expect(screen.queryByRole("progressbar")).toBeNull());
});

test("a measurement that fails says why beside the device", async () => {
  const error = { code: "training.busy", message: "A training is running already", hint: null, details: null, values: {} };
  show({ measureDevice: () => Promise.reject(error) });
  await fireEvent.click(await screen.findByRole("button", { name: words.settings.measureOf("RTX 3060") }));
  expect((await screen.findByRole("alert")).textContent).toContain(error.message);
});

test("closing is told", async () => {
  const { onclose } = show();
  await fireEvent.click(screen.getByRole("button", { name: words.settings.close }));
  expect(onclose).toHaveBeenCalledOnce();
});
