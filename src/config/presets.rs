//! The presets: published labs that classes use, each as a list of options.
//!
//! A preset applies where neither the command line nor the environment gives a value, so every option overrides it.

use crate::catalogue::Text;
use std::ops::RangeInclusive;

/// The option that names a preset.
pub(super) const OPTION: &str = "preset";

/// The preset whose lab limits the port.
pub(super) const MININET: &str = "mininet";

/// The TCP ports that the `mininet` lab allows: over 1024 and under 65000.
pub(super) const MININET_PORTS: RangeInclusive<u16> = 1025..=64_999;

/// A lab as a list of options.
pub(super) struct Preset {
    /// What `--preset` calls it.
    pub(super) name: &'static str,
    /// The lab, for the help text.
    pub(super) lab: Text,
    /// (name, value) of its options, each written as on the command line.
    pub(super) options: &'static [(&'static str, &'static str)],
}

/// All presets.
pub(super) static PRESETS: [Preset; 3] = [
    Preset {
        name: MININET,
        lab: Text::new(
            "Mininet lab, one request at a time. Warns of a port outside 1025-64999. With --requests 1 it is \
             the lab's one single request to the letter.",
            "Práctica de Mininet, una petición a la vez. Avisa si el puerto está fuera de 1025-64999. Con \
             --requests 1 es, al pie de la letra, la única petición de la práctica.",
        ),
        options: &[
            ("port", "3000"),
            ("serial", "yes"),
            ("backlog", "1"),
            ("close", "yes"),
            ("read-size", "1024"),
        ],
    },
    Preset {
        name: "kurose",
        lab: Text::new(
            "Kurose and Ross, Computer Networking, chapter 2: Web Server Lab.",
            "Kurose y Ross, Redes de computadoras, capítulo 2: Web Server Lab.",
        ),
        options: &[("port", "13331"), ("serial", "yes"), ("close", "yes")],
    },
    Preset {
        name: "lab01",
        lab: Text::new(
            "Lab01 - Sockets: GET only, at most ten clients, HTTP/0.9 and 1.x.",
            "Lab01 - Sockets: solo GET, como máximo diez clientes, HTTP/0.9 y 1.x.",
        ),
        options: &[
            ("port", "80"),
            ("get-only", "yes"),
            ("max-connections", "10"),
            ("close", "yes"),
            ("http", "auto"),
        ],
    },
];

/// The value that the preset called `preset` gives to `option`.
pub(super) fn value(preset: Option<&str>, option: &str) -> Option<&'static str> {
    let preset = PRESETS.iter().find(|known| Some(known.name) == preset)?;
    let (_, value) = preset.options.iter().find(|(name, _)| *name == option)?;
    Some(value)
}
