//! Checks `docs/conformance.md`: it names only tests that exist, and explains every rule that a case cites.

use crate::corpus;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The page.
fn page() -> String {
    let path = xtask::root().join("docs/conformance.md");
    fs::read_to_string(path).expect("the page is there")
}

/// The words between backquotes in the last column of the page's tables, which are names of tests.
fn named_tests(page: &str) -> Vec<&str> {
    let rows = page
        .lines()
        .filter(|line| line.starts_with('|') && !line.starts_with("|-"));
    let last_columns = rows.filter_map(|row| row.trim_end_matches('|').rsplit('|').next());
    last_columns
        .flat_map(|column| column.split('`').skip(1).step_by(2))
        .collect()
}

/// The names of all functions in the sources of the library and of these tests.
fn functions() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![xtask::root().join("src"), xtask::root().join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension() == Some("rs".as_ref()) {
                names.extend(functions_of(&path));
            }
        }
    }
    names
}

fn functions_of(path: &Path) -> Vec<String> {
    let source = fs::read_to_string(path).expect("it can be read");
    let name = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("pub ").unwrap_or(line);
        Some(line.strip_prefix("fn ")?.split('(').next()?.to_owned())
    };
    source.lines().filter_map(name).collect()
}

pub fn every_test_that_the_page_names_exists() {
    let page = page();
    let ids: BTreeSet<String> = corpus::all().into_iter().map(|case| case.id).collect();
    let functions = functions();
    let named = named_tests(&page);
    assert!(named.len() >= 100, "only {} tests are named", named.len());
    let missing: Vec<_> = named
        .into_iter()
        .filter(|name| !ids.contains(*name) && !functions.contains(*name))
        .collect();
    assert!(missing.is_empty(), "these do not exist: {missing:?}");
}

pub fn every_rule_that_a_case_cites_is_on_the_page() {
    let page = page();
    let rules: BTreeSet<&str> = corpus::all().iter().map(|case| case.rule).collect();
    let missing: Vec<_> = rules.into_iter().filter(|rule| !page.contains(&row_of(rule))).collect();
    assert!(missing.is_empty(), "these are cited but not explained: {missing:?}");
}

/// The beginning of a row of the page that explains a rule.
fn row_of(rule: &str) -> String {
    format!("| {rule} |")
}
