//! Numbers that are not text: integers, doubles, packed decimals and unkeyed hashes, at any byte.

use super::{Search, Trail};

/// Looks at every six bytes.
pub(super) fn look(search: &mut Search<'_>, bytes: &[u8], trail: &Trail) {
    let mut window = 0u64;
    for (index, byte) in bytes.iter().enumerate() {
        window = (window << 8 | u64::from(*byte)) & 0xffff_ffff_ffff;
        if index >= 5
            && let Some((number, form)) = search.needles.six_bytes(window)
        {
            search.hit(trail, form, (number, index - 5));
        }
    }
}
