//! The part of the model card that is about the ONNX files: how they compare with the model, and how to use them.

use crate::dataset::Task;
use crate::exported::{OnnxExport, TextsFrom};

/// The part of the model card.
pub(super) fn section(export: &OnnxExport) -> String {
    format!(
        "\n## ONNX\n\nThe folder `onnx` has the same model for onnxruntime, transformers.js and other programs that read \
         ONNX (opset 17; any number and length of texts up to the model's limit). They don't need `model.safetensors`.\n\n\
         {}\n{}\n{}",
        comparison(export),
        python(export),
        javascript(export)
    )
}

fn comparison(export: &OnnxExport) -> String {
    let from = match export.compared_with {
        TextsFrom::TestPart => "of the test part",
        TextsFrom::File => "of a file",
        TextsFrom::BuiltIn => "that Embert has for it",
    };
    let n = export.n_compared;
    let mut table = format!(
        "Every file was read again and asked for {n} texts {from}:\n\n\
         | File | MB | Largest difference of a score before the {} | Same labels |{}\n| --- | --- | --- | --- |{}\n",
        if export.task.is_multi() {
            "sigmoid"
        } else {
            "softmax"
        },
        if export.n_right.is_some() {
            " Right |"
        } else {
            ""
        },
        if export.n_right.is_some() {
            " --- |"
        } else {
            ""
        },
    );
    for file in &export.files {
        let right = file
            .n_right
            .map_or_else(String::new, |n_right| format!(" {} |", share(n_right, n)));
        table += &format!(
            "| `{}` | {:.1} | {:.1e} | {} of {n} |{right}\n",
            file.name,
            file.size_bytes as f64 / 1e6,
            file.largest_difference,
            file.n_same_labels
        );
    }
    if let Some(n_right) = export.n_right {
        table += &format!("\nThe model itself has {} right.\n", share(n_right, n));
    }
    table
}

/// "91.5 %"
fn share(n: usize, of: usize) -> String {
    format!("{:.1} %", 100.0 * n as f64 / of.max(1) as f64)
}

fn python(export: &OnnxExport) -> String {
    let call = if export.pairs {
        "[\"First text\"], [\"Second text\"]"
    } else {
        "[\"Your text\", \"Another text\"]"
    };
    let answer = match export.task {
        Task::Single => "print([labels[str(row.argmax())] for row in logits])",
        Task::Multi => {
            "scores = 1 / (1 + np.exp(-logits))\n\
             print([{labels[str(i)]: float(score) for i, score in enumerate(row)} for row in scores])"
        }
    };
    let numpy = match export.task {
        Task::Single => "",
        Task::Multi => "import numpy as np\n",
    };
    format!(
        "### Python with onnxruntime\n\n```python\nimport json\n\n{numpy}import onnxruntime\nfrom transformers import \
         AutoTokenizer\n\n\
         folder = \"path/to/this/folder\"\n\
         tokenizer = AutoTokenizer.from_pretrained(folder)\n\
         session = onnxruntime.InferenceSession(f\"{{folder}}/onnx/model.onnx\")\n\
         labels = json.load(open(f\"{{folder}}/config.json\", encoding=\"utf-8\"))[\"id2label\"]\n\n\
         inputs = tokenizer({call}, padding=True, truncation=True, return_tensors=\"np\")\n\
         logits = session.run([\"logits\"], {{name: ids.astype(\"int64\") for name, ids in inputs.items()}})[0]\n\
         {answer}\n```\n"
    )
}

fn javascript(export: &OnnxExport) -> String {
    // The name that transformers.js has for `model_quantized.onnx`.
    let dtype = if export.files.len() > 1 { "q8" } else { "fp32" };
    let place = "// In a browser: the address of the folder above this one.\n\
                 env.localModelPath = \"path/to/the/folder/above\";\n\
                 env.allowLocalModels = true;\n\
                 env.allowRemoteModels = false;\n";
    let use_it = if export.pairs {
        let answer = match export.task {
            Task::Single => {
                "const [scores] = logits.tolist();\n\
                 console.log(model.config.id2label[scores.indexOf(Math.max(...scores))]);\n"
            }
            Task::Multi => "console.log(model.config.id2label, logits.sigmoid().tolist());\n",
        };
        format!(
            "const name = \"this-folder\";\n\
             const tokenizer = await AutoTokenizer.from_pretrained(name);\n\
             const model = await AutoModelForSequenceClassification.from_pretrained(name, {{ dtype: \"{dtype}\" }});\n\
             const {{ logits }} = await model(tokenizer([\"First text\"], {{ text_pair: [\"Second text\"], padding: true, truncation: true }}));\n\
             {answer}"
        )
    } else {
        let options = match export.task {
            Task::Single => "",
            Task::Multi => ", { top_k: null }",
        };
        format!(
            "const classify = await pipeline(\"text-classification\", \"this-folder\", {{ dtype: \"{dtype}\" }});\n\
             console.log(await classify(\"Your text\"{options}));\n"
        )
    };
    let imports = if export.pairs {
        "AutoModelForSequenceClassification, AutoTokenizer, env"
    } else {
        "env, pipeline"
    };
    format!(
        "### JavaScript with transformers.js\n\n```js\nimport {{ {imports} }} from \"@huggingface/transformers\";\n\n\
         {place}\n{use_it}```\n"
    )
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::exported::CheckedFile;

    fn export(task: Task, pairs: bool, n_right: Option<usize>) -> OnnxExport {
        OnnxExport {
            folder: PathBuf::from("out"),
            task,
            pairs,
            n_compared: 8,
            compared_with: TextsFrom::TestPart,
            n_right,
            files: vec![CheckedFile {
                name: "onnx/model.onnx".to_owned(),
                size_bytes: 90_880_000,
                largest_difference: 0.000_001_5,
                n_same_labels: 8,
                n_right,
            }],
        }
    }

    #[test]
    fn the_comparison_has_a_column_of_right_answers_where_these_are_known() {
        let known = section(&export(Task::Single, false, Some(6)));
        let row = "| `onnx/model.onnx` | 90.9 | 1.5e-6 | 8 of 8 | 75.0 % |";
        assert!(known.contains(row), "{known}");
        assert!(known.contains("The model itself has 75.0 % right."));
        let unknown = section(&export(Task::Single, false, None));
        assert!(unknown.contains("| `onnx/model.onnx` | 90.9 | 1.5e-6 | 8 of 8 |\n"));
        assert!(!unknown.contains("right"), "{unknown}");
    }

    #[test]
    fn the_samples_are_those_of_the_model() {
        let check = |task, pairs, parts: [&str; 3]| {
            let card = section(&export(task, pairs, None));
            for part in parts {
                assert!(card.contains(part), "no {part} in {card}");
            }
        };
        let one = "await classify(\"Your text\"))";
        check(Task::Single, false, ["row.argmax()", one, "\"fp32\""]);
        let all = "{ top_k: null }";
        check(Task::Multi, false, ["np.exp", "import numpy", all]);
        let two = "tokenizer([\"First text\"], [\"Second text\"]";
        check(Task::Single, true, [two, "text_pair", "Math.max"]);
        check(Task::Multi, true, [two, "text_pair", "sigmoid()"]);
    }
}
