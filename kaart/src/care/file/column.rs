//! The columns of a kind of file.

/// The columns of a kind of file.
pub trait Columns: Copy + Eq + Send + 'static {
    /// Every column, in the order in which they are written.
    const ALL: &'static [Self];
    /// Their names, in the same order.
    const NAMES: &'static [&'static str];
    /// Those that a file must have.
    const NEEDED: &'static [Self];
    /// Those of which a file must have one; empty: none.
    const EITHER: &'static [Self];

    /// The name of the column in the header.
    fn name(self) -> &'static str;

    /// The column with a name.
    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.name() == name)
    }
}

/// Defines the columns of a kind of file, with their names.
macro_rules! columns {
    (
        $(#[$doc:meta])*
        $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }
        needed [$($needed:ident),*]
        either [$($either:ident),*]
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
        }

        impl $crate::care::file::Columns for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            const NAMES: &'static [&'static str] = &[$($text),+];
            const NEEDED: &'static [Self] = &[$(Self::$needed),*];
            const EITHER: &'static [Self] = &[$(Self::$either),*];

            fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}
pub(in crate::care) use columns;
