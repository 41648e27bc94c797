import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { beforeAll, expect, test, vi } from "vitest";
import type { Api } from "../api";
import { fakeApi } from "../api/fake";
import { words } from "../messages";
import { smallReport } from "./report.fixture";
import Report from "./Report.svelte";

const text = words.report;

beforeAll(() => {
  // jsdom has no modal dialogs.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});

async function show(answers: Partial<Api> = {}, runId = "run-3") {
  const api = fakeApi({ readReport: async () => smallReport(), ...answers });
  const onrun = vi.fn();
  render(Report, { api, project: await api.openProject("support-desk"), onproject: () => {}, runId, onrun });
  return { onrun };
}

test("says the score with its interval and what guessing gives", async () => {
  await show();

  expect(await screen.findByRole("heading", { name: /87\.1\s*%/ })).toBeTruthy();
  expect(screen.getByText(/27 of 31 texts/).textContent).toMatch(/between 71\.1\s*% and 94\.9\s*%/);
  expect(screen.getByText(text.always("bug report"))).toBeTruthy();
  expect(screen.getByText(smallReport().notes[0] ?? "")).toBeTruthy();
});

test("the label table sorts by a click on a head, which says so", async () => {
  await show();
  const table = await screen.findByRole("table", { name: text.perLabel });
  const first = () => within(table).getAllByRole("rowheader")[0]?.textContent;
  await fireEvent.click(within(table).getByRole("button", { name: /F1/ }));
  expect(first()).toBe("delivery");

  await fireEvent.click(within(table).getByRole("button", { name: /F1/ }));
  expect(first()).toBe("billing");
  expect(within(table).getByRole("columnheader", { name: /F1/ }).getAttribute("aria-sort")).toBe("ascending");
});

test("a wrong cell opens its texts with their lines; right cells don't open", async () => {
  await show();
  const table = await screen.findByRole("table", { name: new RegExp(text.confusion) });
  expect(within(table).getAllByRole("button")).toHaveLength(3);
  await fireEvent.click(within(table).getByRole("button", { name: text.cell("2", "billing", "bug report", false) }));

  const panel = screen.getByRole("dialog");
  expect(within(panel).getAllByRole("listitem")).toHaveLength(2);
  expect(within(panel).getByText(text.line("12"))).toBeTruthy();
  await fireEvent.click(within(panel).getByRole("button", { name: text.close }));
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("the surest mistake comes first", async () => {
  await show();
  const heading = await screen.findByRole("heading", { name: text.mistakes });
  const list = heading.closest("section");

  expect(list && within(list).getAllByRole("listitem")[0]?.textContent).toContain("charged twice");
});

test("shows where the report was saved, and nothing when the person cancelled", async () => {
  const saveReport = vi.fn<Api["saveReport"]>().mockResolvedValueOnce(null).mockResolvedValue("/home/mara/report.html");
  await show({ saveReport });
  await fireEvent.click(await screen.findByRole("button", { name: text.saveHtml }));
  expect(screen.queryByText(text.saved)).toBeNull();

  await fireEvent.click(await screen.findByRole("button", { name: text.saveHtml }));
  expect(await screen.findByText("/home/mara/report.html")).toBeTruthy();
});

test("a report that can't be read can be asked for again", async () => {
  const error = { code: "report.missing", message: "The run run-3 has no report", hint: null, details: null };
  const readReport = vi.fn<Api["readReport"]>().mockRejectedValueOnce(error).mockResolvedValue(smallReport());
  await show({ readReport });
  await fireEvent.click(await screen.findByRole("button", { name: words.frame.problem.tryAgain }));

  expect(await screen.findByRole("heading", { name: text.perLabel })).toBeTruthy();
});

test("another training can be chosen", async () => {
  const { onrun } = await show();
  await fireEvent.change(await screen.findByRole("combobox", { name: text.run }), { target: { value: "run-2" } });

  expect(onrun).toHaveBeenCalledWith("run-2");
});

test("without a trained model it says what to do", async () => {
  await show({}, "");
  expect(await screen.findByText(text.empty)).toBeTruthy();
});
