//! Dates and times (RFC 9110 section 5.6.7): writes `Date` and `Last-Modified`, reads `If-Modified-Since`,
//! `If-Unmodified-Since` and `If-Range`.
//!
//! ```text
//! HTTP-date    = IMF-fixdate / obs-date
//! IMF-fixdate  = day-name "," SP date1 SP time-of-day SP GMT        Sun, 06 Nov 1994 08:49:37 GMT
//! obs-date     = rfc850-date / asctime-date
//! rfc850-date  = day-name-l "," SP date2 SP time-of-day SP GMT      Sunday, 06-Nov-94 08:49:37 GMT
//! asctime-date = day-name SP date3 SP time-of-day SP year           Sun Nov  6 08:49:37 1994
//! time-of-day  = hour ":" minute ":" second                         00:00:00 to 23:59:60
//! ```
//!
//! The `httpdate` crate knows the calendar; this module enforces the grammar and keeps the crate from panicking. There
//! is no clock here: the time is always an argument. Dates before 1970 and after 9999 are not supported.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, UNIX_EPOCH};

/// Seconds from the epoch to `Fri, 31 Dec 9999 23:59:59 GMT`, after which a year no longer has four digits.
const LAST_SECOND: u64 = 253_402_300_799;

/// Writes a date in the one format that may be sent, IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// `seconds` count from the epoch. A time after the year 9999 is written as the last second of that year.
#[must_use]
pub fn imf_fixdate(seconds: u64) -> String {
    // httpdate panics at the year 10000, and the time of a file can be anything.
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds.min(LAST_SECOND)))
}

thread_local! {
    /// The most recent date: see [`current`].
    static LATEST: RefCell<(u64, Rc<str>)> = RefCell::new((0, imf_fixdate(0).into()));
}

/// The IMF-fixdate of the current second, for `Date`, which every response has: it is rendered once per second. (The
/// `thread_local` is a memo of a pure function: nothing can observe it but the time that it saves.)
#[must_use]
pub fn current(seconds: u64) -> Rc<str> {
    LATEST.with_borrow_mut(|(latest, text)| {
        if *latest != seconds {
            *latest = seconds;
            *text = imf_fixdate(seconds).into();
        }
        Rc::clone(text)
    })
}

