import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { expect, test, vi } from "vitest";
import type { Api, ColumnInfo, Dialect, LeftOutEdit, MappingRequest, Project, RowNote, TableRow } from "../api";
import { fakeApi, projectOf } from "../api/fake";
import { UNMARKED } from "../api/fake/projects";
import { setLanguage, words } from "../messages";
import { choicesOf, requestOf } from "./columns";
import { folder, show, workbook } from "./data-for-tests";
import { fieldsOf } from "./dialect";
import { describeFile, describeFormat, describeNote, describeNoted, describeReason, placeOf } from "./notes";
import { createRows, PAGE } from "./rows.svelte";

const columns: ColumnInfo[] = [
  { name: "id", role: "ignore", guessed: true, reason: null },
  { name: "message", role: "text", guessed: true, reason: null },
  { name: "topic", role: "label", guessed: false, reason: null },
];

const request: MappingRequest = { text: null, textB: null, label: "topic", split: null };

test("what the person named stays named, and guesses may be made anew", () => {
  expect(requestOf(request, columns, "id", "text")).toEqual({ text: "id", textB: null, label: "topic", split: null });
});

test("a column can have one role only", () => {
  expect(requestOf(request, columns, "topic", "split")).toEqual({ text: null, textB: null, label: null, split: "topic" });
});

test("a second text or a split that is not wanted stays away, guessed or not", () => {
  const pair: ColumnInfo = { name: "reply", role: "textB", guessed: true, reason: null };
  const declined = requestOf(request, [...columns, pair], "reply", "ignore");
  expect(declined).toEqual({ ...request, textB: false });
  expect(requestOf(declined, columns, "id", "text"), "and after other choices").toEqual({ ...declined, text: "id" });

  const part: ColumnInfo = { name: "part", role: "split", guessed: false, reason: null };
  expect(requestOf({ ...request, split: "part" }, [...columns, part], "part", "ignore").split).toBe(false);
  expect(requestOf(declined, [...columns, pair], "reply", "textB").textB).toBe("reply");
});

