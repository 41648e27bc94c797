/**
 * The words of errors by their code, and of what a training tells. English needs no table: the engine, the worker and
 * the shell say their sentences in English, with the values beside them. What is not here, or lacks a value, stays
 * English.
 *
 * `{name}` stands for a value, `{name:format}` for a value in one of the forms of `lib/fill.ts`. A code that is raised
 * for several reasons chooses its words by the values that came along.
 */

import type { ErrorInfo, GpuFault } from "../api";

export type Values = ErrorInfo["values"];

/** A sentence with places for values, or what chooses one. */
export type Template = string | ((values: Values) => string);

export interface ErrorWords {
  message: Template;
  /** Left out where there is nothing to do. */
  hint?: Template;
}

export type ErrorTable = Readonly<Partial<Record<string, ErrorWords>>>;

const FRESH_MODEL = "Laden oder kopieren Sie das Modell noch einmal.";
const OTHER_TOKENIZER =
  "Laden Sie das Modell noch einmal, oder wählen Sie einen Modellordner mit einer tokenizer.json, wie Hugging Face sie speichert.";
const ROWS_IN_SHEET =
  "Schreiben Sie die Namen der Spalten in die erste Zeile eines Blatts und darunter je Zeile einen Text mit seinem Label.";
const EXPORTED_LIST = "Wählen Sie eine Datei, die aus den Labels eines Projekts exportiert wurde.";
const UNPACK = "Packen Sie das Archiv aus, und wählen Sie die Datei mit den Texten und Labels.";
const OTHER_DEVICE =
  "Wählen Sie in den Einstellungen „Automatisch“ oder den Prozessor; das Ergebnis ist dasselbe, es dauert nur länger.";

/** Why a GPU failed its test, by the fault's name. What a driver or the system says stays as it is. */
export const gpuFaults: { readonly de: Readonly<Partial<Record<string, string>>> } = {
  de: {
    wrongGradients:
      "Ihre Ergebnisse weichen um {error:percent} von denen des Prozessors ab; erlaubt sind {most:percent}",
    notStarted: "Der Test ließ sich nicht starten („{words}“)",
    noResult: "Der Test brachte kein Ergebnis („{words}“)",
    ended: "Der Treiber hat den Test beendet („{status}“)",
    timedOut: "Der Test war nach {seconds} Sekunden nicht fertig",
    lost: "„{words}“",
  } satisfies Record<GpuFault["fault"], string>,
};

