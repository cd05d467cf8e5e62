//! Who leaves is remembered first, and gone everywhere in the end.
