/** Written from the Rust types by `cargo xtask types`: change those, and run it again. */

/**
 * Why lines above the table are left out.
 */
export type AboveReason = { "code": "named" } | { "code": "fewerCells", 
/**
 * Lines that are left out.
 */
nLines: number, } | { "code": "sentences", 
/**
 * Lines that are left out.
 */
nLines: number, } | { "code": "groups", 
/**
 * Lines that are left out.
 */
nLines: number, };

/**
 * What the app says about itself.
 */
export type AppInfo = { 
/**
 * The name as the person knows it; the same as `productName` in `tauri.conf.json`.
 */
name: string, 
/**
 * The version from `Cargo.toml`.
 */
version: string, 
/**
 * Where projects are kept.
 */
dataFolder: string, };

/**
 * What a file was unpacked from.
 */
export type Archive = { "kind": "gzip" } | { "kind": "zip", 
/**
 * The file in it that was read.
 */
file: string, };

/**
 * A base model as a card.
 */
export type BaseModelInfo = { name: string, repository: string | null, inCatalogue: boolean, size: "fast" | "balanced" | "best", languages: Array<string>, about: string, nParameters: number, downloadBytes: number, installed: boolean, folder: string | null, licence: string, 
/**
 * Where the default learning rate is known from.
 */
rateSource: string | null, };

/**
 * The scores of a simpler model on the same test texts, and whether the classifier is better.
 */
export type BaselineScores = { 
/**
 * Share of right answers.
 */
accuracy: number, 
/**
 * 95 % interval of the accuracy.
 */
accuracyInterval: [number, number], 
/**
 * Mean of the labels' F1.
 */
macroF1: number, 
/**
 * Texts that it learned from: those of the classifier, or a random part of very many.
 */
nTrain: number, 
/**
 * Test texts that only the classifier got right.
 */
nOnlyClassifier: number, 
/**
 * Test texts that only the simpler model got right.
 */
nOnlyBaseline: number, 
/**
 * How probable a difference like this is if both are equally good: McNemar's exact test; for several labels per
 * text the difference in micro-F1, by drawing the texts anew.
 */
pValue: number, 
/**
 * What follows from it.
 */
verdict: Verdict, };

/**
 * How a written file compares with the model.
 */
export type CheckedFile = { 
/**
 * Its name below the folder.
 */
name: string, 
/**
 * Its size.
 */
sizeBytes: number, 
/**
 * Largest difference of a score before the softmax or sigmoid.
 */
largestDifference: number, 
/**
 * Texts that get the same label or labels.
 */
nSameLabels: number, 
/**
 * Texts whose labels are right; left out where they are not known.
 */
nRight?: number, };

/**
 * What became of a file.
 */
export type ClassifiedFile = { file: string, nClassified: number, stopped: boolean, };

export type ColumnInfo = { name: string, role: ColumnRole, guessed: boolean, reason: ColumnReason | null, };

/**
 * Why a column was chosen: a sentence, and the same by name and values.
 */
export type ColumnReason = { message: string, } & ({ "code": "usualName" } | { "code": "saysParts" } | { "code": "fewValues", 
/**
 * Different values.
 */
nValues: number, 
/**
 * Rows that were looked at and have one.
 */
nRows: number, } | { "code": "listedLabels", 
/**
 * What stands between them, `[]` for lists in brackets.
 */
separator: string, 
/**
 * Cells with more than one label.
 */
nJoined: number, 
/**
 * Rows that were looked at and have any.
 */
nRows: number, 
/**
 * Different labels.
 */
nLabels: number, } | { "code": "yesOrNo", 
/**
 * The columns.
 */
columns: Array<string>, } | { "code": "allDifferent", 
/**
 * Rows that were looked at.
 */
nRows: number, } | { "code": "longestTexts", 
/**
 * Words of a cell, on average.
 */
meanWords: number, });

/**
 * What a column is for.
 */
export type ColumnRole = "text" | "textB" | "label" | "ownLabel" | "split" | "ignore";

/**
 * Why lines are taken as comments.
 */
export type CommentReason = { "code": "named" } | { "code": "noRows", 
/**
 * Such lines in the sample.
 */
nLines: number, };

/**
 * One correction.
 */
export type DataEdit = { "kind": "renameLabel", 
/**
 * The name it has.
 */
from: string, 
/**
 * The name it gets.
 */
to: string, } | { "kind": "mergeLabels", 
/**
 * The names they have.
 */
labels: Array<string>, 
/**
 * The name of the whole, which may be one of them.
 */
into: string, } | { "kind": "ignoreLabel", 
/**
 * The name it has.
 */
label: string, } | { "kind": "ignoreRareLabels", 
/**
 * Examples that a label needs to stay.
 */
fewerThan: number, } | { "kind": "mergeRareLabels", 
/**
 * Examples that a label needs to stay itself.
 */
fewerThan: number, 
/**
 * The name of the whole.
 */
into: string, } | { "kind": "restoreLabel", 
/**
 * The name it has.
 */
label: string, } | { "kind": "dropDuplicates" } | { "kind": "dropConflicts" } | { "kind": "dropNearDuplicates" } | { "kind": "dropLeaks" } | { "kind": "dropShortTexts", 
/**
 * Characters that a text needs to stay.
 */
fewerThan: number, } | { "kind": "ignoreLabelsNotInTrain" } | { "kind": "tidyLabels" } | { "kind": "composeTexts" };

