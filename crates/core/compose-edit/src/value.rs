//! What an edit writes.

/// A value to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewValue {
    /// Nothing behind the colon.
    Null,
    /// A single value.
    Scalar(NewScalar),
    /// A list.
    List {
        /// The items.
        items: Vec<NewValue>,
        /// In brackets, on the key's line. Inside of brackets everything is.
        flow: bool,
    },
    /// Keys and values, one a line.
    Map(Vec<(String, NewValue)>),
}

/// A single value to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewScalar {
    pub(crate) text: String,
    pub(crate) form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Quoted where it must be or where its neighbours are.
    String,
    /// As it is.
    Plain,
    /// In double quotes.
    Quoted,
}

impl NewScalar {
    /// A string: quoted when YAML 1.1 or 1.2 would read it as something else, or when the
    /// neighbours are.
    #[must_use]
    pub fn string(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            form: Form::String,
        }
    }

    /// Written without quotes as it stands, whatever YAML reads it as: `30s`, `0.5`, `0644`.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            form: Form::Plain,
        }
    }

    /// A string in double quotes, needed or not.
    #[must_use]
    pub fn quoted(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            form: Form::Quoted,
        }
    }

    /// A number.
    #[must_use]
    pub fn int(number: i64) -> Self {
        Self::plain(number.to_string())
    }

    /// The value, without quotes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is written without quotes, whatever YAML reads it as.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.form == Form::Plain
    }

    /// `true` or `false`.
    #[must_use]
    pub fn bool(truth: bool) -> Self {
        Self::plain(truth.to_string())
    }
}

impl From<&str> for NewScalar {
    fn from(text: &str) -> Self {
        Self::string(text)
    }
}

impl From<String> for NewScalar {
    fn from(text: String) -> Self {
        Self::string(text)
    }
}

impl From<NewScalar> for NewValue {
    fn from(scalar: NewScalar) -> Self {
        Self::Scalar(scalar)
    }
}

impl From<&str> for NewValue {
    fn from(text: &str) -> Self {
        Self::Scalar(text.into())
    }
}

impl From<String> for NewValue {
    fn from(text: String) -> Self {
        Self::Scalar(text.into())
    }
}