const tables: ErrorTable = {
  "table.missing": {
    message: "Die Datei {path} gibt es nicht",
    hint: "Prüfen Sie die Schreibweise und den Ordner der Datei.",
  },
  "table.folder": {
    message: "{path} ist ein Ordner, hat aber keine Unterordner mit Textdateien",
    hint: "Wählen Sie eine Datei darin oder einen Ordner, der für jedes Label einen Unterordner mit Textdateien hat.",
  },
  "table.unreadable": {
    message: "Die Datei {path} kann nicht gelesen werden",
    hint: "Prüfen Sie, ob es eine gewöhnliche Datei ist, ob Sie sie lesen dürfen und ob kein anderes Programm sie festhält.",
  },
  "table.unwritable": {
    message: "Die Datei {path} kann nicht geschrieben werden",
    hint: "Prüfen Sie, ob es den Ordner gibt, ob Sie dort schreiben dürfen und ob der Datenträger nicht voll ist.",
  },
  "table.empty": {
    message: "Die Datei {path} ist leer",
    hint: "Wählen Sie eine Datei mit einer Kopfzeile und mindestens einer Zeile, etwa eine CSV-Datei aus einer Tabellenkalkulation.",
  },
  "table.binary": {
    message: "Die Datei {path} ist {kind:word}, keine Tabelle aus Text",
    hint: "Öffnen Sie die Datei in dem Programm, zu dem sie gehört, und speichern Sie sie als Excel- oder CSV-Datei.",
  },
  "table.headerOnly": {
    message: ({ nColumns }) =>
      nColumns === 1
        ? "Die Datei {path} hat eine Kopfzeile mit {nColumns} Spalte, aber 0 Zeilen"
        : "Die Datei {path} hat eine Kopfzeile mit {nColumns} Spalten, aber 0 Zeilen",
    hint: "Fügen Sie unter der Kopfzeile Zeilen hinzu: je Zeile ein Text mit seinem Label.",
  },
  "table.noUsableRow": {
    message: ({ nRows, nColumns }) => {
      const rows = nRows === 1 ? "Die einzige Zeile von {path} passt nicht zu" : "Keine der {nRows} Zeilen von {path} passt zu";
      return nColumns === 1 ? `${rows} der {nColumns} Spalte` : `${rows} den {nColumns} Spalten`;
    },
    hint: "Setzen Sie Texte, die das Trennzeichen enthalten, in Anführungszeichen, oder speichern Sie die Datei noch einmal als CSV aus einer Tabellenkalkulation.",
  },
  "table.rowTooLong": {
    // 16 MB is ROW_LIMIT_BYTES in the engine.
    message: "Die Zeile {line} von {path} ist länger als 16 MB; mehr darf eine Zeile nicht enthalten",
    hint: ({ place }) =>
      place === "line"
        ? "Sehen Sie sich Zeile {line} an: Meist wird dort ein Anführungszeichen geöffnet und nie geschlossen, oder es fehlt ein Zeilenumbruch."
        : "Sehen Sie sich Zeile {line} an: Kürzen Sie dort den längsten Text, oder lassen Sie die Zeile weg.",
  },
  "table.nothingBelow": {
    message: ({ nLines }) => `Die Datei {path} hat {nLines} ${nLines === 1 ? "Zeile" : "Zeilen"}, aber die ersten {nAbove} sollen weggelassen werden`,
    hint: "Wählen Sie eine kleinere Zahl für die Zeilen über der Tabelle oder für die Zeile mit den Namen.",
  },
  "table.rowsTooShort": {
    message: "Die Tabelle in {path} hat {nColumns} Spalten, aber ihre ersten {nRows} Zeilen haben zusammen nur {nCells} Zellen",
    hint: "Sehen Sie sich die Zeile mit den Namen an: Wählen Sie eine andere Zeile oder ein anderes Trennzeichen, oder löschen Sie die Namen, die keine Zeile braucht.",
  },
  "table.tooManyCells": {
    // 100 million is CELL_LIMIT in the engine.
    message: "Die Tabelle in {path} hat mindestens {nColumns} Spalten und {nRows} Zeilen; mehr als 100 Millionen Zellen werden nicht gelesen",
    hint: "Behalten Sie die Spalten mit den Texten und den Labels, und löschen Sie die anderen.",
  },
  "table.unpackedTooLarge": {
    // 1024 MB is UNPACKED_LIMIT_BYTES in the engine.
    message: "Die Datei {path} enthält ausgepackt mehr als 1024 MB; mehr wird nicht gelesen",
    hint: "Teilen Sie die Tabelle in kleinere Dateien; zum Lernen genügt ein Teil davon.",
  },
  "table.folderTooLarge": {
    message: "Die Texte im Ordner {path} haben zusammen mehr als 1024 MB; mehr wird nicht gelesen",
    hint: "Wählen Sie einen Ordner mit weniger Texten; zum Lernen genügt ein Teil davon.",
  },
  "table.documentTooLarge": {
    message: "Das JSON-Dokument {path} ist größer als 1024 MB; mehr wird nicht auf einmal gelesen",
    hint: "Speichern Sie es mit einem Objekt je Zeile (JSON Lines), oder teilen Sie es in kleinere Dateien.",
  },
  "table.encrypted": {
    message: "Die Datei {path} ist mit einem Passwort geschützt",
    hint: "Öffnen Sie sie in dem Programm, zu dem sie gehört, entfernen Sie das Passwort und speichern Sie sie neu.",
  },
  "table.damaged": {
    message: "Die Datei {path} ist {kind:word}, aber beschädigt oder abgeschnitten",
    hint: "Kopieren oder laden Sie die Datei noch einmal, oder öffnen Sie sie in ihrem Programm und speichern Sie sie neu.",
  },
  "table.brokenJson": {
    message: "Zeile {line} von {path} ist kein gültiges JSON",
    hint: "Sehen Sie sich Zeile {line} an: Ein Komma, ein Anführungszeichen oder eine Klammer fehlt oder ist zu viel, oder die Datei ist abgeschnitten.",
  },
  "table.notRows": {
    message: "Die Datei {path} ist JSON, aber keine Tabelle",
    hint: "Speichern Sie sie als Liste von Objekten, jedes mit einem Text und einem Label, oder mit einem Objekt je Zeile.",
  },
  "table.noSheet": {
    message: ({ nSheets }) =>
      nSheets === 1
        ? "Die Arbeitsmappe {path} hat {nSheets} Blatt, und es hat keine Zeile"
        : "Die Arbeitsmappe {path} hat {nSheets} Blätter, und keines hat eine Zeile",
    hint: ROWS_IN_SHEET,
  },
  "table.emptySheet": { message: "Das Blatt „{sheet}“ von {path} ist leer", hint: ROWS_IN_SHEET },
  "table.unknownSheet": {
    message: "{path} hat kein Blatt „{sheet}“; die Blätter sind {sheets:quoted}",
    hint: "Wählen Sie eines dieser Blätter; Groß- und Kleinschreibung zählt.",
  },
  "table.noTableInArchive": {
    message: ({ files }) =>
      Array.isArray(files) && files.length === 0
        ? "Das Archiv {path} enthält keine Tabelle, nur Ordner"
        : "Das Archiv {path} enthält keine Tabelle, nur {files:quoted}",
    hint: UNPACK,
  },
  "table.severalTables": { message: "Das Archiv {path} enthält mehrere Tabellen: {files:quoted}", hint: UNPACK },
  "table.unknownPart": {
    message: "Der Name von {path} sagt nicht, ob die Datei zum Trainieren, Validieren oder Testen ist",
    hint: "Wählen Sie eine einzelne Datei oder mehrere, die nach ihrem Teil heißen, etwa train.csv, validation.csv und test.csv.",
  },
  "table.differentColumns": {
    message: "Die Spalten von {path} sind {columns:quoted}, die von {otherPath} aber {otherColumns:quoted}",
    hint: "Geben Sie den Spalten in allen Dateien dieselben Namen, oder machen Sie aus jeder Datei ein eigenes Projekt.",
  },
  "table.unknownEncoding": {
    message: "Die Zeichenkodierung „{encoding}“ gibt es nicht",
    hint: "Schreiben Sie sie wie in Webseiten, etwa UTF-8, UTF-16LE, windows-1252, ISO-8859-2 oder Shift_JIS.",
  },
  "table.unknownColumn": {
    message: "Die Spalte „{column}“ gibt es nicht; die Spalten sind {columns:quoted}",
    hint: "Wählen Sie eine dieser Spalten; Groß- und Kleinschreibung zählt.",
  },
};