/**
 * Something odd about the data.
 */
export type DataFinding = { 
/**
 * What and how many, one sentence.
 */
message: string, 
/**
 * Why it matters, one sentence.
 */
why: string, 
/**
 * Lines of the file, the first few.
 */
lines: Array<number>, 
/**
 * What one click would do; `None` where the person must decide.
 */
fix: Fix | null, } & ({ "code": "conflicts", 
/**
 * Texts of which this is true.
 */
nTexts: number, 
/**
 * Rows in which they stand.
 */
nRows: number, } | { "code": "duplicates", 
/**
 * How many.
 */
nRows: number, } | { "code": "similarLabels", 
/**
 * Groups of such labels.
 */
nGroups: number, 
/**
 * The labels of one group.
 */
labels: Array<string>, } | { "code": "rareLabel", 
/**
 * How many.
 */
nRare: number, 
/**
 * Labels that there are.
 */
nLabels: number, 
/**
 * Examples that a label should have.
 */
fewest: number, 
/**
 * The first few.
 */
labels: Array<LabelSize>, } | { "code": "imbalance", 
/**
 * The most frequent one.
 */
most: LabelSize, 
/**
 * The rarest one.
 */
least: LabelSize, } | { "code": "manyLabels", 
/**
 * How many.
 */
nLabels: number, 
/**
 * Examples that there are.
 */
nExamples: number, 
/**
 * Whether all of them are numbers.
 */
areNumbers: boolean, } | { "code": "cutTexts", 
/**
 * How many.
 */
nCut: number, 
/**
 * Texts that there are.
 */
nTexts: number, 
/**
 * Tokens that the training reads.
 */
maxLength: number, 
/**
 * Tokens of the longest text.
 */
longest: number, 
/**
 * Tokens that the base model can read.
 */
limit: number, } | { "code": "leaks", 
/**
 * How many have the same text.
 */
nEqual: number, 
/**
 * How many more have nearly the same text.
 */
nNear: number, } | { "code": "labelsNotInTrain", 
/**
 * How many.
 */
nLabels: number, 
/**
 * The first few.
 */
labels: Array<LabelSize>, } | { "code": "tellingColumn", 
/**
 * The column.
 */
column: string, 
/**
 * Rows whose label follows from the other rows with the same value.
 */
nRight: number, 
/**
 * Rows that there are.
 */
nRows: number, 
/**
 * Whether each label has one value of its own there.
 */
isOtherName: boolean, } | { "code": "labelsInTexts", 
/**
 * Labels of which this is true.
 */
nLabels: number, 
/**
 * The first few, and in how many of their texts they stand.
 */
labels: Array<LabelSize>, } | { "code": "nearDuplicates", 
/**
 * How many.
 */
nRows: number, 
/**
 * Different texts that were compared, the first of all.
 */
nLookedAt: number, 
/**
 * Different texts that there are.
 */
nDifferent: number, } | { "code": "nearConflicts", 
/**
 * How many.
 */
nRows: number, } | { "code": "shortTexts", 
/**
 * How many.
 */
nRows: number, 
/**
 * Characters that a text should have.
 */
fewest: number, } | { "code": "untidyLabels", 
/**
 * How many.
 */
nLabels: number, 
/**
 * The first few.
 */
labels: Array<string>, } | { "code": "uncomposedTexts", 
/**
 * How many.
 */
nRows: number, } | { "code": "labelShift", 
/**
 * Whether it is the test part.
 */
isTest: boolean, 
/**
 * The label whose share differs most.
 */
label: string, 
/**
 * Train rows that have it.
 */
nLabelInTrain: number, 
/**
 * Train rows.
 */
nTrain: number, 
/**
 * Rows of the other part that have it.
 */
nLabelInPart: number, 
/**
 * Rows of the other part.
 */
nPart: number, } | { "code": "unknownWords", 
/**
 * Words or word pieces that it does not know.
 */
nUnknown: number, 
/**
 * Words or word pieces that there are.
 */
nWords: number, 
/**
 * Texts in which a fifth or more of them are unknown.
 */
nHard: number, 
/**
 * Texts that there are.
 */
nTexts: number, });

/**
 * Why a delimiter, or none.
 */
export type DelimiterReason = { "code": "named" } | { "code": "toldOnTop" } | { "code": "rows", 
/**
 * Rows that were looked at.
 */
nRows: number, 
/**
 * Those with as many cells as there are columns.
 */
nEqual: number, 
/**
 * Cells that they have.
 */
nCells: number, } | { "code": "noneFits" };

/**
 * Why a device was chosen. Displayed, it is a sentence.
 */
export type DeviceReason = { "code": "asked" } | { "code": "noGpu" } | { "code": "slowGpu", 
/**
 * Name of the GPU.
 */
name: string, 
/**
 * How fast it is.
 */
speed: GpuSpeed, } | { "code": "failedGpu", 
/**
 * Name of the GPU.
 */
name: string, 
/**
 * What happened.
 */
reason: string, 
/**
 * The same by name; `None` in what older versions wrote.
 */
fault: GpuFault | null, } | { "code": "rightGpu", 
/**
 * How fast it is.
 */
speed: GpuSpeed, };

/**
 * How a file was read.
 */
