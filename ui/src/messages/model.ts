/** Words of the screen where a base model and its settings are chosen. */

import type { ModelSize } from "../api";

/** The name of a setting, and what it does. */
type SettingWords = Partial<Record<string, { name: string; does: string }>>;

const settingsEn: SettingWords = {
  epochs: { name: "Rounds (epochs)", does: "How often every training text is seen." },
  minSteps: { name: "Fewest steps", does: "With little data, rounds are added until there are this many steps." },
  validationsPerEpoch: { name: "Checks per round", does: "How often the model is checked on the valid part." },
  patience: { name: "Patience", does: "Checks without improvement before the training stops by itself." },
  bestBy: { name: "Best model by", does: "What decides which step's model is kept." },
  learningRate: { name: "Learning rate", does: "How far each step moves the model." },
  schedule: { name: "Fall of the learning rate", does: "The shape in which the learning rate goes to zero." },
  warmupFraction: { name: "Warm-up", does: "Share of the steps in which the learning rate rises." },
  headLearningRateFactor: {
    name: "Learning rate of the new layer, times",
    does: "How much faster the last layer learns, the one that chooses the label.",
  },
  batchSize: { name: "Texts per step (batch)", does: "How many texts the model sees before it is moved." },
  microBatchSize: { name: "Texts at once", does: "Smaller needs less memory and gives the same model." },
  maxLength: { name: "Longest text, in tokens", does: "A token is a word or a piece of one." },
  validFraction: { name: "Share for the valid part", does: "Texts that decide which step's model is best." },
  testFraction: { name: "Share for the test part", does: "Texts that are kept back for the report." },
  seed: { name: "Seed", does: "The number that all chance is drawn from." },
  dropout: { name: "Dropout", does: "Share of signals that are left out at random while learning." },
  labelSmoothing: { name: "Label smoothing", does: "How much doubt is mixed into every label." },
  weightDecay: { name: "Weight decay", does: "A steady pull of the model's numbers to zero." },
  clipNorm: { name: "Largest step (clip norm)", does: "A larger change of the model is scaled down to this." },
  adamBeta1: { name: "Adam beta 1", does: "How long the optimizer remembers directions." },
  adamBeta2: { name: "Adam beta 2", does: "How long the optimizer remembers sizes." },
  adamEpsilon: { name: "Adam epsilon", does: "A small number that keeps a division from going wrong." },
};

const settingsDe: SettingWords = {
  epochs: { name: "Durchgänge (Epochen)", does: "Wie oft jeder Trainingstext gesehen wird." },
  minSteps: { name: "Mindestzahl der Schritte", does: "Bei wenig Daten kommen Durchgänge dazu, bis es so viele sind." },
  validationsPerEpoch: { name: "Prüfungen je Durchgang", does: "Wie oft das Modell am Prüfteil geprüft wird." },
  patience: { name: "Geduld", does: "Prüfungen ohne Verbesserung, bis das Training von selbst aufhört." },
  bestBy: { name: "Bestes Modell nach", does: "Was entscheidet, von welchem Schritt das Modell behalten wird." },
  learningRate: { name: "Lernrate", does: "Wie weit jeder Schritt das Modell bewegt." },
  schedule: { name: "Verlauf der Lernrate", does: "In welcher Form die Lernrate auf null sinkt." },
  warmupFraction: { name: "Anlauf", does: "Anteil der Schritte, in denen die Lernrate steigt." },
  headLearningRateFactor: {
    name: "Lernrate der neuen Schicht, mal",
    does: "Wie viel schneller die letzte Schicht lernt, die das Label wählt.",
  },
  batchSize: { name: "Texte je Schritt (Batch)", does: "Wie viele Texte das Modell sieht, bevor es bewegt wird." },
  microBatchSize: { name: "Texte auf einmal", does: "Weniger braucht weniger Speicher und ergibt dasselbe Modell." },
  maxLength: { name: "Längster Text, in Token", does: "Ein Token ist ein Wort oder ein Stück davon." },
  validFraction: { name: "Anteil des Prüfteils", does: "Texte, die entscheiden, welcher Schritt der beste war." },
  testFraction: { name: "Anteil des Testteils", does: "Texte, die für den Bericht zurückgehalten werden." },
  seed: { name: "Startzahl", does: "Die Zahl, aus der aller Zufall kommt." },
  dropout: { name: "Dropout", does: "Anteil der Signale, die beim Lernen zufällig wegbleiben." },
  labelSmoothing: { name: "Label-Glättung", does: "Wie viel Zweifel in jedes Label gemischt wird." },
  weightDecay: { name: "Gewichtsabbau", does: "Ein steter Zug der Zahlen des Modells zur Null." },
  clipNorm: { name: "Größte Änderung (Clip-Norm)", does: "Größere Änderungen des Modells werden darauf verkleinert." },
  adamBeta1: { name: "Adam Beta 1", does: "Wie lange sich der Optimierer Richtungen merkt." },
  adamBeta2: { name: "Adam Beta 2", does: "Wie lange sich der Optimierer Größen merkt." },
  adamEpsilon: { name: "Adam Epsilon", does: "Eine kleine Zahl, die eine Division vor Fehlern schützt." },
};

