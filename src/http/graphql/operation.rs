//! An operation that has passed the gate, and what comes of it over a connection that stays.

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{Executor, Positioned, Request, Response, ServerError, Value, Variables};
use futures::{StreamExt, future, stream, stream::BoxStream};

use super::answer::{self, Settled};
use super::request::{self, Question};
use super::shape::Plan;
use super::{Asked, Engine, Outcome};
use crate::graphql::error::Code;
use crate::graphql::gate;
use crate::http::refusal::Refused;

/// An operation that has passed the gate.
pub(super) struct Operation<'e> {
    pub(super) request: Request,
    pub(super) plan: Plan<'e>,
    pub(super) asked: Asked,
    pub(super) kind: OperationType,
}

/// What comes of an operation.
pub(in crate::http) enum Reply {
    /// An answer, as JSON: the last one, unless it is a subscription.
    Next(serde_json::Value, Outcome),
    /// It is not answered, or not any longer; these are the errors.
    Error(serde_json::Value, Outcome),
}

impl<S: Executor> Engine<S> {
    /// Lets a question through the gate.
    pub(super) fn admit(&self, mut question: Question) -> Result<Operation<'_>, Vec<ServerError>> {
        let name = question.operation_name.as_deref();
        let mut document = gate::admit(&question.query, name, &question.variables, &self.limits)
            .map_err(|refusal| vec![ServerError::from(refusal)])?;
        fill_in(&document, name, &mut question.variables);
        let operation = chosen(&document, name);
        let asked = operation.map_or(Asked::Nothing, |operation| Asked::of(&operation.node, &self.types));
        let kind = operation.map_or(OperationType::Query, |operation| operation.node.ty);
        let plan = self.types.plan(&mut document, name, &question.variables);
        // The engine gets what was parsed; the text goes along for whoever records what was asked.
        let mut request = Request::new(question.query).variables(question.variables);
        request.operation_name = question.operation_name.or_else(|| only_name(&document));
        request.set_parsed_query(document);
        Ok(Operation { request, plan, asked, kind })
    }

    /// Answers a question or a change with one reply, a subscription with as many as it has. Ends after a reply that is an
    /// error.
    pub(in crate::http) fn replies<'e>(
        &'e self,
        question: Question,
        prepare: impl FnOnce(Request) -> Request,
    ) -> Result<BoxStream<'e, Reply>, Reply> {
        let refused = |asked, errors| Reply::of(answer::not_executed(errors), asked, true);
        let Operation { request, plan, asked, kind } =
            self.admit(question).map_err(|errors| refused(Asked::Nothing, errors))?;
        if kind == OperationType::Subscription && plan.root_fields() != 1 {
            return Err(refused(asked, vec![several_roots()]));
        }
        let (query, subscribes) = (request.query.clone(), kind == OperationType::Subscription);
        let responses = if subscribes {
            self.schema.execute_stream(prepare(request), None)
        } else {
            let answer = self.schema.execute_stream(prepare(request), None).into_future();
            let in_time = tokio::time::timeout(self.deadline, answer);
            stream::once(in_time)
                .map(|answer| match answer {
                    Ok((Some(response), _)) => response,
                    _ => Response::from_errors(vec![request::too_slow()]),
                })
                .boxed()
        };
        let reply = move |mut response: Response| {
            plan.shape(&mut response);
            // A subscription of which nothing is left has ended.
            let ended = subscribes && response.data == Value::Null;
            Reply::of(answer::settled(response, &query), asked.clone(), ended)
        };
        let going_on = |ended: &mut bool, reply: Reply| {
            let last = std::mem::replace(ended, matches!(reply, Reply::Error(..)));
            future::ready((!last).then_some(reply))
        };
        Ok(responses.map(reply).scan(false, going_on).boxed())
    }
}

impl Reply {
    fn of(settled: Settled, operation: Asked, ended: bool) -> Self {
        let outcome = Outcome { operation, ..settled.outcome };
        if ended || settled.answer.data.is_none() {
            Self::Error(serde_json::to_value(settled.answer.errors).unwrap_or_default(), outcome)
        } else {
            Self::Next(serde_json::to_value(settled.answer).unwrap_or_default(), outcome)
        }
    }
}

/// A subscription asks one thing (GraphQL, October 2021, section 5.2.3.1).
fn several_roots() -> ServerError {
    Refused::new(
        axum::http::StatusCode::BAD_REQUEST,
        Code::GraphqlValidationFailed,
        "A subscription has one root field; send another operation for another one.",
    )
    .into_error()
}

/// The name of the only operation: a question needs no `operationName` to have one.
fn only_name(document: &ExecutableDocument) -> Option<String> {
    match &document.operations {
        DocumentOperations::Multiple(operations) if operations.len() == 1 => {
            operations.keys().next().map(ToString::to_string)
        }
        _ => None,
    }
}

/// The operation that `name` chooses in a document that has passed the gate.
pub(super) fn chosen<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<&'a Positioned<OperationDefinition>> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) => operations.values().next(),
    }
}

/// Gives variables that the request leaves out their default, as `CoerceVariableValues` has it (section 6.1.2): the
/// engine does so in the arguments of fields, but not in those of `@skip` and `@include`.
fn fill_in(document: &ExecutableDocument, name: Option<&str>, variables: &mut Variables) {
    for definition in chosen(document, name).into_iter().flat_map(|operation| &operation.node.variable_definitions) {
        if let Some(default) = &definition.node.default_value {
            variables.entry(definition.node.name.node.clone()).or_insert_with(|| default.node.clone());
        }
    }
}
