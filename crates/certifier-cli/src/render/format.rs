//! The kinds of files that labels are printed into.

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One scalable picture a label
    Svg,
    /// One picture of pixels a label
    Png,
    /// Sheets of labels
    Pdf,
    /// Commands of label printers
    Zpl,
    /// A table of the texts
    Csv,
    /// The texts of the codes, one a line
    List,
}

impl Format {
    /// The file name's ending, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::Zpl => "zpl",
            Self::Csv => "csv",
            Self::List => "txt",
        }
    }

    /// What the command line calls it.
    pub fn name(self) -> &'static str {
        if self == Self::List { "list" } else { self.extension() }
    }

    /// Whether each label has a file of its own.
    pub fn is_single(self) -> bool {
        matches!(self, Self::Svg | Self::Png)
    }
}
