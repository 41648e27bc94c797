import { afterEach, expect, test } from "vitest";
import { setLanguage, words } from ".";
import type { Word } from "./types";

const files = import.meta.glob<Record<string, { en: Word; de: Word }>>("./*.ts", { eager: true });
const areas = Object.values(files).flatMap((module) =>
  Object.entries(module).filter(([, area]) => typeof area === "object" && "en" in area && "de" in area),
);

afterEach(() => setLanguage("en"));

test("there is an area for every screen", () => {
  expect(areas.length).toBeGreaterThanOrEqual(10);
});

test.each(areas)("%s says the same in German as in English", (_name, { en, de }) => {
  expect(shapeOf(de)).toEqual(shapeOf(en));
});

test("words follow the language at once", () => {
  const english = words.home.title;
  setLanguage("de");

  expect(words.home.title).not.toBe(english);
  expect(document.documentElement.lang).toBe("de");
});

/** The names at every depth; a function counts by its number of values, a list by its length. */
function shapeOf(word: Word): unknown {
  if (typeof word === "function") {
    return `function of ${word.length}`;
  }
  if (typeof word === "string") {
    return word.trim() === "" ? "nothing" : "sentence";
  }
  return Object.fromEntries(Object.entries(word).map(([name, inner]) => [name, shapeOf(inner as Word)]));
}
