//! The npm packages whose code is in the built screens.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{Part, files};
use crate::failure::{Failure, file_failure};

/// Vite's list of the packages that it took code from; `ui/vite.config.ts` asks for it.
const LIST: &str = "dist/npm-packages.json";

/// The packages in the screens that were built in the folder `ui`.
pub(super) fn in_the_screens(ui: &Path) -> Result<Vec<Part>, Failure> {
    let list = ui.join(LIST);
    let built = read(&list)?;
    let lock = read(&ui.join("package-lock.json"))?;
    let packages = built.as_array().filter(|packages| !packages.is_empty());
    let packages = packages.ok_or_else(|| {
        Failure::new(
            format!("{} names no package", list.display()),
            "Look at build.license in ui/vite.config.ts.",
        )
    })?;
    packages
        .iter()
        .map(|package| {
            let name = package["name"].as_str().unwrap_or_default();
            let version = package["version"].as_str().unwrap_or_default();
            let folder = folder_of(name, version, &lock).ok_or_else(|| {
                Failure::new(
                    format!("ui/package-lock.json does not have the package {name} {version}"),
                    "Build the screens again: npm ci and npm run build in ui/.",
                )
            })?;
            describe(name, version, &ui.join(folder))
        })
        .collect()
}

/// Where npm put a package, seen from the folder of the screens; there can be several versions of one package.
fn folder_of<'a>(name: &str, version: &str, lock: &'a Value) -> Option<&'a str> {
    let ending = format!("node_modules/{name}");
    lock["packages"]
        .as_object()?
        .iter()
        .find(|(path, entry)| path.ends_with(&ending) && entry["version"] == version)
        .map(|(path, _)| path.as_str())
}

fn describe(name: &str, version: &str, folder: &Path) -> Result<Part, Failure> {
    let package = read(&folder.join("package.json"))?;
    let contributors = package["contributors"].as_array().into_iter().flatten();
    Ok(Part {
        name: name.to_owned(),
        version: version.to_owned(),
        kind: "npm package",
        licence: package["license"].as_str().map(str::to_owned),
        authors: std::iter::once(&package["author"])
            .chain(contributors)
            .filter_map(|person| person.as_str().or_else(|| person["name"].as_str()))
            .map(str::to_owned)
            .collect(),
        origin: format!("https://www.npmjs.com/package/{name}/v/{version}"),
        texts: files::texts_in(folder, None)?,
    })
}

fn read(file: &Path) -> Result<Value, Failure> {
    let text = fs::read_to_string(file).map_err(|error| file_failure(file, &error))?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::new(
            format!("{} is not JSON: {error}", file.display()),
            "Build the screens again: npm ci and npm run build in ui/.",
        )
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn packages_of_the_build_are_described_by_their_folders() {
        let ui = std::env::temp_dir().join(format!("embert-npm-{}", std::process::id()));
        let write = |file: &str, text: String| {
            let file = ui.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        write(
            LIST,
            json!([{"name": "@a/chart", "version": "2.0.0"}]).to_string(),
        );
        let lock = json!({"packages": {
            "node_modules/@a/chart": {"version": "1.0.0"},
            "node_modules/b/node_modules/@a/chart": {"version": "2.0.0"},
        }});
        write("package-lock.json", lock.to_string());
        let chart = json!({"license": "ISC", "author": {"name": "Ada"}, "contributors": ["Grace"]});
        let folder = "node_modules/b/node_modules/@a/chart";
        write(&format!("{folder}/package.json"), chart.to_string());
        write(&format!("{folder}/license"), "Copyright Ada".to_owned());
        let parts = in_the_screens(&ui);
        write(LIST, "[]".to_owned());
        let nothing = in_the_screens(&ui);
        write(LIST, json!([{"name": "c", "version": "1.0.0"}]).to_string());
        let strange = in_the_screens(&ui);
        fs::remove_dir_all(&ui).unwrap();

        let parts = parts.unwrap();
        assert_eq!(parts.len(), 1, "{parts:?}");
        assert_eq!(parts[0].licence.as_deref(), Some("ISC"));
        assert_eq!(parts[0].authors, ["Ada", "Grace"]);
        assert_eq!(parts[0].texts, ["Copyright Ada"]);
        let message = nothing.unwrap_err().message().to_owned();
        assert!(message.ends_with("names no package"), "{message}");
        assert!(strange.unwrap_err().message().contains("c 1.0.0"));
    }
}
