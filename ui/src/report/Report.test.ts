import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { beforeAll, expect, test, vi } from "vitest";
import type { Api } from "../api";
import { fakeApi } from "../api/fake";
import { words } from "../messages";
import { largeReport, smallReport } from "./report.fixture";
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

test("says the score with its interval and what counting words and guessing give", async () => {
  await show();

  expect(await screen.findByRole("heading", { name: /87\.1\s*%/ })).toBeTruthy();
  expect(screen.getByText(/27 of 31 texts/).textContent).toMatch(/between 71\.1\s*% and 94\.9\s*%/);
  expect(screen.getByText(text.always("bug report"))).toBeTruthy();
  expect(screen.getByText(/only counts words gets 77\.4\s*% right, always answering “bug report” 35\.5\s*%/)).toBeTruthy();
  expect(screen.getByText(text.fewTestTexts("1", "3", "10", true))).toBeTruthy();
});

test("says it when the model does not surely beat the word counts", async () => {
  await show();
  const verdict = (await screen.findByText(text.verdict.notSurelyDifferent)).closest("div");

  expect(verdict?.textContent).toContain("5 texts only this model got right, 2 only the word counts");
  expect(verdict?.textContent).toContain(text.pValue("0.45"));
});

test("a report from before there were word counts has the guess alone", async () => {
  await show({ readReport: async () => ({ ...smallReport(), wordCount: null }) });

  expect(await screen.findByText(/^Always answering “bug report” would be right on 35\.5\s*%/)).toBeTruthy();
  expect(screen.queryByText(text.countingWords)).toBeNull();
});

