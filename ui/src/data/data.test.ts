import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { expect, test, vi } from "vitest";
import type { ColumnInfo, Project, TableRow } from "../api";
import { fakeApi } from "../api/fake";
import { words } from "../messages";
import { choicesOf, requestOf } from "./columns";
import Data from "./Data.svelte";
import { createRows, PAGE } from "./rows.svelte";

const columns: ColumnInfo[] = [
  { name: "id", role: "ignore", guessed: true, reason: null },
  { name: "message", role: "text", guessed: true, reason: null },
  { name: "topic", role: "label", guessed: false, reason: null },
];

test("what the person named stays named, and guesses may be made anew", () => {
  expect(requestOf(columns, "id", "text")).toEqual({ text: "id", textB: null, label: "topic", split: null });
});

test("a column can have one role only", () => {
  expect(requestOf(columns, "topic", "split")).toEqual({ text: null, textB: null, label: null, split: "topic" });
});

test("there is always a text and a label", () => {
  expect(choicesOf("text")).not.toContain("ignore");
  expect(choicesOf("split")).toContain("ignore");
});

test("rows are read in pages, and those that have scrolled by are not read at all", async () => {
  const waiting: (() => void)[] = [];
  const readRows = vi.fn(async (_id: string, first: number, count: number): Promise<TableRow[]> => {
    await new Promise<void>((answer) => waiting.push(answer));
    return Array.from({ length: count }, (_, i) => ({ line: first + i + 2, cells: [] }));
  });
  const rows = createRows(fakeApi({ readRows }), "p");
  rows.show(0, 20);
  // While the first page is on its way, the scroll bar is dragged over many others.
  for (let first = 1000; first <= 900_000; first += 1000) {
    rows.show(first, 20);
  }
  waiting.shift()?.();
  await vi.waitFor(() => expect(readRows).toHaveBeenCalledTimes(2));
  waiting.shift()?.();
  await vi.waitFor(() => expect(rows.at(900_000)?.line).toBe(900_002));

  expect(readRows.mock.calls).toEqual([
    ["p", 0, PAGE],
    ["p", 900_000, PAGE],
  ]);
  expect(rows.at(5)?.line).toBe(7);
  expect(rows.at(500)).toBeUndefined();
});

test("rows that can't be read can be tried again", async () => {
  const readRows = vi.fn().mockRejectedValueOnce("gone").mockResolvedValueOnce([{ line: 2, cells: ["a"] }]);
  const rows = createRows(fakeApi({ readRows }), "p");
  rows.show(0, 1);
  await vi.waitFor(() => expect(rows.error).toBe("gone"));

  rows.retry();
  await vi.waitFor(() => expect(rows.at(0)?.cells).toEqual(["a"]));
  expect(rows.error).toBeNull();
});

async function show(project: Partial<Project> = {}) {
  const api = fakeApi();
  const made = { ...(await api.createProject("/home/mara/mails.csv")), ...project };
  const setColumns = vi.fn(api.setColumns);
  const handlers = { onproject: vi.fn(), onnext: vi.fn() };
  const { rerender } = render(Data, { api: { ...api, setColumns }, project: made, ...handlers });
  handlers.onproject.mockImplementation((changed: Project) => void rerender({ project: changed }));
  return { project: made, setColumns, ...handlers };
}

test("shows the counts, the rows and how the file was read", async () => {
  await show();
  const table = screen.getByTestId("rows");
  await within(table).findByText("I was charged twice for March. Please refund one of them.");

  expect(table.getAttribute("aria-rowcount")).toBe("413");
  expect(document.body.textContent).toContain("412");
  expect(screen.getByText(words.data.separatedBy("commas"))).toBeTruthy();
  expect(screen.getByText(words.data.header)).toBeTruthy();
});

test("a guess is marked until the person has chosen", async () => {
  const { project, setColumns } = await show();
  expect(screen.getAllByText(words.data.guess)).toHaveLength(3);

  const select = screen.getByLabelText(words.data.roleOf("received"));
  await fireEvent.change(select, { target: { value: "text" } });
  await waitFor(() => expect(screen.getAllByText(words.data.guess)).toHaveLength(2));
  expect(setColumns).toHaveBeenCalledWith(project.id, { text: "received", textB: null, label: null, split: null });
});

test("repaired and skipped rows are named with their lines", async () => {
  await show();

  expect(screen.getByTestId("skipped").textContent).toContain("2 rows skipped");
  expect(screen.getByTestId("skipped").textContent).toContain("Line 203: It has 3 cells, but the header has 4");
  expect(screen.getByTestId("repaired").textContent).toContain("Line 17");
});

test("without labels there is no way on, and the reason is said", async () => {
  const obstacle = { code: "dataset.noLabelColumn", message: "No column looks like a label", hint: null, details: null };
  await show({ labels: [], ignoredLabels: [], obstacle });
  flushSync();

  expect(screen.getByRole("button", { name: words.data.next }).hasAttribute("disabled")).toBe(true);
  expect(screen.getByRole("alert").textContent).toContain("No column looks like a label");
});
