//! What can be typed after `embert`: commands, options and their help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use embert_engine::dataset::{MappingRequest, Task};
use embert_engine::wish::Wish;

use crate::dialect_arguments::DialectArguments;

/// Teaches a computer to sort text: fine-tunes a BERT classifier on your own machine.
#[derive(Debug, Parser)]
#[command(name = "embert", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Folder in which base models are looked for first, and into which they are downloaded.
    #[arg(long, value_name = "FOLDER", global = true)]
    pub(crate) models_folder: Option<PathBuf>,
}

const EXIT_CODES: &str = "Results go to stdout, progress and messages to stderr.\n\
    Exit codes: 0 done, 1 the input is at fault, 2 wrong usage, 3 stopped by the person, 4 internal fault.";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shows how a file is read: its format, columns, labels and faults.
    Inspect(InspectArguments),
    /// Writes a file as it is read, as plain UTF-8 with commas and a header.
    Convert(ConvertArguments),
    /// Trains a classifier on a file of texts and labels, and reports how good it is.
    Train(TrainArguments),
    /// Judges a trained model on a file of texts and labels.
    Evaluate(EvaluateArguments),
    /// Gives a label to a text, or to every row of a file.
    Classify(ClassifyArguments),
    /// Writes a trained model for browsers and other programs, and compares what was written with the model.
    Export(ExportArguments),
    /// Lists the devices that can compute, and says which one is used.
    Devices(DevicesArguments),
    /// Lists, downloads and verifies base models.
    Models(ModelsArguments),
    /// Serves requests: one JSON object per line on stdin, answers on stdout.
    Worker,
    /// Reads a file into memory and says as JSON what that took, for the benchmark.
    #[command(hide = true)]
    ReadTable {
        /// The file, with the columns text and label.
        file: PathBuf,
    },
    /// Lists the devices as JSON, for the process that asked; a driver may crash here.
    #[command(hide = true)]
    ListDevices,
    /// Tests one device, for the process that asked; a driver may crash here.
    #[command(hide = true)]
    CheckDevice {
        /// The device's id.
        id: String,
    },
    /// Measures one device, for the process that asked: lines of progress, then the result.
    #[command(hide = true)]
    MeasureDevice {
        /// The device's id.
        id: String,
    },
}

/// Which column means what.
#[derive(Debug, Args)]
pub(crate) struct ColumnArguments {
    /// Column of the text [default: guessed].
    #[arg(long, value_name = "COLUMN")]
    text: Option<String>,
    /// Column of the second text, when two texts are judged together [default: guessed].
    #[arg(long, value_name = "COLUMN", conflicts_with = "no_text_b")]
    text_b: Option<String>,
    /// There is no second text, whatever the columns are called.
    #[arg(long)]
    no_text_b: bool,
    /// Column of the label [default: guessed].
    #[arg(long, value_name = "COLUMN")]
    label: Option<String>,
    /// Columns that are labels themselves and hold 0 or 1, with commas between their names [default: guessed].
    #[arg(
        long,
        value_name = "COLUMNS",
        value_delimiter = ',',
        conflicts_with = "label"
    )]
    labels: Vec<String>,
    /// What stands between the labels of a cell, such as "|"; "[]" for lists in brackets [default: guessed].
    #[arg(long, value_name = "TEXT", conflicts_with = "labels")]
    label_separator: Option<String>,
    /// Whether each text has a single label or any number of them (multi) [default: guessed].
    #[arg(long, value_name = "TASK")]
    task: Option<TaskArgument>,
}

/// How many labels a text can have.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum TaskArgument {
    /// Exactly one.
    Single,
    /// Any number, also none.
    Multi,
}

impl ColumnArguments {
    /// Returns what was said about the columns.
    pub(crate) fn request(&self) -> MappingRequest {
        MappingRequest {
            text: self.text.clone().into(),
            text_b: wish(self.text_b.as_ref(), self.no_text_b),
            label: self.label.clone().into(),
            labels: self.labels.clone(),
            label_separator: self.label_separator.clone().into(),
            task: self.task.map(|task| match task {
                TaskArgument::Single => Task::Single,
                TaskArgument::Multi => Task::Multi,
            }),
            split: Wish::Guess,
        }
    }
}

