//! Arrows between the crates point down only. The table is the design's; a manifest with another arrow fails here.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test panics on what it does not expect")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use tests::root;

/// Who may use whom. A crate may also use what those it may use stand on: naming a hash is no new arrow.
const ARROWS: &[(&str, &[&str])] = &[
    ("primitives", &[]),
    ("tlog", &["primitives"]),
    ("statement", &["primitives"]),
    ("label", &["statement"]),
    ("registry", &["tlog", "statement"]),
    ("verify", &["registry", "label"]),
    ("concern", &["primitives"]),
    ("store", &[]),
    ("sequencer", &["store", "tlog"]),
    ("client", &["verify", "tlog"]),
    ("key-token", &["primitives"]),
    ("key-file", &["key-token"]),
    ("workbook", &[]),
    ("certifier-cli", &["client", "concern", "key-file", "label", "statement", "workbook"]),
    ("verifier-cli", &["client", "key-file", "verify", "workbook"]),
    (
        "registry-server",
        &[
            "primitives",
            "tlog",
            "statement",
            "label",
            "registry",
            "verify",
            "concern",
            "store",
            "sequencer",
            "key-file",
        ],
    ),
];

/// Crates that values go through and no I/O: `no_std`, so the compiler keeps out files, sockets, clocks and threads.
const GROUND: &[&str] = &["primitives", "tlog", "statement", "label", "registry", "verify", "concern"];

/// Packages that nothing may depend on.
const TOPMOST: &[&str] = &["tests", "examples"];

fn manifests() -> BTreeMap<String, (PathBuf, toml::Table)> {
    let read = |path: PathBuf| fs::read_to_string(&path).unwrap().parse::<toml::Table>().unwrap();
    let workspace = read(root().join("Cargo.toml"));
    workspace["workspace"]["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| {
            let folder = root().join(member.as_str().unwrap());
            let manifest = read(folder.join("Cargo.toml"));
            (manifest["package"]["name"].as_str().unwrap().to_owned(), (folder, manifest))
        })
        .collect()
}

/// What `name` may use: the table's arrows, followed down.
fn below(name: &str) -> BTreeSet<&'static str> {
    let arrows = |from: &str| ARROWS.iter().find(|row| row.0 == from).map_or(&[][..], |row| row.1);
    let mut reached = BTreeSet::new();
    let mut open: Vec<&'static str> = arrows(name).to_vec();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(arrows(next));
        }
    }
    reached
}

/// Dependencies in every table of a manifest, for every target.
fn uses<'a>(manifest: &'a toml::Table, section: &str) -> Vec<&'a str> {
    let own = manifest.get(section).into_iter();
    let targets = manifest.get("target").and_then(toml::Value::as_table).into_iter();
    let targets = targets.flat_map(|targets| targets.values().filter_map(|target| target.get(section)));
    own.chain(targets).filter_map(toml::Value::as_table).flat_map(|table| table.keys().map(String::as_str)).collect()
}

#[test]
fn arrows_point_down_only() {
    let manifests = manifests();
    let mut wrong = Vec::new();
    for (name, (_, manifest)) in &manifests {
        if TOPMOST.contains(&name.as_str()) {
            continue;
        }
        assert!(ARROWS.iter().any(|row| row.0 == name), "{name} is not in the table");
        let allowed = below(name);
        for section in ["dependencies", "build-dependencies"] {
            for used in uses(manifest, section).into_iter().filter(|used| manifests.contains_key(*used)) {
                if !allowed.contains(used) {
                    wrong.push(format!("{name} -> {used}"));
                }
            }
        }
        let topmost = uses(manifest, "dev-dependencies").into_iter().filter(|used| TOPMOST.contains(used));
        wrong.extend(topmost.map(|used| format!("{name} -> {used}")));
    }
    assert!(wrong.is_empty(), "arrows that the design does not have: {wrong:?}");
}

#[test]
fn the_ground_floor_is_no_std() {
    let manifests = manifests();
    for name in GROUND {
        let lib = fs::read_to_string(manifests[*name].0.join("src/lib.rs")).unwrap();
        assert!(lib.lines().any(|line| line == "#![no_std]"), "{name} is not #![no_std]");
        // A feature that is off by default may ask what the processor can do: without it, which the gate builds too, the compiler
        // keeps everything else out.
        let features = manifests[*name].1.get("features").and_then(toml::Value::as_table);
        let may_ask =
            features.is_some_and(|features| features.contains_key("std") && !features.contains_key("default"));
        let hidden = lib.lines().zip(lib.lines().skip(1)).filter(|(_, line)| line.trim() == "extern crate std;");
        assert!(
            hidden.into_iter().all(|(before, _)| match before.trim() {
                "#[cfg(test)]" => true,
                before => may_ask && before == "#[cfg(any(test, feature = \"std\"))]",
            }),
            "{name} uses std outside its tests"
        );
    }
}

#[test]
fn outside_dependencies_are_named_once_in_the_workspace() {
    for (name, (_, manifest)) in manifests() {
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let table = manifest.get(section).and_then(toml::Value::as_table);
            for (used, value) in table.into_iter().flatten() {
                let inherited = value.get("workspace").and_then(toml::Value::as_bool) == Some(true);
                // A crate that tests itself with one of its own features has to name its path.
                assert!(inherited || *used == name, "{name} names {used} by itself");
            }
        }
    }
}

#[test]
fn the_top_level_is_the_one_of_the_design() {
    let expected = ["Cargo.toml", "README.md", "crates", "registry-server", "verifier-cli", "tests", "examples"];
    let besides = ["Cargo.lock", "LICENSE-APACHE", "LICENSE-MIT", "target"];
    let found: BTreeSet<String> =
        fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    for name in expected {
        assert!(found.contains(name), "{name} is missing");
    }
    for name in found {
        let known = expected.contains(&name.as_str()) || besides.contains(&name.as_str()) || name.starts_with('.');
        assert!(known, "{name} does not belong to the top level");
    }
}
