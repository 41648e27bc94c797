import type { Words } from "./types";

/** What looks odd about texts, parts and columns; what concerns the labels alone is in `labels`. */
const en = {
  done: {
    dropNearDuplicates: "Left out nearly repeated rows",
    dropLeaks: "Left out valid and test rows that copy train rows",
    dropShortTexts: (n: string) => `Left out texts of fewer than ${n} characters`,
    ignoreLabelsNotInTrain: "Ignored labels that the train part does not have",
    tidyLabels: "Tidied up the labels",
    composeTexts: "Wrote each letter of the texts as one character",
  },
  fix: {
    dropNearDuplicates: "Keep the first of each",
    dropLeaks: "Leave these rows out",
    dropShortTexts: "Leave these rows out",
    ignoreLabelsNotInTrain: "Ignore these labels",
    tidyLabels: "Tidy them up",
    composeTexts: "Write each letter as one character",
  },
  matter: {
    leaks: {
      title: "Copies across the parts",
      equal: (n: string, one: boolean) => `${n} valid or test ${one ? "row has" : "rows have"} the text of a train row`,
      near: (n: string, one: boolean) => `${n} valid or test ${one ? "row has" : "rows have"} nearly the text of a train row`,
      both: (equal: string, n: string) => `${equal}, and ${n} nearly`,
      why: "The classifier has seen these texts with their answers, so the score looks better than it is.",
    },
    labelsNotInTrain: {
      title: "Labels that can't be learned",
      message: (n: string, one: boolean, names: string) =>
        `${n} ${one ? "label is" : "labels are"} in the valid or test part alone: ${names}`,
      why: "What the train part never shows can't be learned, so no training can begin.",
    },
    tellingColumn: {
      title: "A column tells the label",
      message: (column: string, n: string, all: string) => `The column “${column}” tells the label in ${n} of ${all} rows`,
      why: "If it is known beforehand, you need no classifier; if it is not, don't use it as text.",
    },
    otherName: {
      title: "A column tells the label",
      message: (column: string) => `The column “${column}” is another name for the label`,
      why: "It does no harm as long as it is not a part of the text.",
    },
    labelsInTexts: {
      title: "The text says its label",
      message: (n: string, one: boolean, names: string) =>
        one
          ? `${n} label stands as a word in nearly all of its texts: ${names}`
          : `${n} labels stand as words in nearly all of their texts: ${names}`,
      why: "The classifier learns to look for that word instead of what the text says; without the word it is lost.",
    },
    nearDuplicates: {
      title: "Nearly repeated rows",
      message: (n: string, one: boolean) => `${n} ${one ? "row nearly repeats" : "rows nearly repeat"} an earlier one`,
      compared: (n: string, all: string) => ` (the first ${n} of ${all} texts were compared)`,
      why: "Near copies can stand on both sides of the split, and then the score looks better than it is.",
    },
    nearConflicts: {
      title: "Possible contradictions",
      message: (n: string, one: boolean) =>
        `${n} ${one ? "row nearly repeats" : "rows nearly repeat"} one that has another label`,
      why: "If only one of the two labels is right, the other one teaches a mistake.",
    },
    shortTexts: {
      title: "Very short texts",
      message: (n: string, one: boolean, fewest: string) =>
        `${n} ${one ? "text has" : "texts have"} fewer than ${fewest} characters, or punctuation marks alone`,
      why: "There is hardly anything in them to learn from.",
    },
    untidyLabels: {
      title: "Untidy labels",
      message: (n: string, one: boolean, names: string) =>
        `${n} ${one ? "label has" : "labels have"} spaces around or letters of two characters: ${names}`,
      why: "They look like another spelling, which would count as another label.",
    },
    uncomposedTexts: {
      title: "Letters of two characters",
      message: (n: string, one: boolean) =>
        `${n} ${one ? "text has" : "texts have"} letters of two characters, such as an e with an accent of its own`,
      why: "The same word in one and in two characters looks equal, but can be two words to the model.",
    },
    labelShift: {
      title: "Another mixture of labels",
      message: (label: string, inTrain: string, inPart: string, isTest: boolean) =>
        `“${label}” has ${inTrain} % of the train rows, but ${inPart} % of the ${isTest ? "test" : "valid"} rows`,
      why: "The score is measured on another mixture than the one that is learned, so it tells less about either.",
    },
    unknownWords: {
      title: "Words the model doesn't know",
      message: (share: string, hard: string, all: string, one: boolean) =>
        `${share} % of the words are unknown to this model; in ${hard} of ${all} ${one ? "text" : "texts"} a fifth or more`,
      why: "It reads them all as one unknown word. Choose a multilingual model, or one for the language of the texts.",
    },
  },
};