export type Dialect = { 
/**
 * What kind of file it is; older versions knew but one.
 */
format: Format, 
/**
 * What it was unpacked from.
 */
archive: Archive | null, 
/**
 * Name of the encoding, such as `UTF-8` or `windows-1252`; `None` where the format says it, or every file of a
 * folder has its own.
 */
encoding: string | null, 
/**
 * What stands between two cells; `None` when every line is one cell.
 */
delimiter: string | null, 
/**
 * What several delimiters in a row mean.
 */
runs: Runs, 
/**
 * What stands around cells that hold a delimiter or a line break; `None` when nothing does.
 */
quote: string | null, 
/**
 * What makes a letter of the mark behind it; `None` where a quotation mark within a cell is doubled.
 */
escape: string | null, 
/**
 * What ends the lines of the beginning; `None` where rows are no lines.
 */
lineEnd: LineEnd | null, 
/**
 * Whether the names of the columns come from the file.
 */
hasHeader: boolean, 
/**
 * The line of the file with the names of the columns, from 1; `None` where rows are no lines.
 */
headerRow: number | null, 
/**
 * Lines on top that are not part of the table.
 */
nLinesAbove: number, 
/**
 * What a line begins with that is no row.
 */
comment: string | null, 
/**
 * What all this rests on.
 */
evidence: DialectEvidence, };

/**
 * What each decision about a text rests on. What is not there was not decided, or older versions did not write it.
 */
export type DialectEvidence = { 
/**
 * Why this encoding.
 */
encoding: EncodingReason | null, 
/**
 * Why this delimiter, or none.
 */
delimiter: DelimiterReason | null, 
/**
 * Why this quotation mark, or none.
 */
quote: QuoteReason | null, 
/**
 * Why this escape, or none.
 */
escape: EscapeReason | null, 
/**
 * Why there is a header, or none.
 */
header: HeaderReason | null, 
/**
 * Why lines above the table are left out.
 */
above: AboveReason | null, 
/**
 * Why lines are taken as comments.
 */
comment: CommentReason | null, };

/**
 * How the person wants a file to be read; what is left out is detected.
 */
export type DialectRequest = { 
/**
 * Name of the encoding, such as `windows-1252`.
 */
encoding: string | null, 
/**
 * What stands between two cells; none: every line is one cell.
 */
delimiter: string | false | null, 
/**
 * What several delimiters in a row mean.
 */
runs: Runs | null, 
/**
 * What stands around cells; none: every mark is a letter.
 */
quote: string | false | null, 
/**
 * What makes a letter of the mark behind it; none: a quotation mark within a cell is doubled.
 */
escape: string | false | null, 
/**
 * Whether the first row holds the names of the columns.
 */
hasHeader: boolean | null, 
/**
 * The line of the file that holds the names of the columns, from 1; those above are left out.
 */
headerRow: number | null, 
/**
 * How many lines on top are left out.
 */
skipLines: number | null, 
/**
 * What a line begins with that is no row; none: every line is one.
 */
comment: string | false | null, 
/**
 * Name of the sheet of a workbook.
 */
sheet: string | null, };

/**
 * Decisions that had to go, because the file reads otherwise now.
 */
export type DroppedDecisions = { 
/**
 * Whether it is read as detected, because it can't be read as the person wanted.
 */
dialect: boolean, 
/**
 * Columns that meant something and are no longer there.
 */
columns: Array<string>, 
/**
 * Corrections that no longer fit.
 */
edits: Array<LeftOutEdit>, };

/**
 * A project after a list of corrections was imported.
 */
export type EditsImport = { project: Project, imported: ImportedEdits, };

/**
 * Why an encoding. Displayed, every reason is a part of a sentence.
 */
export type EncodingReason = { "code": "named" } | { "code": "byteOrderMark" } | { "code": "zeroBytes" } | { "code": "ascii" } | { "code": "valid" } | { "code": "mostlyValid", 
/**
 * Characters that are not.
 */
nBroken: number, } | { "code": "letters" };

/**
 * A fault as it travels to the window.
 */
export type ErrorInfo = { 
/**
 * Stable name of the fault.
 */
code: string, 
/**
 * One sentence that says what happened, in English.
 */
message: string, 
/**
 * What to do about it.
 */
hint: string | null, 
/**
 * What lies behind it, for those who ask.
 */
details: string | null, 
/**
 * The numbers and names in the sentence, for other languages; empty in what older versions wrote.
 */
values: Record<string, string | number | Array<string> | Array<number>>, };

/**
 * Why an escape, or none.
 */
export type EscapeReason = { "code": "named" } | { "code": "fewerFaults", 
/**
 * Rows that do not add up without it.
 */
nWithout: number, 
/**
 * Rows that do not add up with it.
 */
nWith: number, };

export type ExportedFile = { name: string, sizeBytes: number, };

/**
 * A model folder that was given away.
 */
export type ExportedModel = { folder: string, sizeBytes: number, files: Array<ExportedFile>, };

/**
 * The beginning of a file.
 */
export type FilePreview = { file: string, nRows: number, columns: Array<string>, rows: Array<Array<string>>, textColumn: string, 
/**
 * Column that looks like the second text of a pair.
 */
textBColumn: string | null, };

/**
 * What one click would do.
 */
export type Fix = { 
/**
 * What the button says.
 */
label: string, 
/**
 * The corrections.
 */
edits: Array<DataEdit>, 
/**
 * The setting `maxLength` that would be better, in tokens.
 */
maxLength: number | null, };

/**
 * What kind of file a table was read from, with what only that kind has.
 */