fn wish(named: Option<&String>, is_none: bool) -> Wish<String> {
    if is_none {
        Wish::None
    } else {
        named.cloned().into()
    }
}

/// Which column says train, valid or test.
#[derive(Debug, Args)]
pub(crate) struct SplitArguments {
    /// Column that says train, valid or test [default: guessed].
    #[arg(long, value_name = "COLUMN", conflicts_with = "no_split")]
    split: Option<String>,
    /// No column says train, valid or test; the rows are divided by chance.
    #[arg(long)]
    no_split: bool,
}

impl SplitArguments {
    /// Returns what was said about `columns` and about this one.
    fn with(&self, columns: &ColumnArguments) -> MappingRequest {
        MappingRequest {
            split: wish(self.split.as_ref(), self.no_split),
            ..columns.request()
        }
    }
}

/// Arguments of `embert inspect`.
#[derive(Debug, Args)]
pub(crate) struct InspectArguments {
    /// File of rows: CSV, Excel, JSON, Parquet or similar; or several parts of one table, such as train.csv and test.csv.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    columns: ColumnArguments,
    #[command(flatten)]
    split: SplitArguments,
    #[command(flatten)]
    pub(crate) dialect: DialectArguments,
    /// List of corrections that was exported from a project; those that fit are made.
    #[arg(long, value_name = "FILE")]
    pub(crate) edits: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Arguments of `embert convert`.
#[derive(Debug, Args)]
#[command(mut_group("ColumnArguments", |group| group.requires("edits")))]
pub(crate) struct ConvertArguments {
    /// File of rows: CSV, Excel, JSON, Parquet or similar; or several parts of one table, such as train.csv and test.csv.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// File to write.
    #[arg(value_name = "OUT.csv")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) dialect: DialectArguments,
    /// List of corrections that was exported from a project; those that fit are made.
    #[arg(long, value_name = "FILE")]
    pub(crate) edits: Option<PathBuf>,
    /// Needed by corrections alone.
    #[command(flatten)]
    columns: ColumnArguments,
}

impl ConvertArguments {
    /// Returns what was said about the columns.
    pub(crate) fn columns(&self) -> MappingRequest {
        self.columns.request()
    }
}

/// Arguments of `embert train`.
#[derive(Debug, Args)]
pub(crate) struct TrainArguments {
    /// File of texts and labels: CSV, Excel, JSON, Parquet or similar; or several parts of one table, such as train.csv
    /// and test.csv.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    columns: ColumnArguments,
    #[command(flatten)]
    split: SplitArguments,
    #[command(flatten)]
    pub(crate) dialect: DialectArguments,
    /// List of corrections that was exported from a project; those that fit are made.
    #[arg(long, value_name = "FILE")]
    pub(crate) edits: Option<PathBuf>,
    /// Second file with the texts to judge the model by.
    #[arg(long, value_name = "FILE")]
    pub(crate) test: Option<PathBuf>,
    /// Base model: a name of `embert models list`, or a folder [default: minilm-l6].
    #[arg(long, value_name = "NAME|FOLDER")]
    pub(crate) base_model: Option<String>,
    /// Folder for the run; it must not exist, or be empty [default: runs/<file>-<number>].
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Go on with a training that was interrupted: the one in --out, or the last one on this file. It keeps its
    /// settings.
    #[arg(long, conflicts_with_all = ["recipe", "epochs", "learning_rate", "batch_size", "max_length", "seed"])]
    pub(crate) resume: bool,
    /// JSON file with settings that differ from the defaults.
    #[arg(long, value_name = "FILE")]
    pub(crate) recipe: Option<PathBuf>,
    /// How often every text is seen.
    #[arg(long, value_name = "N")]
    pub(crate) epochs: Option<f64>,
    /// Highest learning rate.
    #[arg(long, value_name = "X")]
    pub(crate) learning_rate: Option<f64>,
    /// Texts per step.
    #[arg(long, value_name = "N")]
    pub(crate) batch_size: Option<usize>,
    /// Longest text in tokens; longer ones lose their middle.
    #[arg(long, value_name = "N")]
    pub(crate) max_length: Option<usize>,
    /// Seed of everything random; the same seed gives the same result.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    #[command(flatten)]
    pub(crate) device: DeviceArgument,
    /// Print each event of the training as a line on stderr instead of a progress bar.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) events: Option<EventFormat>,
    /// Print the report as one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

impl TrainArguments {
    /// Returns what was said about the columns.
    pub(crate) fn columns(&self) -> MappingRequest {
        self.split.with(&self.columns)
    }
}

impl InspectArguments {
    /// Returns what was said about the columns.
    pub(crate) fn columns(&self) -> MappingRequest {
        self.split.with(&self.columns)
    }
}

/// How events are printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum EventFormat {
    /// One JSON object per line.
    Json,
}

/// Where to compute.
#[derive(Debug, Args)]
pub(crate) struct DeviceArgument {
    /// auto, cpu, gpu, or a name that `embert devices` shows [default: auto].
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
}

/// Arguments of `embert evaluate`.
#[derive(Debug, Args)]
pub(crate) struct EvaluateArguments {
    /// Model folder, or the run folder that holds it.
    pub(crate) model: PathBuf,
    /// File of texts and labels.
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) columns: ColumnArguments,
    #[command(flatten)]
    pub(crate) dialect: DialectArguments,
    #[command(flatten)]
    pub(crate) device: DeviceArgument,
    /// Write the report as one HTML page as well.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Print the report as one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Arguments of `embert classify`.
#[derive(Debug, Args)]
pub(crate) struct ClassifyArguments {
    /// Model folder, or the run folder that holds it.
    pub(crate) model: PathBuf,
    /// File whose rows get a label.
    #[arg(required_unless_present = "text")]
    pub(crate) file: Option<PathBuf>,
    /// Text to classify; may be given several times.
    #[arg(long, conflicts_with_all = ["file", "out"])]
    pub(crate) text: Vec<String>,
    /// Second text, for a model that judges two texts together; one for each --text.
    #[arg(long, requires = "text", conflicts_with = "file")]
    pub(crate) text_b: Vec<String>,
    /// File to write: all columns of FILE, and the columns label and score.
    #[arg(long, value_name = "OUT.csv", required_unless_present_any = ["text", "json"])]
    pub(crate) out: Option<PathBuf>,
    /// Column of the text in FILE [default: guessed].
    #[arg(long, value_name = "COLUMN", conflicts_with = "text")]
    text_column: Option<String>,
    /// Column of the second text in FILE, for a model that judges two texts together [default: guessed].
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["text", "no_text_b"])]
    text_b_column: Option<String>,
    /// There is no second text in FILE, whatever its columns are called.
    #[arg(long, conflicts_with = "text")]
    no_text_b: bool,
    #[command(flatten)]
    pub(crate) dialect: DialectArguments,
    #[command(flatten)]
    pub(crate) device: DeviceArgument,
    /// Print the predictions with all scores as one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