test("how labels are written stays said until they stand in another column", () => {
  const said: MappingRequest = { ...request, labelSeparator: ";", task: "multi" };
  expect(requestOf(said, columns, "id", "text")).toEqual({ ...said, text: "id" });
  expect(requestOf(said, columns, "id", "label")).toEqual({ ...request, label: "id" });
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

test("what is forgotten is read anew, and a page of the old rows that comes late is not kept", async () => {
  const waiting: ((rows: TableRow[]) => void)[] = [];
  const readRows = () => new Promise<TableRow[]>((answer) => waiting.push(answer));
  const rows = createRows(fakeApi({ readRows }), "p");
  rows.show(0, 1);
  rows.forget();
  waiting[0]?.([{ line: 2, cells: ["old"] }]);
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  waiting[1]?.([{ line: 2, cells: ["new"] }]);
  await vi.waitFor(() => expect(rows.at(0)?.cells).toEqual(["new"]));
});

test("the format is named, and what it was packed in", () => {
  const text: Dialect = { ...UNMARKED, format: { kind: "delimited" } };
  expect(describeFormat(text)).toBeNull();
  expect(describeFormat({ ...text, archive: { kind: "gzip" } })).toBe("Text, packed with gzip");
  expect(describeFormat({ ...workbook, archive: { kind: "zip", file: "a/b.xlsx" } })).toBe(
    "Excel workbook, from a/b.xlsx in the ZIP archive",
  );
  expect(describeFormat(folder)).toBe("Folder with 1,200 text files");
  expect(describeFormat({ ...UNMARKED, format: { kind: "parquet", namedColumns: ["label"] } })).toContain("label");
  expect(describeFormat({ ...UNMARKED, format: { kind: "parquet", namedColumns: [] } })).toBe("Parquet");
});

test("rows and reasons are told in the person's language, and unknown ones as the engine says", () => {
  const note: RowNote = { line: 3, reason: "in English", faults: [{ code: "noText", column: "body" }] };
  setLanguage("de");
  expect(describeNote(note)).toBe("In „body“ steht kein Text");
  expect(describeReason({ code: "listedLabels", separator: "|", nJoined: 801, nRows: 5000, nLabels: 28, message: "" })).toContain(
    "|",
  );
  expect(describeReason({ code: "fewValues", nValues: 5, nRows: 5000, message: "" })).toBe(
    "Die Spalte hat 5 verschiedene Werte in 5.000 Zeilen.",
  );
  setLanguage("en");
  expect(describeNote({ ...note, faults: [] })).toBe("in English");
  const unknown = [{ code: "fromTheFuture" }] as unknown as RowNote["faults"];
  expect(describeNote({ ...note, faults: unknown })).toBe("in English");
});

test("a number counts lines only where rows have lines, and a file with a name needs no number", () => {
  const formats: Dialect["format"][] = [
    { kind: "delimited" },
    { kind: "jsonLines" },
    { kind: "json" },
    { kind: "parquet", namedColumns: [] },
  ];
  const places = [...formats.map((format) => ({ ...UNMARKED, format })), workbook, folder].map(placeOf);
  expect(places).toEqual(["line", "line", "row", "row", "row", "file"]);

  const note: RowNote = { line: 1203, reason: "", faults: [{ code: "noText", column: "text" }] };
  expect(describeNoted("line", note)).toBe("Line 1,203: There is no text in “text”");
  expect(describeNoted("row", note)).toBe("Row 1,203: There is no text in “text”");
  const broken: RowNote = { ...note, faults: [{ code: "noTextFile", file: "good/1.txt" }] };
  expect(describeNoted("file", broken)).toBe("good/1.txt is not a text file");
  setLanguage("de");
  expect(describeNoted("file", note)).toBe("Datei 1.203: In „text“ steht kein Text");
  expect(describeNoted("row", note)).toContain("Zeile 1.203");
  expect(describeNoted("line", note, "Zeile 3 von test.csv")).toContain("Zeile 1.203 (Zeile 3 von test.csv):");
  setLanguage("en");
});

test("lines of several files are counted on, and say in which file they are", async () => {
  const files = [
    { name: "train.csv", part: "train", firstLine: 1 },
    { name: "test.csv", part: "test", firstLine: 10 },
  ];
  const dialect: Dialect = { ...UNMARKED, format: { kind: "parts", files } };
  expect(describeFile(dialect.format, 9)).toBe("line 9 of train.csv");
  expect(describeFile(dialect.format, 10)).toBe("line 1 of test.csv");
  expect(describeFile({ kind: "json" }, 10)).toBeNull();
  expect(describeFormat(dialect)).toBe("Files with their parts: train.csv (train), test.csv (test)");
  expect(fieldsOf(dialect)).toEqual({ usual: [], more: [] });
  expect(placeOf(dialect)).toBe("line");

  await show({ dialect, detected: dialect });
  expect(screen.getByTestId("repaired").textContent).toContain("Line 17 (line 8 of test.csv)");
});

test("the numbers of a workbook are rows, in the table and in the notes", async () => {
  await show({ dialect: workbook, detected: workbook });

  expect(within(screen.getByTestId("rows")).getByText("Row")).toBeTruthy();
  expect(screen.getByTestId("repaired").textContent).toContain("Row 17");
});

test("shows the counts, the rows and how the file was read", async () => {
  await show();
  const table = screen.getByTestId("rows");
  await within(table).findByText("I was charged twice for March. Please refund one of them.");

  expect(table.getAttribute("aria-rowcount")).toBe("413");
  expect(document.body.textContent).toContain("412");
  const delimiter = screen.getByLabelText<HTMLSelectElement>(words.data.delimiterField);
  expect(delimiter.selectedOptions[0]?.textContent).toBe(words.data.detected(words.data.delimiter.comma));
  expect(screen.getByLabelText<HTMLSelectElement>(words.data.headerField).value).toBe("true");
});

test("a guess is marked until the person has chosen", async () => {
  const { project, setColumns } = await show();
  expect(screen.getAllByText(words.data.guess)).toHaveLength(3);

  const select = screen.getByLabelText(words.data.roleOf("received"));
  await fireEvent.change(select, { target: { value: "text" } });
  await waitFor(() => expect(screen.getAllByText(words.data.guess)).toHaveLength(2));
  expect(setColumns).toHaveBeenCalledWith(project.id, { text: "received", textB: null, label: null, split: null });
});

test("how many labels a text has can be said", async () => {
  const { project, setColumns } = await show({ task: "multi" });
  const select = screen.getByLabelText<HTMLSelectElement>(words.data.taskField);
  expect(select.selectedOptions[0]?.textContent).toBe(words.data.task.multi);

  await fireEvent.change(select, { target: { value: "single" } });
  expect(setColumns).toHaveBeenCalledWith(project.id, { ...project.columnRequest, task: "single" });
});

const lostSpam: LeftOutEdit = {
  number: 2,
  edit: { kind: "ignoreLabel", label: "spam" },
  reason: { code: "edits.unknownLabel", message: "There is no label \"spam\"", hint: null, details: null, values: {} },
};

test("a newer version of the file is taken, and what does not fit any more can be saved", async () => {
  const fake = fakeApi();
  const replaceFile = vi.fn<Api["replaceFile"]>(async (id) => {
    const project = await projectOf(fake, id);
    const edits: Project["edits"] = [{ kind: "dropDuplicates" }];
    return { project: { ...project, id, edits, sourceFile: "mails 2.csv" }, dropped: { dialect: true, columns: ["topic"], edits: [lostSpam] } };
  });
  const exportEdits = vi.fn<Api["exportEdits"]>(async () => null);
  const chooseDataFile = vi.fn<Api["chooseDataFile"]>().mockResolvedValueOnce(null).mockResolvedValue("/mails 2.csv");
  const { project } = await show({}, { replaceFile, exportEdits, chooseDataFile });
  const button = () => screen.getByRole("button", { name: words.corrections.newer.choose });
  await fireEvent.click(button());
  await waitFor(() => expect(button().hasAttribute("disabled")).toBe(false));
  expect(replaceFile, "no file was chosen").not.toHaveBeenCalled();

  await fireEvent.click(button());
  const note = await screen.findByTestId("dropped");
  expect(replaceFile).toHaveBeenCalledExactlyOnceWith(project.id, "/mails 2.csv");
  for (const told of [
    words.corrections.newer.taken("mails 2.csv"),
    words.corrections.newer.made("1", true),
    words.corrections.newer.dialect,
    words.corrections.newer.columns("topic"),
    "Ignored “spam” – There is no label \"spam\"",
  ]) {
    expect(note.textContent).toContain(told);
  }
  await fireEvent.click(within(note).getByRole("button", { name: words.corrections.newer.save }));
  expect(exportEdits).toHaveBeenCalledExactlyOnceWith(project.id, [lostSpam.edit], "en");
  expect(screen.getByTestId("dropped"), "the note stays").toBeTruthy();
});

test("a newer file that can't be read is said so, and all stays", async () => {
  const fault = { code: "table.empty", message: "The file a.csv is empty", hint: null, details: null, values: {} };
  const replaceFile = vi.fn<Api["replaceFile"]>().mockRejectedValue(fault);
  const { onproject } = await show({}, { replaceFile });
  await fireEvent.click(screen.getByRole("button", { name: words.corrections.newer.choose }));
  expect((await screen.findByRole("alert")).textContent).toContain("The file a.csv is empty");
  expect(onproject).not.toHaveBeenCalled();
});

test("what another reading costs is said", async () => {
  const fake = fakeApi();
  const setDialect: Api["setDialect"] = async (id) => ({
    project: await projectOf(fake, id),
    dropped: { dialect: false, columns: ["topic"], edits: [lostSpam] },
  });
  await show({}, { setDialect });
  await fireEvent.change(screen.getByLabelText(words.data.encodingField), { target: { value: "windows-1252" } });

  const note = await screen.findByTestId("dropped");
  expect(note.textContent).toContain("topic");
  expect(note.textContent).toContain("Ignored “spam”");
  await fireEvent.click(within(note).getByRole("button", { name: words.data.understood }));
  expect(screen.queryByTestId("dropped")).toBeNull();
});

test("repaired and skipped rows are named with their lines", async () => {
  await show();

  expect(screen.getByTestId("skipped").textContent).toContain("2 rows skipped");
  expect(screen.getByTestId("skipped").textContent).toContain("Line 203: It has 5 cells, but the header has 4");
  expect(screen.getByTestId("repaired").textContent).toContain("Line 17");
});

test("of many skipped rows more are shown on request, to the last one", async () => {
  const note = (line: number): RowNote => ({ line, reason: "", faults: [{ code: "noText", column: "message" }] });
  const all = Array.from({ length: 730 }, (_, i) => note(i + 2));
  const readNotes = vi.fn<Api["readNotes"]>(async (_id, _rows, first, count) => all.slice(first, first + count));
  const { project } = await show({ skipped: all.slice(0, 200), nSkipped: 730 }, { readNotes });
  const list = within(screen.getByTestId("skipped"));
  expect(list.getAllByRole("listitem", { hidden: true })).toHaveLength(200);

  const press = (n: string) => fireEvent.click(list.getByText(words.data.showMoreNotes(n)));
  await press("500");
  await waitFor(() => expect(list.getAllByRole("listitem", { hidden: true })).toHaveLength(700));
  await press("30");
  await waitFor(() => expect(list.getAllByRole("listitem", { hidden: true })).toHaveLength(730));
  expect(readNotes.mock.calls).toEqual([
    [project.id, "skipped", 200, 500],
    [project.id, "skipped", 700, 500],
  ]);
  expect(list.queryByRole("button", { hidden: true })).toBeNull();
});

test("without labels there is no way on, and the reason is said", async () => {
  const obstacle = { code: "dataset.noLabelColumn", message: "No column looks like a label", hint: null, details: null, values: {} };
  await show({ labels: [], ignoredLabels: [], obstacle });
  flushSync();

  expect(screen.getByRole("button", { name: words.data.next }).hasAttribute("disabled")).toBe(true);
  expect(screen.getByRole("alert").textContent).toContain("No column looks like a label");
});
