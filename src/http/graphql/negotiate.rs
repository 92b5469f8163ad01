//! The media types of requests and answers.

use axum::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};

/// The media type of an answer, and who chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// `application/graphql-response+json`: the client asked for it.
    GraphqlResponse,
    /// `application/json`, because the client takes anything.
    Json,
    /// `application/json`: the client asked for it by name. GraphQL over HTTP calls this the legacy type: its clients read
    /// every status but 200 as a failure of the network, so errors of the document are answered with 200.
    LegacyJson,
}

impl MediaType {
    /// The value of `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json | Self::LegacyJson => "application/json; charset=utf-8",
        }
    }

    /// The best answer to `Accept`; `None` if nothing of ours is acceptable.
    pub(in crate::http) fn accepted(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(ACCEPT) {
            return Some(Self::Json);
        }
        let ranges = joined(headers, &ACCEPT)?;
        let ranges: Vec<Range> = ranges.split(',').filter_map(Range::parse).collect();
        let graphql = Weight::of("graphql-response+json", &ranges);
        let json = Weight::of("json", &ranges);
        match (graphql, json) {
            // Of two that are equally welcome, the one that was named; of two that were named, the newer.
            (Some(graphql), json) if graphql.named && json.is_none_or(|json| graphql.quality >= json.quality) => {
                Some(Self::GraphqlResponse)
            }
            (_, Some(json)) if json.named => Some(Self::LegacyJson),
            (_, Some(_)) => Some(Self::Json),
            (Some(_), None) => Some(Self::GraphqlResponse),
            (None, None) => None,
        }
    }
}

/// One range of `Accept`, such as `application/*;q=0.5`.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    /// Thousandths, as the header allows three decimals.
    quality: u16,
}

impl<'a> Range<'a> {
    /// `None` for what is malformed or asks for another character set: the others may still fit.
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut quality = 1000;
        for parameter in parts {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let value = value.trim().trim_matches('"');
            match name.trim() {
                name if name.eq_ignore_ascii_case("q") => quality = thousandths(value)?,
                name if name.eq_ignore_ascii_case("charset") && !is_utf_8(value) => return None,
                _ => {}
            }
        }
        Some(Self { kind, subtype, quality })
    }

    /// How precisely this range means `application/{subtype}`: 2 by name, 1 and 0 by wildcards.
    fn precision(&self, subtype: &str) -> Option<u8> {
        match (self.kind, self.subtype) {
            ("*", "*") => Some(0),
            (kind, _) if !kind.eq_ignore_ascii_case("application") => None,
            (_, "*") => Some(1),
            (_, own) => own.eq_ignore_ascii_case(subtype).then_some(2),
        }
    }
}

/// How welcome a media type is.
#[derive(Clone, Copy)]
struct Weight {
    quality: u16,
    named: bool,
}

impl Weight {
    /// The weight of `application/{subtype}` by the most precise of `ranges`; `None` if it is not acceptable.
    fn of(subtype: &str, ranges: &[Range<'_>]) -> Option<Self> {
        let fitting = ranges.iter().filter_map(|range| Some((range.precision(subtype)?, range.quality)));
        let (precision, quality) = fitting.max()?;
        (quality > 0).then_some(Self { quality, named: precision == 2 })
    }
}

fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

fn is_utf_8(charset: &str) -> bool {
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// All values of a header as one list; `None` if one of them is no text.
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Result<Vec<&str>, _> = headers.get_all(name).iter().map(|value| value.to_str()).collect();
    values.ok().map(|values| values.join(","))
}

/// Whether the body says that it is of this media type, in UTF-8. A body of no type, a form or plain text can be sent by any web page
/// without the browser asking first.
pub(in crate::http) fn is_of_type(headers: &HeaderMap, media_type: &str) -> bool {
    let Some(value) = joined(headers, &CONTENT_TYPE) else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case(media_type))
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
                is_utf_8(value.trim().trim_matches('"'))
            }
            _ => true,
        })
}

/// Whether the body is sent as it is. A compressed one could unpack to any size.
pub(in crate::http) fn is_plain(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_ENCODING).iter().all(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use super::*;

    fn headers(name: &HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_answer_is_of_a_type_that_the_client_accepts() {
        use MediaType::{GraphqlResponse, Json, LegacyJson};
        for (accept, expected) in [
            ("*/*", Some(Json)),
            ("application/*", Some(Json)),
            ("application/json", Some(LegacyJson)),
            ("APPLICATION/JSON ; Charset=\"UTF-8\"", Some(LegacyJson)),
            ("application/graphql-response+json", Some(GraphqlResponse)),
            (
                "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
                Some(GraphqlResponse),
            ),
            ("application/json, application/graphql-response+json", Some(GraphqlResponse)),
            ("application/graphql-response+json;q=0.5, application/json;q=0.9", Some(LegacyJson)),
            ("application/graphql-response+json, application/json;q=0.9, */*;q=0.1", Some(GraphqlResponse)),
            ("text/html, */*;q=0.8", Some(Json)),
            ("application/json;q=0, */*", Some(GraphqlResponse)),
            ("application/json;q=0, application/graphql-response+json;q=0", None),
            ("*/*;q=0", None),
            ("text/html", None),
            ("text/*", None),
            ("application/json; charset=iso-8859-1", None),
            ("application/json;q=high", None),
            ("application/json;q=-1", None),
            ("application/json;q=1.1", None),
            ("application/json;q=0.0001", None),
            ("json", None),
            ("", None),
        ] {
            assert_eq!(MediaType::accepted(&headers(&ACCEPT, &[accept])), expected, "{accept}");
        }
        assert_eq!(MediaType::accepted(&HeaderMap::new()), Some(Json));
        assert_eq!(MediaType::accepted(&headers(&ACCEPT, &["text/html", "application/json"])), Some(LegacyJson));
    }

    #[test]
    fn only_json_in_utf_8_is_read() {
        for (content_type, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json; charset=\"utf-8\"; profile=x", true),
            ("application/json; charset=utf-16", false),
            ("application/graphql", false),
            ("text/plain", false),
            ("multipart/form-data; boundary=x", false),
            ("application/json, text/plain", false),
            ("", false),
        ] {
            assert_eq!(
                is_of_type(&headers(&CONTENT_TYPE, &[content_type]), "application/json"),
                expected,
                "{content_type}"
            );
        }
        assert!(!is_of_type(&HeaderMap::new(), "application/json"));
        assert!(!is_of_type(&headers(&CONTENT_TYPE, &["application/json", "text/plain"]), "application/json"));
    }

    #[test]
    fn compressed_bodies_are_not_read() {
        assert!(is_plain(&HeaderMap::new()));
        assert!(is_plain(&headers(&CONTENT_ENCODING, &["identity"])));
        assert!(!is_plain(&headers(&CONTENT_ENCODING, &["gzip"])));
        assert!(!is_plain(&headers(&CONTENT_ENCODING, &["identity", "br"])));
    }
}
