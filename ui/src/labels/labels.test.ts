import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import type { Api, DataEdit, DataFinding, Project } from "../api";
import { fakeApi, projectOf } from "../api/fake";
import { AS_DETECTED } from "../data/dialect";
import { words } from "../messages";
import { describeEdit, describeFix, renaming } from "./edits";
import Labels from "./Labels.svelte";

async function show(answers: Partial<Api> = {}) {
  const api = fakeApi(answers);
  const project = await projectOf(api, "/home/mara/mails.csv");
  const editData = vi.fn(api.editData);
  const onproject = vi.fn();
  const { rerender } = render(Labels, { api: { ...api, editData }, project, onproject, onnext: vi.fn() });
  onproject.mockImplementation((changed: Project) => void rerender({ project: changed }));
  return { id: project.id, editData };
}

const names = (): (string | null)[] =>
  within(screen.getByTestId("labels")).getAllByRole("listitem").map((row) => row.getAttribute("data-label"));

test("labels stand by frequency, each with its count", async () => {
  await show();

  expect(names().slice(0, 2)).toEqual(["billing", "delivery"]);
  expect(screen.getByTestId("labels").textContent).toContain("96");
});

test("a label is renamed in its place; Escape keeps the old name", async () => {
  const { id, editData } = await show();
  await fireEvent.click(screen.getByRole("button", { name: words.labels.renameNamed("spam") }));
  await fireEvent.keyDown(screen.getByLabelText(words.labels.newName("spam")), { key: "Escape" });
  expect(editData).not.toHaveBeenCalled();

  await fireEvent.click(screen.getByRole("button", { name: words.labels.renameNamed("spam") }));
  const field = screen.getByLabelText(words.labels.newName("spam"));
  await fireEvent.input(field, { target: { value: " junk " } });
  await fireEvent.keyDown(field, { key: "Enter" });

  await waitFor(() => expect(names()).toContain("junk"));
  expect(editData).toHaveBeenCalledExactlyOnceWith(id, [{ kind: "renameLabel", from: "spam", to: "junk" }]);
});

test("selected labels are merged into the most frequent of them", async () => {
  const { id, editData } = await show();
  for (const label of ["Billing ", "billing"]) {
    // Testing Library trims names, so the two spellings differ in their capital only.
    await fireEvent.click(screen.getByRole("checkbox", { name: words.labels.select(label).trim() }));
  }
  await fireEvent.click(screen.getByRole("button", { name: words.labels.merge }));

  await waitFor(() => expect(names()).not.toContain("Billing "));
  expect(editData).toHaveBeenCalledWith(id, [{ kind: "mergeLabels", labels: ["Billing ", "billing"], into: "billing" }]);
  expect(screen.getByTestId("labels").textContent).toContain("104");
});

test("a label dragged onto another is merged into it", async () => {
  const { id, editData } = await show();
  const row = (label: string) => screen.getByTestId("labels").querySelector(`[data-label="${label}"]`)!;
  // jsdom has no layout.
  document.elementFromPoint = () => row("bug report");
  await fireEvent.pointerDown(row("spam"), { button: 0, clientX: 10, clientY: 300 });
  await fireEvent.pointerMove(window, { clientX: 12, clientY: 302 });
  expect(screen.queryByText(words.labels.dragging("spam", "bug report")), "a small shake is no drag").toBeNull();
  await fireEvent.pointerMove(window, { clientX: 12, clientY: 200 });
  expect(screen.getByText(words.labels.dragging("spam", "bug report"))).toBeTruthy();
  await fireEvent.pointerUp(window);

  expect(editData).toHaveBeenCalledWith(id, [{ kind: "mergeLabels", labels: ["spam", "bug report"], into: "bug report" }]);
});

test("a label is ignored, and both Ctrl+Z and the button bring it back", async () => {
  await show();
  for (const undo of [
    () => fireEvent.keyDown(window, { key: "z", ctrlKey: true }),
    () => fireEvent.click(screen.getByRole("button", { name: words.labels.undo })),
  ]) {
    await fireEvent.click(screen.getByRole("button", { name: words.labels.ignoreNamed("spam") }));
    expect(await screen.findByRole("heading", { name: words.labels.ignored })).toBeTruthy();
    expect(names()).not.toContain("spam");

    await undo();
    await waitFor(() => expect(names()).toContain("spam"));
  }
});

