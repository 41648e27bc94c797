import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import type { Api, FileDrag, Project, Settings, WorkProgress } from "./api";
import { fakeApi } from "./api/fake";
import App from "./App.svelte";
import { setLanguage, words } from "./messages";

const settings: Settings = { theme: "system", language: "en", device: "auto" };

beforeEach(() => {
  location.hash = "";
  setLanguage("en");
});

function show(answers: Partial<Api> = {}) {
  let send: (drag: FileDrag) => void = () => {};
  const onFileDrag: Api["onFileDrag"] = (listener) => {
    send = listener;
    return () => {};
  };
  render(App, { api: fakeApi({ onFileDrag, ...answers }), settings });
  return { drag: (drag: FileDrag) => send(drag) };
}

const heading = (name: string) => screen.findByRole("heading", { level: 1, name });
const step = (name: "data" | "labels" | "model") => screen.getByRole("button", { name: words.frame.step[name] });

test("a dropped file becomes a project that opens at its data", async () => {
  const { drag } = show();
  await heading(words.home.title);
  drag({ kind: "over" });
  expect(await screen.findByText(words.frame.dropHere)).toBeTruthy();
  drag({ kind: "dropped", files: ["/home/mara/complaints.csv"] });

  await heading(words.data.title);
  expect(screen.queryByText(words.frame.dropHere)).toBeNull();
  expect(screen.getByTestId("project-name").textContent).toContain("complaints");
  expect(location.hash).toMatch(/^#\/project\/.+\/data$/);
});

test("files that are no parts of one table, or one that is no table, are refused with what to do", async () => {
  const { drag } = show();
  drag({ kind: "dropped", files: ["/a.csv", "/b.csv"] });
  expect((await screen.findByRole("alert")).textContent).toContain("The name of /a.csv doesn't say");

  drag({ kind: "dropped", files: ["/photo.png"] });
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("photo.png is binary data, not a table of text"));
});

test("files of several parts become one project", async () => {
  const createProject = vi.fn(fakeApi().createProject);
  const { drag } = show({ createProject });
  drag({ kind: "dropped", files: ["/mails/train.csv", "/mails/test.csv"] });
  await heading(words.data.title);
  expect(createProject).toHaveBeenCalledWith(["/mails/train.csv", "/mails/test.csv"], expect.any(Function));
});

test("a long reading tells how far it is and can be ended", async () => {
  let answer: (project: Project | null) => void = () => {};
  let tell: (progress: WorkProgress) => void = () => {};
  const createProject: Api["createProject"] = (_files, listener) => {
    tell = listener;
    return new Promise((resolve) => (answer = resolve));
  };
  const cancelCreateProject = vi.fn(async () => answer(null));
  const { drag } = show({ createProject, cancelCreateProject });
  await heading(words.home.title);
  drag({ kind: "dropped", files: ["/home/mara/huge.csv"] });
  expect(await screen.findByText(words.frame.importing("huge.csv"))).toBeTruthy();
  expect(screen.getByRole("progressbar").hasAttribute("value")).toBe(false);

  tell({ kind: "progress", done: 300, total: 1200 });
  await waitFor(() => expect(screen.getByRole<HTMLProgressElement>("progressbar").value).toBe(300));
  expect(screen.getByRole("progressbar").getAttribute("aria-valuetext")).toBe("25%");
  tell({ kind: "progress", done: 1200, total: 1200 });
  await waitFor(() => expect(screen.getByRole("progressbar").hasAttribute("value")).toBe(false));

  await fireEvent.click(screen.getByRole("button", { name: words.frame.cancel }));
  expect(cancelCreateProject).toHaveBeenCalledOnce();
  await waitFor(() => expect(screen.queryByRole("progressbar")).toBeNull());
  expect(screen.queryByRole("alert")).toBeNull();
  await heading(words.home.title);
});

const offered = (file: string) => screen.findByRole("dialog", { name: words.corrections.offered.title(file) });
const answer = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