const datasets: ErrorTable = {
  "dataset.textNeeded": {
    message: "Die Textspalte ist abgewählt, aber ohne Text gibt es nichts zu sortieren",
    hint: "Wählen Sie die Spalte mit dem Text.",
  },
  "dataset.noTextColumn": {
    message: ({ nColumns }) =>
      nColumns === 1 ? "Die einzige Spalte sieht nicht nach Text aus" : "Keine der {nColumns} Spalten sieht nach Text aus",
    hint: "Wählen Sie die Spalte mit dem Text in „Daten“.",
  },
  "dataset.oneColumn": {
    message: "Die Datei hat nur 1 Spalte, „{text}“; Texte und Labels brauchen 2",
    hint: "Fügen Sie eine Spalte hinzu, die zu jedem Text das Label sagt; wenn sie schon da ist, setzen Sie ein Komma oder einen Tabulator dazwischen.",
  },
  "dataset.noLabelColumn": {
    message: "Neben der Textspalte „{text}“ gibt es keine Labelspalte",
    hint: "Wählen Sie die Labelspalte in „Daten“; zum Lernen braucht es eine Spalte, die zu jedem Text das Label sagt.",
  },
  "dataset.sameColumn": {
    message: "Die Spalte „{column}“ kann nicht zugleich {first:word} und {second:word} sein",
    hint: "Wählen Sie zwei verschiedene Spalten.",
  },
  "dataset.noExamples": {
    message: "Keine der {nRows} Zeilen hat einen Text in „{text}“ und ein Label in „{label}“",
    hint: "Wählen Sie andere Spalten, oder tragen Sie Texte und Labels ein.",
  },
  "dataset.oneLabel": {
    message: ({ nExamples }) =>
      nExamples === 1
        ? "Es gibt nur 1 Beispiel, mit dem Label „{label}“; es braucht mindestens 2 Labels"
        : "Alle {nExamples} Beispiele haben das Label „{label}“; es braucht mindestens 2 Labels",
    hint: "Fügen Sie Beispiele mit einem anderen Label hinzu, oder wählen Sie eine andere Labelspalte.",
  },
  "dataset.tooManyLabels": {
    message: "Die Spalte „{column}“ hat {nLabels} verschiedene Labels in {nExamples} Zeilen: Das sieht nach einer Textspalte aus",
    hint: "Wählen Sie als Labelspalte eine mit wenigen verschiedenen Werten.",
  },
  "dataset.unknownLabel": {
    message: "Das Label „{label}“ in Zeile {line} gehört nicht zu den {nLabels} bekannten Labels",
    hint: "Korrigieren Sie das Label, oder entfernen Sie die Zeile.",
  },
  "dataset.unknownPart": {
    message: "In der Spalte der Aufteilung steht in Zeile {line} „{value}“; bekannt sind nur train, valid und test",
    hint: "Schreiben Sie dort train, valid oder test, oder wählen Sie keine Spalte für die Aufteilung.",
  },
  "dataset.testTwice": {
    message: "Die Datei hat schon {nTest} Testzeilen, eine zweite Testdatei geht deshalb nicht",
    hint: "Lassen Sie die Testdatei weg, oder die Spalte der Aufteilung.",
  },
  "edits.unknownLabel": {
    message: "Das Label „{label}“ gibt es nicht; die {nLabels} Labels heißen anders",
    hint: "Wählen Sie ein Label aus der Liste.",
  },
  "edits.notIgnored": {
    message: "Das Label „{label}“ kann nicht zurückgeholt werden, denn es ist nicht weggelassen",
    hint: "Wählen Sie eines der weggelassenen Labels.",
  },
  "edits.emptyName": {
    message: "Das Label „{label}“ kann keinen leeren Namen bekommen",
    hint: "Geben Sie einen Namen ein, oder lassen Sie das Label weg.",
  },
  "edits.emptyRareName": {
    message: "Das Label für alle seltenen Labels kann keinen leeren Namen bekommen",
    hint: "Geben Sie einen Namen wie „Sonstiges“ ein, oder lassen Sie die seltenen Labels weg.",
  },
  "editFile.unreadable": {
    message: "Die Liste von Änderungen {path} kann nicht gelesen werden",
    hint: "Prüfen Sie die Schreibweise und ob Sie sie lesen dürfen.",
  },
  "editFile.tooLong": {
    // 16 MB is MOST_BYTES in the engine.
    message: "Die Datei {path} hat mehr als 16 MB; sie ist keine Liste von Änderungen",
    hint: EXPORTED_LIST,
  },
  "editFile.notJson": {
    message: "Zeile {line} von {path} ist kein gültiges JSON",
    hint: "Sehen Sie sich diese Zeile an: Ein Komma, ein Anführungszeichen oder eine Klammer fehlt oder ist zu viel. Oder exportieren Sie die Liste noch einmal.",
  },
  "editFile.otherJson": {
    message: "Die Datei {path} ist JSON, aber keine Liste von Änderungen",
    hint: EXPORTED_LIST,
  },
  "editFile.version": {
    message: "Die Liste von Änderungen {path} hat die Version {version}; dieses Embert liest Version {known}",
    hint: "Aktualisieren Sie Embert, oder exportieren Sie die Liste noch einmal mit dieser Version.",
  },
  "editFile.edit": {
    message: ({ kind }) =>
      kind === undefined
        ? "Die Änderung {number} in {path} sagt nicht, welcher Art sie ist"
        : "Die Änderung {number} in {path} ist von der Art „{kind}“, aber nicht als solche zu lesen",
    hint: "Berichtigen Sie sie, oder nehmen Sie sie aus der Datei; oder aktualisieren Sie Embert, wenn ein neueres sie geschrieben hat.",
  },
  "split.fractions": {
    message: "Der Anteil des Prüfteils ({valid}) und der des Testteils ({test}) müssen je 0 bis 0,5 und zusammen kleiner als 0,9 sein",
    hint: "Setzen Sie die Anteile zurück; dann sind es je 10 %.",
  },
  "split.tooFewExamples": {
    message: ({ n }) =>
      n === 1
        ? "Das Label „{label}“ hat nur 1 Beispiel (Zeile {line}); jedes Label braucht mindestens {needed}"
        : "Das Label „{label}“ hat nur {n} Beispiele (Zeile {line}); jedes Label braucht mindestens {needed}",
    hint: "Fügen Sie Beispiele hinzu, fassen Sie das Label mit einem anderen zusammen, oder lassen Sie es weg.",
  },
  "split.emptyPart": {
    message: "Für den {part:word} ist kein Beispiel übrig",
    hint: "Fügen Sie mehr verschiedene Texte hinzu; wenn die Datei eine Spalte für die Aufteilung hat, schreiben Sie dort in einige Zeilen „{part}“.",
  },
  "split.labelNotInTrain": {
    message: "Das Label „{label}“ (Zeile {line}) steht im Prüf- oder Testteil, aber nicht im Trainingsteil",
    hint: "Geben Sie einige seiner Zeilen dem Trainingsteil, oder wählen Sie keine Spalte für die Aufteilung.",
  },
};

