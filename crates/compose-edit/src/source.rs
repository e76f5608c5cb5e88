//! What the parser reads from: a text in which comments may stand where Compose lets them.

use granit_parser::input::{BorrowedInput, Input, SkipTabs, WhitespaceResult};
use granit_parser::{ErrorKind, StrInput};

/// A text whose comments may start right behind a brace, a bracket, a comma or a quote.
///
/// YAML wants a blank before a `#`. Compose's parser takes one wherever a new token could start, and files have such.
pub(crate) struct Source<'t>(StrInput<'t>);

impl<'t> Source<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self(StrInput::new(text))
    }
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
        fn peek_nth(&, n: usize) -> char;
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
        fn fetch_plain_scalar_chunk(&mut, out: &mut String, count: usize, in_flow: bool) -> (bool, usize);
        fn skip_plain_scalar_chunk(&mut, count: usize, in_flow: bool) -> (bool, usize);
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
