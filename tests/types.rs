//! The shapes that cross the door to the screens, written as TypeScript from the Rust types that are sent.
//!
//! `cargo xtask types` (or `EMBERT_WRITE_TYPES=1` for these tests) writes them into `ui/src/api/generated.ts`.

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use embert_desktop::commands::{classify, edits, general, models, preview, projects, training};
use embert_desktop::project::{ProjectSummary, ProjectView};
use embert_desktop::run::{RunHistory, RunSummary, RunUpdate};
use embert_desktop::settings::Settings;
use embert_engine::dataset::MappingRequest;
use embert_engine::error::ErrorInfo;
use embert_engine::event::WorkProgress;
use embert_engine::exported::OnnxExport;
use embert_engine::measurement::Measurement;
use embert_engine::protocol::{DownloadState, LabelledText, TextToClassify};
use embert_engine::report::Report;
use ts_rs::{Config, TS, TypeVisitor};

const HEAD: &str = "\
/** Written from the Rust types by `cargo xtask types`: change those, and run it again. */

";

#[test]
fn the_types_of_the_screens_are_those_of_the_shell() {
    let mut types = Types {
        // JSON numbers arrive as numbers; none of ours is above 2^53.
        config: Config::new().with_large_int("number"),
        seen: HashSet::new(),
        declarations: BTreeMap::new(),
    };
    types.visit::<ErrorInfo>();
    types.visit::<MappingRequest>();
    types.visit::<WorkProgress>();
    types.visit::<Report>();
    types.visit::<LabelledText>();
    types.visit::<Settings>();
    types.visit::<ProjectSummary>();
    types.visit::<ProjectView>();
    types.visit::<RunSummary>();
    types.visit::<RunUpdate>();
    types.visit::<RunHistory>();
    types.visit::<general::AppInfo>();
    types.visit::<projects::TableRow>();
    types.visit::<projects::ReadAgain>();
    types.visit::<edits::EditsImport>();
    types.visit::<models::BaseModelInfo>();
    types.visit::<models::ModelPlaces>();
    types.visit::<DownloadState>();
    types.visit::<Measurement>();
    types.visit::<training::RecipeField>();
    types.visit::<preview::RunPreview>();
    types.visit::<classify::ModelInfo>();
    types.visit::<classify::TextColumns>();
    types.visit::<TextToClassify>();
    types.visit::<classify::FilePreview>();
    types.visit::<classify::ClassifiedFile>();
    types.visit::<classify::ExportedModel>();
    types.visit::<OnnxExport>();

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/api/generated.ts");
    let fresh = types.text();
    if std::env::var_os("EMBERT_WRITE_TYPES").is_some() {
        std::fs::write(&file, &fresh).expect("the file can be written");
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == fresh,
        "ui/src/api/generated.ts is not what the Rust types say; run cargo xtask types"
    );
}

/// Types and those they are made of, by name.
struct Types {
    config: Config,
    seen: HashSet<TypeId>,
    declarations: BTreeMap<String, String>,
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let text = format!("{docs}export {}\n", T::decl(&self.config));
            self.declarations.insert(T::ident(&self.config), text);
        }
        T::visit_generics(self);
        T::visit_dependencies(self);
    }
}

impl Types {
    fn text(&self) -> String {
        let declarations: Vec<&str> = self.declarations.values().map(String::as_str).collect();
        format!("{HEAD}{}", declarations.join("\n"))
    }
}