export type Format = { "kind": "delimited" } | { "kind": "jsonLines" } | { "kind": "json" } | { "kind": "workbook", 
/**
 * Which program writes such workbooks.
 */
fileType: WorkbookType, 
/**
 * Name of the sheet that was read.
 */
sheet: string, 
/**
 * Names of all sheets.
 */
sheets: Array<string>, } | { "kind": "parquet", 
/**
 * Columns whose numbers were replaced by the names of labels that the file gives them.
 */
namedColumns: Array<string>, } | { "kind": "folder", 
/**
 * Text files in it.
 */
nFiles: number, } | { "kind": "parts", 
/**
 * The files in the order of their rows.
 */
files: Array<PartFile>, };

/**
 * Why a GPU failed its test. Displayed, it is the end of a sentence about the GPU.
 */
export type GpuFault = { "fault": "wrongGradients", 
/**
 * Largest relative difference of a gradient from the CPU's.
 */
error: number, 
/**
 * The most that it may be.
 */
most: number, } | { "fault": "notStarted", 
/**
 * What the system says.
 */
words: string, } | { "fault": "noResult", 
/**
 * What is wrong with it.
 */
words: string, } | { "fault": "ended", 
/**
 * What the system says of its end.
 */
status: string, } | { "fault": "timedOut", 
/**
 * The longest wait.
 */
seconds: number, } | { "fault": "lost", 
/**
 * What the system says.
 */
words: string, };

/**
 * How fast a GPU is beside the CPU, and where that is known from.
 */
export type GpuSpeed = { 
/**
 * How many times the speed of the CPU.
 */
times: number, 
/**
 * Length of the test training; `None` when only the product of a layer was timed.
 */
seconds: number | null, };

/**
 * Why there is a header, or none.
 */
export type HeaderReason = { "code": "named" } | { "code": "usualName", 
/**
 * The name.
 */
name: string, } | { "code": "typesBelow" } | { "code": "numbersBelow", 
/**
 * The cell.
 */
name: string, } | { "code": "onlyOnTop", 
/**
 * The cell.
 */
name: string, } | { "code": "names" } | { "code": "comesBack", 
/**
 * The cell.
 */
value: string, } | { "code": "noNames" };

/**
 * What became of a list of corrections that was imported.
 */
export type ImportedEdits = { 
/**
 * Corrections that were made.
 */
nMade: number, 
/**
 * Those that were left out.
 */
leftOut: Array<LeftOutEdit>, };

/**
 * A test text with the answer that it got.
 */
export type JudgedText = { 
/**
 * Line of the file, from 1.
 */
line: number, 
/**
 * The text.
 */
text: string, 
/**
 * The second text of a pair.
 */
textB: string | null, 
/**
 * The label it has; several with commas between them, none as a dash.
 */
actual: string, 
/**
 * The label it was given, written the same way.
 */
predicted: string, 
/**
 * The score of the given label, 0 to 1. With several labels per text how sure the surest wrong decision was, or the
 * least sure one where all are right: the score where a label was given, and what it lacks to 1 where not.
 */
score: number, };

/**
 * What a cell of the label column holds.
 */
export type LabelCells = { 
/**
 * What stands between the labels of a cell, `[]` for lists in brackets; `null`: a cell is one label.
 */
separator: string | null, 
/**
 * The separator that the cells speak for, whatever the person said; `null`: they don't look like lists.
 */
detected: string | null, 
/**
 * What speaks for that separator.
 */
reason: ColumnReason | null, };

/**
 * A label after the corrections.
 */
export type LabelInfo = { 
/**
 * The label as it will be trained.
 */
label: string, 
/**
 * Examples that have it.
 */
nExamples: number, 
/**
 * The labels of the file that it is made of.
 */
sources: Array<string>, };

/**
 * What was decided about one label, over all texts.
 */
export type LabelOutcomes = { 
/**
 * Texts that have it and were given it.
 */
nRight: number, 
/**
 * Texts that were given it and don't have it.
 */
nTooMuch: number, 
/**
 * Texts that have it and were not given it.
 */
nMissed: number, 
/**
 * Texts that don't have it and were not given it.
 */
nRightlyWithout: number, };

/**
 * How well one label is recognised.
 */
export type LabelScore = { 
/**
 * Share of the texts given this label that have it.
 */
precision: number, 
/**
 * Share of the texts with this label that were given it.
 */
recall: number, 
/**
 * Harmonic mean of precision and recall.
 */
f1: number, 
/**
 * Texts with this label.
 */
nExamples: number, 
/**
 * Texts given this label.
 */
nPredicted: number, };

/**
 * A label and how many examples it has.
 */
export type LabelSize = { 
/**
 * The label.
 */
label: string, 
/**
 * Its examples.
 */
nExamples: number, };

/**
 * The answer for one text.
 */
export type LabelledText = { 
/**
 * The label with the highest score.
 */
label: string, 
/**
 * One score per label, 0 to 1, in the order of the labels; they sum to 1 where a text has one label.
 */
scores: Array<number>, 
/**
 * The labels that the text gets where it can have several, the highest score first; otherwise left out.
 */
labels?: Array<string>, };

/**
 * Which words the screens have.
 */
export type Language = "system" | "en" | "de";

/**
 * A correction that could not be made, because it does not fit the data.
 */