const models: ErrorTable = {
  "tokens.missing": {
    message: "Im Modellordner {folder} fehlt tokenizer.json",
    hint: OTHER_TOKENIZER,
  },
  "tokens.broken": {
    message: "Die Datei {path} ist kein lesbarer Tokenizer",
    hint: OTHER_TOKENIZER,
  },
  "tokens.noPadToken": {
    message: "Der Tokenizer {path} hat kein Fülltoken",
    hint: OTHER_TOKENIZER,
  },
  "tokens.noRoom": {
    message: "Die größte Länge ist {maxLength} Token, es braucht aber mindestens {least}",
    hint: "Wählen Sie eine größte Länge von mindestens {least}; für die meisten Texte passen 128 oder 256.",
  },
  "tokens.text": { message: "Ein Text von {nBytes:bytes} kann nicht in Token zerlegt werden" },
  "recipe.outOfRange": {
    message: "Die Einstellung „{name:setting}“ ist {value:exact}; möglich ist: {range:range}",
    hint: "Leeren Sie das Feld, dann gilt der Standardwert. {name:reason}",
  },
  "recipe.tooLong": {
    message: "Eingestellt sind Texte von {asked} Token, das Basismodell liest aber höchstens {most}",
    hint: "Stellen Sie die Länge auf {most} oder weniger.",
  },
  "baseModel.notFound": {
    message: ({ folders }) =>
      Array.isArray(folders) && folders.length > 0
        ? "Es gibt kein Basismodell „{name}“ (kein Ordner, und nicht in {folders})"
        : "Es gibt kein Basismodell „{name}“",
    hint: "Laden Sie es auf der Seite „Modell“, oder wählen Sie dort den Ordner eines Modells.",
  },
  "baseModel.notInCatalogue": {
    message: "Der Katalog hat kein Modell „{name}“",
    hint: "Wählen Sie ein Modell der Liste, oder einen Namen auf dem Hub wie google-bert/bert-base-uncased.",
  },
  "baseModel.incomplete": {
    message: "Im Modellordner {folder} fehlt {file}",
    hint: "Ein Modellordner braucht config.json, model.safetensors und tokenizer.json; kopieren Sie die fehlende Datei von dort, wo das Modell herkommt.",
  },
  "baseModel.pickle": {
    message: ({ repository }) =>
      repository === undefined
        ? "Im Modellordner {folder} stehen die Gewichte nur in {file}: ein Pickle, das beim Öffnen jedes Programm starten kann"
        : "Der Hub hat die Gewichte von {repository} nur als {file}: ein Pickle, das beim Öffnen jedes Programm starten kann",
    hint: "Nehmen Sie das Modell als Safetensors; die meisten Modelle auf dem Hub haben eine Datei model.safetensors.",
  },
  "baseModel.config": {
    message: "{path} ist nicht die Konfiguration eines Modells: {source}",
    hint: "Kopieren Sie config.json noch einmal von dort, wo das Modell herkommt.",
  },
  "baseModel.notBert": {
    message: "Das Modell in {folder} ist von der Art „{modelType}“; Embert trainiert Modelle der Art „bert“",
    hint: "Wählen Sie ein BERT-Modell, zum Beispiel bert-base-uncased, oder ein Modell der Liste.",
  },
  "baseModel.hash": {
    message: "{path} hat die SHA-256-Prüfsumme {found}, {name} hat aber {expected}",
    hint: "Die Datei ist beschädigt oder ein anderes Modell; löschen Sie ihren Ordner und laden Sie {name} noch einmal.",
  },
  "baseModel.occupied": {
    message: "Den Ordner {folder} gibt es schon, und er enthält nicht {name}",
    hint: "Räumen Sie {folder} weg, oder wählen Sie einen anderen Ordner für Modelle.",
  },
  "baseModel.hubUnreachable": {
    message: "Der Modell-Hub {endpoint} ist nicht erreichbar: {reason:word}",
    hint: "Prüfen Sie die Verbindung und den Proxy, oder setzen Sie HF_ENDPOINT auf einen Spiegel. Was schon geladen ist, bleibt; die installierten Modelle gehen ohne Netz.",
  },
  "baseModel.hubRefused": {
    message: "Der Modell-Hub {endpoint} gibt {file} von {repository} nicht her: {reason:word}",
    hint: "Prüfen Sie den Namen des Modells, und ob HF_ENDPOINT auf einen Hugging Face Hub oder einen vollen Spiegel davon zeigt.",
  },
  "baseModel.hubDenied": {
    message: "Der Modell-Hub {endpoint} gibt {repository} nicht jedem: {reason:word}",
    hint: "Melden Sie sich mit `hf auth login` an oder setzen Sie HF_TOKEN, und stimmen Sie den Bedingungen auf der Seite des Modells zu; oder wählen Sie ein anderes Modell.",
  },
  "baseModel.hubBusy": {
    message: "Der Modell-Hub {endpoint} ist zu beschäftigt für {repository}: {reason:word}",
    hint: "Versuchen Sie es in einigen Minuten wieder; was schon geladen ist, bleibt.",
  },
  "baseModel.diskFull": {
    message: "{repository} braucht {neededBytes:bytes}, auf dem Datenträger von {folder} sind aber nur {freeBytes:bytes} frei",
    hint: "Schaffen Sie Platz, oder legen Sie den Ordner der Modelle auf einen anderen Datenträger.",
  },
  "baseModel.io": {
    message: "{path} kann nicht {action:word} werden: {source}",
    hint: "Prüfen Sie, ob es den Ordner gibt, ob Sie ihn benutzen dürfen und ob auf dem Datenträger Platz ist.",
  },
  "model.config": {
    message: ({ field, hiddenSize, source }) => {
      if (field !== undefined) return "In {path} steht {field} = „{value}“; unterstützt wird nur „{supported}“";
      if (hiddenSize !== undefined) return "{path} nennt die Breite {hiddenSize} und {heads} Köpfe; das lässt sich nicht teilen";
      return source === undefined ? "{path} kann nicht gelesen werden" : "{path} beschreibt kein BERT: {source}";
    },
    hint: FRESH_MODEL,
  },
  "model.weights": {
    message: ({ name, expected, found, reason }) => {
      if (expected !== undefined)
        return "Der Tensor „{name}“ in {path} hat die Form {found:shape}; config.json verlangt {expected:shape}";
      if (found !== undefined)
        return "Der Tensor „{name}“ in {path} hat Zahlen der Art {found}; lesbar sind nur F32, F16 und BF16";
      if (name !== undefined) return "In {path} fehlt der Tensor „{name}“";
      return reason === undefined ? "{path} kann nicht gelesen werden" : "{path} ist keine Safetensors-Datei: {reason}";
    },
    hint: FRESH_MODEL,
  },
  "model.noLabels": {
    message: "Das Modell in {folder} hat keine Labels und kann deshalb nicht sortieren",
    hint: "Wählen Sie den Ordner „model“ eines fertigen Trainings, kein Basismodell.",
  },
};