test("an ignored label is brought back in its place, and what came after stays", async () => {
  const { id, editData } = await show();
  await fireEvent.click(screen.getByRole("button", { name: words.labels.ignoreNamed("spam") }));
  const ignored = await screen.findByTestId("ignored");
  await fireEvent.click(screen.getByRole("button", { name: words.labels.ignoreNamed("delivery") }));
  await waitFor(() => expect(names()).not.toContain("delivery"));
  await fireEvent.click(within(ignored).getByRole("button", { name: words.labels.restoreNamed("spam") }));

  await waitFor(() => expect(names()).toContain("spam"));
  expect(names()).not.toContain("delivery");
  expect(editData).toHaveBeenLastCalledWith(id, [{ kind: "restoreLabel", label: "spam" }]);
});

test("long texts are counted apart, and one click raises the length", async () => {
  let answer: (findings: DataFinding[]) => void = () => {};
  const fake = fakeApi();
  const cut = await fake.findUnreadable((await projectOf(fake, "/mails.csv")).id);
  const findUnreadable = vi.fn<Api["findUnreadable"]>(() => new Promise((resolve) => (answer = resolve)));
  const setTraining = vi.fn<Api["setTraining"]>(async (id, baseModel, recipe) => {
    const { project } = await fake.setDialect(id, AS_DETECTED);
    return { ...project, baseModel, recipe };
  });
  await show({ findUnreadable, setTraining });
  expect(screen.getByText(words.labels.countingLengths)).toBeTruthy();
  answer(cut);
  const button = await screen.findByRole("button", { name: words.labels.fix.maxLength("320") });
  expect(document.querySelector('[data-code="cutTexts"]')?.textContent).toContain("3 of 412 texts are longer");

  await fireEvent.click(button);
  await waitFor(() => expect(findUnreadable).toHaveBeenCalledTimes(2));
  expect(setTraining).toHaveBeenCalledWith(expect.anything(), "minilm-l6", { maxLength: 320 });
  answer([]);
  await waitFor(() => expect(document.querySelector('[data-code="cutTexts"]')).toBeNull());
});

test("lengths that can't be counted are said so and counted again", async () => {
  const findUnreadable = vi.fn<Api["findUnreadable"]>().mockRejectedValueOnce(new Error("gone")).mockResolvedValue([]);
  await show({ findUnreadable });
  expect(await screen.findByText(words.labels.lengthsUnknown)).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: words.labels.countAgain }));
  await waitFor(() => expect(screen.queryByText(words.labels.lengthsUnknown)).toBeNull());
});

test("of many labels every one can be reached: by scrolling, and by searching", async () => {
  const fake = fakeApi();
  const labels = Array.from({ length: 3000 }, (_, i) => {
    return { label: `topic ${i + 1}`, nExamples: 3000 - i, sources: i === 2499 ? ["Überweisung", "Lastschrift"] : [`topic ${i + 1}`] };
  });
  const createProject: Api["createProject"] = async ([file = ""]) => ({ ...(await projectOf(fake, file)), labels, nLabels: 3000 });
  await show({ createProject });
  const list = screen.getByRole("region", { name: words.labels.list });
  expect(names().length).toBeLessThan(40);

  // jsdom has no layout: the scroller says where it is.
  Object.defineProperty(list, "scrollTop", { value: 10_000_000, configurable: true });
  await fireEvent.scroll(list);
  const last = within(list).getAllByRole("listitem").at(-1);
  expect(last?.getAttribute("data-label")).toBe("topic 3000");
  expect([last?.getAttribute("aria-posinset"), last?.getAttribute("aria-setsize")]).toEqual(["3000", "3000"]);

  const field = screen.getByRole("searchbox", { name: words.labels.search.label });
  await fireEvent.input(field, { target: { value: "uberweisung" } });
  expect(names()).toEqual(["topic 2500"]);
  expect(screen.getByText(words.labels.search.found("1", "3,000"))).toBeTruthy();
  await fireEvent.click(screen.getByRole("checkbox", { name: words.labels.select("topic 2500") }));

  await fireEvent.input(field, { target: { value: "nobody" } });
  expect(screen.getByText(words.labels.search.none)).toBeTruthy();
  expect(screen.getByText(words.labels.selected("1")), "what was selected stays so").toBeTruthy();
  await fireEvent.keyDown(field, { key: "Escape" });
  expect(names()).toContain("topic 1");
});