export type LeftOutEdit = { 
/**
 * Its place in the list, from 1.
 */
number: number, 
/**
 * What it would have done.
 */
edit: DataEdit, 
/**
 * Why it does not fit.
 */
reason: ErrorInfo, };

/**
 * What ends the lines of a file.
 */
export type LineEnd = "lf" | "crLf" | "cr" | "mixed";

/**
 * The scores of always guessing one label.
 */
export type MajorityBaseline = { 
/**
 * The label that is always guessed.
 */
label: string, 
/**
 * Share of right answers.
 */
accuracy: number, 
/**
 * Mean of the labels' F1.
 */
macroF1: number, };

/**
 * What the person said about the columns. What is not said is guessed; a second text or a split can also be declined.
 */
export type MappingRequest = { 
/**
 * Column of the text to classify.
 */
text: string | false | null, 
/**
 * Column of the second text of a pair.
 */
textB: string | false | null, 
/**
 * Column of the label; none is right only where nothing is learned or judged.
 */
label: string | false | null, 
/**
 * Column that says train, valid or test.
 */
split: string | false | null, 
/**
 * Columns that are labels themselves, such as those of 0 and 1; they go before `label`. None named is a guess.
 */
labels?: Array<string>, 
/**
 * What stands between the labels of a cell, `[]` for lists in brackets; `false`: a cell is one label.
 */
labelSeparator?: string | false | null, 
/**
 * How many labels a text can have; left out is a guess.
 */
task?: Task, };

/**
 * What a short test training found out about a device.
 */
export type Measurement = { 
/**
 * Id of the device: `cpu`, `gpu0` …
 */
device: string, 
/**
 * Its name.
 */
deviceName: string, 
/**
 * The software behind it.
 */
backend: string, 
/**
 * Base model whose weights were trained, or what stood in for it.
 */
model: string, 
/**
 * Parameters of its encoder layers.
 */
nEncoderParameters: number, 
/**
 * Optimizer steps that were timed.
 */
nSteps: number, 
/**
 * Seconds that they took.
 */
seconds: number, 
/**
 * Tokens that were learned from in a second.
 */
tokensPerSecond: number, 
/**
 * Texts that would be learned from in a second, if each had `example_tokens` tokens.
 */
examplesPerSecond: number, 
/**
 * Length of those texts in tokens, special tokens included.
 */
exampleTokens: number, 
/**
 * Floating-point operations in a second, as [`crate::estimate`] counts them.
 */
flopsPerSecond: number, 
/**
 * Most memory that the test's process used; `None` where the system doesn't tell.
 */
peakMemoryBytes: number | null, 
/**
 * When, in seconds since 1970.
 */
measuredAt: number, 
/**
 * Version of Embert.
 */
version: string, 
/**
 * What real trainings on the device showed since.
 */
runs?: RunSpeed, };

/**
 * What a trained model answers, and to what.
 */
export type ModelInfo = { 
/**
 * The labels in the order of the scores.
 */
labels: Array<string>, 
/**
 * Whether it judges two texts together.
 */
pairs: boolean, };

/**
 * Where models are put.
 */
export type ModelPlaces = { 
/**
 * The folder that downloads go into.
 */
downloadFolder: string, };

/**
 * What a report says besides where a text can have several labels.
 */
export type MultiLabelReport = { 
/**
 * Scores over all labels together.
 */
scores: MultiLabelScores, 
/**
 * Score from which on a text gets a label, by label id.
 */
thresholds: Array<number>, 
/**
 * Micro-F1 of always giving the most frequent label.
 */
majorityMicroF1: number, 
/**
 * Micro-F1 of the word-count model, which has thresholds of its own; `None` without one.
 */
wordCountMicroF1: number | null, 
/**
 * 95 % interval of it.
 */
wordCountMicroF1Interval: [number, number] | null, };

/**
 * How well several labels per text are recognised, beside what [`Scores`] says of each label.
 */
export type MultiLabelScores = { 
/**
 * Share of the labels that were given that are right, over all texts and labels together.
 */
microPrecision: number, 
/**
 * Share of the labels that the texts have that were given.
 */
microRecall: number, 
/**
 * Harmonic mean of both.
 */
microF1: number, 
/**
 * 95 % interval of `micro_f1`, by drawing the texts anew.
 */
microF1Interval: [number, number], 
/**
 * Share of the decisions "this text has this label" that are wrong.
 */
hammingLoss: number, 
/**
 * Counts of each label.
 */
outcomes: Array<LabelOutcomes>, };

/**
 * A model that was written as ONNX.
 */
export type OnnxExport = { 
/**
 * The folder.
 */
folder: string, 
/**
 * How many labels a text can have.
 */
task: Task, 
/**
 * Whether the model reads two texts together.
 */
pairs: boolean, 
/**
 * Number of texts that the files were compared on.
 */
nCompared: number, 
/**
 * Where these come from.
 */
comparedWith: TextsFrom, 
/**
 * Texts whose labels the model itself has right; left out where they are not known.
 */
nRight?: number, 
/**
 * The ONNX files.
 */
files: Array<CheckedFile>, };

/**
 * One of several files of a table.
 */
export type PartFile = { 
/**
 * Name of the file.
 */
name: string, 
/**
 * What its rows are for, as its name says: `train` or `validation`, for example.
 */
part: string, 
/**
 * What its first line counts as in the table, whose lines are counted from file to file.
 */
firstLine: number, };

/**
 * A project as the screens show it.
 */