const trainings: ErrorTable = {
  "device.unknown": { message: "Das Gerät „{request}“ gibt es nicht; dieser Computer hat {known}", hint: OTHER_DEVICE },
  "device.noGpu": { message: "Es gibt keine Grafikkarte, die diese Fassung von Embert benutzen kann", hint: OTHER_DEVICE },
  "device.failed": {
    message: ({ fault }) =>
      `Die Grafikkarte {name} hat ihren Test nicht bestanden: ${gpuFaults.de[String(fault)] ?? "{fault}"}`,
    hint: OTHER_DEVICE,
  },
  "measure.write": {
    message: "Das Testtraining kann nicht in den Ordner für vorläufige Dateien schreiben",
    hint: "Prüfen Sie, ob auf dem Datenträger Platz ist.",
  },
  "run.write": {
    message: "{path} kann nicht gelesen oder geschrieben werden",
    hint: "Prüfen Sie, ob auf dem Datenträger Platz ist und ob der Ordner beschreibbar ist.",
  },
  "run.noCheckpoint": {
    message: ({ id }) =>
      id === undefined
        ? "Das Training in {folder} hat keinen Zwischenstand, von dem es weitergehen könnte"
        : "Das Training „{id}“ hat keinen Zwischenstand, von dem es weitergehen könnte",
    hint: "Trainieren Sie noch einmal; der erste Zwischenstand entsteht bei der ersten Prüfung am Prüfteil.",
  },
  "run.checkpoint": {
    message: "Der Zwischenstand {path} ist nicht zu gebrauchen",
    hint: "Trainieren Sie noch einmal; der erste Zwischenstand entsteht bei der ersten Prüfung am Prüfteil.",
  },
  "run.missing": {
    message: "{path} beschreibt kein Training: {reason}",
    hint: "Wählen Sie den Ordner eines begonnenen Trainings.",
  },
  "run.over": { message: "Das Training in {folder} ist zu Ende: {state:word}", hint: "Beginnen Sie ein neues Training." },
  "run.differs": {
    message: "Das Training in {folder} wurde mit {what:word} begonnen",
    hint: "Nehmen Sie, womit es begonnen wurde; das steht in seiner run.json. Oder beginnen Sie ein neues Training.",
  },
  "run.inUse": {
    message: "Ein anderer Prozess trainiert gerade in {folder}",
    hint: "Warten Sie, bis er zu Ende ist.",
  },
  "run.folderTaken": {
    message: "Der Ordner {path} für das Training ist nicht leer",
    hint: "Wählen Sie einen anderen Ordner, oder räumen Sie diesen weg.",
  },
  "train.diverged": {
    message: "Das Training brach bei Schritt {step} ab: Der Gradient war {nSkipped} Schritte nacheinander keine Zahl",
    hint: "Versuchen Sie es mit der halben Lernrate.",
  },
  "worker.runFolderTaken": {
    message: "Der Ordner {folder} für das Training ist schon belegt",
    hint: "Wählen Sie einen anderen; ein Training überschreibt nie, was da ist.",
  },
  "worker.outIsInput": {
    message: "Die Ausgabe {path} ist die Eingabedatei selbst",
    hint: "Wählen Sie einen anderen Namen; Ihre Datei wird nie verändert.",
  },
  "worker.noOutFolder": {
    message: "Den Ordner {folder} für die Ausgabe gibt es nicht",
    hint: "Legen Sie den Ordner an, oder wählen Sie einen anderen Ort.",
  },
  "onnx.family": {
    message: "Das Modell in {folder} ist von der Art „{family}“; nur die Art „bert“ kann zu ONNX werden",
    hint: "Benutzen Sie den Modellordner, wie er ist; transformers liest ihn.",
  },
  "onnx.taken": {
    message: "Den Ordner {folder} gibt es schon",
    hint: "Wählen Sie einen Ordner, den es noch nicht gibt.",
  },
  "onnx.tooLarge": {
    message: "{file} hätte {nBytes:bytes}, eine ONNX-Datei hat aber höchstens {mostBytes:bytes}",
    hint: "Trainieren Sie ein kleineres Basismodell, oder benutzen Sie den Modellordner, wie er ist; transformers liest ihn.",
  },
  "onnx.io": {
    message: "{path} kann nicht {action:word} werden: {source}",
    hint: "Prüfen Sie, ob es den Ordner gibt, ob Sie ihn benutzen dürfen und ob auf dem Datenträger Platz ist.",
  },
  "onnx.runtime": {
    message: "Die geschriebene Datei {file} läuft nicht: {reason}",
    hint: "Das ist ein Fehler in Embert, nicht in Ihrem Modell. Bitte melden Sie ihn mit dem Namen des Basismodells.",
  },
  "onnx.differs": {
    message: "Die Werte von {file} weichen um {difference} von denen des Modells ab; erlaubt sind {allowed}",
    hint: "Das ist ein Fehler in Embert, nicht in Ihrem Modell. Bitte melden Sie ihn mit dem Namen des Basismodells.",
  },
  "worker.noModelFolder": {
    message: "Den Modellordner {folder} gibt es nicht",
    hint: "Wählen Sie den Ordner „model“ eines fertigen Trainings; darin liegt config.json.",
  },
  "worker.recipe": {
    message: "Die Einstellungen des Trainings sind nicht zu gebrauchen: {source}",
    hint: "Setzen Sie die weiteren Einstellungen auf der Seite „Modell“ zurück.",
  },
  "worker.maxLength": {
    message: "Als längster Text sind {maxLength} Token eingestellt, das Modell liest aber höchstens {limit}",
    hint: "Wählen Sie eine kleinere Zahl.",
  },
  "worker.measuring": {
    message: "Das Testtraining auf {device} ist gescheitert: {reason}",
    hint: "Versuchen Sie es noch einmal; wenn es so bleibt, wählen Sie den Prozessor als Gerät.",
  },
  "worker.remember": {
    message: "Was gemessen wurde, kann nicht nach {folder} geschrieben werden: {source}",
    hint: "Prüfen Sie, ob der Ordner beschreibbar ist und ob auf dem Datenträger Platz ist.",
  },
  "worker.busy": {
    message: "Das Rechenprogramm ist noch mit Auftrag {running} beschäftigt",
    hint: "Warten Sie auf sein Ende, oder brechen Sie ihn ab.",
  },
  "worker.paused": { message: "Das Training wurde bei Schritt {step} angehalten", hint: "Es kann von dort weitergehen." },
  "worker.internal": {
    message: "Innerer Fehler: {reason}",
    hint: "Das ist ein Fehler in Embert, nicht in Ihren Daten. Bitte melden Sie ihn mit dieser Meldung.",
  },
  "worker.start": {
    message: "Das Rechenprogramm {path} kann nicht gestartet werden",
    hint: "Installieren Sie Embert neu; das Programm gehört dazu.",
  },
  "worker.died": {
    message: "Das Rechenprogramm endete mitten in der Arbeit ({ending:word})",
    hint: "Was vorher erreicht war, bleibt. Versuchen Sie es noch einmal; wenn es wieder so endet, wählen Sie in den Einstellungen den Prozessor als Gerät.",
  },
  "worker.answer": {
    message: "Das Rechenprogramm hat auf unbekannte Weise geantwortet",
    hint: "Installieren Sie Embert neu; das Programm gehört dazu.",
  },
};