test("a file that is dropped on the data of a project is asked for: it may be a newer version", async () => {
  location.hash = "#/project/hotel/data";
  const [createProject, replaceFile] = [vi.fn(fakeApi().createProject), vi.fn(fakeApi().replaceFile)];
  const { drag } = show({ createProject, replaceFile });
  await heading(words.data.title);
  drag({ kind: "over" });
  expect(await screen.findByText(words.frame.dropOnData)).toBeTruthy();
  drag({ kind: "dropped", files: ["/home/mara/bewertungen_2025.csv"] });
  const dialog = await offered("bewertungen_2025.csv");
  expect(dialog.textContent).toContain("bewertungen_2024.csv");
  expect(replaceFile).not.toHaveBeenCalled();

  await answer(words.corrections.offered.newer);
  expect((await screen.findByTestId("dropped")).textContent).toContain(words.corrections.newer.taken("bewertungen_2025.csv"));
  expect(replaceFile).toHaveBeenCalledExactlyOnceWith("hotel", "/home/mara/bewertungen_2025.csv");
  expect(createProject).not.toHaveBeenCalled();
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a file that is dropped on the data of a project can be a new one, or nothing", async () => {
  location.hash = "#/project/hotel/data";
  const replaceFile = vi.fn(fakeApi().replaceFile);
  const { drag } = show({ replaceFile });
  await heading(words.data.title);
  drag({ kind: "dropped", files: ["/home/mara/letters.csv"] });
  await offered("letters.csv");
  await answer(words.frame.cancel);
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(location.hash).toBe("#/project/hotel/data");

  drag({ kind: "dropped", files: ["/home/mara/letters.csv"] });
  await offered("letters.csv");
  await answer(words.corrections.offered.project);
  await waitFor(() => expect(screen.getByTestId("project-name").textContent).toContain("letters"));
  expect(replaceFile).not.toHaveBeenCalled();
});

test("a file that is chosen with the keys is asked for in the same way, and only there", async () => {
  location.hash = "#/project/hotel/data";
  show();
  await heading(words.data.title);
  await fireEvent.keyDown(window, { key: "o", ctrlKey: true });
  await offered("customer-mails.csv");
  await answer(words.frame.cancel);

  await fireEvent.click(step("labels"));
  await heading(words.labels.title);
  await fireEvent.keyDown(window, { key: "o", ctrlKey: true });
  await waitFor(() => expect(screen.getByTestId("project-name").textContent).toContain("customer-mails"));
});

test("several files are no newer version of one", async () => {
  location.hash = "#/project/hotel/data";
  const createProject = vi.fn(fakeApi().createProject);
  const { drag } = show({ createProject });
  await heading(words.data.title);
  drag({ kind: "dropped", files: ["/mails/train.csv", "/mails/test.csv"] });
  await waitFor(() => expect(createProject).toHaveBeenCalledOnce());
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a folder is chosen in a dialog of its own", async () => {
  const createProject = vi.fn(fakeApi().createProject);
  show({ createProject });
  await fireEvent.click(await screen.findByRole("button", { name: words.home.newFromFolder }));
  await heading(words.data.title);
  expect(createProject).toHaveBeenCalledWith(["/home/mara/Documents/reviews"], expect.any(Function));
});

test("the rail leads through the steps and closes those that can't be taken yet", async () => {
  const { drag } = show();
  drag({ kind: "dropped", files: ["/mails.csv"] });
  await heading(words.data.title);
  expect(step("data").getAttribute("aria-current")).toBe("step");
  expect(step("model").getAttribute("aria-disabled")).toBe("true");
  expect(step("model").title).toContain('The label "spam" has only 1 example');

  await fireEvent.click(step("model"));
  expect(location.hash).toMatch(/data$/);
  await fireEvent.click(step("labels"));
  await heading(words.labels.title);
});

test("an address leads back to its place", async () => {
  location.hash = "#/project/hotel/labels";
  show();

  await heading(words.labels.title);
  expect(screen.getByTestId("project-name").textContent).toContain("Hotelbewertungen 2024");
});

test("a project that is gone is said to be gone, once", async () => {
  location.hash = "#/project/none/data";
  const openProject = vi.fn(fakeApi().openProject);
  show({ openProject });

  expect((await screen.findByRole("alert")).textContent).toContain('There is no project "none"');
  expect(openProject).toHaveBeenCalledOnce();
});

test("a click on the project's name renames it", async () => {
  location.hash = "#/project/hotel/data";
  show();
  await fireEvent.click(await screen.findByTestId("project-name"));
  const field = screen.getByLabelText(words.frame.projectName);
  await fireEvent.input(field, { target: { value: "Hotels" } });
  await fireEvent.keyDown(field, { key: "Enter" });

  await waitFor(() => expect(screen.getByTestId("project-name").textContent).toContain("Hotels"));
});

test("the settings change theme and language of the whole window", async () => {
  show();
  await fireEvent.click(screen.getByRole("button", { name: words.frame.settings }));
  await fireEvent.click(screen.getByLabelText(words.settings.themes.dark));
  await waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("dark"));
  await fireEvent.click(screen.getByLabelText(words.settings.languages.de));

  await heading("Projekte");
});

test("closing the window while a training runs asks, and ends the training before it closes", async () => {
  let ask: () => void = () => {};
  const calls: string[] = [];
  show({
    onCloseAsked: (listener) => {
      ask = listener;
      return () => {};
    },
    stopTraining: async (keep) => void calls.push(`stop, keep ${String(keep)}`),
    closeWindow: async () => void calls.push("close"),
  });
  await heading(words.home.title);
  ask();
  await fireEvent.click(await screen.findByRole("button", { name: words.frame.closing.confirm }));
  await waitFor(() => expect(calls).toEqual(["stop, keep true", "close"]));
});
