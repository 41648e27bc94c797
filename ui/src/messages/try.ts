/** Words of the screen where a trained model is tried. `try` is a reserved word, hence `tryIt`. */

import type { Words } from "./types";

const en = {
  title: "Try it",
  lead: "Type or paste a text and see which label the model gives it.",

  run: "Model",
  runHint: "Every training that left a model.",
  noModel: "There is no trained model yet",
  noModelHint: "Train a model first. Then you can try it here.",
  runFacts: (when: string, accuracy: string | null, baseModel: string) =>
    [when, accuracy === null ? null : `${accuracy} right`, baseModel].filter((part) => part !== null).join(" · "),

  text: "Your text",
  placeholder: "Type or paste a text",
  textHint: "The answer follows as you type. Ctrl+Enter asks at once.",
  clear: "Clear",
  pairs: "This model was trained on two texts per row. Here it sees only the first one, so its answers are less sure.",
  examples: "Or take one from your file",
  examplesHint: "The model may have seen these while it learned. A text of your own is the better test.",
  example: (text: string) => `Try this text: ${text}`,

  answer: "Answer",
  waiting: "The answer appears here",
  waitingHint: "Each label gets a score. Together they make 100%.",
  asking: "Reading the text …",
  notSure: "Not sure",
  notSureLead: (first: string, second: string | null) => (second === null ? `Perhaps ${first}` : `Perhaps ${first}, or ${second}`),
  tooLow: (label: string, score: string, threshold: string) =>
    `The best score, ${score} for “${label}”, is below ${threshold}.`,
  tooClose: (first: string, second: string, ahead: string, margin: string) =>
    `“${first}” is only ${ahead} points ahead of “${second}”; less than ${margin} counts as not sure.`,
  sure: (score: string) => `Score ${score}`,
  announce: (label: string, score: string) => `Label ${label}, score ${score}`,
  announceNotSure: (reason: string) => `Not sure. ${reason}`,
  scores: "Scores of the labels",
  moreLabels: (n: string) => `${n} more labels`,
  oneMoreLabel: "1 more label",
  threshold: "Sure from",
  thresholdHint: (margin: string) =>
    `Below this score, or less than ${margin} points ahead of the next label, the answer is “not sure”. The line in the bars marks it.`,

  file: "Classify a whole file",
  fileLead: "Every row gets a label. Two columns are added, the label and its score. All other columns stay as they are.",
  fileUntouched: "Your file is not changed: the result is a new file.",
  choose: "Choose a file …",
  chooseOther: "Choose another file …",
  dropHere: "or drop one here",
  dropNow: "Drop the file to look at it",
  formats: "CSV, TSV or plain text with one text per line",
  reading: (file: string) => `Reading ${file} …`,
  rows: (n: string, one: boolean) => (one ? `${n} row` : `${n} rows`),
  textColumn: "Column with the texts",
  textColumnHint: "The model reads this column.",
  textMark: "text",
  newMark: "new",
  newColumn: "added by Embert",
  preview: (file: string) => `First rows of ${file}`,
  noRows: "This file has no rows",
  noRowsHint: "Choose a file with at least one row.",
  start: (n: string, one: boolean) => (one ? `Classify ${n} row` : `Classify ${n} rows`),
  where: "Choose where the result goes …",
  progress: (done: string, total: string) => `${done} of ${total} rows`,
  progressName: "Rows that have a label",
  cancel: "Cancel",
  cancelling: "Cancelling …",
  stopped: "Cancelled. No file was written, and your file is as it was.",
  done: (n: string, one: boolean) => (one ? `${n} row has a label` : `${n} rows have a label`),
  withoutText: (n: string, one: boolean) =>
    one ? `${n} row without a text got no label.` : `${n} rows without a text got no label.`,
  wentTo: "The result is in",
  showInFolder: "Show in folder",
  another: "Classify another file",
};

