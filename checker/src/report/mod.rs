//! What came of the checks, for people and for machines: pure functions of the verdicts.
//!
//! | module | form |
//! |---|---|
//! | [`text`] | for a terminal of 80 columns |
//! | [`style`] | its language and colours |
//! | [`json`] | `--json`: everything, documented in `docs/checker.md` |
//! | [`gradescope`] | `--gradescope`: Gradescope's `results.json` |
//! | [`excerpt`] | the bytes around a fault, with carets under it |
//! | [`exchange`] | `get`: both sides of one request |

pub mod excerpt;
pub mod exchange;
pub mod gradescope;
pub mod json;
pub mod style;
pub mod text;
