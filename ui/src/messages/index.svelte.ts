/**
 * Every sentence the person reads, in the language of the moment: `words.home.title`.
 * A new area is a file beside this one and a line below; a new language is a key beside `en` and `de`.
 */

import type { Settings } from "../api";
import { corrections } from "./corrections";
import { data } from "./data";
import { exporting } from "./export";
import { findings } from "./findings";
import { frame } from "./frame";
import { home } from "./home";
import { labels } from "./labels";
import { model } from "./model";
import { report } from "./report";
import { about, settings } from "./settings";
import { train } from "./train";
import { tryIt } from "./try";
import type { Language } from "./types";

const current = $state<{ language: Language }>({ language: systemLanguage() });

/** The words of each area. Reading one in a component follows the language. */
export const words = {
  get frame() {
    return pick(frame);
  },
  get home() {
    return pick(home);
  },
  get data() {
    return pick(data);
  },
  get labels() {
    return pick(labels);
  },
  get corrections() {
    return pick(corrections);
  },
  get findings() {
    return pick(findings);
  },
  get model() {
    return pick(model);
  },
  get train() {
    return pick(train);
  },
  get report() {
    return pick(report);
  },
  get try() {
    return pick(tryIt);
  },
  get export() {
    return pick(exporting);
  },
  get settings() {
    return pick(settings);
  },
  get about() {
    return pick(about);
  },
};

/** Returns the language of the moment; reactive. */
export function language(): Language {
  return current.language;
}

/** Switches all words, numbers and dates to the language that the settings ask for. */
export function setLanguage(choice: Settings["language"]): void {
  current.language = choice === "system" ? systemLanguage() : choice;
  document.documentElement.lang = current.language;
}

// NoInfer: `de` is measured against `en`, so that a missing sentence is an error here and not on the screen.
function pick<Area>(area: { readonly en: Area; readonly de: NoInfer<Area> }): Area {
  return area[current.language];
}

function systemLanguage(): Language {
  return navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
}
