//! Numbers that are not text: integers, doubles, packed decimals and unkeyed hashes, at any byte.

use super::{Search, Trail};

/// Looks at every six bytes.
pub(super) fn look(search: &mut Search<'_>, bytes: &[u8], trail: &Trail) {
    let needles = search.needles;
    let mut window = 0u64;
    let mut at = 0;
    while at < bytes.len() {
        window = (window << 8 | u64::from(bytes[at])) & 0xffff_ffff_ffff;
        at += 1;
        if needles.may_hold(window)
            && at >= 6
            && let Some((number, form)) = needles.six_bytes(window)
        {
            search.hit(trail, form, (number, at - 6));
        }
    }
}
