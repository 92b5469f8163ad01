//! A watch over everything that this test process logs: nothing of the contactenbestand, of passports or of tokens may be
//! in it. What is found ends the process, so that it does not matter which test asked, nor in which order they run.

use std::{
    io::{self, Write},
    process,
    sync::{LazyLock, Once},
};

use regex::{bytes::RegexSet, escape};
use tracing_subscriber::{
    EnvFilter, Layer,
    fmt::{format::FmtSpan, layer},
    layer::SubscriberExt,
    registry,
    util::SubscriberInitExt,
};
use zorgkaart::care::{
    contact::Contact,
    demo::{Demo, demo},
    shipped::reference,
};

use super::databases::DEMO_DATE;

/// All that the program says, and what others say as far as it is of use. At `trace` sea-orm shows the values of
/// statements; sqlx shows the statements of the tests, in which they plant what must not be seen; the pool is of the
/// clients of the tests, and says much; geo would be heard while the demo is drawn of which the markers are made.
const LOGGED: &str = "debug,zorgkaart=trace,sqlx::query=warn,hyper_util::client::legacy::pool=info,geo=off";

/// What gives each of them away.
const SECRETS: [(&str, &str); 5] = [
    ("a token", r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\."),
    ("a refresh token", r"[0-9a-f]{32}\.[A-Za-z0-9_-]{43}"),
    ("a code or a passport number", r"(?-u:\b)[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}(?-u:\b)"),
    ("a passport number of the demo", r"(?-u:\b)(DEMO|FRESH|FULL)-[0-9]"),
    ("the hash of a code", r"argon2id"),
];

/// What the tests say of passports that they issue (`tests/it/passports/`), and of people and homes on the map
/// (`known.rs`, `tests/it/contacts.rs`).
const PLANTED: [&str; 12] = [
    "2018-05-04",
    "3511 AB",
    "expert-0",
    "mens@demo.example",
    "088 0000003",
    "Demo Geheimlaan",
    "Demo Geheimstad",
    "4711bis",
    "Renée Ünal-Çelik",
    "RENE KUSTERS",
    "Piet 100%_zeker",
    "Thús yn Fryslân",
];

static MARKERS: LazyLock<RegexSet> = LazyLock::new(|| {
    let any_of = |texts: Vec<String>| {
        let texts: Vec<String> = texts.iter().map(|text| escape(text)).collect();
        format!(r"(?-u:\b)({})(?-u:\b)", texts.join("|"))
    };
    let people = any_of(people());
    let planted = PLANTED.map(escape).join("|");
    RegexSet::new(SECRETS.map(|(_, shape)| shape).into_iter().chain([people.as_str(), &planted])).unwrap()
});

/// What the demo says of people, and of nobody else.
fn people() -> Vec<String> {
    let Demo { bundles, contacts, .. } = demo(&reference().unwrap(), 1, DEMO_DATE).unwrap();
    let public: Vec<&str> = bundles
        .iter()
        .flat_map(|bundle| {
            let provider =
                [Some(&*bundle.provider.name), bundle.provider.phone.as_deref(), bundle.provider.email.as_deref()];
            provider
                .into_iter()
                .chain(bundle.places.iter().flat_map(|place| [place.phone.as_deref(), place.email.as_deref()]))
        })
        .flatten()
        .collect();
    let said = |contact: Contact| {
        let Contact { name, function, organisation, email, phone, .. } = contact;
        [Some(name), function, Some(organisation), email, phone].into_iter().flatten()
    };
    let mut people: Vec<String> =
        contacts.into_iter().flat_map(said).filter(|text| !public.contains(&text.as_str())).collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// What a line gives away of somebody, if it does.
pub(crate) fn given_away(line: &[u8]) -> Option<&'static str> {
    let found = MARKERS.is_match(line).then(|| MARKERS.matches(line).iter().next()).flatten()?;
    Some(SECRETS.get(found).map_or("what is known of somebody", |(kind, _)| kind))
}

/// Begins to watch, once. Whoever makes the first database of this process does so.
pub(crate) fn begin() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        // As the program writes them where nobody looks, and the fields of each span, which are what traces hold.
        let lines = layer().json().flatten_event(true).with_span_events(FmtSpan::CLOSE).with_writer(|| Watch);
        registry().with(lines.with_filter(EnvFilter::new(LOGGED))).try_init().expect("the first to listen to the log");
    });
}

/// Takes one line at a time.
struct Watch;

impl Write for Watch {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Some(kind) = given_away(line) {
            let _ = writeln!(io::stderr(), "THE LOG HOLDS {kind}: {}", String::from_utf8_lossy(line));
            process::exit(101);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
