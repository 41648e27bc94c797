/** Words of the settings and of the page about the app. */

import type { Words } from "./types";

const settingsEn = {
  title: "Settings",
  close: "Close",
  theme: "Look",
  themes: { system: "Like the system", light: "Light", dark: "Dark" },
  language: "Language",
  // Each language is named in itself, so that it is found by those who read it.
  languages: { system: "Like the system", en: "English", de: "Deutsch" },
  device: "Computing device",
  deviceHint: "Where training and classifying run. A graphics card is often faster.",
  automatic: "Automatic",
  automaticWith: (device: string) => `Automatic: ${device}`,
  kinds: {
    cpu: "processor",
    integratedGpu: "built-in graphics",
    discreteGpu: "graphics card",
    otherGpu: "graphics",
  },
  deviceName: (name: string, kind: string, backend: string) => `${name} (${kind}, ${backend})`,
  chosen: (device: string) => `In use: ${device}.`,
  missingDevice: (id: string) => `${id} (not found)`,
  lookingForDevices: "Looking for devices …",
  folder: "Data folder",
  folderHint: "Your projects and trained models are kept here.",
  showInFolder: "Show in folder",
  lookingForFolder: "Asking for the folder …",
};

const settingsDe: typeof settingsEn = {
  title: "Einstellungen",
  close: "Schließen",
  theme: "Aussehen",
  themes: { system: "Wie das System", light: "Hell", dark: "Dunkel" },
  language: "Sprache",
  languages: { system: "Wie das System", en: "English", de: "Deutsch" },
  device: "Rechengerät",
  deviceHint: "Darauf laufen Training und Klassifizieren. Eine Grafikkarte ist oft schneller.",
  automatic: "Automatisch",
  automaticWith: (device) => `Automatisch: ${device}`,
  kinds: {
    cpu: "Prozessor",
    integratedGpu: "eingebaute Grafik",
    discreteGpu: "Grafikkarte",
    otherGpu: "Grafik",
  },
  deviceName: (name, kind, backend) => `${name} (${kind}, ${backend})`,
  chosen: (device) => `In Gebrauch: ${device}.`,
  missingDevice: (id) => `${id} (nicht gefunden)`,
  lookingForDevices: "Geräte werden gesucht …",
  folder: "Datenordner",
  folderHint: "Hier liegen Ihre Projekte und trainierten Modelle.",
  showInFolder: "Im Ordner zeigen",
  lookingForFolder: "Der Ordner wird erfragt …",
};

const aboutEn = {
  title: "About Embert",
  close: "Close",
  claim: "Teaches a computer to sort your texts.",
  version: (version: string) => `Version ${version}`,
  askingVersion: "Asking for the version …",
  logo: "Three coloured trays with a page of text falling into each of them",
  privacy: "Nothing leaves this computer.",
  privacyException:
    "The one exception: when you ask for a model that is not here yet, it is downloaded from the Hugging Face hub.",
  licences: "Licences",
  embert: "Embert",
  embertLicence: "MIT or Apache-2.0, at your choice",
  starter: "The starter model, all-MiniLM-L6-v2",
  starterLicence: "Apache-2.0",
  builtWith: "Built with",
  parts: ["Tauri: the window", "burn: the training", "tokenizers: cutting texts into pieces"],
};

const aboutDe: typeof aboutEn = {
  title: "Über Embert",
  close: "Schließen",
  claim: "Bringt einem Computer bei, Ihre Texte zu sortieren.",
  version: (version) => `Version ${version}`,
  askingVersion: "Die Version wird erfragt …",
  logo: "Drei farbige Ablagen, in die je ein beschriebenes Blatt fällt",
  privacy: "Nichts verlässt diesen Computer.",
  privacyException:
    "Die eine Ausnahme: Wenn Sie ein Modell verlangen, das noch nicht hier ist, wird es vom Hugging Face Hub heruntergeladen.",
  licences: "Lizenzen",
  embert: "Embert",
  embertLicence: "MIT oder Apache-2.0, nach Ihrer Wahl",
  starter: "Das Startmodell, all-MiniLM-L6-v2",
  starterLicence: "Apache-2.0",
  builtWith: "Gebaut mit",
  parts: ["Tauri: das Fenster", "burn: das Training", "tokenizers: das Zerlegen der Texte"],
};

export const settings = { en: settingsEn, de: settingsDe } satisfies Words;
export const about = { en: aboutEn, de: aboutDe } satisfies Words;
