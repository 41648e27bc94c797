"""Checks that transformers reads what Embert writes, and computes the same.

    python check_export.py --models DIR --work DIR --embert BINARY

For single texts, for pairs and for several labels per text: trains a small model with `embert train` from DIR/minilm-l6, loads the model folder
with transformers (no key missing, none unexpected, none of another shape), and compares the logits of 200 texts with
those of `embert classify --json`, which may differ by 1e-4 at most. Exits with 1 if a check fails.

Runs with transformers 5 on a recent torch, and with transformers 4.41 to 4.45 on Debian's own python3-torch 1.13.
"""

import argparse
import csv
import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch
import transformers

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "support-desk.csv"
PROBLEM_TYPES = {"several labels": "multi_label_classification"}
N_TRAIN = 240
N_COMPARED = 200
MAX_LENGTH = 128
MAX_DIFFERENCE = 1e-4
TRAIN_OPTIONS = "--epochs 1 --batch-size 16 --max-length 128 --seed 42 --device cpu".split()

# What a support desk does not write, but people do.
ODD_TEXTS = [
    "ok",
    "?",
    "WHERE IS MY REFUND???",
    "Café, naïve, Ærøskøbing: déjà vu",
    "Grüße aus Zürich, Maß & Straße",
    "你好，我的订单在哪里？",
    "注文をキャンセルしたいです",
    "Где мой заказ?",
    "أين طلبي؟",
    "Love it 😍👍🏽 10/10",
    "order #12345-B at 3:45pm, £20 / €30",
    "a, \"quoted\" cell;\twith a tab",
    "two\nlines",
    "user.name+tag@example.org https://example.org/a?b=1",
    "[SEP] in the text, and [MASK] too",
    "x" * 101,
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


def pair_rows(rows):
    """Two texts and whether they have the same label; every second pair has."""
    by_label = {}
    for text, label in rows:
        by_label.setdefault(label, []).append(text)
    pairs = []
    for i, (text, label) in enumerate(rows):
        same = i % 2 == 0
        others = by_label[label] if same else [other for other, its in rows if its != label]
        text_b = others[(i * 7 + 1) % len(others)]
        pairs.append((text, text_b, "same" if same else "different"))
    return pairs


def two_label_rows(rows):
    """Every second text stands with the one before it and has both labels; every tenth has none."""
    results = []
    for i, (text, label) in enumerate(rows):
        if i % 10 == 9:
            results.append((text, ""))
        elif i % 2 == 1:
            before, label_before = rows[(i * 7) % len(rows)]
            results.append((f"{before} {text}", ";".join(sorted({label, label_before}))))
        else:
            results.append((text, label))
    return results


def labels_of(kind, rows):
    if kind == "several labels":
        return {label for row in rows for label in row[-1].split(";") if label}
    return {row[-1] for row in rows}


def training_rows(kind, rows):
    if kind == "single":
        return ["text", "label"], spread(rows, N_TRAIN)
    if kind == "several labels":
        return ["text", "labels"], two_label_rows(spread(rows, N_TRAIN))
    return ["text", "text_b", "label"], pair_rows(spread(rows, N_TRAIN))


def compared_texts(kind, rows, tokenizer):
    """Texts that nothing is cut from: `embert` and transformers cut in different places."""
    texts = ODD_TEXTS + [text for text, _ in rows]
    texts = [text for text in texts if len(tokenizer(text)["input_ids"]) <= MAX_LENGTH // 2]
    texts = ODD_TEXTS + spread(texts[len(ODD_TEXTS) :], N_COMPARED - len(ODD_TEXTS))
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


def reference_logits(model, tokenizer, texts):
    """One text at a time, so that nothing is padded: the batches of `embert` must not matter."""
    with torch.no_grad():
        return [model(**tokenizer(*text, return_tensors="pt")).logits[0].tolist() for text in texts]


def softmax(logits):
    powers = [math.exp(logit - max(logits)) for logit in logits]
    return [power / sum(powers) for power in powers]


def sigmoid(logits):
    return [1 / (1 + math.exp(-logit)) for logit in logits]


def largest_difference(rows, other_rows):
    differences = [abs(a - b) for row, other in zip(rows, other_rows) for a, b in zip(row, other)]
    return max((math.inf if math.isnan(difference) else difference for difference in differences), default=math.inf)


# --- The checks ------------------------------------------------------------------------------------------------


def check_kind(kind, rows, arguments, checks):
    columns, train_rows = training_rows(kind, rows)
    name = kind.replace(" ", "-")
    train_file = arguments.work / f"{name}-train.csv"
    write_csv(train_file, columns, train_rows)
    run_folder = arguments.work / f"{name}-run"
    shutil.rmtree(run_folder, ignore_errors=True)
    base_model = arguments.models / "minilm-l6"
    task = ["--task", "multi"] if kind == "several labels" else []
    trained = run_embert(
        arguments.embert, "train", train_file, "--out", run_folder, "--base-model", base_model, *task, *TRAIN_OPTIONS
    )
    if not checks.that(trained is not None, f"{kind}: embert trains on {len(train_rows)} rows"):
        return

    folder = run_folder / "model"
    model, tokenizer = check_loading(kind, folder, labels_of(kind, train_rows), checks)
    texts = compared_texts(kind, rows, tokenizer)
    text_file = arguments.work / f"{name}-texts.csv"
    write_csv(text_file, columns[:-1], texts)
    answer = run_embert(arguments.embert, "classify", folder, text_file, "--json")
    if checks.that(answer is not None, f"{kind}: embert classifies {len(texts)} texts"):
        check_predictions(kind, json.loads(answer)["predictions"], texts, model, tokenizer, checks)


def check_loading(kind, folder, labels, checks):
    model, info = transformers.AutoModelForSequenceClassification.from_pretrained(
        folder, output_loading_info=True, ignore_mismatched_sizes=True
    )
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    for keys in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        found = ", ".join(map(str, info[keys]))
        checks.that(not found, f"{kind}: {len(info[keys])} {keys.replace('_', ' ')}", found)
    config = model.config
    checks.that(set(config.id2label.values()) == labels, f"{kind}: config.json names the {len(labels)} labels")
    checks.that(
        config.label2id == {label: i for i, label in config.id2label.items()}, f"{kind}: label2id is id2label reversed"
    )
    problem_type = PROBLEM_TYPES.get(kind, "single_label_classification")
    checks.that(
        config.problem_type == problem_type, f"{kind}: the problem type is {problem_type}", str(config.problem_type)
    )
    return model.float().eval(), tokenizer


def check_predictions(kind, predictions, texts, model, tokenizer, checks):
    if not checks.that(len(predictions) == len(texts), f"{kind}: one prediction per text", str(len(predictions))):
        return
    expected = reference_logits(model, tokenizer, texts)
    labels = [model.config.id2label[i] for i in range(model.config.num_labels)]

    logits = [prediction["logits"] for prediction in predictions]
    complete = all(len(row) == len(labels) for row in logits)
    difference = largest_difference(logits, expected) if complete else math.inf
    checks.that(
        difference <= MAX_DIFFERENCE,
        f"{kind}: same logits on {len(texts)} texts",
        f"largest difference {difference:.2e}, {MAX_DIFFERENCE:.0e} allowed",
    )
    scores = [[prediction["scores"].get(label, math.nan) for label in labels] for prediction in predictions]
    name, activation = ("sigmoid", sigmoid) if kind == "several labels" else ("softmax", softmax)
    difference = largest_difference(scores, [activation(row) for row in expected])
    checks.that(difference <= MAX_DIFFERENCE, f"{kind}: scores are the {name}", f"largest difference {difference:.2e}")
    if kind == "several labels":
        check_given_labels(kind, predictions, scores, labels, checks)
        return
    wrong = [
        i
        for i, (prediction, row) in enumerate(zip(predictions, expected))
        if prediction["label"] not in labels
        or row[labels.index(prediction["label"])] < max(row) - 2 * MAX_DIFFERENCE
    ]
    checks.that(not wrong, f"{kind}: same label on {len(texts) - len(wrong)} of {len(texts)} texts")
    used = {prediction["label"] for prediction in predictions}
    print(f"       {kind}: {len(used)} of {len(labels)} labels were given")


def check_given_labels(kind, predictions, scores, labels, checks):
    """A label is given exactly where its score reaches its threshold, which stands in embert.json."""
    given = [set(prediction["labels"]) for prediction in predictions]
    bounds = {}
    for row, its in zip(scores, given):
        for label, score in zip(labels, row):
            lowest_given, highest_left = bounds.get(label, (math.inf, -math.inf))
            if label in its:
                lowest_given = min(lowest_given, score)
            else:
                highest_left = max(highest_left, score)
            bounds[label] = lowest_given, highest_left
    torn = [label for label, (lowest_given, highest_left) in bounds.items() if lowest_given < highest_left]
    checks.that(not torn, f"{kind}: each label has one threshold", ", ".join(torn))
    used = set().union(*given)
    print(f"       {kind}: {len(used)} of {len(labels)} labels were given, {sum(map(len, given))} times")


def main():
    parser = argparse.ArgumentParser(description="Checks that transformers reads what Embert writes.")
    parser.add_argument("--models", type=Path, required=True, help="models folder, with minilm-l6 in it")
    parser.add_argument("--work", type=Path, required=True, help="folder for the files of this check")
    parser.add_argument("--embert", type=Path, required=True, help="the embert binary")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    print(f"torch {torch.__version__}, transformers {transformers.__version__}")

    rows = sample_rows()
    checks = Checks()
    for kind in ("single", "pair", "several labels"):
        try:
            check_kind(kind, rows, arguments, checks)
        except Exception as error:  # one kind that cannot be checked must not hide the other
            checks.that(False, f"{kind}: the check broke off", repr(error))
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
