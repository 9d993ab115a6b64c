//! The labs that the checks know: each with its page, its port and how many clients it has at once.

use crate::group::Group;

/// A lab, or none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Preset {
    /// No lab: a web server in general.
    #[default]
    General,
    /// Kurose and Ross, *Computer Networking*, chapter 2: Web Server Lab.
    Kurose,
    /// The same lab as it is often graded: page `helloworld.html`, and Content-Type, Server and Connection count.
    Nyu,
    /// A server that serves one request at a time, in Mininet.
    Mininet,
    /// *Lab01 - Sockets*: a minimal server, which may speak only HTTP/0.9.
    Lab01,
}

impl Preset {
    /// All of them, in the order of [`Weights`](crate::checks::Weights).
    pub const ALL: [Self; 5] = [Self::General, Self::Kurose, Self::Nyu, Self::Mininet, Self::Lab01];

    /// The name that `--preset` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Kurose => "kurose",
            Self::Nyu => "nyu",
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
            Self::Nyu => "/helloworld.html",
            Self::Mininet => "/hello.html",
            Self::Lab01 => "/text/index.html",
        }
    }

    /// The port that the lab gives its server.
    #[must_use]
    pub fn port(self) -> u16 {
        match self {
            Self::General | Self::Lab01 => 80,
            Self::Kurose | Self::Nyu => 13331,
            Self::Mininet => 3000,
        }
    }

    /// How many clients ask at once: the labs that serve one request at a time have three, who may be served in turn.
    #[must_use]
    pub fn clients(self) -> usize {
        match self {
            Self::General | Self::Lab01 => 10,
            Self::Kurose | Self::Nyu | Self::Mininet => 3,
        }
    }

    /// The checks that this way of grading asks for although the lab's sheet does not.
    #[must_use]
    pub fn requires(self) -> &'static [&'static str] {
        match self {
            Self::Nyu => &["content-type", "server-field", "connection-field"],
            Self::General | Self::Kurose | Self::Mininet | Self::Lab01 => &[],
        }
    }

    /// Whether the skeleton that students are given sends `\r\n` after the file.
    #[must_use]
    pub fn skeleton_adds_a_line(self) -> bool {
        matches!(self, Self::Kurose | Self::Nyu)
    }

    /// The groups whose checks have points: those of a lab are what its sheet asks; without a sheet all count.
    #[must_use]
    pub fn groups(self) -> &'static [Group] {
        match self {
            Self::General => &Group::ALL,
            Self::Kurose | Self::Nyu | Self::Mininet | Self::Lab01 => &[Group::Lab],
        }
    }
}
