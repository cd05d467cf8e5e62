//! Writes `tests/fixtures/second-example` anew: `cargo run -p recount --example make_second`.
//!
//! Promises: the files are what the maker and the recount give, and nothing else is written. It must not know figures.

use std::error::Error;
use std::fs;
use std::path::Path;

use recount::second_example::files;

fn main() -> Result<(), Box<dyn Error>> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let instruments = fs::read_to_string(fixtures.join("instruments.csv"))?;
    let folder = fixtures.join("second-example");
    fs::create_dir_all(&folder)?;
    for (name, text) in files(&instruments)? {
        fs::write(folder.join(&name), text)?;
        println!("{name}");
    }
    Ok(())
}
