import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { Api, DataEdit, Project } from "../api";
import { fakeApi, projectOf } from "../api/fake";
import { setLanguage, words } from "../messages";
import { describeEdit } from "./edits";
import Labels from "./Labels.svelte";
import { labelsLeft, rareLabels } from "./rare";

afterEach(() => setLanguage("en"));

async function show(answers: Partial<Api> = {}) {
  const api = fakeApi(answers);
  const project = await projectOf(api, "/home/mara/mails.csv");
  const spied = { editData: vi.fn(api.editData), importEdits: vi.fn(api.importEdits), exportEdits: vi.fn(api.exportEdits) };
  const onproject = vi.fn();
  const { rerender } = render(Labels, { api: { ...api, ...spied }, project, onproject, onnext: vi.fn() });
  onproject.mockImplementation((changed: Project) => void rerender({ project: changed }));
  return { id: project.id, ...spied };
}

const names = (): (string | null)[] =>
  within(screen.getByTestId("labels")).getAllByRole("listitem").map((row) => row.getAttribute("data-label"));

const rare = () => screen.getByRole("region", { name: words.corrections.rare.title });
const button = (name: string) => screen.getByRole("button", { name });

test("the labels below a number are counted, also those that are not listed", () => {
  const label = (name: string, nExamples: number) => ({ label: name, nExamples, sources: [name] });
  const labels = [label("a", 50), label("b", 9), label("c", 4)];
  const all = { labels, nLabels: 3, nExamples: 63 };
  expect(rareLabels(all, 10)).toEqual({ nLabels: 2, nRows: 13, isExact: true });
  expect(rareLabels(all, 9)).toEqual({ nLabels: 1, nRows: 4, isExact: true });
  expect(rareLabels(all, 4)).toEqual({ nLabels: 0, nRows: 0, isExact: true });

  // 100 labels more have 300 rows together, none of them more than four.
  const first = { labels, nLabels: 103, nExamples: 363 };
  expect(rareLabels(first, 5)).toEqual({ nLabels: 101, nRows: 304, isExact: true });
  expect(rareLabels(first, 4)).toEqual({ nLabels: 100, nRows: 300, isExact: false });
  expect(rareLabels(first, 2)).toEqual({ nLabels: 100, nRows: 100, isExact: false });
  expect(rareLabels(first, 1)).toEqual({ nLabels: 0, nRows: 0, isExact: true });
});

test("where a text can have several labels, the labels are counted and no rows", async () => {
  const label = (name: string, nExamples: number) => ({ label: name, nExamples, sources: [name] });
  const labels = [label("a", 50), label("b", 40), label("c", 4)];
  const counts = { labels, nLabels: 3, nExamples: 60, task: "multi" } as const;
  expect(rareLabels(counts, 10)).toEqual({ nLabels: 1, nRows: null, isExact: true });
  expect(rareLabels({ ...counts, nLabels: 9 }, 3)).toEqual({ nLabels: 6, nRows: null, isExact: false });

  const fake = fakeApi();
  const createProject: Api["createProject"] = async ([file = ""]) => ({ ...(await projectOf(fake, file)), ...counts, labels });
  await show({ createProject });
  expect(rare().textContent).toContain("1 label has fewer.");
  expect(within(rare()).getByRole("radio", { name: words.corrections.rare.leaveLabelsOut })).toBeTruthy();
});

test("what is left counts the label of the rare ones once", () => {
  const label = (name: string, nExamples: number) => ({ label: name, nExamples, sources: [name] });
  const counts = { labels: [label("a", 50), label("b", 9), label("c", 4)], nLabels: 3, nExamples: 63 };
  expect(labelsLeft(counts, 10, null)).toBe(1);
  expect(labelsLeft(counts, 10, "other")).toBe(2);
  expect(labelsLeft(counts, 10, "a")).toBe(1);
  expect(labelsLeft(counts, 10, "b")).toBe(2);
});

