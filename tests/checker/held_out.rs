//! The table of `held_out.py`: whether a server is right by the lab's sheet, and if not, what is to be said first.
//!
//! It was written before the checker was held against them. docs/checker.md has the figures of that one run.

/// A server, the checks of which one is to be told first (none if it is right), and words of which the first `fix` has one
/// if it fits the code.
pub type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

/// In the order of `held_out.py`.
pub const ROWS: &[Row] = &[
    ("skeleton", &[], &[]),
    ("function", &[], &[]),
    ("threaded", &[], &[]),
    ("makefile", &[], &[]),
    ("library", &[], &[]),
    ("streams", &[], &[]),
    ("another_reason", &[], &[]),
    ("empty_error", &[], &[]),
    ("says_keep_alive", &[], &[]),
    ("shut_down_first", &[], &[]),
    ("plain_type", &[], &[]),
    ("bare_404", &[], &[]),
    ("read_until_blank", &[], &[]),
    // The status line.
    (
        "code_and_reason_joined",
        &["status-line"],
        &["a space between code and reason"],
    ),
    ("small_letters", &["status-line"], &["in capitals"]),
    ("version_2", &["status-line"], &["HTTP/1.1"]),
    ("no_status_line", &["status-line"], &["before anything else"]),
    (
        "triple_quotes",
        &["status-line"],
        &["Triple quotes", "Remove what stands"],
    ),
    ("content_first", &["status-line"], &["before anything else", "first"]),
    ("colon_for_slash", &["status-line"], &["slash"]),
    // The head.
    (
        "only_newlines",
        &["line-ends"],
        &["End every line of the head with \"\\r\\n\""],
    ),
    (
        "turned_round",
        &["line-ends"],
        &["order", "End every line of the head with \"\\r\\n\""],
    ),
    ("one_line_end", &["head-end"], &["once more"]),
    ("no_blank_in_f_string", &["head-end"], &["once more"]),
    ("no_line_end", &["head-end"], &["\"\\r\\n\\r\\n\""]),
    ("double_backslash", &["head-end"], &["one backslash"]),
    ("no_colon", &["field-lines"], &["a colon"]),
    ("space_and_colon", &["field-lines"], &["colon right after the name"]),
    ("equals_sign", &["field-lines"], &["a colon"]),
    (
        "fields_on_one_line",
        &["field-lines"],
        &["\"\\r\\n\" at the end of each field line"],
    ),
    // The content.
    ("first_letter_lost", &["content"], &["begins at 1"]),
    ("last_letter_lost", &["content"], &["loop"]),
    ("ten_bytes", &["content"], &["whole file"]),
    ("bytes_as_text", &["content"], &["str"]),
    ("list_as_text", &["content"], &["read()"]),
    ("lines_joined", &["content"], &["strip"]),
    ("lines_apart", &["content"], &["do not add one"]),
    ("two_heads", &["content"], &["once"]),
    (
        "too_many_line_ends",
        &["content"],
        &["one empty line", "find what sends"],
    ),
    ("type_after_blank", &["content"], &["before the empty line"]),
    ("whole_in_loop", &["content"], &["loop"]),
    ("name_for_file", &["content"], &["Open the file"]),
    ("request_for_file", &["content"], &["recv"]),
    ("int_for_byte", &["content", "survives"], &["exception"]),
    ("first_line_eaten", &["content"], &["readline"]),
    ("greeting", &["content"], &["find what sends"]),
    // The page does not come.
    ("slash_kept", &["status-200"], &["first \"/\""]),
    ("two_letters_cut", &["status-200"], &["first \"/\"", "the name"]),
    ("other_page", &["status-200"], &["--page"]),
    ("name_error", &["status-200"], &["print the exception"]),
    ("send_on_listener", &["status-200"], &["print the exception"]),
    ("server_error", &["status-200"], &["print the exception"]),
    ("no_encode", &["answers"], &["exception"]),
    ("closed_by_main", &["answers"], &["exception"]),
    ("waits_for_the_end", &["answers"], &["Stop reading at the empty line"]),
    ("does_not_read", &["answers"], &["recv before send"]),
    // One client, and no more.
    ("no_loop", &["survives"], &["loop"]),
    ("break_in_loop", &["survives"], &["break"]),
    ("listener_closed", &["survives"], &["exception", "serverSocket.close()"]),
    (
        "stays_with_the_first",
        &["survives", "closes"],
        &["accept", "Close the client's socket"],
    ),
    ("never_closed", &["closes"], &["Close the client's socket"]),
    // The 404.
    ("dies_of_a_missing_file", &["not-found"], &["except OSError"]),
    ("error_with_200", &["not-found"], &["404 Not Found"]),
    ("error_without_head", &["not-found"], &["404 Not Found"]),
    ("error_glued", &["not-found-complete"], &["\"\\r\\n\\r\\n\""]),
    ("error_with_one_line_end", &["not-found-complete"], &["once more"]),
    (
        "error_not_closed",
        &["not-found-complete"],
        &["Close the client's socket"],
    ),
    ("exit_after_error", &["survives-not-found"], &["exit()"]),
    ("error_passed_over", &["not-found"], &["answer 404"]),
    ("length_of_another_page", &["content-length"], &["Count the bytes"]),
];
