/** Words of the report. */

const en = {
  title: "Report",
  loading: "Reading the report …",
  empty: "There is no report yet",
  emptyHint: "Train a model first. Its report appears here.",
  run: "Training",
  runChoice: (when: string, score: string | null) => (score === null ? when : `${when} · ${score}`),
  scoreOfRun: (share: string, isMicroF1: boolean) => (isMicroF1 ? `micro-F1 ${share}` : `${share} right`),

  // The score
  headline: "of the test texts got the right label",
  sentence: (right: string, all: string) => `${right} of ${all} texts that the model had never seen.`,
  interval: (low: string, high: string) =>
    `On other texts of the same kind, expect between ${low} and ${high} (95% interval).`,
  baselines: (counted: string, label: string, guessed: string) =>
    `A model that only counts words gets ${counted} right, always answering “${label}” ${guessed}.`,
  baseline: (label: string, guessed: string) => `Always answering “${label}” would be right on ${guessed}.`,
  severalHeadline: "is the micro-F1: precision and recall over all labels together",
  severalSentence: (precision: string, recall: string, exact: string) =>
    `${precision} of the labels that it gave are right, and it gave ${recall} of those that the texts have. ${exact} of the texts got exactly their labels.`,
  severalInterval: (low: string, high: string) =>
    `On other texts of the same kind, expect a micro-F1 between ${low} and ${high} (95% interval).`,
  severalBaselines: (counted: string, label: string, guessed: string) =>
    `A model that only counts words has a micro-F1 of ${counted}, always giving “${label}” one of ${guessed}.`,
  severalBaseline: (label: string, guessed: string) => `Always giving “${label}” would have a micro-F1 of ${guessed}.`,
  alwaysGiving: (label: string) => `Always giving “${label}”`,
  redrawnTest: (p: string) => `By micro-F1, drawing the test texts anew: ${p}.`,
  compared: "Compared with simpler answers",
  thisModel: "This model",
  always: (label: string) => `Always answering “${label}”`,
  countingWords: "Counting words",
  verdict: {
    better: "This model is surely better than one that only counts words.",
    notSurelyDifferent:
      "This model is not surely better than one that only counts words: chance could explain the difference.",
    worse:
      "This model is surely worse than one that only counts words. Counting takes a second and may be enough here.",
  },
  pairedTest: (model: string, counted: string, p: string) =>
    `${model} texts only this model got right, ${counted} only the word counts (McNemar’s exact test, ${p}).`,
  pValue: (p: string) => `p\u00a0=\u00a0${p}`,
  tinyPValue: (limit: string) => `p less than ${limit}`,
  countedPart: (part: string, all: string) => `The words were counted in ${part} of the ${all} training texts.`,
  macroF1: "Macro-F1",
  macroF1Hint: "The mean F1 of the labels. Every label counts the same, however rare it is.",
  weightedF1: "Weighted F1",
  weightedF1Hint: "The same, but frequent labels count more.",
  tested: "Test texts",
  cut: (n: string, one: boolean) => (one ? `${n} was too long and lost its middle` : `${n} were too long and lost their middle`),
  noneCut: "None was cut",
  notes: "Good to know",
  notBetterThanMajority: (label: string) =>
    `This is not surely better than always answering “${label}”. More or clearer examples may help.`,
  fewTestTexts: (n: string, all: string, fewerThan: string, one: boolean) =>
    `${n} of ${all} labels ${one ? "has" : "have"} fewer than ${fewerThan} test texts; such scores can be far off.`,

  // Labels
  perLabel: "Label by label",
  perLabelHint: "Click a column to sort by it.",
  label: "Label",
  precision: "Precision",
  precisionHint: "Of the texts that got this label: how many have it",
  recall: "Recall",
  recallHint: "Of the texts that have this label: how many got it",
  f1: "F1",
  f1Hint: "Precision and recall in one number; low when either is low",
  nExamples: "Texts",
  nExamplesHint: "Test texts that have this label",
  nPredicted: "Given",
  nPredictedHint: "Test texts that got this label",

  // Confusion
  confusion: "What is taken for what",
  confusionHint: "A row for each real label, a column for each given one. The stronger the colour, the larger the share of the row. Choose a number to see its texts.",
  actual: "Real label",
  predicted: "Given label",
  right: "right",
  wrong: "wrong",
  cell: (n: string, actual: string, predicted: string, one: boolean) =>
    one ? `${n} text of “${actual}” taken for “${predicted}”` : `${n} texts of “${actual}” taken for “${predicted}”`,
  rightCell: (n: string, label: string, one: boolean) =>
    one ? `${n} text of “${label}” was recognised` : `${n} texts of “${label}” were recognised`,
  fewerLabels: (n: string, all: string) => `The ${n} of ${all} labels that are most often taken for each other.`,
  showAllLabels: (all: string) => `Show all ${all} labels`,
  showFewerLabels: "Show only those most often confused",
  otherLabels: "others",
  otherLabelsHint: "Texts that got a label which is not shown",
  pairs: "Most often confused",
  pairTaken: "taken for",
  pairCount: (n: string, share: string) => `${n} texts, ${share} of the label`,
  onePair: (share: string) => `1 text, ${share} of the label`,
  noPairs: "No label was confused with another.",

  // Several labels
  outcomes: "What each label got right and wrong",
  outcomesHint:
    "A text can have several labels, so each label is a question of its own. A text gets it from the score in the last column on, which was chosen on the valid part.",
  rightlyGiven: "Rightly given",
  wronglyGiven: "Given, but wrong",
  missed: "Missed",
  rightlyWithout: "Rightly not given",
  givenFrom: "Given from",

  // Mistakes
  mistakes: "Mistakes",
  mistakesHint: (n: string, one: boolean) =>
    one
      ? "1 text got a wrong label. It may also be labelled wrongly in the file."
      : `${n} texts got a wrong label. Some of them may be labelled wrongly in the file.`,
  keptMistakes: (kept: string) => `The ${kept} with the highest scores are kept.`,
  order: "Order",
  orders: { surest: "Surest first", line: "As in the file", label: "By label" },
  noMistakes: "Every test text got the right label.",
  line: (n: string) => `Line ${n}`,
  real: "Real label",
  given: "Given label",
  score: "Score",
  more: (n: string) => `Show ${n} more`,
  pages: "Pages",
  page: (first: string, last: string, all: string) => `${first} to ${last} of ${all}`,
  previous: "Previous",
  next: "Next",
  close: "Close",
  surestFirst: "The surest first.",
  leastSureFirst: "The least sure first.",
  onlySome: (shown: string, all: string) => `The report keeps ${shown} of these ${all} texts.`,
  noneKept: "The report does not keep these texts.",

  // Facts
  facts: "How it was trained",
  baseModel: "Base model",
  device: "Device",
  seconds: "Time",
  memory: "Most memory used",
  bestStep: "Best step",
  stepOf: (best: string, all: string) => `${best} of ${all}`,
  learnedFrom: "Learned from",
  checkedOn: "Best step chosen on",
  testedOn: "Tested on",
  texts: (n: string, one: boolean) => (one ? `${n} text` : `${n} texts`),
  loss: "Loss on the test part",

  // Saving
  saveHtml: "Save as HTML",
  saveJson: "Save as JSON",
  saving: "Saving …",
  saved: "Saved as",
  showInFolder: "Show in folder",
};