impl ClassifyArguments {
    /// Returns what was said about the columns of the file.
    pub(crate) fn columns(&self) -> MappingRequest {
        MappingRequest {
            text: self.text_column.clone().into(),
            text_b: wish(self.text_b_column.as_ref(), self.no_text_b),
            ..MappingRequest::default()
        }
    }
}

/// Arguments of `embert export`.
#[derive(Debug, Args)]
#[command(mut_group("ColumnArguments", |group| group.requires("file")))]
pub(crate) struct ExportArguments {
    /// Model folder, or the run folder that holds it.
    pub(crate) model: PathBuf,
    /// File of texts and labels: what is written is compared with the model on up to 200 of its rows, those of the test
    /// part where it is the file of the training [default: texts that Embert has].
    pub(crate) file: Option<PathBuf>,
    /// What to write.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: ExportFormat,
    /// Folder to write; it must not exist.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// Write a second file with weights of 8 bits, a quarter of the size.
    #[arg(long)]
    pub(crate) int8: bool,
    #[command(flatten)]
    pub(crate) columns: ColumnArguments,
    #[command(flatten)]
    pub(crate) dialect: DialectArguments,
    /// Print one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What a model can be written as.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ExportFormat {
    /// A Hugging Face folder with the model as ONNX in it, as transformers.js and onnxruntime read it.
    Onnx,
}

