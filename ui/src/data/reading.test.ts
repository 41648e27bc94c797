import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import type { Api, Dialect } from "../api";
import { fakeApi } from "../api/fake";
import { UNMARKED } from "../api/fake/projects";
import { setLanguage, words } from "../messages";
import { folder, show, workbook } from "./data-for-tests";
import {
  AS_DETECTED,
  choicesFor,
  delimiterOf,
  delimiterOption,
  type DialectField,
  fieldsOf,
  isSet,
  readTyped,
  requestWith,
  requestWithout,
  valueOf,
} from "./dialect";
import { reasonFor } from "./evidence";
import { valueInWords } from "./reading-words";

test("an option says none, a character or a name, and unusual ones are kept", () => {
  const format = { kind: "delimited" } as const;
  const dialect: Dialect = { ...UNMARKED, format, encoding: "EUC-JP", delimiter: "~", headerRow: 12 };
  expect(choicesFor("encoding", dialect).at(-1)).toBe("EUC-JP");
  expect(choicesFor("delimiter", dialect)).toEqual([",", ";", "\t", "|", " ", "any: ", "", "~"]);
  expect(valueOf(dialect, "quote")).toBe("");
  expect(requestWith(AS_DETECTED, "quote", "")).toEqual({ ...AS_DETECTED, quote: false });
  expect(requestWith(AS_DETECTED, "delimiter", ";")).toEqual({ ...AS_DETECTED, delimiter: ";" });
  expect(requestWith(AS_DETECTED, "escape", "\\")).toEqual({ ...AS_DETECTED, escape: "\\" });
  expect(requestWith(AS_DETECTED, "hasHeader", "false")).toEqual({ ...AS_DETECTED, hasHeader: false });
  const withRow = requestWith({ ...AS_DETECTED, hasHeader: true }, "headerRow", "3");
  expect(withRow).toEqual({ ...AS_DETECTED, headerRow: 3 });
  expect(requestWith(withRow, "hasHeader", "false")).toEqual({ ...AS_DETECTED, hasHeader: false });
  expect(valueOf(dialect, "headerRow")).toBe("12");
  const { usual, more } = fieldsOf(dialect);
  expect(usual).toEqual(["delimiter", "quote", "hasHeader", "encoding"]);
  expect(more).toEqual(["headerRow", "skipLines", "comment", "escape"]);
});

test("whatever the command line can say, the window can ask for", () => {
  const said: Record<DialectField, string> = {
    encoding: "UTF-16LE",
    delimiter: "any: ",
    quote: "'",
    escape: "\\",
    hasHeader: "false",
    headerRow: "4",
    skipLines: "3",
    comment: "//",
    sheet: "May",
  };
  const asked = (field: DialectField) => requestWith(AS_DETECTED, field, said[field]);
  expect(asked("delimiter")).toEqual({ ...AS_DETECTED, delimiter: " ", runs: "any" });
  expect(requestWith(asked("delimiter"), "delimiter", " "), "a single space").toEqual({ ...AS_DETECTED, delimiter: " ", runs: "each" });
  expect(requestWith(asked("delimiter"), "delimiter", ";"), "no runs any more").toEqual({ ...AS_DETECTED, delimiter: ";" });
  expect(asked("comment")).toEqual({ ...AS_DETECTED, comment: "//" });
  expect(requestWith(AS_DETECTED, "comment", "")).toEqual({ ...AS_DETECTED, comment: false });
  expect(requestWith(asked("skipLines"), "headerRow", "4"), "one says where the other begins").toEqual(asked("headerRow"));
  expect(requestWith(asked("headerRow"), "skipLines", "3")).toEqual({ ...AS_DETECTED, skipLines: 3 });
  for (const field of Object.keys(said) as DialectField[]) {
    expect(isSet(AS_DETECTED, field), field).toBe(false);
    expect(isSet(asked(field), field), field).toBe(true);
    expect(requestWithout(asked(field), field), field).toEqual(AS_DETECTED);
  }
});

test("a delimiter and its runs are one option, whatever the character is", () => {
  for (const mark of [",", " ", ":", "a", "\u{1F}", "𝄞"]) {
    for (const runs of ["each", "any", "twoOrMore"] as const) {
      expect(delimiterOf(delimiterOption({ mark, runs }))).toEqual({ mark, runs });
    }
  }
  expect(delimiterOf("")).toEqual({ mark: "", runs: "each" });
});

