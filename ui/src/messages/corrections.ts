import type { Words } from "./types";

const en = {
  redo: "Redo",
  redoKeys: "Make the change again that was taken back (Ctrl+Shift+Z)",
  rare: {
    title: "Rare labels",
    atLeast: "Examples that a label needs",
    concerned: (labels: string, one: boolean, rows: string, oneRow: boolean) =>
      `${labels} ${one ? "label has" : "labels have"} fewer: ${rows} ${oneRow ? "row" : "rows"}.`,
    concernedLabels: (labels: string, one: boolean) => `${labels} ${one ? "label has" : "labels have"} fewer.`,
    concernedLabelsAtMost: (labels: string) =>
      `At most ${labels} labels have fewer. Rarer labels than those in the list were not counted here.`,
    concernedAtMost: (labels: string, rows: string) =>
      `At most ${labels} labels have fewer, with at most ${rows} rows. Rarer labels than those in the list were not counted here.`,
    none: "Every label has as many.",
    what: "What becomes of them",
    leaveOut: "Leave their rows out",
    leaveLabelsOut: "Leave them out, and rows that have no other label",
    merge: "Put them into one label called",
    name: "Name of the label for all rare ones",
    other: "other",
    joins: (label: string) => `There is a label “${label}” already; they join it.`,
    tooFew: "Fewer than two labels would be left. Choose a smaller number.",
    apply: "Apply",
  },
  file: {
    title: "Your changes as a file",
    hint: "Keep the list of your changes to use it on a newer version of the file or in another project.",
    export: "Export…",
    import: "Import…",
    exported: (file: string) => `Written to ${file}`,
    made: (n: string, one: boolean) => `${n} ${one ? "change was" : "changes were"} made.`,
    leftOut: (n: string, one: boolean) =>
      `${n} ${one ? "change does" : "changes do"} not fit these labels and ${one ? "was" : "were"} left out:`,
    close: "Close",
  },
  newer: {
    choose: "Newer version of the file…",
    hint: "Takes another file in place of this one. Columns, labels and trainings stay.",
    taken: (file: string) => `The project has the file ${file} now.`,
    made: (n: string, one: boolean) => `${n} ${one ? "change of the labels was" : "changes of the labels were"} made again.`,
    dialect: "It can't be read in the way you chose, so it is read as detected.",
    columns: (names: string) => `These columns are gone, so what they stood for was guessed again: ${names}.`,
    save: "Save what was left out…",
    ofRun: (file: string) => `Earlier file: ${file}`,
    ofRunUnnamed: "An earlier file",
  },
  offered: {
    title: (file: string) => `What is ${file}?`,
    text: (before: string) =>
      `As a newer version it takes the place of ${before}; columns, labels and trainings stay. A new project leaves this one as it is.`,
    newer: "Newer version of this file",
    project: "New project",
  },
};

const de: typeof en = {
  redo: "Wiederholen",
  redoKeys: "Die zurückgenommene Änderung noch einmal machen (Strg+Umschalt+Z)",
  rare: {
    title: "Seltene Labels",
    atLeast: "So viele Beispiele braucht ein Label",
    concerned: (labels, one, rows, oneRow) =>
      `${labels} ${one ? "Label hat" : "Labels haben"} weniger: ${rows} ${oneRow ? "Zeile" : "Zeilen"}.`,
    concernedLabels: (labels, one) => `${labels} ${one ? "Label hat" : "Labels haben"} weniger.`,
    concernedLabelsAtMost: (labels) =>
      `Höchstens ${labels} Labels haben weniger. Seltenere Labels als die in der Liste sind hier nicht gezählt.`,
    concernedAtMost: (labels, rows) =>
      `Höchstens ${labels} Labels haben weniger, mit höchstens ${rows} Zeilen. Seltenere Labels als die in der Liste sind hier nicht gezählt.`,
    none: "Jedes Label hat so viele.",
    what: "Was aus ihnen wird",
    leaveOut: "Ihre Zeilen weglassen",
    leaveLabelsOut: "Sie weglassen, und Zeilen ohne ein anderes Label",
    merge: "Zu einem Label zusammenlegen mit dem Namen",
    name: "Name des Labels für alle seltenen",
    other: "Sonstiges",
    joins: (label) => `Ein Label „${label}“ gibt es schon; sie kommen dazu.`,
    tooFew: "Es blieben weniger als zwei Labels übrig. Wählen Sie eine kleinere Zahl.",
    apply: "Anwenden",
  },
  file: {
    title: "Ihre Änderungen als Datei",
    hint: "Heben Sie die Liste Ihrer Änderungen auf, um sie auf eine neuere Fassung der Datei oder in einem anderen Projekt anzuwenden.",
    export: "Exportieren …",
    import: "Importieren …",
    exported: (file) => `Geschrieben in ${file}`,
    made: (n, one) => `${n} ${one ? "Änderung wurde" : "Änderungen wurden"} gemacht.`,
    leftOut: (n, one) =>
      `${n} ${one ? "Änderung passt" : "Änderungen passen"} nicht zu diesen Labels und ${one ? "wurde" : "wurden"} ausgelassen:`,
    close: "Schließen",
  },
  newer: {
    choose: "Neuere Fassung der Datei …",
    hint: "Nimmt eine andere Datei an die Stelle von dieser. Spalten, Labels und Trainings bleiben.",
    taken: (file) => `Das Projekt hat jetzt die Datei ${file}.`,
    made: (n, one) => `${n} ${one ? "Änderung der Labels wurde" : "Änderungen der Labels wurden"} wieder gemacht.`,
    dialect: "So, wie Sie es wollten, ist sie nicht zu lesen. Sie wird gelesen wie erkannt.",
    columns: (names) => `Diese Spalten gibt es nicht mehr. Wofür sie standen, wurde neu vermutet: ${names}.`,
    save: "Ausgelassenes speichern …",
    ofRun: (file) => `Frühere Datei: ${file}`,
    ofRunUnnamed: "Eine frühere Datei",
  },
  offered: {
    title: (file) => `Was ist ${file}?`,
    text: (before) =>
      `Als neuere Fassung tritt sie an die Stelle von ${before}; Spalten, Labels und Trainings bleiben. Ein neues Projekt lässt dieses, wie es ist.`,
    newer: "Neuere Fassung der Datei",
    project: "Neues Projekt",
  },
};

export const corrections = { en, de } satisfies Words<typeof en>;
