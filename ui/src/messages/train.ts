/** Words of the screen where a training is watched. */

import type { RunState } from "../api";
import type { CurveReading } from "../lib/curve";

const statesEn: Record<RunState, string> = {
  running: "Running",
  finished: "Finished",
  stopped: "Stopped",
  failed: "Failed",
  interrupted: "Interrupted",
};

const statesDe: Record<RunState, string> = {
  running: "Läuft",
  finished: "Fertig",
  stopped: "Gestoppt",
  failed: "Gescheitert",
  interrupted: "Unterbrochen",
};

const en = {
  title: "Training",
  empty: "Nothing has been trained yet",
  emptyHint: "A training takes minutes. You can watch it here and stop it at any time.",
  start: "Train",
  starting: "Starting …",
  loading: "Reading the training …",
  state: (state: RunState) => statesEn[state],

  // Progress
  preparing: "Getting ready: the texts are read and the model is loaded",
  testing: (n: string) => `Looking at the ${n} test texts, once`,
  stepOf: (step: string, all: string) => `Step ${step} of ${all}`,
  round: (n: string) => `round ${n}`,
  progress: "Progress of the training",
  speed: "Speed",
  perSecond: (n: string) => `${n} texts per second`,
  timeLeft: "Time left",
  memory: "Memory",
  device: "Device",
  unknown: "not known yet",
  stopKeep: "Stop and keep the best",
  stopDrop: "Stop and throw away …",
  stopping: "Stopping …",
  dropTitle: "Throw this training away?",
  dropText: "Everything that was learned in this training will be gone. Earlier trainings stay.",
  dropConfirm: "Throw away",
  cancel: "Go on training",

  // Outcome
  scoreLine: "of the test texts got the right label",
  scoreLineMicroF1: "micro-F1 on the test part",
  scoreMacro: (f1: string) => `Macro-F1 ${f1}: the mean over the labels, where every label counts the same.`,
  noScore: "The test texts were not looked at",
  noScoreKept: "The best model was kept. You can try it and export it.",
  stoppedBy: (step: string) => `Stopped by you after step ${step}.`,
  bestAt: (step: string, seconds: string | null) =>
    seconds === null ? `Best model from step ${step}.` : `Best model from step ${step}, trained in ${seconds}.`,
  toReport: "See the report",
  failed: "The training failed",
  interrupted: "The training was interrupted",
  kept: (step: string | null) =>
    step === null
      ? "The best model so far is kept. You can try it and export it."
      : `The best model so far, from step ${step}, is kept. You can try it and export it.`,
  lost: "No model was kept.",
  canResume: (step: string) => `It can go on after step ${step}, as if nothing had happened.`,
  noResume: "It ended before its first checkpoint, so that it can't go on from there.",
  resume: "Resume",
  again: "Train again",
  remove: "Delete this training …",
  removeTitle: "Delete this training?",
  removeText: "Its curves, its report and its model will be gone.",
  removeConfirm: "Delete",
  removeCancel: "Keep it",

  // Curves
  loss: "Loss",
  lossHint: "How far off the scores are. Lower is better.",
  trainLoss: "Training",
  smoothLoss: "Training, smoothed",
  validLoss: "Validation",
  macroF1: "Macro-F1 on the valid part",
  macroF1Hint: "How well the labels are told apart, from 0 to 1. Higher is better.",
  macroF1Line: "Validation",
  learningRate: "Learning rate",
  learningRateHint: "How far each step moves the model.",
  step: "Step",
  atStep: (step: string) => `At step ${step}`,
  latest: "Latest values",
  readAt: "Step to read the curves at",
  best: "best",
  noPoints: "The curves appear with the first step.",
  lineFrom: (name: string, first: string, last: string, lastStep: string) =>
    `${name}: from ${first} to ${last} at step ${lastStep}`,
  noLine: (name: string) => `${name}: no points yet`,
  reading: (reading: CurveReading, number: (n: number) => string): string => {
    switch (reading.kind) {
      case "waiting":
        return "The first check on the valid part is still to come.";
      case "first":
        return `The first check, at step ${number(reading.step)}, gave a macro-F1 of ${number(reading.macroF1)}.`;
      case "improving":
        return `It is still getting better: the last check, at step ${number(reading.step)}, was the best so far.`;
      case "stalled":
        return reading.nChecks === 1
          ? `The last check was no better; the best was at step ${number(reading.bestStep)} and is kept.`
          : `Validation has not improved for ${reading.nChecks} checks; the best was at step ${number(reading.bestStep)} and is kept.`;
      case "memorising":
        return `It has begun to learn the training texts by heart: no better for ${reading.nChecks} checks, while the validation loss rises. The best was at step ${number(reading.bestStep)} and is kept.`;
      case "diverging":
        return "The training loss is rising: the learning rate is too large for these texts. Stop and try a smaller one.";
    }
  },

  stoppedEarly: (reason: string) => `It stopped by itself. ${reason}`,
  noGain: (n: string, one: boolean, step: string) =>
    `${one ? "The last check was" : `The last ${n} checks were`} not better than the one at step ${step}.`,

  // Runs and comparison
  runs: "Trainings",
  runsHint: "Tick two to compare them.",
  compareTick: (when: string) => `Compare the training of ${when}`,
  noAccuracy: "no score",
  noAccuracyYet: "no score yet",
  sparkline: (first: string, last: string, best: string) =>
    `Macro-F1 on the valid part: from ${first} to ${last}, best ${best}`,
  compare: "Two trainings compared",
  compareEnd: "End the comparison",
  differences: "Differences",
  difference: "Difference",
  started: "Started",
  outcome: "Outcome",
  baseModel: "Base model",
  accuracy: "Right on the test part",
  microF1Test: "Micro-F1 on the test part",
  macroF1Test: "Macro-F1 on the test part",
  bestStep: "Best step",
  steps: "Steps",
  time: "Time",
  points: (n: string) => `${n} points`,
  better: "better",
  same: "same",
  none: "–",
};