test("a character that is typed in is one character, a number a line that there can be", () => {
  expect(readTyped("delimiter", "¦")).toBe("¦");
  expect(readTyped("delimiter", "𝄞")).toBe("𝄞");
  expect(readTyped("delimiter", "\\t")).toBe("\t");
  expect(readTyped("quote", " ")).toBe(" ");
  for (const wrong of ["", "::", "comma"]) {
    expect(readTyped("delimiter", wrong), wrong).toBeNull();
  }
  expect(readTyped("comment", " // ")).toBe("//");
  expect(readTyped("comment", " ")).toBeNull();
  expect(readTyped("headerRow", "12")).toBe("12");
  expect(readTyped("skipLines", "0")).toBe("0");
  for (const wrong of ["", "0", "-1", "1.5", "x"]) {
    expect(readTyped("headerRow", wrong), wrong).toBeNull();
  }
  expect(readTyped("hasHeader", "true")).toBeNull();
});

test("delimiters have names, and one that nobody can see has its number", () => {
  const names = [",", "\t", " ", "any: ", "twoOrMore: ", "any:\t", "", "~", "\u{1F}", "\u{A0}"];
  expect(names.map((name) => valueInWords("delimiter", name))).toEqual([
    "Comma",
    "Tab",
    "One space",
    "Runs of spaces",
    "Two spaces or more",
    "Tab, several count as one",
    "Nothing, one text per line",
    "The character ~",
    "The character U+001F",
    "The character U+00A0",
  ]);
});

test("each decision is told with its reason, in the person's language", () => {
  const dialect: Dialect = {
    ...UNMARKED,
    format: { kind: "delimited" },
    encoding: "windows-1252",
    delimiter: " ",
    runs: "twoOrMore",
    nLinesAbove: 3,
    comment: "#",
    evidence: {
      encoding: { code: "letters" },
      delimiter: { code: "rows", nRows: 1000, nEqual: 998, nCells: 2 },
      quote: { code: "usual" },
      escape: { code: "fewerFaults", nWithout: 7, nWith: 0 },
      header: { code: "comesBack", value: "good" },
      above: { code: "fewerCells", nLines: 3 },
      comment: { code: "noRows", nLines: 2 },
    },
  };
  const fields: DialectField[] = ["delimiter", "hasHeader", "skipLines", "quote", "escape", "comment", "encoding", "headerRow"];
  expect(fields.map((field) => reasonFor(field, dialect))).toEqual([
    "With this separator, 998 of the first 1,000 rows have 2 cells. Only two or more in a row separate.",
    "“good” comes back below, so the first row is a row like the others.",
    "They have fewer cells than the names below them.",
    "It is the usual one, and the first rows have none.",
    "With the backslash 0 of the first rows do not add up, without it 7.",
    "Lines that begin with # are no rows, so they are taken as comments.",
    "As windows-1252 the letters make the likeliest words.",
    "No line holds names.",
  ]);
  const plain = { ...dialect, headerRow: 1, nLinesAbove: 0, comment: null };
  const evidence = { ...dialect.evidence, above: null, comment: null, escape: null };
  expect(["headerRow", "skipLines", "comment", "escape"].map((field) => reasonFor(field as DialectField, { ...plain, evidence }))).toEqual([
    "The table begins on top.",
    "The table begins on top.",
    "No line looks like a comment.",
    "No row adds up better with a backslash.",
  ]);
  setLanguage("de");
  expect(reasonFor("quote", { ...dialect, evidence: { ...evidence, quote: { code: "partOfText" } } })).toContain("Anführungszeichen");
  setLanguage("en");
});

test("what older versions decided has no reason", () => {
  const dialect: Dialect = { ...UNMARKED, format: { kind: "delimited" }, delimiter: ",", headerRow: 1 };
  const { usual, more } = fieldsOf(dialect);
  expect([...usual, ...more].map((field) => reasonFor(field, dialect)).filter((reason) => reason !== null)).toEqual([]);
});

test("every format has its own choices", () => {
  expect(fieldsOf(workbook)).toEqual({ usual: ["sheet", "hasHeader"], more: [] });
  expect(choicesFor("sheet", workbook, workbook)).toEqual(["April", "May"]);
  expect(valueOf(workbook, "sheet")).toBe("May");
  expect(requestWith(AS_DETECTED, "sheet", "April")).toEqual({ ...AS_DETECTED, sheet: "April" });
  expect(fieldsOf({ ...UNMARKED, format: { kind: "jsonLines" } })).toEqual({ usual: ["encoding"], more: [] });
  expect(fieldsOf(folder)).toEqual({ usual: [], more: [] });
});

