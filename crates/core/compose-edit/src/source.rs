//! What the parser reads from: a text seen as Compose's own parser sees it, where YAML's rules are
//! stricter.

use granit_parser::input::{BorrowedInput, Input, SkipTabs, WhitespaceResult};
use granit_parser::{ErrorKind, StrInput};

/// A text in which, as in Compose:
///
/// - a comment may start right behind a brace, a bracket, a comma or a quote (YAML wants a blank
///   before a `#`);
/// - a colon ends a plain word in braces and brackets only before white space: `{c:}` has the key
///   `c:`;
/// - a dash may be a word in brackets: `[cat, -]`.
pub(crate) struct Source<'t>(StrInput<'t>);

impl<'t> Source<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self(StrInput::new(text))
    }
}

impl Source<'_> {
    /// Whether a colon comes next that YAML takes for the end of a key, and Compose for a part of
    /// the word.
    #[inline]
    fn is_colon_in_word(&self, in_flow: bool) -> bool {
        in_flow && self.0.peek() == ':' && is_flow(self.0.peek_nth(1))
    }

    /// Takes such a colon; gives back how many there were. What follows it ends the word.
    #[inline]
    fn take_colon(&mut self, in_flow: bool) -> usize {
        let colon = self.is_colon_in_word(in_flow);
        if colon {
            self.0.skip();
        }
        usize::from(colon)
    }
}

fn is_flow(c: char) -> bool {
    matches!(c, ',' | '[' | ']' | '{' | '}')
}

/// Hands methods on as they are.
macro_rules! as_str_input {
    ($(fn $name:ident(&$($mut:ident)? $(, $arg:ident: $type:ty)*) $(-> $out:ty)?;)*) => {
        $(
            #[inline]
            fn $name(self: as_str_input!(@this $($mut)?) $(, $arg: $type)*) $(-> $out)? {
                self.0.$name($($arg),*)
            }
        )*
    };
    (@this) => { &Self };
    (@this mut) => { &mut Self };
}

impl Input for Source<'_> {
    as_str_input! {
        fn lookahead(&mut, count: usize);
        fn buflen(&) -> usize;
        fn bufmaxlen(&) -> usize;
        fn raw_read_ch(&mut) -> char;
        fn raw_read_non_breakz_ch(&mut) -> Option<char>;
        fn skip(&mut);
        fn skip_n(&mut, count: usize);
        fn peek(&) -> char;
        fn byte_offset(&) -> Option<usize>;
        fn slice_bytes(&, start: usize, end: usize) -> Option<&str>;
        fn may_contain_comments(&) -> bool;
        fn next_is_document_indicator(&) -> bool;
        fn next_is_document_start(&) -> bool;
        fn next_is_document_end(&) -> bool;
        fn skip_ws_to_eol(&mut, skip_tabs: SkipTabs) -> (usize, Result<WhitespaceResult, ErrorKind>);
        fn skip_while_non_breakz(&mut) -> usize;
        fn skip_while_blank(&mut) -> usize;
        fn fetch_while_is_alpha(&mut, out: &mut String) -> usize;
        fn fetch_while_is_yaml_non_space(&mut, out: &mut String) -> usize;
        fn fetch_block_scalar_line(&mut, out: &mut String) -> usize;
        fn take_quoted_scalar_ascii_chunk(&mut, single: bool) -> &str;
        fn take_quoted_scalar_chunk(&mut, single: bool) -> (&str, usize);
    }

    #[inline]
    fn peek_nth(&self, n: usize) -> char {
        let next = self.0.peek_nth(n);
        // To the parser it is no word where it sees one of these behind it.
        if n == 1 && is_flow(next) && self.0.peek() == '-' {
            '-'
        } else {
            next
        }
    }

    #[inline]
    fn next_can_be_plain_scalar(&self, in_flow: bool) -> bool {
        self.0.next_can_be_plain_scalar(in_flow) || self.is_colon_in_word(in_flow)
    }

    fn fetch_plain_scalar_chunk(
        &mut self,
        out: &mut String,
        count: usize,
        in_flow: bool,
    ) -> (bool, usize) {
        let (stops, length) = self.0.fetch_plain_scalar_chunk(out, count, in_flow);
        let colon = self.take_colon(in_flow);
        out.extend((colon > 0).then_some(':'));
        (stops, length + colon)
    }

    fn skip_plain_scalar_chunk(&mut self, count: usize, in_flow: bool) -> (bool, usize) {
        let (stops, length) = self.0.skip_plain_scalar_chunk(count, in_flow);
        (stops, length + self.take_colon(in_flow))
    }

    fn skip_ws_to_eol_blanks(&mut self, skip_tabs: SkipTabs) -> (usize, WhitespaceResult) {
        let (count, blanks) = self.0.skip_ws_to_eol_blanks(skip_tabs);
        // As if a blank stood before it.
        let parted = blanks.has_valid_yaml_ws() || self.0.look_ch() == '#';
        (count, WhitespaceResult::new(blanks.found_tabs(), parted))
    }
}

impl<'t> BorrowedInput<'t> for Source<'t> {
    #[inline]
    fn slice_borrowed(&self, start: usize, end: usize) -> Option<&'t str> {
        self.0.slice_borrowed(start, end)
    }
}
