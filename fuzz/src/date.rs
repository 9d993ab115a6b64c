//! Reads and writes HTTP dates with the library and with an oracle that counts days.

use aula::http::date;

const DAYS: [&str; 7] = [
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
/// `Fri, 31 Dec 9999 23:59:59 GMT`.
const LAST_SECOND: u64 = 253_402_300_799;

/// A value is a date if and only if it is one of the renderings of a time between 1970 and 9999, and then it means that
/// time. The library writes what the oracle renders, and reads it back as the same time.
///
/// The first byte chooses the input: an arbitrary value, or a rendering in one of the three formats with one byte
/// changed. So a fuzzer finds values that are almost dates.
pub fn date(data: &[u8]) {
    let Some((&choice, rest)) = data.split_first() else {
        return;
    };
    if choice % 4 == 0 {
        assert_eq!(date::parse(rest), oracle(rest), "{:?}", String::from_utf8_lossy(rest));
        return;
    }
    let Some((seconds, change)) = rest.split_first_chunk() else {
        return;
    };
    let seconds = u64::from_le_bytes(*seconds) >> (choice & 0x30);
    let written = date::imf_fixdate(seconds);
    let moment = Moment::at(seconds.min(LAST_SECOND));
    assert_eq!(written, moment.imf_fixdate());
    assert_eq!(date::parse(written.as_bytes()), Some(seconds.min(LAST_SECOND)));

    let mut value = match choice % 4 {
        1 => moment.imf_fixdate(),
        2 => moment.rfc850_date(),
        _ => moment.asctime_date(' '),
    }
    .into_bytes();
    if let [at, byte] = *change {
        let at = usize::from(at) % value.len();
        value[at] = byte;
    }
    assert_eq!(
        date::parse(&value),
        oracle(&value),
        "{:?}",
        String::from_utf8_lossy(&value)
    );
}

/// A time as a calendar shows it.
struct Moment {
    day_name: &'static str,
    year: u64,
    month: usize,
    day: u64,
    time: String,
}

impl Moment {
    /// Counts down the years and months, one by one.
    fn at(seconds: u64) -> Self {
        let mut days = seconds / 86_400;
        let of_day = seconds % 86_400;
        let time = format!("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60);
        let day_name = DAYS[(days % 7) as usize];
        let mut year = 1970 + 400 * (days / 146_097);
        days %= 146_097;
        while days >= days_of_year(year) {
            days -= days_of_year(year);
            year += 1;
        }
        let mut month = 0;
        while days >= days_of_month(year, month) {
            days -= days_of_month(year, month);
            month += 1;
        }
        let day = days + 1;
        Self {
            day_name,
            year,
            month,
            day,
            time,
        }
    }

    fn imf_fixdate(&self) -> String {
        let (day_name, month) = (&self.day_name[..3], MONTHS[self.month]);
        format!("{day_name}, {:02} {month} {:04} {} GMT", self.day, self.year, self.time)
    }

    fn rfc850_date(&self) -> String {
        let (day_name, month) = (self.day_name, MONTHS[self.month]);
        format!(
            "{day_name}, {:02}-{month}-{:02} {} GMT",
            self.day,
            self.year % 100,
            self.time
        )
    }

    /// The day is one digit after a space, or two digits: `fill` is the space or `0`.
    fn asctime_date(&self, fill: char) -> String {
        let (day_name, month) = (&self.day_name[..3], MONTHS[self.month]);
        let fill = if self.day < 10 {
            String::from(fill)
        } else {
            String::new()
        };
        format!("{day_name} {month} {fill}{} {} {:04}", self.day, self.time, self.year)
    }
}

fn is_leap_year(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_of_year(year: u64) -> u64 {
    365 + u64::from(is_leap_year(year))
}

fn days_of_month(year: u64, month: usize) -> u64 {
    [
        31,
        28 + u64::from(is_leap_year(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ][month]
}

/// Takes the numbers from their positions in each format, makes a time of them, and accepts only the rendering of that
/// time. A value that differs in anything else is not a date.
fn oracle(value: &[u8]) -> Option<u64> {
    let value = str::from_utf8(value).ok()?;
    // A leap second after 23:59:59, for example on the last day of a month. Unix time has no number for it.
    let value = value.replacen("23:59:60", "23:59:59", 1);
    let number = |from: usize, to: usize| value.get(from..to)?.trim_start_matches(' ').parse().ok();
    let seconds = |year, month: &str, day, at: usize| {
        let month = MONTHS.iter().position(|known| *known == month)?;
        let of_day = number(at, at + 2)? * 3600 + number(at + 3, at + 5)? * 60 + number(at + 6, at + 8)?;
        seconds_since_1970(year, month, day, of_day)
    };
    let imf = || seconds(number(12, 16)?, value.get(8..11)?, number(5, 7)?, 17);
    let asctime = || seconds(number(20, 24)?, value.get(4..7)?, number(8, 10)?, 11);
    let rfc850 = || {
        let comma = value.find(',')?;
        let year: u64 = number(comma + 9, comma + 11)?;
        let year = if year < 70 { 2000 + year } else { 1900 + year };
        seconds(
            year,
            value.get(comma + 5..comma + 8)?,
            number(comma + 2, comma + 4)?,
            comma + 12,
        )
    };
    let is = |seconds: &u64, render: &dyn Fn(&Moment) -> String| render(&Moment::at(*seconds)) == value;
    imf()
        .filter(|at| is(at, &Moment::imf_fixdate))
        .or_else(|| rfc850().filter(|at| is(at, &Moment::rfc850_date)))
        .or_else(|| asctime().filter(|at| is(at, &|moment| moment.asctime_date(' '))))
        .or_else(|| asctime().filter(|at| is(at, &|moment| moment.asctime_date('0'))))
}

fn seconds_since_1970(year: u64, month: usize, day: u64, of_day: u64) -> Option<u64> {
    if !(1970..=9999).contains(&year) || day == 0 {
        return None;
    }
    let cycles = (year - 1970) / 400;
    let years = 1970..year - 400 * cycles;
    let days = cycles * 146_097
        + years.map(days_of_year).sum::<u64>()
        + (0..month).map(|month| days_of_month(year, month)).sum::<u64>()
        + (day - 1);
    Some(days * 86_400 + of_day)
}