const de: typeof en = {
  title: "Training",
  empty: "Es wurde noch nichts trainiert",
  emptyHint: "Ein Training dauert einige Minuten. Hier kann man zusehen und jederzeit aufhören.",
  start: "Trainieren",
  starting: "Wird gestartet …",
  loading: "Das Training wird gelesen …",
  state: (state) => statesDe[state],

  preparing: "Vorbereitung: Die Texte werden gelesen und das Modell wird geladen",
  testing: (n) => `Die ${n} Testtexte werden angesehen, ein einziges Mal`,
  stepOf: (step, all) => `Schritt ${step} von ${all}`,
  round: (n) => `Durchgang ${n}`,
  progress: "Fortschritt des Trainings",
  speed: "Tempo",
  perSecond: (n) => `${n} Texte pro Sekunde`,
  timeLeft: "Noch",
  memory: "Speicher",
  device: "Gerät",
  unknown: "noch nicht bekannt",
  stopKeep: "Aufhören und das Beste behalten",
  stopDrop: "Aufhören und verwerfen …",
  stopping: "Wird gestoppt …",
  dropTitle: "Dieses Training verwerfen?",
  dropText: "Alles, was in diesem Training gelernt wurde, geht verloren. Frühere Trainings bleiben.",
  dropConfirm: "Verwerfen",
  cancel: "Weiter trainieren",

  scoreLine: "der Testtexte bekamen das richtige Label",
  scoreLineMicroF1: "Mikro-F1 im Testteil",
  scoreMacro: (f1) => `Makro-F1 ${f1}: der Mittelwert über die Labels, bei dem jedes Label gleich zählt.`,
  noScore: "Die Testtexte wurden nicht angesehen",
  noScoreKept: "Das beste Modell wurde behalten. Es kann ausprobiert und exportiert werden.",
  stoppedBy: (step) => `Von Ihnen nach Schritt ${step} gestoppt.`,
  bestAt: (step, seconds) =>
    seconds === null ? `Bestes Modell aus Schritt ${step}.` : `Bestes Modell aus Schritt ${step}, trainiert in ${seconds}.`,
  toReport: "Zum Bericht",
  failed: "Das Training ist gescheitert",
  interrupted: "Das Training wurde unterbrochen",
  kept: (step) =>
    step === null
      ? "Das bisher beste Modell ist behalten. Es kann ausprobiert und exportiert werden."
      : `Das bisher beste Modell, aus Schritt ${step}, ist behalten. Es kann ausprobiert und exportiert werden.`,
  lost: "Es wurde kein Modell behalten.",
  canResume: (step) => `Es kann nach Schritt ${step} weitergehen, als wäre nichts geschehen.`,
  noResume: "Es endete vor seinem ersten Zwischenstand und kann deshalb nicht weitergehen.",
  resume: "Fortsetzen",
  again: "Noch einmal trainieren",
  remove: "Dieses Training löschen …",
  removeTitle: "Dieses Training löschen?",
  removeText: "Seine Kurven, sein Bericht und sein Modell gehen verloren.",
  removeConfirm: "Löschen",
  removeCancel: "Behalten",

  loss: "Loss",
  lossHint: "Wie weit die Werte danebenliegen. Weniger ist besser.",
  trainLoss: "Training",
  smoothLoss: "Training, geglättet",
  validLoss: "Prüfung",
  macroF1: "Makro-F1 am Prüfteil",
  macroF1Hint: "Wie gut die Labels unterschieden werden, von 0 bis 1. Mehr ist besser.",
  macroF1Line: "Prüfung",
  learningRate: "Lernrate",
  learningRateHint: "Wie weit jeder Schritt das Modell bewegt.",
  step: "Schritt",
  atStep: (step) => `Bei Schritt ${step}`,
  latest: "Neueste Werte",
  readAt: "Schritt, an dem die Kurven abgelesen werden",
  best: "bester",
  noPoints: "Die Kurven erscheinen mit dem ersten Schritt.",
  lineFrom: (name, first, last, lastStep) => `${name}: von ${first} bis ${last} bei Schritt ${lastStep}`,
  noLine: (name) => `${name}: noch keine Punkte`,
  reading: (reading, number) => {
    switch (reading.kind) {
      case "waiting":
        return "Die erste Prüfung am Prüfteil steht noch aus.";
      case "first":
        return `Die erste Prüfung, bei Schritt ${number(reading.step)}, ergab ein Makro-F1 von ${number(reading.macroF1)}.`;
      case "improving":
        return `Es wird noch besser: Die letzte Prüfung, bei Schritt ${number(reading.step)}, war die bisher beste.`;
      case "stalled":
        return reading.nChecks === 1
          ? `Die letzte Prüfung war nicht besser; die beste war bei Schritt ${number(reading.bestStep)} und ist behalten.`
          : `Seit ${reading.nChecks} Prüfungen keine Verbesserung; die beste war bei Schritt ${number(reading.bestStep)} und ist behalten.`;
      case "memorising":
        return `Es beginnt, die Trainingstexte auswendig zu lernen: seit ${reading.nChecks} Prüfungen nicht besser, während der Prüf-Loss steigt. Die beste war bei Schritt ${number(reading.bestStep)} und ist behalten.`;
      case "diverging":
        return "Der Trainings-Loss steigt: Die Lernrate ist zu groß für diese Texte. Stoppen und eine kleinere probieren.";
    }
  },

  stoppedEarly: (reason) => `Es hat von selbst aufgehört. ${reason}`,
  noGain: (n, one, step) =>
    `${one ? "Die letzte Prüfung war" : `Die letzten ${n} Prüfungen waren`} nicht besser als die bei Schritt ${step}.`,

  runs: "Trainings",
  runsHint: "Zwei ankreuzen, um sie zu vergleichen.",
  compareTick: (when) => `Das Training vom ${when} vergleichen`,
  noAccuracy: "ohne Wert",
  noAccuracyYet: "noch kein Wert",
  sparkline: (first, last, best) => `Makro-F1 am Prüfteil: von ${first} bis ${last}, bester Wert ${best}`,
  compare: "Zwei Trainings im Vergleich",
  compareEnd: "Vergleich beenden",
  differences: "Unterschiede",
  difference: "Unterschied",
  started: "Begonnen",
  outcome: "Ausgang",
  baseModel: "Basismodell",
  accuracy: "Richtig im Testteil",
  microF1Test: "Mikro-F1 im Testteil",
  macroF1Test: "Makro-F1 im Testteil",
  bestStep: "Bester Schritt",
  steps: "Schritte",
  time: "Zeit",
  points: (n) => `${n} Punkte`,
  better: "besser",
  same: "gleich",
  none: "–",
};

export const train = { en, de };