const de: typeof en = {
  title: "Bericht",
  loading: "Der Bericht wird gelesen …",
  empty: "Es gibt noch keinen Bericht",
  emptyHint: "Trainieren Sie zuerst ein Modell. Dann erscheint hier sein Bericht.",
  run: "Training",
  runChoice: (when, score) => (score === null ? when : `${when} · ${score}`),
  scoreOfRun: (share, isMicroF1) => (isMicroF1 ? `Mikro-F1 ${share}` : `${share} richtig`),

  headline: "der Testtexte bekamen das richtige Label",
  sentence: (right, all) => `${right} von ${all} Texten, die das Modell nie gesehen hatte.`,
  interval: (low, high) => `Bei anderen Texten dieser Art sind ${low} bis ${high} zu erwarten (95-%-Intervall).`,
  baselines: (counted, label, guessed) =>
    `Ein Modell, das nur Wörter zählt, hat ${counted} richtig, immer „${label}“ zu antworten ${guessed}.`,
  baseline: (label, guessed) => `Immer „${label}“ zu antworten wäre bei ${guessed} richtig.`,
  severalHeadline: "ist das Mikro-F1: Genauigkeit und Trefferquote über alle Labels zusammen",
  severalSentence: (precision, recall, exact) =>
    `${precision} der vergebenen Labels sind richtig, und ${recall} der Labels, die die Texte haben, wurden vergeben. ${exact} der Texte bekamen genau ihre Labels.`,
  severalInterval: (low, high) =>
    `Bei anderen Texten dieser Art ist ein Mikro-F1 von ${low} bis ${high} zu erwarten (95-%-Intervall).`,
  severalBaselines: (counted, label, guessed) =>
    `Ein Modell, das nur Wörter zählt, hat ein Mikro-F1 von ${counted}, immer „${label}“ zu vergeben eines von ${guessed}.`,
  severalBaseline: (label, guessed) => `Immer „${label}“ zu vergeben hätte ein Mikro-F1 von ${guessed}.`,
  alwaysGiving: (label) => `Immer „${label}“ vergeben`,
  redrawnTest: (p) => `Nach dem Mikro-F1, mit neu gezogenen Testtexten: ${p}.`,
  compared: "Im Vergleich zu einfacheren Antworten",
  thisModel: "Dieses Modell",
  always: (label) => `Immer „${label}“ antworten`,
  countingWords: "Wörter zählen",
  verdict: {
    better: "Dieses Modell ist sicher besser als eines, das nur Wörter zählt.",
    notSurelyDifferent:
      "Dieses Modell ist nicht sicher besser als eines, das nur Wörter zählt: Auch der Zufall könnte den Unterschied erklären.",
    worse:
      "Dieses Modell ist sicher schlechter als eines, das nur Wörter zählt. Zählen dauert eine Sekunde und kann hier genügen.",
  },
  pairedTest: (model, counted, p) =>
    `${model} Texte hat nur dieses Modell richtig, ${counted} nur das Zählen (exakter McNemar-Test, ${p}).`,
  pValue: (p) => `p\u00a0=\u00a0${p}`,
  tinyPValue: (limit) => `p kleiner als ${limit}`,
  countedPart: (part, all) => `Die Wörter wurden in ${part} der ${all} Trainingstexte gezählt.`,
  macroF1: "Makro-F1",
  macroF1Hint: "Das mittlere F1 der Labels. Jedes Label zählt gleich, auch ein seltenes.",
  weightedF1: "Gewichtetes F1",
  weightedF1Hint: "Dasselbe, aber häufige Labels zählen mehr.",
  tested: "Testtexte",
  cut: (n, one) => (one ? `${n} war zu lang und verlor seine Mitte` : `${n} waren zu lang und verloren ihre Mitte`),
  noneCut: "Keiner wurde gekürzt",
  notes: "Gut zu wissen",
  notBetterThanMajority: (label) =>
    `Das ist nicht sicher besser, als immer „${label}“ zu antworten. Mehr oder klarere Beispiele können helfen.`,
  fewTestTexts: (n, all, fewerThan, one) =>
    `${n} von ${all} Labels ${one ? "hat" : "haben"} weniger als ${fewerThan} Testtexte; solche Werte können weit danebenliegen.`,

  perLabel: "Label für Label",
  perLabelHint: "Ein Klick auf eine Spalte sortiert nach ihr.",
  label: "Label",
  precision: "Genauigkeit",
  precisionHint: "Von den Texten, die dieses Label bekamen: wie viele es haben",
  recall: "Trefferquote",
  recallHint: "Von den Texten, die dieses Label haben: wie viele es bekamen",
  f1: "F1",
  f1Hint: "Genauigkeit und Trefferquote in einer Zahl; niedrig, wenn eine davon niedrig ist",
  nExamples: "Texte",
  nExamplesHint: "Testtexte, die dieses Label haben",
  nPredicted: "Vergeben",
  nPredictedHint: "Testtexte, die dieses Label bekamen",

  confusion: "Was wofür gehalten wird",
  confusionHint: "Eine Zeile je richtigem Label, eine Spalte je vergebenem. Je kräftiger die Farbe, desto größer der Anteil an der Zeile. Jede Zahl öffnet ihre Texte.",
  actual: "Richtiges Label",
  predicted: "Vergebenes Label",
  right: "richtig",
  wrong: "falsch",
  cell: (n, actual, predicted, one) =>
    one ? `${n} Text von „${actual}“ wurde für „${predicted}“ gehalten` : `${n} Texte von „${actual}“ wurden für „${predicted}“ gehalten`,
  rightCell: (n, label, one) => (one ? `${n} Text von „${label}“ wurde erkannt` : `${n} Texte von „${label}“ wurden erkannt`),
  fewerLabels: (n: string, all: string) => `Die ${n} von ${all} Labels, die am häufigsten miteinander verwechselt werden.`,
  showAllLabels: (all: string) => `Alle ${all} Labels zeigen`,
  showFewerLabels: "Nur die am häufigsten verwechselten zeigen",
  otherLabels: "andere",
  otherLabelsHint: "Texte, die ein Label bekamen, das hier nicht steht",
  pairs: "Am häufigsten verwechselt",
  pairTaken: "gehalten für",
  pairCount: (n, share) => `${n} Texte, ${share} des Labels`,
  onePair: (share) => `1 Text, ${share} des Labels`,
  noPairs: "Kein Label wurde mit einem anderen verwechselt.",

  outcomes: "Was bei jedem Label stimmt und was nicht",
  outcomesHint:
    "Ein Text kann mehrere Labels haben, also ist jedes Label eine eigene Frage. Ab dem Wert in der letzten Spalte bekommt ein Text das Label; er wurde am Prüfteil gewählt.",
  rightlyGiven: "Zu Recht vergeben",
  wronglyGiven: "Zu Unrecht vergeben",
  missed: "Übersehen",
  rightlyWithout: "Zu Recht nicht vergeben",
  givenFrom: "Vergeben ab",

  mistakes: "Fehler",
  mistakesHint: (n, one) =>
    one
      ? "1 Text bekam ein falsches Label. Er kann auch in der Datei falsch beschriftet sein."
      : `${n} Texte bekamen ein falsches Label. Manche davon können in der Datei falsch beschriftet sein.`,
  keptMistakes: (kept) => `Die ${kept} mit den höchsten Werten sind aufgehoben.`,
  order: "Reihenfolge",
  orders: { surest: "Sicherste zuerst", line: "Wie in der Datei", label: "Nach Label" },
  noMistakes: "Jeder Testtext bekam das richtige Label.",
  line: (n) => `Zeile ${n}`,
  real: "Richtiges Label",
  given: "Vergebenes Label",
  score: "Wert",
  more: (n) => `${n} weitere zeigen`,
  pages: "Seiten",
  page: (first, last, all) => `${first} bis ${last} von ${all}`,
  previous: "Zurück",
  next: "Weiter",
  close: "Schließen",
  surestFirst: "Die sichersten zuerst.",
  leastSureFirst: "Die unsichersten zuerst.",
  onlySome: (shown, all) => `Der Bericht hebt ${shown} von diesen ${all} Texten auf.`,
  noneKept: "Der Bericht hebt diese Texte nicht auf.",

  facts: "Wie es trainiert wurde",
  baseModel: "Basismodell",
  device: "Gerät",
  seconds: "Zeit",
  memory: "Größter Speicherbedarf",
  bestStep: "Bester Schritt",
  stepOf: (best, all) => `${best} von ${all}`,
  learnedFrom: "Gelernt aus",
  checkedOn: "Bester Schritt gewählt an",
  testedOn: "Getestet an",
  texts: (n, one) => (one ? `${n} Text` : `${n} Texten`),
  loss: "Loss am Testteil",

  saveHtml: "Als HTML speichern",
  saveJson: "Als JSON speichern",
  saving: "Wird gespeichert …",
  saved: "Gespeichert als",
  showInFolder: "Im Ordner zeigen",
};

export const report = { en, de };