const projects: ErrorTable = {
  "project.notFound": { message: "Das Projekt „{id}“ gibt es nicht", hint: "Gehen Sie zurück zu allen Projekten." },
  "run.notFound": { message: "Das Training „{id}“ gibt es in diesem Projekt nicht", hint: "Gehen Sie zurück zu allen Projekten." },
  "training.busy": {
    message: "Es läuft schon ein Training, im Projekt „{project}“",
    hint: "Warten Sie auf sein Ende, oder stoppen Sie es auf seiner Seite „Training“.",
  },
  "run.noModel": {
    message: "Das Training „{id}“ hat kein Modell",
    hint: "Wählen Sie ein Training, das fertig wurde, oder trainieren Sie noch einmal.",
  },
  "project.damaged": {
    message: "Die Projektdatei {path} ist beschädigt",
    hint: "Beginnen Sie ein neues Projekt aus der Datei.",
  },
  "project.noCopy": {
    message: "Dieses Projekt hat keine Kopie von {file} und kann sie deshalb nicht anders lesen",
    hint: "Beginnen Sie ein neues Projekt aus der Datei.",
  },
  "file.unusable": {
    message: "{path} kann nicht gelesen oder geschrieben werden",
    hint: "Prüfen Sie, ob es das gibt, ob Sie es benutzen dürfen und ob auf dem Datenträger Platz ist.",
  },
  "folder.taken": {
    message: "Den Ordner {path} gibt es schon",
    hint: "Wählen Sie einen anderen Ordner oder Namen.",
  },
  "window.fault": {
    message: "Das Fenster konnte das nicht tun: {reason}",
    hint: "Versuchen Sie es noch einmal; wenn es so bleibt, starten Sie Embert neu.",
  },
};

