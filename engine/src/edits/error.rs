//! Why a correction can't be made.

use serde::Serialize;

/// Why a correction can't be made.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum EditError {
    /// No label has this name.
    #[error("There is no label \"{label}\"; the {n_labels} labels are others")]
    UnknownLabel {
        /// The name that was asked for.
        label: String,
        /// Labels that there are.
        n_labels: usize,
    },
    /// A label shall come back that is not ignored.
    #[error("The label \"{label}\" can't be brought back, because it is not ignored")]
    NotIgnored {
        /// The name that was asked for.
        label: String,
    },
    /// The new name is empty.
    #[error("The label \"{label}\" can't have an empty name")]
    EmptyName {
        /// The name it has.
        label: String,
    },
    /// The label for all rare ones gets no name.
    #[error("The label for all rare labels can't have an empty name")]
    EmptyRareName,
}

impl EditError {
    /// Returns the stable name of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownLabel { .. } => "edits.unknownLabel",
            Self::NotIgnored { .. } => "edits.notIgnored",
            Self::EmptyName { .. } => "edits.emptyName",
            Self::EmptyRareName => "edits.emptyRareName",
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::UnknownLabel { .. } => "Choose one of the labels in the list.".to_owned(),
            Self::NotIgnored { .. } => "Choose one of the ignored labels.".to_owned(),
            Self::EmptyName { .. } => "Type a name, or ignore the label.".to_owned(),
            Self::EmptyRareName => {
                "Type a name such as \"other\", or leave the rare labels out.".to_owned()
            }
        })
    }
}
