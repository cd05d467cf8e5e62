//! Who reads which addresses.
//!
//! Promises: every address of the route table that is read stands with some role, or under `NOT_READ` with its reason.

use anyhow::ensure;

use super::reader::Reader;

/// Twenty readers; more begin from the first again.
pub(super) const ROLES: [&str; 20] = [
    "staff",
    "region:01",
    "unit:SE9990120012-E001",
    "staff",
    "region:12",
    "researcher",
    "staff",
    "admin",
    "unit:SE9990120014-E002",
    "region:14",
    "staff",
    "auditor",
    "approver",
    "region:01",
    "unit:SE9990120012-E001",
    "staff",
    "region:12",
    "researcher",
    "staff",
    "admin",
];

const STAFF: &[&str] = &[
    "/",
    "/overview.csv",
    "/deliveries",
    "/deliveries.csv",
    "/deliveries/12",
    "/deliveries/12/tables.csv",
    "/quality",
    "/quality?show=trajectory",
    "/quality?show=duplicates",
    "/quality.csv",
    "/outcomes",
    "/outcomes?by=region,programme",
    "/outcomes?by=sex,age_group&period=year",
    "/outcomes?by=programme&instrument=GAD-7&period=quarter",
    "/outcomes?show=trajectory",
    "/outcomes?show=composite",
    "/outcomes?show=waiting",
    "/outcomes?show=deciles",
    "/outcomes?show=flow",
    "/outcomes?by=region&programme=depressionshjalpen",
    "/outcomes?by=programme&sex=F&age_group=25-34",
    "/outcomes.csv",
    "/units",
    "/units?instrument=GAD-7&period=year",
    "/units.csv",
    "/coverage",
    "/coverage.csv",
    "/years",
    "/years/c1",
    "/years/c1/tables.csv",
    "/years/c1/protected",
    "/years/c1/protected.csv",
    "/extracts",
    "/catalogue",
    "/catalogue.json",
    "/catalogue.xlsx",
    "/definitions",
    "/account",
    "/statistics",
    "/accessibility",
    "/api/v1/reports/groups?by=region",
];
const APPROVER: &[&str] = &[
    "/outcomes",
    "/outcomes?by=programme&period=year",
    "/units",
    "/coverage",
    "/extracts",
    "/definitions",
    "/account",
    "/accessibility",
];
const RESEARCHER: &[&str] = &[
    "/outcomes",
    "/outcomes?by=programme",
    "/outcomes.csv",
    "/units",
    "/extracts",
    "/extracts/new",
    "/catalogue",
    "/catalogue?q=PHQ-9",
    "/definitions",
    "/account",
    "/accessibility",
];
const AUDITOR: &[&str] = &[
    "/",
    "/deliveries",
    "/quality",
    "/audit",
    "/audit.csv",
    "/audit/review",
    "/definitions",
    "/account",
    "/accessibility",
];
const REGION: &[&str] = &[
    "/",
    "/deliveries",
    "/deliveries/{own}",
    "/quality",
    "/outcomes",
    "/outcomes?by=programme",
    "/outcomes?by=sex,age_group",
    "/outcomes?show=trajectory",
    "/outcomes?show=composite",
    "/outcomes?show=waiting",
    "/outcomes.csv",
    "/units",
    "/coverage",
    "/years",
    "/years/c1",
    "/audit",
    "/definitions",
    "/account",
    "/accessibility",
];
const UNIT: &[&str] = &[
    "/",
    "/overview.csv",
    "/deliveries",
    "/deliveries.csv",
    "/quality",
    "/outcomes",
    "/outcomes?by=programme&period=year",
    "/outcomes.csv",
    "/units",
    "/coverage",
    "/definitions",
    "/account",
    "/accessibility",
];

/// Addresses that nobody reads here: files, which are weighed with the pages that name them, the description for programs, the ways in
/// and out, one batch, whose name only a page tells, and one request, which is its requester's own.
const NOT_READ: [&str; 16] = [
    "/api/v1/openapi.json",
    "/assets/{version}/{name}",
    "/deliveries/{region}/batches/{batch}",
    "/deliveries/{region}/batches/{batch}/receipt.csv",
    "/extracts/{number}",
    "/extracts/{number}/building",
    "/extracts/{number}/files",
    "/extracts/{number}/mend",
    "/sign-in",
    "/sign-in/provider",
    "/sign-in/provider/back",
    "/sign-in/refused",
    "/signed-out",
    "/statistics/{table}/table.csv",
    "/statistics/{table}/table.json",
    "/invitation/{token}",
];

/// The addresses that a role reads.
pub(super) fn addresses(role: &str) -> Vec<String> {
    let (kind, own) = role.split_once(':').unwrap_or((role, ""));
    let addresses = match kind {
        "region" => REGION,
        "unit" => UNIT,
        "researcher" => RESEARCHER,
        "approver" => APPROVER,
        "auditor" | "admin" => AUDITOR,
        _ => STAFF,
    };
    addresses.iter().map(|address| address.replace("{own}", own)).collect()
}

/// One reader of each role, because what one was shown need not be made for the next.
pub(super) fn first_of_each(readers: &[Reader]) -> impl Iterator<Item = &Reader> {
    let is_first = |number: usize| !readers[..number].iter().any(|before| before.role == readers[number].role);
    readers.iter().enumerate().filter(move |(number, _)| is_first(*number)).map(|(_, reader)| reader)
}

/// Whether no address was forgotten.
///
/// # Errors
/// With the address that was.
pub(super) fn covers_every_address() -> anyhow::Result<()> {
    let read: Vec<String> = ROLES.iter().flat_map(|role| addresses(role)).collect();
    for (_, path) in registry_server::present::addresses().filter(|(method, _)| *method == "GET") {
        let is_known = NOT_READ.contains(&path) || read.iter().any(|address| is_of(address, path));
        ensure!(is_known, "{path} is in no role's list");
    }
    Ok(())
}

/// Whether an address is one of a route's path, in which braces stand for anything.
fn is_of(address: &str, path: &str) -> bool {
    let (address, path) = (address.split('?').next().unwrap_or_default().split('/'), path.split('/'));
    address.clone().count() == path.clone().count()
        && address.zip(path).all(|(one, other)| one == other || other.starts_with('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_the_pages_is_read_by_the_benchmark_or_left_out_with_its_reason() {
        covers_every_address().unwrap();
        assert!(is_of("/deliveries/12?lang=en", "/deliveries/{region}") && is_of("/", "/"));
        assert!(!is_of("/deliveries", "/deliveries/{region}") && !is_of("/units", "/outcomes"));
    }
}