export const errors: { de: ErrorTable } = { de: { ...tables, ...datasets, ...models, ...trainings, ...projects } };

/** What a training tells while it goes on, by code. */
export const notices: { de: Readonly<Partial<Record<string, Template>>> } = {
  de: {
    "texts.cut": ({ nCut }) =>
      nCut === 1
        ? "1 von {nTexts} Texten hat mehr als {maxLength} Token; seine Mitte bleibt weg."
        : "{nCut} von {nTexts} Texten haben mehr als {maxLength} Token; ihre Mitte bleibt weg.",
    "split.leaks": ({ nLeaks }) =>
      nLeaks === 1
        ? "1 Text des Prüf- oder Testteils steht auch im Trainingsteil."
        : "{nLeaks} Texte des Prüf- oder Testteils stehen auch im Trainingsteil.",
    "labels.many": "{nLabels} verschiedene Labels in {nExamples} Beispielen: Das sieht nicht nach einer Spalte mit Labels aus.",
    "baseline.slow": "Das Wortzähl-Modell zum Vergleich brauchte {seconds:whole} s; sie zählen nicht zur Trainingszeit.",
    "row.repaired": ({ line }) => `{file}: Zeilen repariert: {nRows}${line === undefined ? "" : ", die erste in Zeile {line}"}.`,
    "row.skipped": ({ line }) =>
      `{file}: Zeilen als unlesbar weggelassen: {nRows}${line === undefined ? "" : ", die erste in Zeile {line}"}.`,
    "example.skipped": "{file}: Zeilen ohne Text oder ohne Label weggelassen: {nRows}.",
    "edits.leftOut": "{file}: Die Änderung {number} wurde ausgelassen, denn sie passt nicht zu diesen Labels.",
    "report.page": "Die Seite report.html konnte nicht geschrieben werden: {reason}.",
  },
};

