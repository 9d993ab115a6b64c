//! The labs that the checks know: each with its page, its port and how many clients it has at once.

/// A lab, or none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Preset {
    /// No lab: a web server in general.
    #[default]
    General,
    /// Kurose and Ross, *Computer Networking*, chapter 2: Web Server Lab.
    Kurose,
    /// A server that answers one request at a time, in Mininet.
    Mininet,
    /// *Lab01 - Sockets*: a minimal server, which may speak HTTP/0.9 alone.
    Lab01,
}

impl Preset {
    /// All of them, in the order of [`Weights`](crate::checks::Weights).
    pub const ALL: [Self; 4] = [Self::General, Self::Kurose, Self::Mininet, Self::Lab01];

    /// The name that `--preset` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Kurose => "kurose",
            Self::Mininet => "mininet",
            Self::Lab01 => "lab01",
        }
    }

    /// The preset with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// The page that the lab asks for.
    #[must_use]
    pub fn page(self) -> &'static str {
        match self {
            Self::General => "/",
            Self::Kurose => "/HelloWorld.html",
            Self::Mininet => "/hello.html",
            Self::Lab01 => "/text/index.html",
        }
    }

    /// The port that the lab gives its server.
    #[must_use]
    pub fn port(self) -> u16 {
        match self {
            Self::General | Self::Lab01 => 80,
            Self::Kurose => 13331,
            Self::Mininet => 3000,
        }
    }

    /// How many clients ask at once: the labs that serve one request at a time have three, who may be served in turn.
    #[must_use]
    pub fn clients(self) -> usize {
        match self {
            Self::General | Self::Lab01 => 10,
            Self::Kurose | Self::Mininet => 3,
        }
    }
}
