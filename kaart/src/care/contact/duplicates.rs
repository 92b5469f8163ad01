//! Entries that may be about the same person.
//!
//! Two entries are compared field by field as Fellegi and Sunter do it ("A Theory for Record Linkage", JASA 64 (1969),
//! p. 1183-1210): a field that agrees counts log2(m/u), one that does not log2((1-m)/(1-u)), and one that either does not
//! state counts nothing; m is how often it agrees in two entries of one person, u in two of different people. The score is
//! the probability of a match that this gives from prior odds. The values of m, u and the prior are ours.

use std::collections::{BTreeSet, HashMap};

use super::super::{id::ContactId, text::folded, vocabulary::ContactField};

/// Pairs with a lower score are not proposed.
pub const LOWEST_SCORE: f64 = 0.5;
/// The odds that two entries that have something in common are about one person.
const PRIOR_ODDS: f64 = 0.01;
/// From this similarity on (Jaro-Winkler) two names are one, written differently.
const SIMILAR: f64 = 0.92;
/// How many first letters of a word of a name two entries of one organisation share before they are compared.
const FIRST_LETTERS: usize = 3;
/// A key that more entries share than this tells nobody apart: the number of a switchboard, say.
const MOST_SHARING: usize = 200;

/// The fields that are compared, with m and u.
const WEIGHTS: [(ContactField, f64, f64); 5] = [
    (ContactField::Name, 0.95, 0.002),
    (ContactField::Email, 0.85, 0.0005),
    (ContactField::Phone, 0.8, 0.01),
    (ContactField::Organisation, 0.8, 0.1),
    (ContactField::WorkPostcode, 0.75, 0.05),
];

/// What is compared of an entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compared {
    /// In the order of `WEIGHTS`, each in the form in which equal means the same; none: not stated.
    keys: [Option<String>; 5],
}

/// Two entries that may be about one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The one with the lower id.
    pub first: ContactId,
    /// The other.
    pub second: ContactId,
    /// How likely it is, 0 to 1.
    pub score: f64,
    /// The fields that agree.
    pub agreeing: Vec<ContactField>,
}

impl Compared {
    /// What is compared of an entry with these fields.
    pub fn new(
        name: &str,
        email: Option<&str>,
        phone: Option<&str>,
        organisation: &str,
        work_postcode: Option<&str>,
    ) -> Self {
        let keys = [
            Some(words(name)),
            email.map(|email| folded(email.trim())),
            phone.map(national),
            Some(words(organisation)),
            work_postcode.map(str::to_owned),
        ];
        Self { keys: keys.map(|key| key.filter(|key| !key.is_empty())) }
    }

    /// How likely two entries are about one person, and in what they agree.
    pub fn score(&self, other: &Self) -> (f64, Vec<ContactField>) {
        let mut weight = PRIOR_ODDS.log2();
        let mut agreeing = Vec::new();
        for ((field, m, u), (a, b)) in WEIGHTS.iter().zip(self.keys.iter().zip(&other.keys)) {
            let (Some(a), Some(b)) = (a, b) else { continue };
            let agrees = a == b || *field == ContactField::Name && strsim::jaro_winkler(a, b) >= SIMILAR;
            if agrees {
                agreeing.push(*field);
                weight += (m / u).log2();
            } else {
                weight += ((1.0 - m) / (1.0 - u)).log2();
            }
        }
        let odds = weight.exp2();
        (odds / (1.0 + odds), agreeing)
    }

    /// The keys of which two entries must share one before they are compared at all.
    fn blocks(&self) -> Vec<String> {
        let [name, email, phone, organisation, _] = &self.keys;
        let mut blocks: Vec<String> = [(name, 'n'), (email, 'e'), (phone, 'p')]
            .into_iter()
            .filter_map(|(key, kind)| key.as_ref().map(|key| format!("{kind}{key}")))
            .collect();
        for word in name.iter().flat_map(|name| name.split(' ')) {
            let first: String = word.chars().take(FIRST_LETTERS).collect();
            blocks.push(format!("o{} {first}", organisation.as_deref().unwrap_or_default()));
        }
        blocks
    }
}

/// The pairs among `entries` that may be about one person, the likeliest first, ties by id; but for those that somebody has
/// said to be two.
pub fn pairs(entries: &[(ContactId, Compared)], apart: &BTreeSet<(ContactId, ContactId)>) -> Vec<Pair> {
    let mut blocks: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, (_, compared)) in entries.iter().enumerate() {
        for block in compared.blocks() {
            blocks.entry(block).or_default().push(at);
        }
    }
    let mut met = BTreeSet::new();
    for sharing in blocks.into_values().filter(|sharing| sharing.len() <= MOST_SHARING) {
        for (at, one) in sharing.iter().enumerate() {
            met.extend(sharing[at + 1..].iter().map(|other| (*one.min(other), *one.max(other))));
        }
    }
    let mut found: Vec<Pair> = met
        .into_iter()
        .filter(|(one, other)| one != other)
        .filter_map(|(one, other)| {
            let ((a, first), (b, second)) = (&entries[one], &entries[other]);
            let (score, agreeing) = first.score(second);
            let (first, second) = (*a.min(b), *a.max(b));
            let proposed = score >= LOWEST_SCORE && !apart.contains(&(first, second));
            proposed.then_some(Pair { first, second, score, agreeing })
        })
        .collect();
    found.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then((a.first, a.second).cmp(&(b.first, b.second))));
    found
}

/// The words of a name without case, accents and dots, in the order of the alphabet: "Dr. Thús, A." is "a dr thus".
fn words(text: &str) -> String {
    let folded = folded(text);
    let mut words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

/// The digits of a telephone number as they are dialled in the Netherlands.
fn national(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    // +31 (0)30 and 0031 30 are 030.
    let abroad =
        digits.strip_prefix("0031").or_else(|| phone.trim().starts_with('+').then(|| digits.strip_prefix("31"))?);
    abroad.map_or_else(|| digits.clone(), |rest| format!("0{}", rest.strip_prefix('0').unwrap_or(rest)))
}