/// Reads a date in any of the three formats that a recipient must accept, as seconds since the epoch.
///
/// `None` if it is malformed, names a day that does not exist or another day's name, or is not in 1970 to
/// 9999: a condition with such a date is ignored (RFC 9110 section 13.1.3). Letters are compared with case.
///
/// The two-digit year of the rfc850-date means a year from 1970 to 2069. None of these is more than 50 years in the
/// future today, which is all that the section requires.
#[must_use]
pub fn parse(value: &[u8]) -> Option<u64> {
    let text = str::from_utf8(value).ok()?;
    // httpdate trims white space, and takes any byte before the hour of an rfc850-date; the grammar has no
    // white space around a date, and one SP there.
    let (_, hour) = text.split_once(':')?.0.rsplit_once(' ')?;
    if text.trim() != text || hour.len() != 2 {
        return None;
    }
    // The grammar has leap seconds, but httpdate has none. Unix time has none either: it shows second 59 twice.
    let without_leap_second = text.replacen("23:59:60", "23:59:59", 1);
    let date = httpdate::parse_http_date(&without_leap_second).ok()?;
    Some(date.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_three_formats_are_read() {
        for (value, seconds, rule) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777, "5.6.7: IMF-fixdate"),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777, "5.6.7: rfc850-date"),
            ("Sun Nov  6 08:49:37 1994", 784_111_777, "5.6.7: asctime-date"),
            ("Sun Nov 06 08:49:37 1994", 784_111_777, "5.6.7: date3 = 2DIGIT too"),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0, "the epoch"),
            ("Thu Jan  1 00:00:00 1970", 0, "the epoch"),
            ("Fri, 31 Dec 9999 23:59:59 GMT", LAST_SECOND, "5.6.7: year = 4DIGIT"),
            ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000, "a leap year"),
            (
                "Tue, 29 Feb 2000 00:00:00 GMT",
                951_782_400,
                "divisible by 400: a leap year",
            ),
            (
                "Sat, 31 Dec 2016 23:59:60 GMT",
                1_483_228_799,
                "5.6.7: 23:59:60 (leap second)",
            ),
            (
                "Saturday, 31-Dec-16 23:59:60 GMT",
                1_483_228_799,
                "5.6.7: 23:59:60 (leap second)",
            ),
            (
                "Sat Dec 31 23:59:60 2016",
                1_483_228_799,
                "5.6.7: 23:59:60 (leap second)",
            ),
            ("Thursday, 01-Jan-70 00:00:00 GMT", 0, "5.6.7: two-digit years, first"),
            (
                "Tuesday, 31-Dec-69 00:00:00 GMT",
                3_155_673_600,
                "5.6.7: two-digit years, last",
            ),
        ] {
            assert_eq!(parse(value.as_bytes()), Some(seconds), "{value} ({rule})");
        }
    }

    #[test]
    fn anything_else_is_no_date() {
        for (value, rule) in [
            ("", "5.6.7"),
            (" Sun, 06 Nov 1994 08:49:37 GMT", "5.6.7: no white space around"),
            ("Sun, 06 Nov 1994 08:49:37 GMT ", "5.6.7: no white space around"),
            ("Sun Nov  6 08:49:37 1994\n", "5.6.7: no white space around"),
            ("Sun, 06 Nov 1994 08:49:37 GMTx", "5.6.7: nothing after it"),
            ("Sun, 06 Nov 1994 08:49:37 GMT; length=5", "5.6.7: nothing after it"),
            ("Sun,  06 Nov 1994 08:49:37 GMT", "5.6.7: one SP"),
            ("Sun, 06 Nov 1994 08:49:37", "5.6.7: GMT is not optional"),
            ("Sun, 06 Nov 1994 08:49:37 UTC", "5.6.7: GMT"),
            ("Sun, 06 Nov 1994 08:49:37 +0000", "5.6.7: GMT"),
            ("Sun, 06 Nov 1994 08:49:37 gmt", "5.6.7: case-sensitive"),
            ("sun, 06 Nov 1994 08:49:37 GMT", "5.6.7: case-sensitive"),
            ("Sun, 06 nov 1994 08:49:37 GMT", "5.6.7: case-sensitive"),
            ("SUNDAY, 06-Nov-94 08:49:37 GMT", "5.6.7: case-sensitive"),
            ("Sun, 6 Nov 1994 08:49:37 GMT", "5.6.7: day = 2DIGIT"),
            ("Sun, 06 Nov 94 08:49:37 GMT", "5.6.7: year = 4DIGIT"),
            ("Sunday, 06-Nov-1994 08:49:37 GMT", "5.6.7: date2 has 2DIGIT"),
            ("Sun, 06-Nov-94 08:49:37 GMT", "5.6.7: day-name-l"),
            ("Sun, 06 Nov 1994 8:49:37 GMT", "5.6.7: hour = 2DIGIT"),
            ("Sun, 06 Nov 1994 08:49 GMT", "5.6.7: second"),
            ("Sun, 06 Nov 1994 24:00:00 GMT", "5.6.7: up to 23:59:60"),
            ("Sun, 06 Nov 1994 08:60:00 GMT", "5.6.7: up to 23:59:60"),
            ("Sun, 06 Nov 1994 08:49:60 GMT", "5.6.7: a leap second ends a day"),
            ("Sun, 06 Nov 1994 23:59:61 GMT", "5.6.7: up to 23:59:60"),
            ("Mon, 31 Feb 2025 00:00:00 GMT", "no such day"),
            ("Sun, 00 Nov 1994 08:49:37 GMT", "no such day"),
            ("Sat, 29 Feb 2025 00:00:00 GMT", "2025 is no leap year"),
            ("Mon, 29 Feb 2100 00:00:00 GMT", "2100 is no leap year"),
            ("Mon, 06 Nov 1994 08:49:37 GMT", "it was a Sunday"),
            ("Wed, 31 Dec 1969 23:59:59 GMT", "before the epoch"),
            ("Fri, 31 Dec 0000 00:00:00 GMT", "before the epoch"),
            ("1994-11-06T08:49:37Z", "5.6.7: RFC 3339 is another format"),
            ("784111777", "5.6.7"),
            ("0", "5.6.7"),
            ("Sun, 06 N\u{f6}v 1994 08:49:37 GMT", "5.6.7"),
        ] {
            assert_eq!(parse(value.as_bytes()), None, "{value:?} ({rule})");
        }
        assert_eq!(parse(b"Sun, 06 Nov 1994 08:49:37 GM\xff"), None, "not even UTF-8");
    }

    #[test]
    fn a_time_after_the_year_9999_is_written_as_its_last_second() {
        // RFC 9110 section 5.6.7: year = 4DIGIT
        for seconds in [LAST_SECOND, LAST_SECOND + 1, u64::MAX] {
            assert_eq!(imf_fixdate(seconds), "Fri, 31 Dec 9999 23:59:59 GMT");
        }
    }

    #[test]
    fn every_byte_out_of_place_makes_it_no_date() {
        // RFC 9110 section 5.6.7: only another digit can make another date, or two digits for asctime's day
        for format in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            for (place, right) in format.bytes().enumerate() {
                let tens_of_day = format.len() == 24 && place == 8;
                for byte in 0..=255 {
                    let mut value = format.as_bytes().to_vec();
                    value[place] = byte;
                    let another = byte.is_ascii_digit() && (right.is_ascii_digit() || tens_of_day);
                    if byte != right && !another {
                        assert_eq!(parse(&value), None, "{}", value.escape_ascii());
                    }
                }
            }
        }
    }

    // The oracle is that of the fuzzer: it counts days.
    proptest! {
        #[test]
        fn what_is_written_is_read_back_and_agrees_with_the_calendar(
            format in 1..4_u8, seconds in 0..=LAST_SECOND, changed: [u8; 2]
        ) {
            aula_fuzz::date(&[&[format], &seconds.to_le_bytes()[..], &changed].concat());
        }

        #[test]
        fn any_time_is_written(seconds: u64) {
            aula_fuzz::date(&[&[1], &seconds.to_le_bytes()[..], &[0, b'S']].concat());
        }

        #[test]
        fn any_bytes_are_read(bytes: Vec<u8>) {
            aula_fuzz::date(&[&[0], bytes.as_slice()].concat());
        }
    }
}
