//! The language that a person reads: Swedish or English.
//!
//! Promises: what a command prints for people exists in both; machine output has no language.

use std::borrow::Cow;
use std::str::FromStr;

/// A language of the texts for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Swedish.
    Sv,
    /// English.
    En,
}

impl Language {
    /// The language of an environment: Swedish where `LC_ALL`, `LC_MESSAGES` or `LANG`, in this order, names it, else English.
    #[must_use]
    pub fn of(environment: impl Fn(&str) -> Option<String>) -> Self {
        let named =
            ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(environment).find(|value| !value.is_empty());
        if named.is_some_and(|value| value.starts_with("sv")) { Self::Sv } else { Self::En }
    }

    /// The text in this language.
    #[must_use]
    pub fn pick<T>(self, sv: T, en: T) -> T {
        match self {
            Self::Sv => sv,
            Self::En => en,
        }
    }

    /// A number with so many decimals: the language's decimal mark, a minus sign that is one, thousands apart as in [`grouped`].
    #[must_use]
    pub fn number(self, number: f64, decimals: usize) -> String {
        let text = format!("{number:.decimals$}");
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let whole = grouped(whole);
        if part.is_empty() { whole } else { format!("{whole}{}{part}", self.pick(",", ".")) }
    }

    /// The language's tag, as HTML names it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.pick("sv", "en")
    }
}

/// The digits of a whole number with thousands apart, by a no-break space, from five digits on.
#[must_use]
pub fn grouped(whole: &str) -> String {
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("−", digits));
    if digits.len() < 5 {
        return format!("{sign}{digits}");
    }
    let mut text = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

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

/// Text that names no language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a language is sv or en")]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;
    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        [Self::Sv, Self::En].into_iter().find(|language| language.tag() == text).ok_or(UnknownLanguage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_s_first_named_language_decides() {
        let of = |pairs: &[(&str, &str)]| {
            Language::of(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
        };
        assert_eq!(of(&[("LANG", "sv_SE.UTF-8")]), Language::Sv);
        assert_eq!(of(&[("LC_ALL", ""), ("LANG", "sv_SE.UTF-8")]), Language::Sv);
        assert_eq!(of(&[("LC_ALL", "en_GB"), ("LANG", "sv_SE")]), Language::En);
        assert_eq!(of(&[("LANG", "C")]), Language::En);
        assert_eq!(of(&[]), Language::En);
        assert_eq!(("sv".parse(), "svenska".parse()), (Ok(Language::Sv), Err::<Language, _>(UnknownLanguage)));
    }
}