const de: typeof en = {
  done: {
    dropNearDuplicates: "Fast wiederholte Zeilen weggelassen",
    dropLeaks: "Kopien von Trainingszeilen im Prüf- und Testteil weggelassen",
    dropShortTexts: (n: string) => `Texte mit weniger als ${n} Zeichen weggelassen`,
    ignoreLabelsNotInTrain: "Labels weggelassen, die im Trainingsteil nicht vorkommen",
    tidyLabels: "Die Labels aufgeräumt",
    composeTexts: "Jeden Buchstaben der Texte als ein Zeichen geschrieben",
  },
  fix: {
    dropNearDuplicates: "Je eine behalten",
    dropLeaks: "Diese Zeilen weglassen",
    dropShortTexts: "Diese Zeilen weglassen",
    ignoreLabelsNotInTrain: "Diese Labels weglassen",
    tidyLabels: "Aufräumen",
    composeTexts: "Jeden Buchstaben als ein Zeichen schreiben",
  },
  matter: {
    leaks: {
      title: "Kopien in mehreren Teilen",
      equal: (n: string, one: boolean) =>
        `${n} ${one ? "Zeile" : "Zeilen"} im Prüf- oder Testteil ${one ? "hat" : "haben"} den Text einer Trainingszeile`,
      near: (n: string, one: boolean) =>
        `${n} ${one ? "Zeile" : "Zeilen"} im Prüf- oder Testteil ${one ? "hat" : "haben"} fast den Text einer Trainingszeile`,
      both: (equal: string, n: string) => `${equal}, und ${n} fast`,
      why: "Das Modell hat diese Texte mit ihren Antworten schon gesehen, das Ergebnis sieht also besser aus, als es ist.",
    },
    labelsNotInTrain: {
      title: "Labels, die sich nicht lernen lassen",
      message: (n: string, one: boolean, names: string) =>
        `${n} ${one ? "Label kommt" : "Labels kommen"} nur im Prüf- oder Testteil vor: ${names}`,
      why: "Was im Trainingsteil nie vorkommt, lässt sich nicht lernen; so kann kein Training beginnen.",
    },
    tellingColumn: {
      title: "Eine Spalte verrät das Label",
      message: (column: string, n: string, all: string) => `Die Spalte „${column}“ verrät das Label in ${n} von ${all} Zeilen`,
      why: "Ist sie vorher bekannt, brauchen Sie kein Modell; ist sie es nicht, nehmen Sie sie nicht als Text.",
    },
    otherName: {
      title: "Eine Spalte verrät das Label",
      message: (column: string) => `Die Spalte „${column}“ ist ein anderer Name für das Label`,
      why: "Das schadet nicht, solange sie kein Teil des Textes ist.",
    },
    labelsInTexts: {
      title: "Der Text nennt sein Label",
      message: (n: string, one: boolean, names: string) =>
        one
          ? `${n} Label steht als Wort in fast allen seinen Texten: ${names}`
          : `${n} Labels stehen als Wort in fast allen ihren Texten: ${names}`,
      why: "Das Modell lernt, nach diesem Wort zu suchen, statt was der Text sagt; ohne das Wort ist es ratlos.",
    },
    nearDuplicates: {
      title: "Fast wiederholte Zeilen",
      message: (n: string, one: boolean) => `${n} ${one ? "Zeile wiederholt" : "Zeilen wiederholen"} fast eine frühere`,
      compared: (n: string, all: string) => ` (verglichen wurden die ersten ${n} von ${all} Texten)`,
      why: "Fast gleiche Texte können auf beiden Seiten der Aufteilung stehen; dann sieht das Ergebnis besser aus, als es ist.",
    },
    nearConflicts: {
      title: "Mögliche Widersprüche",
      message: (n: string, one: boolean) =>
        `${n} ${one ? "Zeile wiederholt" : "Zeilen wiederholen"} fast eine mit einem anderen Label`,
      why: "Ist nur eines der beiden Labels richtig, dann lehrt das andere einen Fehler.",
    },
    shortTexts: {
      title: "Sehr kurze Texte",
      message: (n: string, one: boolean, fewest: string) =>
        `${n} ${one ? "Text hat" : "Texte haben"} weniger als ${fewest} Zeichen oder nur Satzzeichen`,
      why: "Aus ihnen lässt sich kaum etwas lernen.",
    },
    untidyLabels: {
      title: "Unaufgeräumte Labels",
      message: (n: string, one: boolean, names: string) =>
        `${n} ${one ? "Label hat" : "Labels haben"} Leerzeichen am Rand oder Buchstaben aus zwei Zeichen: ${names}`,
      why: "Sie sehen aus wie eine andere Schreibweise, die als anderes Label zählen würde.",
    },
    uncomposedTexts: {
      title: "Buchstaben aus zwei Zeichen",
      message: (n: string, one: boolean) =>
        `${n} ${one ? "Text hat" : "Texte haben"} Buchstaben aus zwei Zeichen, zum Beispiel ein u mit eigenen Punkten darüber`,
      why: "Dasselbe Wort aus einem und aus zwei Zeichen sieht gleich aus, kann für das Modell aber zweierlei sein.",
    },
    labelShift: {
      title: "Andere Mischung der Labels",
      message: (label: string, inTrain: string, inPart: string, isTest: boolean) =>
        `„${label}“ hat ${inTrain} % der Trainingszeilen, aber ${inPart} % der Zeilen im ${isTest ? "Testteil" : "Prüfteil"}`,
      why: "Gemessen wird an einer anderen Mischung als der, die gelernt wird; das Ergebnis sagt über beide weniger.",
    },
    unknownWords: {
      title: "Wörter, die das Modell nicht kennt",
      message: (share: string, hard: string, all: string, one: boolean) =>
        `${share} % der Wörter kennt dieses Modell nicht; in ${hard} von ${all} ${one ? "Text" : "Texten"} ein Fünftel oder mehr`,
      why: "Es liest sie alle als ein und dasselbe unbekannte Wort. Wählen Sie ein mehrsprachiges Modell oder eines für die Sprache der Texte.",
    },
  },
};

export const findings = { en, de } satisfies Words<typeof en>;
