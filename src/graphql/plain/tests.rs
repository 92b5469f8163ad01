use std::sync::{Arc, atomic::AtomicU32};

use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Schema};

use super::{super::json, *};

/// Counts how often it is asked.
#[derive(Clone, Default)]
struct Deep(Arc<AtomicU32>);
struct Middle(Deep);
struct Top(Deep);

#[Object]
impl Deep {
    async fn counted(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }

    async fn waits(&self) -> bool {
        tokio::task::yield_now().await;
        true
    }

    async fn fails(&self) -> async_graphql::Result<Option<bool>> {
        Err("no".into())
    }
}

in_memory!(impl Deep { counted, fails });

#[Object]
impl Middle {
    async fn below(&self) -> Plain<Deep> {
        Plain(self.0.clone())
    }

    async fn all(&self) -> PlainList<Deep> {
        PlainList(vec![self.0.clone(), self.0.clone()])
    }
}

in_memory!(impl Middle { below: Deep, all: Deep });

#[Object]
impl Top {
    async fn below(&self) -> Plain<Middle> {
        Plain(Middle(self.0.clone()))
    }
}

/// The answer, the paths of its errors, and how often an object was asked to count.
async fn answered(question: &str) -> (String, Vec<String>, u32) {
    let deep = Deep::default();
    let schema = Schema::new(Top(deep.clone()), EmptyMutation, EmptySubscription);
    let answer = schema.execute(Request::new(question).data(Tried::default())).await;
    let mut json = Vec::new();
    json::write(&answer.data, &mut json);
    let paths = answer.errors.iter().map(|error| format!("{:?}", error.path)).collect();
    (String::from_utf8_lossy(&json).into_owned(), paths, deep.0.load(Ordering::Relaxed))
}

async fn asked(question: &str) -> (String, u32) {
    let (answer, errors, times) = answered(question).await;
    assert!(errors.is_empty(), "{errors:?}");
    (answer, times)
}

#[tokio::test]
async fn what_fails_or_is_not_plain_deep_inside_is_left_to_the_engine() {
    let (answer, errors, times) = answered("{ below { all { counted fails } } }").await;
    assert_eq!(answer, r#"{"below":{"all":[{"counted":1},{"counted":2}]}}"#, "as the engine has it");
    assert_eq!((errors.len(), times), (2, 3), "{errors:?}");
    assert!(errors[0].contains("Index(0)") && errors[1].contains("Index(1)"), "{errors:?}");
    let (answer, _) = asked("{ below { all { counted } below { one: counted one: counted } } }").await;
    assert_eq!(
        answer, r#"{"below":{"all":[{"counted":0},{"counted":1}],"below":{"one":2}}}"#,
        "seen before anything is asked"
    );
}

#[tokio::test]
async fn what_is_ready_is_asked_once_and_what_waits_twice_however_deep() {
    let ready = asked("{ below { below { counted } } }").await;
    assert_eq!(ready, (r#"{"below":{"below":{"counted":0}}}"#.to_owned(), 1));
    let (answer, times) = asked("{ below { below { counted waits } all { counted waits } } }").await;
    assert!(answer.contains(r#""waits":true"#), "{answer}");
    assert_eq!(times, 4, "three objects, and the first of them once in vain");
}
