"""Checks the ONNX files that Embert writes: with onnx.checker, and by computing with onnxruntime.

    python check_onnx.py --models DIR --work DIR --embert BINARY

For single texts, pairs, and texts with several labels: trains a small model with `embert train` from DIR/minilm-l6,
exports it with `embert export --format onnx --int8`, and compares the logits of onnxruntime with those of `embert classify
--json`, one text at a time and in batches of several sizes, which bring every length and padding of all widths. With
full weights they may differ by 1e-4 at most. With weights of 8 bits nearly all labels must be the same. Exits with 1 if
a check fails.
"""

import argparse
import csv
import json
import math
import shutil
import subprocess
import sys
from pathlib import Path

import numpy
import onnx
import onnxruntime
from tokenizers import Tokenizer

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "support-desk.csv"
N_TRAIN = 96
N_COMPARED = 60
BATCH_SIZES = (1, 2, 7, 32)
MAX_LENGTH = 64
MAX_DIFFERENCE = 1e-4
# Of the texts that get the same label from weights of 8 bits.
LEAST_SAME = 0.9
TRAIN_OPTIONS = f"--epochs 3 --batch-size 16 --max-length {MAX_LENGTH} --seed 42 --device cpu".split()
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]

# What a support desk does not write, and lengths from one token to the most that the model reads.
ODD_TEXTS = [
    "ok",
    "?",
    "WHERE IS MY REFUND???",
    "Café, naïve, Ærøskøbing: déjà vu",
    "你好，我的订单在哪里？",
    "Love it 😍👍🏽 10/10",
    "order #12345-B at 3:45pm, £20 / €30",
    "two\nlines",
    " ".join(["word"] * (MAX_LENGTH - 2)),
]


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def that(self, holds, name, detail=""):
        self.passed += bool(holds)
        self.failed += not holds
        print(f"{'ok    ' if holds else 'FAILED'} {name}{': ' + detail if detail else ''}", flush=True)
        return holds


# --- Texts -----------------------------------------------------------------------------------------------------


def sample_rows():
    with open(SAMPLE, encoding="utf-8", newline="") as file:
        return [(row["text"], row["label"]) for row in csv.DictReader(file)]