test("another delimiter is asked for, and detecting again brings the first one back", async () => {
  const { project, setDialect } = await show();
  const delimiter = () => screen.getByLabelText<HTMLSelectElement>(words.data.delimiterField);
  expect(screen.queryByRole("button", { name: words.data.detectAgain })).toBeNull();

  await fireEvent.change(delimiter(), { target: { value: ";" } });
  const again = await screen.findByRole("button", { name: words.data.detectAgain });
  expect(setDialect).toHaveBeenCalledWith(project.id, { ...AS_DETECTED, delimiter: ";" });
  expect(delimiter().value).toBe(";");
  await fireEvent.click(again);
  await waitFor(() => expect(delimiter().value).toBe(","));
  expect(setDialect).toHaveBeenLastCalledWith(project.id, AS_DETECTED);
});

test("each fact stands with its reason, and what was set is marked, with what was detected and a way back", async () => {
  const { project, setDialect } = await show();
  const quote = () => screen.getByLabelText<HTMLSelectElement>(words.data.quoteField);
  const told = () => {
    const ids = quote().getAttribute("aria-describedby")?.split(" ") ?? [];
    return ids.map((id) => document.getElementById(id)?.textContent);
  };
  expect(told()).toEqual(["Quotation marks stand around 37 cells."]);
  expect(screen.queryByRole("button", { name: words.data.detectField(words.data.quoteField) })).toBeNull();

  await fireEvent.change(quote(), { target: { value: "" } });
  const back = await screen.findByRole("button", { name: words.data.detectField(words.data.quoteField) });
  expect(setDialect).toHaveBeenCalledWith(project.id, { ...AS_DETECTED, quote: false });
  expect(told()).toEqual([words.data.setByYou, 'Detected: Double marks ". Quotation marks stand around 37 cells.']);

  await fireEvent.click(back);
  await waitFor(() => expect(told()).toEqual(["Quotation marks stand around 37 cells."]));
  expect(setDialect).toHaveBeenLastCalledWith(project.id, AS_DETECTED);
});

test("one field goes back to what is detected, the others stay as they were set", async () => {
  const { project, setDialect } = await show();
  await fireEvent.change(screen.getByLabelText(words.data.quoteField), { target: { value: "'" } });
  await screen.findByRole("button", { name: words.data.detectField(words.data.quoteField) });
  await fireEvent.change(screen.getByLabelText(words.data.delimiterField), { target: { value: "any: " } });
  await fireEvent.click(await screen.findByRole("button", { name: words.data.detectField(words.data.delimiterField) }));
  await waitFor(() => expect(setDialect).toHaveBeenLastCalledWith(project.id, { ...AS_DETECTED, quote: "'" }));
});

test("any character can be typed as the delimiter, and a wrong one says what is wrong", async () => {
  const { project, setDialect } = await show();
  const select = screen.getByLabelText<HTMLSelectElement>(words.data.delimiterField);
  await fireEvent.change(select, { target: { value: [...select.options].at(-1)?.value } });
  const field = screen.getByLabelText<HTMLInputElement>(words.data.typing.field(words.data.delimiterField));
  expect(document.activeElement).toBe(field);

  await fireEvent.input(field, { target: { value: "::" } });
  await fireEvent.keyDown(field, { key: "Enter" });
  expect(screen.getByRole("alert").textContent).toBe(words.data.typing.badCharacter);
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(setDialect).not.toHaveBeenCalled();

  await fireEvent.input(field, { target: { value: "~" } });
  await fireEvent.keyDown(field, { key: "Enter" });
  expect(setDialect).toHaveBeenCalledExactlyOnceWith(project.id, { ...AS_DETECTED, delimiter: "~" });
  await waitFor(() => expect(select.selectedOptions[0]?.textContent).toBe("The character ~"));
  expect(screen.queryByRole("alert")).toBeNull();
});

test("who does not want to type after all leaves the field with Escape", async () => {
  const { setDialect } = await show();
  const select = screen.getByLabelText<HTMLSelectElement>(words.data.encodingField);
  await fireEvent.change(select, { target: { value: [...select.options].at(-1)?.value } });
  const field = screen.getByLabelText(words.data.typing.field(words.data.encodingField));
  await fireEvent.keyDown(field, { key: "Escape" });
  expect(select.value).toBe("UTF-8");
  expect(screen.queryByLabelText(words.data.typing.field(words.data.encodingField))).toBeNull();
  expect(setDialect).not.toHaveBeenCalled();
});