/** The engine gives its reasons in English. */
const reasonsDe: Partial<Record<string, string>> = {
  epochs: "Für ein vortrainiertes Modell genügen wenige Durchgänge; der beste Stand wird behalten.",
  minSteps: "Wenige Daten brauchen mehr Durchgänge: kurze Trainings sind unzuverlässig.",
  validationsPerEpoch: "Oft genug, um den besten Stand zu erwischen, selten genug, um wenig zu kosten.",
  patience: "Nach zwei Durchgängen ohne Gewinn kommt selten noch einer.",
  bestBy: "Jedes Label zählt gleich viel, auch ein seltenes.",
  learningRate: "Kleine Modelle vertragen größere Schritte als große.",
  schedule: "Die Rate fällt in einer geraden Linie auf null.",
  warmupFraction: "Ein langsamer Anfang erhält, was das Modell schon kann.",
  headLearningRateFactor: "Die letzte Schicht ist neu und hat den weitesten Weg, vor allem bei vielen Labels.",
  batchSize: "Wenige Texte je Schritt ergeben mehr Schritte, das hilft bei wenig Daten.",
  microBatchSize: "Leer: alle Texte eines Schritts auf einmal, solange der Speicher reicht.",
  maxLength: "Die meisten Texte sind kürzer; längere verlieren ihre Mitte.",
  validFraction: "Genug Texte, um Stände zu vergleichen; die meisten bleiben zum Lernen.",
  testFraction: "Genug Texte für ein enges Intervall; die meisten bleiben zum Lernen.",
  seed: "Dieselbe Zahl ergibt dieselbe Aufteilung, Reihenfolge und dasselbe Ergebnis.",
  dropout: "Leer: wie beim Training des Basismodells.",
  labelSmoothing: "Aus: so bleiben die Werte nahe an Wahrscheinlichkeiten.",
  weightDecay: "Ein leichter Zug zur Null, nur wo er üblich ist.",
  clipNorm: "Ein unglücklicher Schritt kann das Modell nicht zerstören.",
  adamBeta1: "Der übliche Wert.",
  adamBeta2: "Der übliche Wert.",
  adamEpsilon: "Der Wert, mit dem BERT trainiert wurde.",
};

const choicesEn: Partial<Record<string, string>> = {
  linear: "in a straight line",
  cosine: "along a cosine",
  macroF1: "macro-F1",
  loss: "loss",
};

const choicesDe: Partial<Record<string, string>> = {
  linear: "in einer geraden Linie",
  cosine: "entlang eines Kosinus",
  macroF1: "Makro-F1",
  loss: "Loss",
};

const sizesEn: Record<ModelSize, { name: string; about: string }> = {
  fast: { name: "Fast", about: "The quickest to train. A good start on any computer." },
  balanced: { name: "Balanced", about: "Takes longer and often gets more texts right." },
  best: { name: "Best", about: "Takes the longest. Worth it when every point counts." },
};

const sizesDe: Record<ModelSize, { name: string; about: string }> = {
  fast: { name: "Schnell", about: "Am schnellsten trainiert. Ein guter Anfang auf jedem Computer." },
  balanced: { name: "Ausgewogen", about: "Dauert länger und trifft oft mehr Texte." },
  best: { name: "Am besten", about: "Dauert am längsten. Lohnt sich, wenn jeder Punkt zählt." },
};

/** The catalogue describes its models in English. */
const modelsDe: Partial<Record<string, string>> = {
  "minilm-l3": "Das schnellste englische Modell (3 Schichten, Breite 384), für einen ersten Versuch oder einen alten Computer.",
  "minilm-l6":
    "Kleines, schnelles englisches Modell (6 Schichten, Breite 384); ein guter Anfang auf einem Computer ohne Grafikkarte.",
  "minilm-l12": "Doppelt so tief wie das mitgelieferte Modell und noch klein (12 Schichten, Breite 384).",
  "bert-base-uncased":
    "Das klassische englische BERT (12 Schichten, Breite 768). Groß- und Kleinschreibung macht für es keinen Unterschied.",
  "bert-base-cased":
    "Das klassische englische BERT (12 Schichten, Breite 768), das Groß- und Kleinschreibung unterscheidet; das hilft bei Namen.",
  "bert-large-uncased":
    "Das große englische BERT (24 Schichten, Breite 1024). Es braucht eine Grafikkarte und viel Speicher.",
};