test("ignored labels, too, can be searched where there are many", async () => {
  const fake = fakeApi();
  const ignoredLabels = Array.from({ length: 900 }, (_, i) => ({ label: `rare ${i + 1}`, nExamples: 1, sources: [`rare ${i + 1}`] }));
  const createProject: Api["createProject"] = async ([file = ""]) => ({ ...(await projectOf(fake, file)), ignoredLabels, nIgnoredLabels: 900 });
  await show({ createProject });
  await fireEvent.input(screen.getByRole("searchbox"), { target: { value: "888" } });
  const rows = within(screen.getByTestId("ignored")).getAllByRole("listitem");
  expect(rows).toHaveLength(1);
  expect(within(rows[0]!).getByRole("button", { name: words.labels.restoreNamed("rare 888") })).toBeTruthy();
});

test("few labels have no search field and no scroller of their own", async () => {
  await show();
  expect(screen.queryByRole("searchbox")).toBeNull();
  expect(screen.queryByRole("region", { name: words.labels.list })).toBeNull();
});

test("a file of very many labels lists the most frequent and says how many there are", async () => {
  const fake = fakeApi();
  const createProject: Api["createProject"] = async ([file = ""]) => ({ ...(await projectOf(fake, file)), nLabels: 113_404 });
  await show({ createProject });
  expect(screen.getByText(words.labels.listed("8", "113,404"))).toBeTruthy();
});

test("one click on a finding settles it", async () => {
  const { id, editData } = await show();
  const duplicates = screen.getAllByTestId("finding").find((card) => card.dataset["code"] === "duplicates")!;
  expect(duplicates.textContent).toContain("11 rows repeat an earlier one");
  expect(duplicates.textContent).toContain("they count several times");
  await fireEvent.click(within(duplicates).getByRole("button", { name: words.labels.fix.dropDuplicates }));

  await waitFor(() => expect(document.querySelector('[data-code="duplicates"]')).toBeNull());
  expect(editData).toHaveBeenCalledWith(id, [{ kind: "dropDuplicates" }]);
});

test("what hinders a training is said, and the way on is closed until it is settled", async () => {
  await show();
  expect(screen.getByRole("alert").textContent).toContain('The label "spam" has only 1 example');
  expect(screen.getByRole("button", { name: words.labels.next }).hasAttribute("disabled")).toBe(true);

  await fireEvent.click(screen.getByRole("button", { name: words.labels.ignoreNamed("spam") }));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  expect(screen.getByRole("button", { name: words.labels.next }).hasAttribute("disabled")).toBe(false);
});

test.each<[DataEdit, string]>([
  [{ kind: "renameLabel", from: "a", to: "b" }, "Renamed “a” to “b”"],
  [{ kind: "mergeLabels", labels: ["a", "b", "c"], into: "b" }, "Merged a, c into “b”"],
  [{ kind: "ignoreLabel", label: "a" }, "Ignored “a”"],
  [{ kind: "ignoreRareLabels", fewerThan: 10 }, "Ignored labels with fewer than 10 examples"],
  [{ kind: "restoreLabel", label: "a" }, "Brought back “a”"],
  [{ kind: "dropNearDuplicates" }, "Left out nearly repeated rows"],
  [{ kind: "dropLeaks" }, "Left out valid and test rows that copy train rows"],
  [{ kind: "dropShortTexts", fewerThan: 3 }, "Left out texts of fewer than 3 characters"],
  [{ kind: "ignoreLabelsNotInTrain" }, "Ignored labels that the train part does not have"],
  [{ kind: "tidyLabels" }, "Tidied up the labels"],
  [{ kind: "composeTexts" }, "Wrote each letter of the texts as one character"],
])("%o is told as %s", (edit, told) => {
  expect(describeEdit(edit)).toBe(told);
});

test("a fix of several edits is told by their number, and one that is not known by its own words", () => {
  const ignore = (label: string): DataEdit => ({ kind: "ignoreLabel", label });

  const fix = (label: string, edits: DataEdit[], maxLength: number | null = null) => describeFix({ label, edits, maxLength });
  expect(fix("x", [ignore("a")])).toBe("Ignore “a”");
  expect(fix("x", [ignore("a"), ignore("b")])).toBe("Ignore these 2 labels");
  expect(fix("Do both", [ignore("a"), { kind: "dropConflicts" }])).toBe("Do both");
  expect(fix("x", [{ kind: "ignoreRareLabels", fewerThan: 10 }])).toBe("Ignore these labels");
  expect(fix("x", [], 320)).toBe("Read up to 320 tokens");
});

test("a name that is empty or the same changes nothing", () => {
  expect(renaming("a", "  ")).toBeNull();
  expect(renaming("a", " a ")).toBeNull();
  expect(renaming("a", "b")).toEqual({ kind: "renameLabel", from: "a", to: "b" });
});