test("the rest is folded away until something in it is set", async () => {
  const { project, setDialect } = await show();
  const more = () => screen.getByText(words.data.moreReading).closest("details");
  expect(more()?.open).toBe(false);
  const lines = screen.getByLabelText<HTMLInputElement>(words.data.skipLinesField);
  expect(lines.value).toBe("0");
  await fireEvent.change(lines, { target: { value: "2" } });
  await waitFor(() => expect(more()?.textContent).toContain(words.data.nSet("1")));
  expect(more()?.open).toBe(true);
  expect(setDialect).toHaveBeenCalledWith(project.id, { ...AS_DETECTED, skipLines: 2 });

  const names = screen.getByLabelText<HTMLInputElement>(words.data.headerRowField);
  await fireEvent.change(names, { target: { value: "0" } });
  expect(screen.getByRole("alert").textContent).toBe(words.data.typing.badNumber("1"));
  await fireEvent.change(names, { target: { value: "4" } });
  await waitFor(() => expect(setDialect).toHaveBeenLastCalledWith(project.id, { ...AS_DETECTED, headerRow: 4 }));
});

test("while one field is asked for, the others say what they are and not what they once were", async () => {
  const fake = fakeApi();
  let answer: () => void = () => {};
  const setDialect = vi.fn<Api["setDialect"]>(async (id, request) => {
    if (request.encoding !== null) {
      await new Promise<void>((resolve) => (answer = resolve));
    }
    return fake.setDialect(id, request);
  });
  await show({}, { setDialect, createProject: fake.createProject });
  const quote = () => screen.getByLabelText<HTMLSelectElement>(words.data.quoteField);
  await fireEvent.change(quote(), { target: { value: "'" } });
  await fireEvent.click(await screen.findByRole("button", { name: words.data.detectField(words.data.quoteField) }));
  await waitFor(() => expect(quote().value).toBe('"'));

  const encoding = screen.getByLabelText<HTMLSelectElement>(words.data.encodingField);
  await fireEvent.change(encoding, { target: { value: "Big5" } });
  expect([encoding.disabled, encoding.value, quote().value]).toEqual([true, "Big5", '"']);
  answer();
  await waitFor(() => expect(encoding.disabled).toBe(false));
  expect(encoding.value).toBe("Big5");
});

test("a reading that is refused leaves the field as it was", async () => {
  const fault = { code: "table.unknownEncoding", message: "There is no encoding klingon", hint: null, details: null, values: {} };
  await show({}, { setDialect: vi.fn<Api["setDialect"]>().mockRejectedValue(fault) });
  const select = screen.getByLabelText<HTMLSelectElement>(words.data.encodingField);
  await fireEvent.change(select, { target: { value: "Big5" } });
  expect((await screen.findByRole("alert")).textContent).toContain("klingon");
  expect(select.value).toBe("UTF-8");
});

test("without a copy of the file it can't be read in another way", async () => {
  await show({ canReadAgain: false });
  expect(screen.getByLabelText(words.data.quoteField).hasAttribute("disabled")).toBe(true);
  expect(screen.getByRole("group", { name: words.data.readAs }).title).toBe(words.data.noCopy);
});

test("another sheet of a workbook can be chosen", async () => {
  const { project, setDialect } = await show({ dialect: workbook, detected: workbook });
  const sheet = screen.getByLabelText<HTMLSelectElement>(words.data.sheetField);
  expect(sheet.selectedOptions[0]?.textContent).toBe(words.data.detected("May"));
  expect(screen.queryByLabelText(words.data.delimiterField)).toBeNull();
  expect(document.body.textContent).toContain(words.data.format.xlsx);

  await fireEvent.change(sheet, { target: { value: "April" } });
  expect(setDialect).toHaveBeenCalledWith(project.id, { ...AS_DETECTED, sheet: "April" });
});

test("of a folder there is nothing to choose and nothing to excuse", async () => {
  await show({ dialect: folder, detected: folder, canReadAgain: false });
  expect(screen.queryByRole("group", { name: words.data.readAs })).toBeNull();
  expect(document.body.textContent).toContain("Folder with 1,200 text files");
});