export type Project = { id: string, name: string, sourceFile: string, 
/**
 * Counts the files that the project has had, from 1; a run says which of them it learned from.
 */
fileVersion: number, dialect: Dialect, 
/**
 * The dialect if the person had said nothing about it.
 */
detected: Dialect, dialectRequest: DialectRequest, 
/**
 * Whether the file can be read again in another way.
 */
canReadAgain: boolean, nRows: number, columns: Array<ColumnInfo>, columnRequest: MappingRequest, 
/**
 * How many labels a text can have; left out as long as there are none.
 */
task?: Task, 
/**
 * How the cells of the label column are written; left out where there is no such column.
 */
labelCells?: LabelCells, 
/**
 * The first of `n_repaired`.
 */
repaired: Array<RowNote>, nRepaired: number, 
/**
 * The first of `n_skipped`: rows that could not be read, and rows without a text or a label.
 */
skipped: Array<RowNote>, nSkipped: number, nExamples: number, 
/**
 * The most frequent of `n_labels`.
 */
labels: Array<LabelInfo>, nLabels: number, 
/**
 * The most frequent of `n_ignored_labels`.
 */
ignoredLabels: Array<LabelInfo>, nIgnoredLabels: number, findings: Array<DataFinding>, edits: Array<DataEdit>, 
/**
 * Corrections that were taken back and can be made again, the next one last.
 */
undone: Array<DataEdit>, obstacle: ErrorInfo | null, baseModel: string, recipe: Partial<Record<string, number | string>>, 
/**
 * Score from which on an answer counts as sure, 0 to 1.
 */
sureFrom: number, runs: Array<RunSummary>, 
/**
 * What a training would learn from now as a hash, to be compared with those of the runs; left out as long as there
 * are no examples, or no runs.
 */
dataHash?: string, };

/**
 * A project in the list.
 */
export type ProjectSummary = { id: string, name: string, sourceFile: string, createdAt: string, changedAt: string, nExamples: number, nLabels: number, lastRun: RunSummary | null, };

/**
 * Why a quotation mark, or none.
 */
export type QuoteReason = { "code": "named" } | { "code": "cells", 
/**
 * How many of the first rows.
 */
nCells: number, } | { "code": "usual" } | { "code": "partOfText" };

/**
 * A project whose file was read in another way, or replaced by a newer version.
 */
export type ReadAgain = { project: Project, dropped: DroppedDecisions, };

/**
 * One setting and its default.
 */
export type RecipeField = { default: number | string | null, 
/**
 * Name as in JSON.
 */
name: string, 
/**
 * What is possible, in words.
 */
range: string, 
/**
 * Why the default is what it is.
 */
reason: string, 
/**
 * Where that is known from.
 */
source: string, };

/**
 * Something that the person should know about the scores.
 */
export type Remark = { "kind": "notBetterThanMajority" } | { "kind": "fewTestTexts", 
/**
 * Such labels.
 */
nLabels: number, 
/**
 * They have fewer texts than this.
 */
fewerThan: number, };

/**
 * An honest account of a classifier on test texts.
 */
export type Report = { 
/**
 * The labels.
 */
labels: string[], 
/**
 * Scores on the test texts.
 */
scores: Scores, 
/**
 * 95 % interval of the accuracy.
 */
accuracyInterval: [number, number], 
/**
 * What always guessing the most frequent label gives.
 */
majority: MajorityBaseline, 
/**
 * What a word-count model gives that learned from the same texts; `None` where these are not known.
 */
wordCount: BaselineScores | null, 
/**
 * Mean loss on the test texts.
 */
loss: number, 
/**
 * Texts that were learned from; 0 when an existing model is evaluated.
 */
nTrain: number, 
/**
 * Texts that chose the best checkpoint; 0 when an existing model is evaluated.
 */
nValid: number, 
/**
 * Texts that were judged.
 */
nTest: number, 
/**
 * Test texts that were too long and lost their middle.
 */
nCut: number, 
/**
 * How the classifier was trained.
 */
training: TrainingFacts | null, 
/**
 * What the person should know.
 */
remarks: Array<Remark>, 
/**
 * Test texts with a wrong answer, the surest first; at most [`MOST_MISTAKES`].
 */
mistakes: Array<JudgedText>, 
/**
 * Test texts with a right answer, the least sure first; of each label a few, at most [`MOST_RIGHT`] in all.
 */
right: Array<JudgedText>, 
/**
 * What there is to say besides where a text can have several labels; otherwise left out.
 */
multiLabel?: MultiLabelReport, };

/**
 * One thing that is wrong with a row. Displayed, it is a sentence without its period.
 */