const en = {
  title: "Choose a model",
  lead: "The model already knows a language. The training teaches it your labels.",
  models: "Base model",
  loading: "Looking at the models …",
  noModels: "No base model was found",
  noModelsHint: "Install Embert again: its starter model is missing.",
  otherModel: (name: string) => `This project uses ${name}, which is not in the list.`,
  size: (size: ModelSize) => sizesEn[size],
  parameters: "Parameters",
  parametersHint: "Numbers in the model that the training adjusts",
  million: (n: string) => `${n} million`,
  licence: "Licence",
  installed: "Installed",
  toDownload: (size: string) => `${size} to download`,
  notInstalled: "Not installed",
  own: "Your own choice",
  ownAbout: "A BERT that the list does not have. Embert does not know how good it is.",
  aboutModel: (name: string, about: string) => (name === "" ? "" : about),
  estimateHint: "Worked out from your texts and a test of this computer",
  download: "Download",
  downloadOf: (name: string) => `Download ${name}`,
  downloading: "The model is being downloaded",
  connecting: "Asking the hub …",
  bytesOf: (done: string, total: string) => `${done} of ${total}`,
  perSecond: (speed: string) => `${speed} per second`,
  left: (time: string) => `${time} left`,
  cancelDownload: "Cancel",
  cancelling: "Stopping … what is here is kept for the next time.",
  other: "Another model",
  otherLead: "Any BERT works whose weights are a file model.safetensors, also for other languages.",
  hubName: "Name on the Hugging Face hub",
  hubHint: "It is downloaded when you say so, not before.",
  use: "Use it",
  fromFolder: "From a folder …",
  folderHint: "A folder with config.json, model.safetensors and tokenizer.json, for computers without a network.",

  advanced: "Advanced settings",
  advancedLead: "Every setting has a default that works for most data. Nothing here has to be changed.",
  nChanged: (n: string) => `${n} changed`,
  resetAll: "Reset all",
  groups: {
    duration: "How long it learns",
    rate: "How fast it learns",
    texts: "Texts",
    stability: "Staying stable",
    other: "More",
  },
  setting: (name: string) => settingsEn[name] ?? { name, does: "" },
  choice: (value: string) => choicesEn[value] ?? value,
  default: (value: string) => `Default: ${value}`,
  range: (range: string) => `Possible: ${range}`,
  reason: (name: string, reason: string) => (name === "" ? "" : reason),
  automatic: "automatic",
  changed: "Changed",
  reset: "Reset",
  resetOf: (name: string) => `Reset ${name} to its default`,
  notANumber: (range: string) => `This must be a number: ${range}`,
  outOfRange: (value: string, range: string) => `${value} is not possible here: ${range}`,

  preview: "What will happen",
  previewLoading: "Working it out …",
  learnFrom: "Learns from",
  texts: (n: string, one: boolean) => (one ? `${n} text` : `${n} texts`),
  checkedOn: "Checked on",
  checkedOnHint: "while it learns (valid part)",
  testedOn: "Tested on",
  testedOnHint: "once, at the end (test part)",
  length: "Length",
  tokens: (n: string) => `up to ${n} tokens`,
  cut: (n: string, one: boolean) =>
    one ? `${n} text is longer and loses its middle` : `${n} texts are longer and lose their middle`,
  noneCut: "No text is cut",
  batch: "Texts per step",
  learningRate: "Learning rate",
  steps: "Steps",
  epochs: (n: string) => `${n} rounds through the texts`,
  device: "Runs on",
  time: "Time",
  memory: "Memory",
  about: (value: string) => `about ${value}`,
  notMeasured: "not measured yet",
  measuring: "measuring …",
  measuringHint: "a short test of this computer, once",
  timeHint: "at most: it ends early when nothing improves",
  sizeUnknown: "size not known yet",
  willDownload: "Download first",
  nothing: "nothing",
  noNetwork: "It works without a network",
  train: "Train",
  starting: "Starting …",
  downloadAndTrain: "Download and train",
  fetchingFirst: "Downloading …",
  alreadyRunning: "A training of this project is running.",
  seeRunning: "Show the training",
};

