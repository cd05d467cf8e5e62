//! The log against one that alters it.