def spread(rows, count):
    """`count` rows evenly spaced over all of them."""
    count = min(count, len(rows))
    return [rows[i * len(rows) // count] for i in range(count)]


def training_rows(kind, rows):
    rows = spread(rows, N_TRAIN)
    if kind == "single":
        return ["text", "label"], rows
    others = rows[1:] + rows[:1]
    if kind == "pair":
        pairs = zip(rows, [row if i % 2 else other for i, (row, other) in enumerate(zip(rows, others))])
        return ["text", "text_b", "label"], [
            (text, text_b, "same" if label == label_b else "different") for (text, label), (text_b, label_b) in pairs
        ]
    # Two texts in one, with the labels of both.
    both = [(f"{a} {b}", json.dumps(sorted({one, two}))) for (a, one), (b, two) in zip(rows, others)]
    return ["text", "labels"], both


def compared_texts(kind, rows, tokenizer):
    """Texts that nothing is cut from: `embert` and others cut in different places."""
    most = MAX_LENGTH // 2 if kind == "pair" else MAX_LENGTH
    texts = ODD_TEXTS + [text for text, _ in spread(rows, N_COMPARED)]
    texts = [text for text in texts if len(tokenizer.encode(text).ids) <= most]
    if kind != "pair":
        return [(text,) for text in texts]
    return [(text, texts[(i * 11 + 3) % len(texts)]) for i, text in enumerate(texts)]


def write_csv(path, columns, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])


# --- The two sides ---------------------------------------------------------------------------------------------


def run_embert(binary, *arguments):
    """Its stdout, or None after showing the end of what it said."""
    done = subprocess.run([str(binary), *map(str, arguments)], capture_output=True, text=True, encoding="utf-8")
    if done.returncode != 0:
        print(f"embert {arguments[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return None
    return done.stdout


def onnx_logits(session, tokenizer, texts, batch_size):
    """Texts in the order given, padded to the longest of their batch."""
    found = []
    for start in range(0, len(texts), batch_size):
        encodings = tokenizer.encode_batch([text if len(text) > 1 else text[0] for text in texts[start : start + batch_size]])
        width = max(len(encoding.ids) for encoding in encodings)
        columns = {
            "input_ids": [encoding.ids for encoding in encodings],
            "attention_mask": [encoding.attention_mask for encoding in encodings],
            "token_type_ids": [encoding.type_ids for encoding in encodings],
        }
        batch = {
            name: numpy.array([row + [0] * (width - len(row)) for row in rows], dtype=numpy.int64)
            for name, rows in columns.items()
        }
        found.extend(session.run(["logits"], batch)[0].tolist())
    return found


def largest_difference(rows, other_rows):
    differences = [abs(a - b) for row, other in zip(rows, other_rows) for a, b in zip(row, other)]
    return max((math.inf if math.isnan(difference) else difference for difference in differences), default=math.inf)


def chosen(row, task):
    """The label of a row of logits, or every label that is more probable than not."""
    return int(numpy.argmax(row)) if task == "single" else [logit > 0 for logit in row]


# --- The checks ------------------------------------------------------------------------------------------------


def check_kind(kind, rows, arguments, checks):
    columns, train_rows = training_rows(kind, rows)
    train_file = arguments.work / f"{kind}-train.csv"
    write_csv(train_file, columns, train_rows)
    run_folder, out = arguments.work / f"{kind}-run", arguments.work / f"{kind}-onnx"
    for folder in (run_folder, out):
        shutil.rmtree(folder, ignore_errors=True)
    task = ["--task", "multi"] if kind == "multi" else []
    trained = run_embert(
        arguments.embert,
        *("train", train_file, "--out", run_folder, "--base-model", arguments.models / "minilm-l6"),
        *(*task, *TRAIN_OPTIONS),
    )
    if not checks.that(trained is not None, f"{kind}: embert trains on {len(train_rows)} rows"):
        return
    export = run_embert(
        arguments.embert, "export", run_folder, train_file, *task, "--format", "onnx", "--int8", "--out", out, "--json"
    )
    if not checks.that(export is not None, f"{kind}: embert exports"):
        return
    export = json.loads(export)
    checks.that(export["comparedWith"] == "testPart", f"{kind}: compared on {export['nCompared']} texts of the test part")

    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    texts = compared_texts(kind, rows, tokenizer)
    text_file = arguments.work / f"{kind}-texts.csv"
    write_csv(text_file, ["text", "text_b"][: len(texts[0])], texts)
    answer = run_embert(arguments.embert, "classify", run_folder, text_file, "--json")
    if not checks.that(answer is not None, f"{kind}: embert classifies {len(texts)} texts"):
        return
    expected = [prediction["logits"] for prediction in json.loads(answer)["predictions"]]
    lengths = {sum(len(tokenizer.encode(part).ids) for part in text) for text in texts}
    checks.that(len(lengths) > 5, f"{kind}: the texts have {len(lengths)} different lengths")
    for file in export["files"]:
        check_file(kind, out / file["name"], texts, expected, tokenizer, checks)


def check_file(kind, path, texts, expected, tokenizer, checks):
    name = f"{kind}: {path.name}"
    try:
        onnx.checker.check_model(str(path), full_check=True)
        checks.that(True, f"{name} passes onnx.checker")
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        checks.that(False, f"{name} passes onnx.checker", str(error))
    check_shapes(name, onnx.load(path), len(expected[0]), checks)

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    task = "multi" if kind == "multi" else "single"
    for batch_size in BATCH_SIZES:
        found = onnx_logits(session, tokenizer, texts, batch_size)
        if not checks.that(len(found) == len(expected), f"{name}: one answer per text in batches of {batch_size}"):
            continue
        difference = largest_difference(found, expected)
        same = sum(chosen(a, task) == chosen(b, task) for a, b in zip(found, expected))
        detail = f"largest difference {difference:.2e}, same label on {same} of {len(texts)}"
        if path.name == "model.onnx":
            checks.that(difference <= MAX_DIFFERENCE, f"{name}: same logits in batches of {batch_size}", detail)
        else:
            holds = difference > 0 and same >= LEAST_SAME * len(texts)
            checks.that(holds, f"{name}: same labels in batches of {batch_size}", detail)


def check_shapes(name, model, n_labels, checks):
    def shape(value):
        tensor = value.type.tensor_type
        return tensor.elem_type, [dim.dim_param or dim.dim_value for dim in tensor.shape.dim]

    names = [value.name for value in model.graph.input]
    checks.that(names == INPUTS, f"{name}: the inputs are those of optimum", ", ".join(names))
    open_shape = (onnx.TensorProto.INT64, ["batch_size", "sequence_length"])
    checks.that(all(shape(value) == open_shape for value in model.graph.input), f"{name}: batch and length are open")
    outputs = [(value.name, *shape(value)) for value in model.graph.output]
    expected = [("logits", onnx.TensorProto.FLOAT, ["batch_size", n_labels])]
    checks.that(outputs == expected, f"{name}: the output is logits", str(outputs))


def main():
    parser = argparse.ArgumentParser(description="Checks the ONNX files that Embert writes.")
    parser.add_argument("--models", type=Path, required=True, help="models folder, with minilm-l6 in it")
    parser.add_argument("--work", type=Path, required=True, help="folder for the files of this check")
    parser.add_argument("--embert", type=Path, required=True, help="the embert binary")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}")

    rows = sample_rows()
    checks = Checks()
    for kind in ("single", "pair", "multi"):
        try:
            check_kind(kind, rows, arguments, checks)
        except Exception as error:  # one kind that cannot be checked must not hide the others
            checks.that(False, f"{kind}: the check broke off", repr(error))
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