/// Arguments of `embert devices`.
#[derive(Debug, Args)]
pub(crate) struct DevicesArguments {
    /// Train for two seconds on each device to see how fast it is, and remember it for `auto`.
    #[arg(long)]
    pub(crate) measure: bool,
    /// Print one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Arguments of `embert models`.
#[derive(Debug, Args)]
pub(crate) struct ModelsArguments {
    /// What to do; without it the models are listed.
    #[command(subcommand)]
    pub(crate) command: Option<ModelsCommand>,
}

/// The commands below `embert models`.
#[derive(Debug, Subcommand)]
pub(crate) enum ModelsCommand {
    /// Lists the models that Embert knows, and where they are.
    List {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Downloads a model from the Hugging Face hub (or from HF_ENDPOINT).
    Download {
        /// Name in the list, or a name on the hub such as google-bert/bert-base-uncased.
        name: String,
    },
    /// Compares the weights of a model with the hash in the list.
    Verify {
        /// Name in the list, or a folder.
        name: String,
    },
    /// Writes a model with weights of half the size, as the installers carry it.
    Pack {
        /// Name in the list, or a folder.
        name: String,
        /// Folder to write; it must not exist.
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }

    #[test]
    fn classify_takes_a_text_or_a_file_with_a_place_for_the_result() {
        let check = |line: &str, is_right: bool| {
            let words = std::iter::once("embert").chain(line.split(' '));
            assert_eq!(Arguments::try_parse_from(words).is_ok(), is_right, "{line}");
        };
        check("classify model --text hello", true);
        check("classify model --text hello --text there --json", true);
        check("classify model --text hello --text-b there", true);
        check("classify model in.csv --out out.csv", true);
        check("classify model in.csv --json", true);
        check("classify model in.csv", false);
        check("classify model", false);
        check("classify model in.csv --text hello", false);
        check("classify model --text hello --out out.csv", false);
        check("classify model --text-b there in.csv --json", false);
    }

    #[test]
    fn convert_needs_to_know_columns_only_for_corrections() {
        let check = |line: &str, is_right: bool| {
            let words = std::iter::once("embert").chain(line.split(' '));
            assert_eq!(Arguments::try_parse_from(words).is_ok(), is_right, "{line}");
        };
        check("convert in.csv out.csv", true);
        check("convert in.csv out.csv --edits e.json --label topic", true);
        check("convert in.csv out.csv --edits e.json --no-text-b", true);
        check("convert in.csv out.csv --label topic", false);
        check("convert in.csv out.csv --no-text-b", false);
        check("convert in.csv out.csv --edits e.json --labels a,b", true);
        check("convert in.csv out.csv --task multi", false);
    }

    #[test]
    fn several_labels_can_be_said() {
        let train = |line: &str| {
            let words = std::iter::once("embert").chain(line.split(' '));
            match Arguments::try_parse_from(words).map(|arguments| arguments.command) {
                Ok(Command::Train(arguments)) => Some(arguments.columns()),
                _ => None,
            }
        };
        let listed = train("train a.csv --label tags --label-separator ; --task multi").unwrap();
        assert_eq!(listed.label_separator, Wish::Named(";".to_owned()));
        assert_eq!(listed.task, Some(Task::Multi));
        let columns = train("train a.csv --labels toxic,insult").unwrap();
        assert_eq!(columns.labels, ["toxic", "insult"]);
        assert_eq!(train("train a.csv --labels a,b --label c"), None);
        assert_eq!(train("train a.csv --task many"), None);
    }

    #[test]
    fn what_is_declined_is_not_guessed() {
        let train = |line: &str| {
            let words = std::iter::once("embert").chain(line.split(' '));
            match Arguments::try_parse_from(words).map(|arguments| arguments.command) {
                Ok(Command::Train(arguments)) => Some(arguments.columns()),
                _ => None,
            }
        };
        let guessed = train("train a.csv").unwrap();
        assert_eq!((guessed.text_b, guessed.split), (Wish::Guess, Wish::Guess));
        let declined = train("train a.csv --no-text-b --no-split").unwrap();
        assert_eq!((declined.text_b, declined.split), (Wish::None, Wish::None));
        assert_eq!(train("train a.csv --text-b b --no-text-b"), None);
        assert_eq!(train("train a.csv --split s --no-split"), None);
        assert_eq!(train("train a.csv --header --no-header"), None);
    }
}
