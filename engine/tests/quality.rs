//! Findings in real data are those that are known of it.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod shared;

use embert_engine::dataset::{Dataset, MappingRequest, guess_mapping};
use embert_engine::edits;
use embert_engine::quality::{DataFinding, Material, Matter, findings};
use embert_engine::same_text::NearTexts;
use embert_engine::table::Table;
use shared::shared;

fn read(name: &str) -> Option<(Table, Dataset, Vec<DataFinding>)> {
    let table = Table::read(&shared(&format!("data/{name}.csv"))?).unwrap();
    let mapping = guess_mapping(&table, &MappingRequest::default())
        .unwrap()
        .mapping;
    let dataset = Dataset::from_table(&table, &mapping).unwrap();
    let found = findings(&Material {
        dataset: &dataset,
        near: &NearTexts::find(&dataset.examples),
        rows: Some((&table, &mapping)),
    });
    Some((table, dataset, found))
}

#[test]
fn the_copies_in_sst2_are_named() {
    let Some((_, dataset, found)) = read("sst2") else {
        return;
    };
    let of = |wanted: fn(&Matter) -> bool| found.iter().find(|found| wanted(&found.matter));
    let duplicates = of(|matter| matches!(matter, Matter::Duplicates { .. })).unwrap();
    assert_eq!(duplicates.message, "11 rows repeat an earlier one");
    assert_eq!(
        duplicates.lines,
        [
            1119, 2652, 3850, 4122, 4610, 4812, 4963, 4993, 5449, 7946, 9244
        ]
    );
    let leaks = of(|matter| matches!(matter, Matter::Leaks { .. })).unwrap();
    assert_eq!(
        leaks.message,
        "2 valid or test rows have the text of a train row"
    );
    assert_eq!(leaks.lines, [7946, 9244]);
    assert!(of(|matter| matches!(matter, Matter::Conflicts { .. })).is_none());
    assert!(of(|matter| matches!(matter, Matter::NearDuplicates { .. })).is_none());
    let fix = duplicates.fix.as_ref().unwrap();
    let after = edits::apply(&dataset, &fix.edits).unwrap().dataset;
    assert_eq!(after.examples.len(), dataset.examples.len() - 11);
}

#[test]
fn the_finer_labels_of_trec_give_the_label_away() {
    let Some((_, _, found)) = read("trec6") else {
        return;
    };
    let telling = found.iter().find_map(|found| match &found.matter {
        Matter::TellingColumn { column, .. } => Some(column.as_str()),
        _ => None,
    });
    assert_eq!(telling, Some("label_fine"));
    let near = found
        .iter()
        .any(|found| matches!(found.matter, Matter::NearDuplicates { .. }));
    assert!(near, "17 pairs are nearly the same");
}
