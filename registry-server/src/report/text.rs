//! A sentence in both languages.

use std::borrow::Cow;

use schemas::language::Language;

/// What a person reads, in Swedish and in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    sv: Cow<'static, str>,
    en: Cow<'static, str>,
}

impl Text {
    /// A sentence that is always the same.
    #[must_use]
    pub const fn fixed(sv: &'static str, en: &'static str) -> Self {
        Self { sv: Cow::Borrowed(sv), en: Cow::Borrowed(en) }
    }

    /// A sentence that is made for a report.
    #[must_use]
    pub fn made(sv: String, en: String) -> Self {
        Self { sv: Cow::Owned(sv), en: Cow::Owned(en) }
    }

    /// The sentence in a language.
    #[must_use]
    pub fn pick(&self, language: Language) -> &str {
        language.pick(&self.sv, &self.en)
    }
}