const de: typeof en = {
  title: "Ausprobieren",
  lead: "Schreiben oder fügen Sie einen Text ein und sehen Sie, welches Label das Modell ihm gibt.",

  run: "Modell",
  runHint: "Jedes Training, das ein Modell hinterlassen hat.",
  noModel: "Es gibt noch kein trainiertes Modell",
  noModelHint: "Trainieren Sie zuerst ein Modell. Dann können Sie es hier ausprobieren.",
  runFacts: (when, accuracy, baseModel) =>
    [when, accuracy === null ? null : `${accuracy} richtig`, baseModel].filter((part) => part !== null).join(" · "),

  text: "Ihr Text",
  placeholder: "Text schreiben oder einfügen",
  textHint: "Die Antwort folgt beim Schreiben. Strg+Enter fragt sofort.",
  clear: "Leeren",
  pairs:
    "Dieses Modell hat mit zwei Texten je Zeile gelernt. Hier sieht es nur den ersten und ist deshalb weniger sicher.",
  examples: "Oder nehmen Sie einen aus Ihrer Datei",
  examplesHint: "Diese Texte kann das Modell beim Lernen gesehen haben. Ein eigener Text ist die bessere Probe.",
  example: (text) => `Diesen Text ausprobieren: ${text}`,

  answer: "Antwort",
  waiting: "Hier erscheint die Antwort",
  waitingHint: "Jedes Label bekommt einen Wert. Zusammen ergeben sie 100\u00a0%.",
  asking: "Der Text wird gelesen …",
  notSure: "Nicht sicher",
  notSureLead: (first, second) => (second === null ? `Vielleicht ${first}` : `Vielleicht ${first} oder ${second}`),
  tooLow: (label, score, threshold) => `Der beste Wert, ${score} für „${label}“, liegt unter ${threshold}.`,
  tooClose: (first, second, ahead, margin) =>
    `„${first}“ liegt nur ${ahead} Punkte vor „${second}“; weniger als ${margin} gilt als nicht sicher.`,
  sure: (score) => `Wert ${score}`,
  announce: (label, score) => `Label ${label}, Wert ${score}`,
  announceNotSure: (reason) => `Nicht sicher. ${reason}`,
  scores: "Werte der Labels",
  moreLabels: (n) => `${n} weitere Labels`,
  oneMoreLabel: "1 weiteres Label",
  threshold: "Sicher ab",
  thresholdHint: (margin) =>
    `Unter diesem Wert, oder mit weniger als ${margin} Punkten Vorsprung vor dem nächsten Label, heißt die Antwort „nicht sicher“. Der Strich in den Balken zeigt ihn.`,

  file: "Eine ganze Datei klassifizieren",
  fileLead:
    "Jede Zeile bekommt ein Label. Zwei Spalten kommen dazu, das Label und sein Wert. Alle anderen Spalten bleiben, wie sie sind.",
  fileUntouched: "Ihre Datei wird nicht verändert: Das Ergebnis ist eine neue Datei.",
  choose: "Datei wählen …",
  chooseOther: "Andere Datei wählen …",
  dropHere: "oder hier ablegen",
  dropNow: "Datei loslassen, um sie anzusehen",
  formats: "CSV, TSV oder reiner Text mit einem Text je Zeile",
  reading: (file) => `${file} wird gelesen …`,
  rows: (n, one) => (one ? `${n} Zeile` : `${n} Zeilen`),
  textColumn: "Spalte mit den Texten",
  textColumnHint: "Diese Spalte liest das Modell.",
  textMark: "Text",
  newMark: "neu",
  newColumn: "von Embert hinzugefügt",
  preview: (file) => `Die ersten Zeilen von ${file}`,
  noRows: "Diese Datei hat keine Zeilen",
  noRowsHint: "Wählen Sie eine Datei mit mindestens einer Zeile.",
  start: (n, one) => (one ? `${n} Zeile klassifizieren` : `${n} Zeilen klassifizieren`),
  where: "Wählen Sie, wohin das Ergebnis soll …",
  progress: (done, total) => `${done} von ${total} Zeilen`,
  progressName: "Zeilen, die ein Label haben",
  cancel: "Abbrechen",
  cancelling: "Wird abgebrochen …",
  stopped: "Abgebrochen. Es wurde keine Datei geschrieben, und Ihre Datei ist, wie sie war.",
  done: (n, one) => (one ? `${n} Zeile hat ein Label` : `${n} Zeilen haben ein Label`),
  withoutText: (n, one) =>
    one ? `${n} Zeile ohne Text hat kein Label bekommen.` : `${n} Zeilen ohne Text haben kein Label bekommen.`,
  wentTo: "Das Ergebnis liegt in",
  showInFolder: "Im Ordner zeigen",
  another: "Noch eine Datei klassifizieren",
};

export const tryIt = { en, de } satisfies Words;