export type RowFault = { "code": "tooManyCells", 
/**
 * Cells that it has.
 */
nCells: number, 
/**
 * Columns that there are.
 */
nColumns: number, 
/**
 * Whether the columns are those of a header, or those of most rows.
 */
hasHeader: boolean, } | { "code": "joinedCells", 
/**
 * Cells that it had.
 */
nCells: number, 
/**
 * Columns that there are.
 */
nColumns: number, 
/**
 * The column of the text.
 */
column: string, } | { "code": "tooFewCells", 
/**
 * Cells that it has.
 */
nCells: number, 
/**
 * Columns that there are.
 */
nColumns: number, 
/**
 * Whether the columns are those of a header, or those of most rows.
 */
hasHeader: boolean, } | { "code": "emptyCellsDropped", 
/**
 * How many.
 */
nCells: number, } | { "code": "strayQuote", 
/**
 * The mark.
 */
quote: string, } | { "code": "brokenBytes", 
/**
 * The encoding.
 */
encoding: string, } | { "code": "brokenJson", 
/**
 * The character in which the fault lies, from 1.
 */
character: number, } | { "code": "noObject" } | { "code": "repeatedName", 
/**
 * The name.
 */
column: string, } | { "code": "aboveTable" } | { "code": "typesRow" } | { "code": "comment" } | { "code": "repeatedHeader" } | { "code": "noTextFile", 
/**
 * The file, as it is found from the folder.
 */
file: string, } | { "code": "fileTooLong", 
/**
 * The file, as it is found from the folder.
 */
file: string, } | { "code": "unreadableFile", 
/**
 * The file, as it is found from the folder.
 */
file: string, } | { "code": "brokenFile", 
/**
 * The file, as it is found from the folder.
 */
file: string, 
/**
 * The encoding.
 */
encoding: string, } | { "code": "noText", 
/**
 * The text column.
 */
column: string, } | { "code": "noLabel", 
/**
 * The label column.
 */
column: string, } | { "code": "severalLabels", 
/**
 * How many.
 */
nLabels: number, } | { "code": "noMark", 
/**
 * The column.
 */
column: string, };

/**
 * A row that was repaired or skipped.
 */
export type RowNote = { line: number, reason: string, faults: Array<RowFault>, };

/**
 * Time and memory of a training with one model.
 */
export type RunEstimate = { name: string, seconds: number | null, memoryBytes: number, };

/**
 * A run with everything that it told.
 */
export type RunHistory = { summary: RunSummary, events: Array<TrainEvent>, };

/**
 * What a training would do.
 */
export type RunPreview = { baseModel: string, nTrain: number, nValid: number, nTest: number, nSteps: number, nEpochs: number, batchSize: number, maxLength: number, learningRate: number, nCut: number, device: string, 
/**
 * Id of the device.
 */
deviceId: string, 
/**
 * Why there, in English.
 */
deviceReason: string, 
/**
 * The same by name.
 */
deviceWhy: DeviceReason | null, 
/**
 * Seconds in all, if nothing ends it early; `None` until the device was measured.
 */
seconds: number | null, memoryBytes: number | null, 
/**
 * What each model of the list would take.
 */
estimates: Array<RunEstimate>, downloads: Array<string>, };

/**
 * The speed of real trainings on a device.
 */
export type RunSpeed = { 
/**
 * Trainings that it comes from.
 */
nRuns: number, 
/**
 * Floating-point operations in a second, the last trainings counting most.
 */
flopsPerSecond: number, };

/**
 * How a run stands.
 */
export type RunState = "running" | "finished" | "stopped" | "failed" | "interrupted";

/**
 * A run in the list.
 */
export type RunSummary = { id: string, startedAt: string, state: RunState, 
/**
 * Which of the project's files it learned from, from 1; older projects had one.
 */
fileVersion: number, 
/**
 * Name of that file; older versions did not keep it.
 */
sourceFile: string | null, 
/**
 * What it learned from as a hash; older versions did not keep it.
 */
dataHash?: string, baseModel: string, accuracy: number | null, macroF1: number | null, nSteps: number | null, bestStep: number | null, seconds: number | null, validMacroF1: Array<number>, error: ErrorInfo | null, hasModel: boolean, 
/**
 * Where a text can have several labels; `accuracy` is the share of texts that got all and no other then.
 */
microF1?: number, 
/**
 * Step from which an interrupted training can go on.
 */
resumeStep: number | null, };

/**
 * What has happened since the last message.
 */
export type RunUpdate = { runId: string, events: Array<TrainEvent>, summary: RunSummary, memoryBytes: number | null, };

/**
 * What several delimiters in a row mean.
 */
export type Runs = "each" | "any" | "twoOrMore";

/**
 * How well predictions fit.
 */
export type Scores = { 
/**
 * Texts that were judged.
 */
nExamples: number, 
/**
 * Share of right answers, 0 to 1. Where a text has several labels, the share of those that got all and no other.
 */
accuracy: number, 
/**
 * Mean of the labels' precision.
 */
macroPrecision: number, 
/**
 * Mean of the labels' recall.
 */
macroRecall: number, 
/**
 * Mean of the labels' F1.
 */
macroF1: number, 
/**
 * Mean of the labels' precision, weighted by their examples.
 */
weightedPrecision: number, 
/**
 * Mean of the labels' recall, weighted by their examples.
 */
weightedRecall: number, 
/**
 * Mean of the labels' F1, weighted by their examples.
 */
weightedF1: number, 
/**
 * One entry per label id.
 */
perLabel: Array<LabelScore>, 
/**
 * Counts by `[actual][predicted]`; empty where a text can have several labels.
 */
confusion: Array<Array<number>>, };

/**
 * The settings, each with its default where the file has none.
 */
export type Settings = { 
/**
 * `system`, `light` or `dark`.
 */
theme: Theme, 
/**
 * `system`, `en` or `de`.
 */
language: Language, 
/**
 * `auto`, or the id of a device.
 */
device: string, };

/**
 * A row of the preview.
 */
export type TableRow = { line: number, cells: Array<string>, };

/**
 * How many labels a text can have.
 */
export type Task = "single" | "multi";