const de: typeof en = {
  title: "Modell wählen",
  lead: "Das Modell kennt schon eine Sprache. Das Training bringt ihm Ihre Labels bei.",
  models: "Basismodell",
  loading: "Die Modelle werden gesucht …",
  noModels: "Es wurde kein Basismodell gefunden",
  noModelsHint: "Installieren Sie Embert neu: Das mitgelieferte Modell fehlt.",
  otherModel: (name) => `Dieses Projekt verwendet ${name}, das nicht in der Liste steht.`,
  size: (size) => sizesDe[size],
  parameters: "Parameter",
  parametersHint: "Zahlen im Modell, die das Training einstellt",
  million: (n) => `${n} Mio.`,
  licence: "Lizenz",
  installed: "Installiert",
  toDownload: (size) => `${size} zu laden`,
  notInstalled: "Nicht installiert",
  own: "Eigene Wahl",
  ownAbout: "Ein BERT, das nicht in der Liste steht. Embert weiß nicht, wie gut es ist.",
  aboutModel: (name, about) => modelsDe[name] ?? about,
  estimateHint: "Berechnet aus Ihren Texten und einem Test dieses Computers",
  download: "Laden",
  downloadOf: (name) => `${name} laden`,
  downloading: "Das Modell wird geladen",
  connecting: "Der Hub wird gefragt …",
  bytesOf: (done, total) => `${done} von ${total}`,
  perSecond: (speed) => `${speed} pro Sekunde`,
  left: (time) => `noch ${time}`,
  cancelDownload: "Abbrechen",
  cancelling: "Wird angehalten … was schon da ist, bleibt für das nächste Mal.",
  other: "Ein anderes Modell",
  otherLead: "Jedes BERT geht, dessen Gewichte in einer Datei model.safetensors stehen, auch für andere Sprachen.",
  hubName: "Name auf dem Hugging Face Hub",
  hubHint: "Es wird erst geladen, wenn Sie es sagen.",
  use: "Verwenden",
  fromFolder: "Aus einem Ordner …",
  folderHint: "Ein Ordner mit config.json, model.safetensors und tokenizer.json, für Computer ohne Netz.",

  advanced: "Weitere Einstellungen",
  advancedLead: "Jede Einstellung hat einen Standardwert, der für die meisten Daten passt. Nichts davon muss geändert werden.",
  nChanged: (n) => `${n} geändert`,
  resetAll: "Alle zurücksetzen",
  groups: {
    duration: "Wie lange es lernt",
    rate: "Wie schnell es lernt",
    texts: "Texte",
    stability: "Stabil bleiben",
    other: "Weitere",
  },
  setting: (name) => settingsDe[name] ?? { name, does: "" },
  choice: (value) => choicesDe[value] ?? value,
  default: (value) => `Standard: ${value}`,
  range: (range) => `Möglich: ${rangeDe(range)}`,
  reason: (name, reason) => reasonsDe[name] ?? reason,
  automatic: "automatisch",
  changed: "Geändert",
  reset: "Zurücksetzen",
  resetOf: (name) => `${name} auf den Standard zurücksetzen`,
  notANumber: (range) => `Hier muss eine Zahl stehen: ${rangeDe(range)}`,
  outOfRange: (value, range) => `${value} geht hier nicht: ${rangeDe(range)}`,

  preview: "Was passieren wird",
  previewLoading: "Wird berechnet …",
  learnFrom: "Lernt aus",
  texts: (n, one) => (one ? `${n} Text` : `${n} Texten`),
  checkedOn: "Geprüft an",
  checkedOnHint: "während des Lernens (Prüfteil)",
  testedOn: "Getestet an",
  testedOnHint: "einmal, am Ende (Testteil)",
  length: "Länge",
  tokens: (n) => `bis ${n} Token`,
  cut: (n, one) => (one ? `${n} Text ist länger und verliert seine Mitte` : `${n} Texte sind länger und verlieren ihre Mitte`),
  noneCut: "Kein Text wird gekürzt",
  batch: "Texte je Schritt",
  learningRate: "Lernrate",
  steps: "Schritte",
  epochs: (n) => `${n} Durchgänge durch die Texte`,
  device: "Läuft auf",
  time: "Zeit",
  memory: "Speicher",
  about: (value) => `etwa ${value}`,
  notMeasured: "noch nicht gemessen",
  measuring: "wird gemessen …",
  measuringHint: "ein kurzer Test dieses Computers, nur einmal",
  timeHint: "höchstens: es endet früher, wenn nichts besser wird",
  sizeUnknown: "Größe noch nicht bekannt",
  willDownload: "Vorher laden",
  nothing: "nichts",
  noNetwork: "Es geht ohne Netz",
  train: "Trainieren",
  starting: "Wird gestartet …",
  downloadAndTrain: "Laden und trainieren",
  fetchingFirst: "Wird geladen …",
  alreadyRunning: "Ein Training dieses Projekts läuft gerade.",
  seeRunning: "Training zeigen",
};

/** The engine says ranges in English, always with the same few words. */
export function rangeDe(range: string): string {
  return range
    .replace("a whole number", "eine ganze Zahl")
    .replace("below", "unter")
    .replace("above", "über")
    .replace("at most", "höchstens")
    .replace("or more", "oder mehr")
    .replace("less than", "kleiner als")
    .replace(" and ", " und ")
    .replace(" to ", " bis ")
    .replace(" or ", " oder ")
    .replace(/(\d)\.(\d)/g, "$1,$2");
}

export const model = { en, de };
