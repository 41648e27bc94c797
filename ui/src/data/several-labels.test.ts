import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import type { ColumnInfo, ColumnReason, ColumnRole, MappingRequest, Project } from "../api";
import { setLanguage, words } from "../messages";
import { choicesOf, requestOf, withoutSeparator, withSeparator } from "./columns";
import { show } from "./data-for-tests";
import { readSeparator, separatorInWords, separatorReason, separatorsFor, taskReason } from "./label-writing";

afterEach(() => setLanguage("en"));

const GUESS: MappingRequest = { text: null, textB: null, label: null, split: null };

const column = (name: string, role: ColumnRole): ColumnInfo => ({ name, role, guessed: true, reason: null });

const plain = [column("message", "text"), column("topic", "label"), column("anger", "ignore"), column("joy", "ignore")];
const marked = [column("message", "text"), column("topic", "ignore"), column("anger", "ownLabel"), column("joy", "ownLabel")];

test("a column becomes a label of its own, beside those that are, in the order of the file", () => {
  const first = requestOf({ ...GUESS, label: "topic", labelSeparator: ";" }, plain, "joy", "ownLabel");
  expect(first, "and the column of labels is none any more").toEqual({ ...GUESS, labels: ["joy"] });
  const one = plain.map((info) => (info.name === "joy" ? column("joy", "ownLabel") : info));
  expect(requestOf({ ...first, task: "multi" }, one, "anger", "ownLabel")).toEqual({ ...first, labels: ["anger", "joy"], task: "multi" });
  expect(requestOf(GUESS, plain, "topic", "ownLabel"), "also the column of labels").toEqual({ ...GUESS, labels: ["topic"] });
});

test("a label of its own that gets another role leaves the others, guessed or not", () => {
  expect(requestOf(GUESS, marked, "anger", "ignore")).toEqual({ ...GUESS, labels: ["joy"] });
  const said: MappingRequest = { ...GUESS, labels: ["anger", "joy"], task: "multi" };
  expect(requestOf(said, marked, "joy", "split")).toEqual({ ...GUESS, split: "joy", labels: ["anger"], task: "multi" });
  expect(requestOf(said, marked, "topic", "split"), "what has nothing to do with labels").toEqual({ ...said, split: "topic" });
  expect(requestOf(GUESS, marked, "topic", "split")).toEqual({ ...GUESS, split: "topic" });
});

test("a column of labels takes the place of labels of their own", () => {
  expect(requestOf({ ...GUESS, labels: ["anger", "joy"], task: "multi" }, marked, "topic", "label")).toEqual({ ...GUESS, label: "topic" });
  expect(requestOf(GUESS, marked, "joy", "label")).toEqual({ ...GUESS, label: "joy" });
});

test("of the labels of their own one is left", () => {
  expect(choicesOf("ownLabel", 2)).toContain("ignore");
  expect(choicesOf("ownLabel", 1)).not.toContain("ignore");
  expect(choicesOf("ignore")).toContain("ownLabel");
});

test("what stands between labels says whether a text has several, so that both can't contradict", () => {
  const said: MappingRequest = { ...GUESS, label: "topic", task: "single" };
  expect(withSeparator(said, "|")).toEqual({ ...GUESS, label: "topic", labelSeparator: "|" });
  expect(withoutSeparator(withSeparator(said, false))).toEqual({ ...GUESS, label: "topic" });
});

test("a separator that is typed may be of several letters; spaces around it don't count", () => {
  expect([" / ", "; ", " ", ""].map(readSeparator)).toEqual(["/", ";", " ", null]);
});

const listed: ColumnReason = { code: "listedLabels", separator: ";", nJoined: 801, nRows: 5000, nLabels: 28, message: "" };
const found = { separator: ";", detected: ";", reason: listed };
const WHY = "801 of 5,000 cells hold several of 28 labels, with “;” between them.";

test("the separator is told with what speaks for it, or with what the person said instead", () => {
  const told = (labelCells: Project["labelCells"], said: Partial<MappingRequest> = {}) =>
    separatorReason({ columnRequest: { ...GUESS, ...said }, ...(labelCells && { labelCells }) });
  expect(told(found)).toBe(WHY);
  expect(told({ ...found, separator: null }, { labelSeparator: false })).toBe(`Detected: Semicolon. ${WHY}`);
  expect(told({ ...found, separator: null }, { task: "single" })).toBe(words.data.separator.bySingle);
  const none = { separator: null, detected: null, reason: null };
  expect(told(none)).toBe(words.data.separator.noLists);
  expect(told({ ...none, separator: "," }, { task: "multi" })).toBe(words.data.separator.likeliest);
  expect(told({ ...none, separator: "/" }, { labelSeparator: "/" })).toBe(
    "Detected: Nothing, one label per text. The cells don’t look like lists.",
  );
  setLanguage("de");
  expect(told(none)).toBe("Die Zellen sehen nicht wie Listen aus.");
});

