//! What the programs are linked from: licences that fit ours, one TLS provider, no OpenSSL.

/// SPDX expressions.
mod licence;

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::tree::root;

/// The licence of our own packages.
const OURS: &str = "EUPL-1.2";
/// What must not be linked into a program: a second TLS provider, OpenSSL, whatever brings it.
const BANNED: [&str; 6] = ["ring", "openssl", "openssl-sys", "native-tls", "tokio-native-tls", "mbedtls"];

/// What cargo says of every package in use on this machine.
static METADATA: LazyLock<Value> = LazyLock::new(metadata);

#[test]
fn every_package_of_ours_is_under_the_eupl() {
    assert_eq!(of_ours_under_other_licences(&METADATA), [""; 0]);
    let planted = json!({ "packages": [{ "id": "a", "name": "a", "license": "MIT", "source": null }] });
    assert_eq!(of_ours_under_other_licences(&planted), ["a: MIT"]);
}

#[test]
fn every_licence_in_use_fits_ours() {
    assert_eq!(licences_that_do_not_fit(&METADATA), [""; 0]);
    let package =
        |name: &str, licence: Value| json!({ "id": name, "name": name, "license": licence, "source": "registry" });
    let planted = json!({ "packages": [package("a", json!("GPL-3.0-only")), package("b", json!(null)), package("c", json!("MIT"))] });
    assert_eq!(licences_that_do_not_fit(&planted), ["a: GPL-3.0-only", "b: null"]);
}

#[test]
fn the_programs_link_one_tls_provider_and_no_openssl() {
    let graph = cargo(&[
        "tree",
        "--locked",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--package",
        "agent",
        "--package",
        "registry-server",
    ]);
    assert!(linked(&graph).contains("aws-lc-rs") && linked(&graph).contains("sqlx"), "the graph is read");
    assert_eq!(banned(&graph), [""; 0]);
    assert_eq!(
        banned("agent v0.1.0\nring v0.17.14\nring-compat v1.0.0\nnative-tls v0.2.0 (*)\n"),
        ["native-tls", "ring"]
    );
}

fn metadata() -> Value {
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let told = cargo(&["metadata", "--locked", "--format-version", "1", "--filter-platform", &platform]);
    serde_json::from_str(&told).expect("cargo writes JSON")
}

fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let told = Command::new(cargo)
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("cargo runs this test and can be asked");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    String::from_utf8(told.stdout).expect("cargo writes UTF-8")
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn of_ours_under_other_licences(metadata: &Value) -> Vec<String> {
    let other = packages(metadata).filter(|package| package["source"].is_null() && package["license"] != OURS);
    other.map(|package| format!("{}: {}", text(package, "name"), text(package, "license"))).collect()
}

fn licences_that_do_not_fit(metadata: &Value) -> Vec<String> {
    let foreign = packages(metadata).filter(|package| !package["source"].is_null());
    let refused = foreign.filter(|package| !package["license"].as_str().is_some_and(licence::fits));
    let licence = |package: &Value| package["license"].as_str().unwrap_or("null").to_owned();
    refused.map(|package| format!("{}: {}", text(package, "name"), licence(package))).collect()
}

/// The names in a dependency tree without prefixes, `name vVERSION` a line.
fn linked(graph: &str) -> BTreeSet<&str> {
    graph.lines().filter_map(|line| line.split(' ').next()).collect()
}

fn banned(graph: &str) -> Vec<&str> {
    linked(graph).into_iter().filter(|name| BANNED.contains(name)).collect()
}
