import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import type { DataEdit, Project } from "../api";
import { fakeApi } from "../api/fake";
import { words } from "../messages";
import { describeEdit, describeFix, renaming } from "./edits";
import Labels from "./Labels.svelte";

async function show() {
  const api = fakeApi();
  const project = await api.createProject("/home/mara/mails.csv");
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
])("%o is told as %s", (edit, told) => {
  expect(describeEdit(edit)).toBe(told);
});

test("a fix of several edits is told by their number, and one that is not known by its own words", () => {
  const ignore = (label: string): DataEdit => ({ kind: "ignoreLabel", label });

  expect(describeFix({ label: "x", edits: [ignore("a")] })).toBe("Ignore “a”");
  expect(describeFix({ label: "x", edits: [ignore("a"), ignore("b")] })).toBe("Ignore these 2 labels");
  expect(describeFix({ label: "Do both", edits: [ignore("a"), { kind: "dropConflicts" }] })).toBe("Do both");
});

test("a name that is empty or the same changes nothing", () => {
  expect(renaming("a", "  ")).toBeNull();
  expect(renaming("a", " a ")).toBeNull();
  expect(renaming("a", "b")).toEqual({ kind: "renameLabel", from: "a", to: "b" });
});
