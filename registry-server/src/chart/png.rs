//! A chart as a picture of points, twice as fine as its size on paper, in the typeface that travels with the program.
//!
//! Promises: the same chart gives the same bytes on every machine; no typeface of the machine is read.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};

/// Points of the picture for one of the chart.
const FINENESS: f32 = 2.0;
/// The typeface, free to be passed on: assets/fonts/LICENSE.
const TYPEFACE: &[u8] = include_bytes!("../../assets/fonts/DejaVuSans.ttf");

static TYPEFACES: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut typefaces = Database::new();
    typefaces.load_font_data(TYPEFACE.to_vec());
    Arc::new(typefaces)
});

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
#[error("a chart could not be drawn as PNG: {0}")]
pub struct PngError(String);

/// The picture of a chart that this module's neighbours drew.
///
/// # Errors
/// When the chart is not well-formed, or larger than a picture can be.
pub fn png(svg: &str) -> Result<Vec<u8>, PngError> {
    let options =
        Options { fontdb: Arc::clone(&TYPEFACES), font_family: "DejaVu Sans".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| PngError(error.to_string()))?;
    let size = tree.size().to_int_size().scale_by(FINENESS).ok_or_else(|| PngError("it has no size".to_owned()))?;
    let mut picture = Pixmap::new(size.width(), size.height()).ok_or_else(|| PngError("it is too large".to_owned()))?;
    resvg::render(&tree, Transform::from_scale(FINENESS, FINENESS), &mut picture.as_mut());
    picture.encode_png().map_err(|error| PngError(error.to_string()))
}