test("rare labels are the foot of the list, which does not scroll away with it", async () => {
  const fake = fakeApi();
  const labels = Array.from({ length: 300 }, (_, i) => ({ label: `topic ${i + 1}`, nExamples: 300 - i, sources: [`topic ${i + 1}`] }));
  const createProject: Api["createProject"] = async ([file = ""]) => ({ ...(await projectOf(fake, file)), labels, nLabels: 300 });
  await show({ createProject });
  const list = screen.getByTestId("labels");
  expect(list.closest(".card")?.contains(rare())).toBe(true);
  expect(screen.getByRole("region", { name: words.labels.list }).contains(rare())).toBe(false);
  expect(list.compareDocumentPosition(rare()) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
});

test("rare labels are left out, and the number says at once what that concerns", async () => {
  const { id, editData } = await show();
  expect(rare().textContent).toContain("2 labels have fewer: 9 rows.");
  const field = within(rare()).getByRole("spinbutton");
  await fireEvent.input(field, { target: { value: "40" } });
  expect(rare().textContent).toContain("3 labels have fewer: 43 rows.");
  await fireEvent.input(field, { target: { value: "2" } });
  expect(rare().textContent).toContain("1 label has fewer: 1 row.");

  await fireEvent.click(button(words.corrections.rare.apply));
  await waitFor(() => expect(names()).not.toContain("spam"));
  expect(editData).toHaveBeenCalledExactlyOnceWith(id, [{ kind: "ignoreRareLabels", fewerThan: 2 }]);
  expect(rare().textContent).toContain(words.corrections.rare.none);
  expect(button(words.corrections.rare.apply).hasAttribute("disabled")).toBe(true);
});

test("rare labels are put into one, called other unless the person says so", async () => {
  const { id, editData } = await show();
  await fireEvent.click(within(rare()).getByRole("radio", { name: words.corrections.rare.merge }));
  await fireEvent.click(button(words.corrections.rare.apply));
  await waitFor(() => expect(names()).toContain("other"));
  expect(editData).toHaveBeenCalledWith(id, [{ kind: "mergeRareLabels", fewerThan: 10, into: "other" }]);
  expect(screen.getByText("Merged labels with fewer than 10 examples into “other”")).toBeTruthy();

  await fireEvent.input(within(rare()).getByRole("spinbutton"), { target: { value: "60" } });
  const name = screen.getByLabelText(words.corrections.rare.name);
  await fireEvent.input(name, { target: { value: "delivery" } });
  expect(rare().textContent).toContain(words.corrections.rare.joins("delivery"));
  await fireEvent.input(name, { target: { value: " " } });
  expect(button(words.corrections.rare.apply).hasAttribute("disabled")).toBe(true);
});

test("in German the rare ones are called Sonstiges", async () => {
  setLanguage("de");
  const { id, editData } = await show();
  await fireEvent.click(within(rare()).getByRole("radio", { name: words.corrections.rare.merge }));
  await fireEvent.click(button(words.corrections.rare.apply));
  await waitFor(() => expect(editData).toHaveBeenCalledWith(id, [{ kind: "mergeRareLabels", fewerThan: 10, into: "Sonstiges" }]));
  const edit: DataEdit = { kind: "mergeRareLabels", fewerThan: 10, into: "Sonstiges" };
  expect(describeEdit(edit)).toBe("Labels mit weniger als 10 Beispielen zu „Sonstiges“ zusammengelegt");
});

test("a number that would leave fewer than two labels can't be applied", async () => {
  await show();
  await fireEvent.input(within(rare()).getByRole("spinbutton"), { target: { value: "90" } });
  expect(rare().textContent).toContain(words.corrections.rare.tooFew);
  expect(button(words.corrections.rare.apply).hasAttribute("disabled")).toBe(true);
  await fireEvent.click(within(rare()).getByRole("radio", { name: words.corrections.rare.merge }));
  expect(button(words.corrections.rare.apply).hasAttribute("disabled")).toBe(false);
});

test("what was taken back is made again by the button and by the keys", async () => {
  await show();
  expect(button(words.corrections.redo).hasAttribute("disabled")).toBe(true);
  await fireEvent.click(button(words.labels.ignoreNamed("spam")));
  await waitFor(() => expect(names()).not.toContain("spam"));
  for (const redo of [
    () => fireEvent.keyDown(window, { key: "Z", ctrlKey: true, shiftKey: true }),
    () => fireEvent.keyDown(window, { key: "y", ctrlKey: true }),
    () => fireEvent.click(button(words.corrections.redo)),
  ]) {
    await fireEvent.keyDown(window, { key: "z", ctrlKey: true });
    await waitFor(() => expect(names()).toContain("spam"));
    await redo();
    await waitFor(() => expect(names()).not.toContain("spam"));
  }
});

test("a list of changes is imported, and what does not fit is named with its reason", async () => {
  const { id, importEdits } = await show();
  await fireEvent.click(button(words.corrections.file.import));
  const note = await screen.findByTestId("imported");
  expect(importEdits).toHaveBeenCalledExactlyOnceWith(id, "/home/mara/Documents/customer-mails corrections.json");
  expect(note.textContent).toContain("1 change was made.");
  expect(note.textContent).toContain("1 change does not fit these labels and was left out:");
  expect(note.textContent).toContain("Ignored “newsletter” – There is no label \"newsletter\"");
  expect(names()).toContain("invoices");

  setLanguage("de");
  await waitFor(() => expect(note.textContent).toContain("Das Label „newsletter“ gibt es nicht; die 8 Labels heißen anders"));
  await fireEvent.click(within(note).getByRole("button", { name: words.corrections.file.close }));
  expect(screen.queryByTestId("imported")).toBeNull();
});

test("a file that is no list of changes is said so, and one that is not chosen changes nothing", async () => {
  const fault = { code: "editFile.otherJson", message: "The file a.json is JSON", hint: "Choose another.", details: null, values: { path: "a.json" } };
  const chooseEditsFile = vi.fn<Api["chooseEditsFile"]>().mockResolvedValueOnce(null).mockResolvedValue("/a.json");
  const importEdits = vi.fn<Api["importEdits"]>().mockRejectedValue(fault);
  await show({ chooseEditsFile, importEdits });
  await fireEvent.click(button(words.corrections.file.import));
  await waitFor(() => expect(button(words.corrections.file.import).hasAttribute("disabled")).toBe(false));
  expect(screen.queryByTestId("imported")).toBeNull();

  await fireEvent.click(button(words.corrections.file.import));
  await waitFor(() => expect(document.querySelector('[data-code="editFile.otherJson"]')).toBeTruthy());
});

test("the list of changes is exported once there is one", async () => {
  const { id, exportEdits } = await show();
  expect(button(words.corrections.file.export).hasAttribute("disabled")).toBe(true);
  await fireEvent.click(button(words.labels.ignoreNamed("spam")));
  await waitFor(() => expect(button(words.corrections.file.export).hasAttribute("disabled")).toBe(false));

  await fireEvent.click(button(words.corrections.file.export));
  expect(await screen.findByText("Written to /home/mara/Documents/mails corrections.json")).toBeTruthy();
  expect(exportEdits).toHaveBeenCalledExactlyOnceWith(id, null, "en");
});
