//! Bytes and texts that are looked for as they are, at any byte.

use super::{Search, Trail};

/// Bytes of a needle that the first look compares.
pub(super) const HEAD: usize = 6;

/// Looks for each needle at every byte.
pub(super) fn look(search: &mut Search<'_>, bytes: &[u8], trail: &Trail) {
    let needles = search.needles;
    if !needles.has_exact() {
        return;
    }
    let mut window = 0u64;
    for (end, byte) in (1..).zip(bytes) {
        window = (window << 8 | u64::from(*byte)) & 0xffff_ffff_ffff;
        if end < HEAD || !needles.may_hold(window) {
            continue;
        }
        let rest = &bytes[end - HEAD..];
        for needle in needles.exact(window).iter().filter(|needle| rest.starts_with(&needle.bytes)) {
            search.hit(trail, needle.form, (needle.index, end - HEAD));
        }
    }
}
