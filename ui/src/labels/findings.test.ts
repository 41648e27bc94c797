import { afterEach, expect, test } from "vitest";
import type { DataFinding } from "../api";
import { fakeApi, projectOf } from "../api/fake";
import { setLanguage, words } from "../messages";
import { describeFinding } from "./findings";
import { samples } from "./findings.samples";

afterEach(() => setLanguage("en"));

/** The quotation marks of the screen are others. */
const plain = (told: string) => told.replace(/[“”"]/g, "");

async function ofTheFake(): Promise<DataFinding[]> {
  const api = fakeApi();
  const { id, findings } = await projectOf(api, "/mails.csv");
  return [...findings, ...(await api.findUnreadable(id))];
}

test("findings are told as the engine says them", async () => {
  const all = [...(await ofTheFake()), ...samples];
  for (const finding of all) {
    expect(plain(describeFinding(finding).message)).toBe(plain(finding.message));
    expect(describeFinding(finding).why).toBe(finding.why);
  }
  expect(new Set(all.map(({ code }) => code)).size, "every kind that there is").toBe(17);
});

test("findings are told in the person's language", async () => {
  setLanguage("de");
  const [conflicts] = await ofTheFake();
  expect(describeFinding(conflicts!).message).toBe("1 Text steht mit mehr als einem Label da (2 Zeilen)");
  const told = samples.map((sample) => describeFinding(sample).message);
  expect(told).toContain("2 Zeilen im Prüf- oder Testteil haben den Text einer Trainingszeile, und 5 fast");
  expect(told).toContain("1 Zeile wiederholt fast eine frühere (verglichen wurden die ersten 900.000 von 1.000.000 Texten)");
  expect(told).toContain("62 % der Wörter kennt dieses Modell nicht; in 980 von 1.000 Texten ein Fünftel oder mehr");
});

test("a finding that is not known yet is told as the engine says", async () => {
  const [known] = await ofTheFake();
  const unknown = { ...known, code: "fromTheFuture", message: "Something new" } as unknown as DataFinding;
  expect(describeFinding(unknown)).toMatchObject({ title: words.labels.matter.other, message: "Something new" });
});