test("separators have names, and unusual ones stay in the list", () => {
  expect(["", ";", "[]", " ", "/"].map(separatorInWords)).toEqual([
    "Nothing, one label per text",
    "Semicolon",
    "A list in brackets",
    "A space",
    "“/”",
  ]);
  expect(separatorsFor({ columnRequest: GUESS, labelCells: { ...found, separator: "/" } })).toEqual(["", ";", ",", "|", "[]", "/"]);
});

test("whether a text has several labels is told with its reason, unless the person said it", () => {
  expect(taskReason({ task: "multi", columnRequest: GUESS, labelCells: found })).toBe(words.data.taskWhy.lists);
  expect(taskReason({ task: "single", columnRequest: GUESS, labelCells: { ...found, separator: null } })).toBe(words.data.taskWhy.cells);
  expect(taskReason({ task: "multi", columnRequest: GUESS })).toBe(words.data.taskWhy.anyMarks);
  expect(taskReason({ task: "single", columnRequest: GUESS })).toBe(words.data.taskWhy.oneMark);
  expect(taskReason({ task: "multi", columnRequest: { ...GUESS, task: "multi" }, labelCells: found })).toBeNull();
});

const role = (name: string) => screen.getByLabelText<HTMLSelectElement>(words.data.roleOf(name));
const separator = () => screen.getByLabelText<HTMLSelectElement>(words.data.separatorField);

test("columns of 0 and 1 are chosen in the heads of the table, one after the other", async () => {
  const { project, setColumns } = await show();
  await fireEvent.change(role("received"), { target: { value: "ownLabel" } });
  await waitFor(() => expect(role("received").value).toBe("ownLabel"));
  expect(role("topic").value, "its place is taken").toBe("ignore");
  expect([...role("received").options].map(({ value }) => value)).not.toContain("ignore");

  await fireEvent.change(role("id"), { target: { value: "ownLabel" } });
  await waitFor(() => expect(role("id").value).toBe("ownLabel"));
  expect(setColumns).toHaveBeenLastCalledWith(project.id, { ...GUESS, labels: ["id", "received"] });
  expect(role("received").selectedOptions[0]?.textContent).toBe(words.data.role.ownLabel);
  expect(screen.queryByLabelText(words.data.separatorField), "there are no cells of labels").toBeNull();

  await fireEvent.change(role("id"), { target: { value: "ignore" } });
  await waitFor(() => expect(setColumns).toHaveBeenLastCalledWith(project.id, { ...GUESS, labels: ["received"] }));
});

test("the separator of lists is seen with its reason, changed, and detected again", async () => {
  const { project, setColumns } = await show({ task: "multi", labelCells: found });
  expect(separator().closest("details")?.open).toBe(true);
  expect(separator().selectedOptions[0]?.textContent).toBe(words.data.detected("Semicolon"));
  expect(document.getElementById(separator().getAttribute("aria-describedby") ?? "")?.textContent).toBe(WHY);

  await fireEvent.change(separator(), { target: { value: "" } });
  const back = await screen.findByRole("button", { name: words.data.detectField(words.data.separatorField) });
  expect(setColumns).toHaveBeenCalledWith(project.id, { ...GUESS, labelSeparator: false });
  await fireEvent.click(back);
  await waitFor(() => expect(setColumns).toHaveBeenLastCalledWith(project.id, GUESS));
});

test("with one label per text all that is folded away, and a separator can still be typed", async () => {
  const { project, setColumns } = await show();
  const details = separator().closest("details") as HTMLDetailsElement;
  expect(details.open).toBe(false);
  expect(within(details).getByText(words.data.taskTold(words.data.task.single))).toBeTruthy();

  await fireEvent.change(separator(), { target: { value: [...separator().options].at(-1)?.value } });
  const field = screen.getByLabelText(words.data.typing.field(words.data.separatorField));
  await fireEvent.input(field, { target: { value: " / " } });
  await fireEvent.keyDown(field, { key: "Enter" });
  expect(setColumns).toHaveBeenCalledWith(project.id, { ...GUESS, labelSeparator: "/" });
  await waitFor(() => expect(separator().selectedOptions[0]?.textContent).toBe("“/”"));
});

test("how many labels a text has is put back to what is detected", async () => {
  const { project, setColumns } = await show();
  await fireEvent.change(screen.getByLabelText(words.data.taskField), { target: { value: "multi" } });
  await fireEvent.click(await screen.findByRole("button", { name: words.data.detectField(words.data.taskField) }));
  await waitFor(() => expect(setColumns).toHaveBeenLastCalledWith(project.id, GUESS));
});