test("several labels are told by their micro-F1 and the counts of each", async () => {
  const small = smallReport();
  const outcome = { nRight: 7, nTooMuch: 1, nMissed: 3, nRightlyWithout: 20 };
  const multiLabel = {
    scores: {
      microPrecision: 0.8,
      microRecall: 0.6,
      microF1: 0.686,
      microF1Interval: [0.61, 0.75] as [number, number],
      hammingLoss: 0.05,
      outcomes: small.labels.map(() => outcome),
    },
    thresholds: [0.5, 0.25, 0.125],
    majorityMicroF1: 0.33,
    wordCountMicroF1: 0.5,
    wordCountMicroF1Interval: [0.4, 0.6] as [number, number],
  };
  const report = { ...small, multiLabel, scores: { ...small.scores, confusion: [] } };
  await show({ readReport: async () => report });

  expect(await screen.findByRole("heading", { name: /68\.6\s*%/ })).toBeTruthy();
  expect(screen.getByText(/expect a micro-F1 between 61\.0\s*% and 75\.0\s*%/)).toBeTruthy();
  expect(screen.getByText(/drawing the test texts anew/)).toBeTruthy();
  const table = screen.getByText(text.outcomes).closest("section");
  expect(table?.textContent).toContain("0.25");
  expect(screen.queryByText(text.confusion)).toBeNull();
  expect(screen.getByText(text.mistakesHint("4", false))).toBeTruthy();
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

test("a wrong cell opens its texts with their lines", async () => {
  await show();
  const table = await screen.findByRole("table", { name: new RegExp(text.confusion) });
  expect(within(table).getAllByRole("button")).toHaveLength(6);
  await fireEvent.click(within(table).getByRole("button", { name: text.cell("2", "billing", "bug report", false) }));

  const panel = screen.getByRole("dialog");
  expect(within(panel).getAllByRole("listitem")).toHaveLength(2);
  expect(within(panel).getByText(text.line("12"))).toBeTruthy();
  await fireEvent.click(within(panel).getByRole("button", { name: text.close }));
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a right cell opens the texts that are kept, and says how many", async () => {
  await show();
  const table = await screen.findByRole("table", { name: new RegExp(text.confusion) });
  await fireEvent.click(within(table).getByRole("button", { name: text.rightCell("7", "billing", false) }));
  const panel = screen.getByRole("dialog");

  expect(within(panel).getAllByRole("listitem").map((item) => item.textContent?.includes("on my bill"))).toEqual([true, false]);
  expect(within(panel).getByText(new RegExp(text.onlySome("2", "7")))).toBeTruthy();
});

test("a cell whose texts are not kept says so", async () => {
  await show();
  const table = await screen.findByRole("table", { name: new RegExp(text.confusion) });
  await fireEvent.click(within(table).getByRole("button", { name: text.rightCell("10", "delivery", false) }));

  expect(within(screen.getByRole("dialog")).getByText(text.noneKept)).toBeTruthy();
});

/** The mistakes on the screen. */
async function mistakes(): Promise<HTMLElement> {
  const section = (await screen.findByRole("heading", { name: text.mistakes })).closest("section");
  if (!section) throw new Error("no section of mistakes");
  return section;
}

test("of many labels every one can be reached in the table: by scrolling, and by searching", async () => {
  await show({ readReport: async () => largeReport(400) });
  const table = await screen.findByRole("table", { name: text.perLabel });
  const rows = () => {
    const shown = screen.getByRole("table", { name: text.perLabel });
    return within(shown).getAllByRole("rowheader").map((row) => row.textContent);
  };
  expect(rows().length).toBeLessThan(40);
  expect(table.getAttribute("aria-rowcount")).toBe("401");

  // jsdom has no layout: the scroller says where it is.
  const scroller = screen.getByRole("region", { name: text.perLabel });
  Object.defineProperty(scroller, "scrollTop", { value: 1_000_000, configurable: true });
  await fireEvent.scroll(scroller);
  expect(rows().at(-1)).toBe("intent_400");

  await fireEvent.input(screen.getByRole("searchbox"), { target: { value: "INTENT_37" } });
  expect(rows()).toEqual(["intent_37", ...Array.from({ length: 10 }, (_, i) => `intent_37${i}`)]);
});

test("of many labels the matrix shows first those that are confused, and the rest on request", async () => {
  await show({ readReport: async () => largeReport(77) });
  const matrix = () => screen.getByRole("table", { name: new RegExp(text.confusion) });
  await screen.findByText(text.fewerLabels("16", "77"));
  const heads = () => within(matrix()).getAllByRole("columnheader").map((head) => head.textContent);
  expect(heads()).toHaveLength(17);
  expect(heads().at(-1)).toBe(text.otherLabels);
  expect(within(matrix()).getAllByRole("rowheader")).toHaveLength(16);
  // The first fifteen are taken for one another in turn; the last for one that is not shown.
  const last = within(matrix()).getAllByRole("row").at(-1) as HTMLElement;
  expect(within(last).getAllByRole("cell").at(-1)?.textContent).toBe("1");

  await fireEvent.click(screen.getByRole("button", { name: text.showAllLabels("77") }));
  expect(matrix().getAttribute("aria-colcount")).toBe("78");
  expect(heads()).not.toContain(text.otherLabels);
  await fireEvent.click(screen.getByRole("button", { name: text.showFewerLabels }));
  expect(heads()).toHaveLength(17);
});

test("a matrix of many labels draws a part, and its last corner can be reached", async () => {
  await show({ readReport: async () => largeReport(400) });
  await fireEvent.click(await screen.findByRole("button", { name: text.showAllLabels("400") }));
  const matrix = await screen.findByRole("table", { name: new RegExp(text.confusion) });
  expect(within(matrix).getAllByRole("cell").length).toBeLessThan(2000);
  expect([matrix.getAttribute("aria-rowcount"), matrix.getAttribute("aria-colcount")]).toEqual(["401", "401"]);

  const scroller = screen.getByRole("region", { name: text.confusion });
  Object.defineProperty(scroller, "scrollTop", { value: 1_000_000, configurable: true });
  Object.defineProperty(scroller, "scrollLeft", { value: 1_000_000, configurable: true });
  await fireEvent.scroll(scroller);
  const corner = within(matrix).getByRole("button", { name: text.rightCell("9", "intent_400", false) });
  expect(corner.closest("td")?.getAttribute("aria-colindex")).toBe("401");
  expect(corner.closest("tr")?.getAttribute("aria-rowindex")).toBe("401");
});

test("a small matrix is drawn whole", async () => {
  await show();
  const matrix = await screen.findByRole("table", { name: new RegExp(text.confusion) });
  expect(within(matrix).getAllByRole("columnheader")).toHaveLength(3);
  expect(matrix.hasAttribute("aria-rowcount")).toBe(false);
});

test("the surest mistake comes first, or the first line of the file", async () => {
  await show();
  const section = await mistakes();
  const first = () => within(section).getAllByRole("listitem")[0]?.textContent;
  expect(first()).toContain("charged twice");

  await fireEvent.change(within(section).getByRole("combobox", { name: text.order }), { target: { value: "line" } });
  expect(first()).toContain("return parcel");
});

test("many mistakes come in pages", async () => {
  const [one] = smallReport().mistakes;
  const many = one ? Array.from({ length: 23 }, (_, i) => ({ ...one, line: i + 1 })) : [];
  await show({ readReport: async () => ({ ...smallReport(), mistakes: many }) });
  const section = await mistakes();
  const next = within(section).getByRole("button", { name: text.next });
  expect(within(section).getAllByRole("listitem")).toHaveLength(10);

  await fireEvent.click(next);
  await fireEvent.click(next);
  expect(within(section).getAllByRole("listitem")).toHaveLength(3);
  expect(within(section).getByText(text.page("21", "23", "23"))).toBeTruthy();
  expect(next.hasAttribute("disabled")).toBe(true);
});

test("says how many mistakes are kept where there are more", async () => {
  const [first] = smallReport().mistakes;
  await show({ readReport: async () => ({ ...smallReport(), mistakes: first ? [first] : [] }) });

  expect((await mistakes()).textContent).toContain(text.mistakesHint("4", false));
  expect((await mistakes()).textContent).toContain(text.keptMistakes("1"));
});

test("shows where the report was saved, and nothing when the person cancelled", async () => {
  const saveReport = vi.fn<Api["saveReport"]>().mockResolvedValueOnce(null).mockResolvedValue("/home/mara/report.html");
  await show({ saveReport });
  await fireEvent.click(await screen.findByRole("button", { name: text.saveHtml }));
  expect(screen.queryByText(text.saved)).toBeNull();

  await fireEvent.click(await screen.findByRole("button", { name: text.saveHtml }));
  expect(await screen.findByText("/home/mara/report.html")).toBeTruthy();
  expect(saveReport).toHaveBeenLastCalledWith("support-desk", "run-3", "html", "en");
});

test("a report that can't be read can be asked for again", async () => {
  const error = { code: "report.missing", message: "The run run-3 has no report", hint: null, details: null, values: {} };
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
