"""The reference of the benchmark: transformers' Trainer on the CPU, as a fair modern set-up has it.

    python trainer.py FILE --model FOLDER [--threads 2] [--seed 42] [--epochs 3] [--learning-rate 1e-4] [--batch-size 16]
                      [--max-length 128] [--text text] [--text-b COLUMN] [--label label] [--split split]
                      [--limit-train N] [--out JSON]

It trains on the rows whose split is `train` and scores the last weights on those whose split is `test`; other rows are
not used. Without the split column it makes a seeded 80/10/10 split of its own. The result is one JSON document.

What makes it fair: tokens are made before the training starts, batches are padded to their longest row, attention is
torch's sdpa, the optimizer is Trainer's own default, the data is loaded in the process, nothing is evaluated, logged or
saved while it trains. f32 throughout.
"""

import time

START = time.perf_counter()

import argparse
import csv
import json
import math
import os
import platform
import random
import resource
import sys
import tempfile

WARMUP_FRACTION = 0.1
WEIGHT_DECAY = 0.01


def parse_arguments():
    parser = argparse.ArgumentParser(description="Trains and scores a classifier with Trainer on the CPU.")
    parser.add_argument("file", help="CSV file with a header")
    parser.add_argument("--model", required=True, help="folder of the base model")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--text", default="text", metavar="COLUMN")
    parser.add_argument("--text-b", metavar="COLUMN", help="second text of a pair")
    parser.add_argument("--label", default="label", metavar="COLUMN")
    parser.add_argument("--split", default="split", metavar="COLUMN")
    parser.add_argument("--limit-train", type=int, metavar="N", help="train on N rows, evenly spaced over the file")
    parser.add_argument("--out", metavar="JSON", help="write the result here as well")
    return parser.parse_args()


def use_threads(count):
    """Must run before torch and tokenizers are imported."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
        os.environ[name] = str(count)
    os.environ["HF_HUB_OFFLINE"] = "1"


# --- Rows ------------------------------------------------------------------------------------------------------


def read_rows(arguments):
    csv.field_size_limit(1 << 30)
    with open(arguments.file, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for column in filter(None, (arguments.text, arguments.text_b, arguments.label)):
        if not rows or column not in rows[0]:
            sys.exit(f"{arguments.file} has no column {column}")
    return rows


def divide(rows, arguments):
    """The rows to train on and the rows to score."""
    if arguments.split in rows[0]:
        train = [row for row in rows if row[arguments.split] == "train"]
        test = [row for row in rows if row[arguments.split] == "test"]
    else:
        shuffled = rows[:]
        random.Random(arguments.seed).shuffle(shuffled)
        tenth = len(rows) // 10
        test, train = shuffled[:tenth], shuffled[2 * tenth :]
    if arguments.limit_train and arguments.limit_train < len(train):
        train = [train[i * len(train) // arguments.limit_train] for i in range(arguments.limit_train)]
    if not train or not test:
        sys.exit(f"{arguments.file} has {len(train)} rows to train on and {len(test)} to score")
    return train, test


def encode(rows, label_ids, tokenizer, arguments):
    texts = [row[arguments.text] for row in rows]
    texts_b = [row[arguments.text_b] for row in rows] if arguments.text_b else None
    encoded = tokenizer(texts, texts_b, truncation=True, max_length=arguments.max_length)
    return [
        {name: values[i] for name, values in encoded.items()} | {"labels": label_ids[row[arguments.label]]}
        for i, row in enumerate(rows)
    ]


# --- Work ------------------------------------------------------------------------------------------------------


def make_trainer(train, labels, tokenizer, arguments, folder):
    import transformers

    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        arguments.model,
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
        attn_implementation="sdpa",
    ).float()
    n_steps = math.ceil(math.ceil(len(train) / arguments.batch_size) * arguments.epochs)
    settings = transformers.TrainingArguments(
        output_dir=folder,
        use_cpu=True,
        seed=arguments.seed,
        num_train_epochs=arguments.epochs,
        per_device_train_batch_size=arguments.batch_size,
        per_device_eval_batch_size=64,
        learning_rate=arguments.learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=math.ceil(n_steps * WARMUP_FRACTION),
        weight_decay=WEIGHT_DECAY,
        logging_strategy="no",
        save_strategy="no",
        report_to=[],
        disable_tqdm=not sys.stderr.isatty(),
        dataloader_num_workers=0,
        dataloader_pin_memory=False,
    )
    trainer = transformers.Trainer(
        model=model,
        args=settings,
        train_dataset=train,
        data_collator=transformers.DataCollatorWithPadding(tokenizer),
    )
    trainer.remove_callback(transformers.PrinterCallback)  # stdout is for the result
    return trainer


def peak_memory_bytes():
    """Of this process alone: Linux hands ru_maxrss on from the program that started this one."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def main():
    arguments = parse_arguments()
    use_threads(arguments.threads)
    import torch
    import transformers

    torch.set_num_threads(arguments.threads)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    transformers.set_seed(arguments.seed)

    train, test = divide(read_rows(arguments), arguments)
    labels = sorted({row[arguments.label] for row in train + test})
    label_ids = {label: i for i, label in enumerate(labels)}
    tokenizer = transformers.AutoTokenizer.from_pretrained(arguments.model)
    train = encode(train, label_ids, tokenizer, arguments)
    test = encode(test, label_ids, tokenizer, arguments)

    with tempfile.TemporaryDirectory() as folder:
        trainer = make_trainer(train, labels, tokenizer, arguments, folder)
        train_start = time.perf_counter()
        trainer.train()
        seconds_train = time.perf_counter() - train_start
        predicted = trainer.predict(test).predictions.argmax(axis=1)
    seconds_total = time.perf_counter() - START
    peak = peak_memory_bytes()

    from sklearn.metrics import accuracy_score, f1_score  # here, so that its memory and time do not count

    actual = [example["labels"] for example in test]
    result = {
        "file": os.path.basename(arguments.file),
        "seconds_train": round(seconds_train, 3),
        "seconds_total": round(seconds_total, 3),
        "peak_memory_bytes": peak,
        "test_accuracy": accuracy_score(actual, predicted),
        "test_macro_f1": f1_score(actual, predicted, average="macro", labels=range(len(labels)), zero_division=0),
        "n_train": len(train),
        "n_test": len(test),
        "n_labels": len(labels),
        "n_steps": trainer.state.global_step,
        "threads": torch.get_num_threads(),
        "seed": arguments.seed,
        "epochs": arguments.epochs,
        "learning_rate": arguments.learning_rate,
        "batch_size": arguments.batch_size,
        "max_length": arguments.max_length,
        "optimizer": str(trainer.args.optim.value),
        "attention": trainer.model.config._attn_implementation,
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        },
    }
    text = json.dumps(result, indent=2)
    print(text)
    if arguments.out:
        with open(arguments.out, "w", encoding="utf-8") as file:
            file.write(text + "\n")


if __name__ == "__main__":
    main()