/**
 * The columns of a file that are read to classify it.
 */
export type TextColumns = { text: string, textB: string | null, };

/**
 * A text or a pair.
 */
export type TextToClassify = { 
/**
 * The text.
 */
text: string, 
/**
 * The second text of a pair.
 */
textB: string | null, };

/**
 * Where compared texts come from.
 */
export type TextsFrom = "testPart" | "file" | "builtIn";

/**
 * Which colours the screens have.
 */
export type Theme = "system" | "light" | "dark";

/**
 * One thing that happened in a training.
 */
export type TrainEvent = { "kind": "started", 
/**
 * Texts to learn from.
 */
nTrain: number, 
/**
 * Texts to choose the best checkpoint by.
 */
nValid: number, 
/**
 * Texts for the report.
 */
nTest: number, 
/**
 * Optimizer steps planned.
 */
nSteps: number, 
/**
 * Epochs planned.
 */
nEpochs: number, 
/**
 * Weights of the model.
 */
nParameters: number, 
/**
 * Weights that are trained.
 */
nTrainedParameters: number, 
/**
 * The device, in words.
 */
device: string, 
/**
 * Why this device, in English.
 */
deviceReason: string, 
/**
 * The same by name; `None` in what older versions wrote.
 */
deviceWhy: DeviceReason | null, 
/**
 * Texts that are computed at once.
 */
microBatchSize: number, } | { "kind": "resumed", 
/**
 * Steps done so far.
 */
step: number, } | { "kind": "step", 
/**
 * Steps done so far, from 1.
 */
step: number, 
/**
 * Epochs done so far, with fraction.
 */
epoch: number, 
/**
 * Mean loss of the step's texts.
 */
loss: number, 
/**
 * Learning rate of the step.
 */
learningRate: number, 
/**
 * Norm of all gradients before clipping; `None` on a GPU, which would have to be waited for.
 */
gradientNorm: number | null, 
/**
 * Texts per second, lately.
 */
examplesPerSecond: number, 
/**
 * Seconds until the planned end.
 */
secondsLeft: number, } | { "kind": "validated", 
/**
 * Steps done so far.
 */
step: number, 
/**
 * Epochs done so far, with fraction.
 */
epoch: number, 
/**
 * Mean loss on the valid part.
 */
loss: number, 
/**
 * Share of right answers, 0 to 1. Where a text can have several labels, micro-F1, which is the same with one.
 */
accuracy: number, 
/**
 * Mean of the labels' F1, 0 to 1.
 */
macroF1: number, 
/**
 * Whether this is the best checkpoint so far.
 */
isBest: boolean, } | { "kind": "checkpoint", 
/**
 * Steps done so far.
 */
step: number, } | { "kind": "notice", 
/**
 * Stable name of the matter.
 */
code: string, 
/**
 * One sentence for the person, in English.
 */
message: string, 
/**
 * The numbers and names in the sentence, for other languages; empty in what older versions wrote.
 */
values: Record<string, string | number | Array<string> | Array<number>>, } | { "kind": "stoppedEarly", 
/**
 * Steps done.
 */
step: number, 
/**
 * Why, in English.
 */
reason: string, 
/**
 * Looks at the valid part without gain; `None` in what older versions wrote.
 */
nChecks: number | null, 
/**
 * Step of the best checkpoint; `None` in what older versions wrote.
 */
bestStep: number | null, } | { "kind": "testing", 
/**
 * Texts of the test part.
 */
nTest: number, } | { "kind": "finished", 
/**
 * Steps done.
 */
step: number, 
/**
 * Seconds since the training started.
 */
seconds: number, 
/**
 * Step of the best checkpoint.
 */
bestStep: number, 
/**
 * Whether the person stopped it.
 */
stopped: boolean, };

/**
 * How a classifier was trained. What is not known is left out.
 */
export type TrainingFacts = { 
/**
 * Name of the base model.
 */
baseModel: string | null, 
/**
 * The device, in words.
 */
device: string | null, 
/**
 * Seconds from the first step to the last.
 */
seconds: number | null, 
/**
 * Most memory that was used.
 */
peakMemoryBytes: number | null, 
/**
 * Step of the checkpoint that was kept.
 */
bestStep: number | null, 
/**
 * Steps done.
 */
nSteps: number | null, 
/**
 * Seconds that the word-count model took; not part of `seconds`.
 */
wordCountSeconds: number | null, };

/**
 * How the classifier stands to a simpler model. Surely means a p-value below 0.05.
 */
export type Verdict = "better" | "notSurelyDifferent" | "worse";

/**
 * The kinds of workbooks.
 */
export type WorkbookType = "xlsx" | "xlsb" | "xls" | "ods";

/**
 * How far a download has come.
 */
export type download = { "kind": "download", 
/**
 * File that is being fetched.
 */
file: string, 
/**
 * Bytes of all files that are here.
 */
doneBytes: number, 
/**
 * Bytes of all files; 0 until it is known.
 */
totalBytes: number, 
/**
 * Bytes that arrive in a second, lately.
 */
bytesPerSecond: number, 
/**
 * Seconds until the end; `None` until it can be told.
 */
secondsLeft: number | null, };

/**
 * How far a long work has come.
 */
export type progress = { "kind": "progress", 
/**
 * Texts done, or bytes read.
 */
done: number, 
/**
 * Texts or bytes in all.
 */
total: number, };