/** Words that the engine, the worker and the shell put into their sentences; whatever else comes is shown as it is. */
export const terms: { de: Readonly<Partial<Record<string, string>>> } = {
  de: {
    // Kinds of files
    "a ZIP archive or an Excel or OpenDocument file": "ein ZIP-Archiv oder eine Excel- oder OpenDocument-Datei",
    "an empty ZIP archive": "ein leeres ZIP-Archiv",
    "a ZIP archive that is packed in an unusual way": "ein ungewöhnlich gepacktes ZIP-Archiv",
    "an archive within an archive": "ein Archiv in einem Archiv",
    "an old Excel or Word file": "eine alte Excel- oder Word-Datei",
    "an old Word document": "ein altes Word-Dokument",
    "an old PowerPoint presentation": "eine alte PowerPoint-Präsentation",
    "an Outlook message": "eine Outlook-Nachricht",
    "an old Office document or an installer": "ein altes Office-Dokument oder ein Installationsprogramm",
    "a document of an Office program": "ein Dokument eines Office-Programms",
    "an e-book or another document": "ein E-Book oder ein anderes Dokument",
    "a table that Embert wrote": "eine von Embert geschriebene Tabelle",
    "an Excel workbook": "eine Excel-Arbeitsmappe",
    "an OpenDocument spreadsheet": "eine OpenDocument-Tabelle",
    "a tar archive": "ein tar-Archiv",
    "a Parquet file that is packed in an unusual way": "eine ungewöhnlich gepackte Parquet-Datei",
    "a PDF document": "ein PDF-Dokument",
    "a PNG image": "ein PNG-Bild",
    "a JPEG image": "ein JPEG-Bild",
    "a GIF image": "ein GIF-Bild",
    "a gzip archive": "ein gzip-Archiv",
    "a bzip2 archive": "ein bzip2-Archiv",
    "an xz archive": "ein xz-Archiv",
    "a 7-Zip archive": "ein 7-Zip-Archiv",
    "a Zstandard archive": "ein Zstandard-Archiv",
    "a RAR archive": "ein RAR-Archiv",
    "a Parquet file": "eine Parquet-Datei",
    "an Arrow file": "eine Arrow-Datei",
    "an SQLite database": "eine SQLite-Datenbank",
    "a program": "ein Programm",
    "text in UTF-32": "Text in UTF-32",
    "an RTF document": "ein RTF-Dokument",
    "binary data": "eine Folge von Bytes",
    // Roles of columns
    "the text": "der Text",
    "the second text": "der zweite Text",
    "the label": "das Label",
    "the split": "die Aufteilung",
    // Parts
    train: "Trainingsteil",
    valid: "Prüfteil",
    test: "Testteil",
    // What was tried with a file
    read: "gelesen",
    written: "geschrieben",
    // How a run ended
    finished: "Es ist fertig",
    stopped: "Es wurde gestoppt",
    // What a run was begun with
    "set of texts and labels": "anderen Texten und Labels",
    split: "einer anderen Aufteilung",
    recipe: "anderen Einstellungen",
    "base model": "einem anderen Basismodell",
    // How the worker ended, and what a hub did
    "it closed its pipe": "es brach die Verbindung ab",
    "the download broke off": "das Laden brach ab",
    "another program is fetching the same file": "ein anderes Programm lädt gerade dieselbe Datei",
  },
};
