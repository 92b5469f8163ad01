//! An operation that has passed the gate, and what comes of it over a connection that stays.

use std::sync::Arc;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, VariableDefinition,
};
use async_graphql::{Executor, Positioned, Request, Response, ServerError, Value, Variables};
use axum::body::Bytes;
use futures::{StreamExt, future, stream, stream::BoxStream};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::answer::{self, Settled};
use super::documents::{Key, Known};
use super::request::{self, Question};
use super::{Asked, Engine, Outcome};
use crate::graphql::error::Code;
use crate::graphql::gate::{self, Refusal};
use crate::http::refusal::Refused;

/// An operation that has passed the gate.
pub(super) struct Operation<'e, S> {
    pub(super) request: Request,
    pub(super) document: Arc<Known>,
    /// What answers it.
    pub(super) schema: &'e S,
    /// By what the document is to be kept once it is answered; none: it is kept already.
    pub(super) key: Option<Key>,
}

/// What comes of an operation.
pub(in crate::http) struct Reply {
    /// The answer, or the errors.
    pub(in crate::http) payload: Box<RawValue>,
    /// Whether it is not answered, or not any longer.
    pub(in crate::http) is_error: bool,
    /// For metrics and logs.
    pub(in crate::http) outcome: Outcome,
}

impl<S: Executor> Engine<S> {
    /// Lets a question through the gate.
    pub(super) fn admit(&self, mut question: Question) -> Result<Operation<'_, S>, Vec<ServerError>> {
        let refused = |refusal: Refusal| vec![ServerError::from(refusal)];
        let key = Key::of(&question);
        let known = self.documents.get(&key);
        let document = if let Some(document) = &known {
            gate::admit_again(&document.asked_for, &question.variables, &self.limits).map_err(refused)?;
            Arc::clone(document)
        } else {
            Arc::new(self.understand(&question).map_err(refused)?)
        };
        let operation = chosen(&document.ready, document.operation.as_deref());
        let definitions = operation.map_or(&[][..], |operation| operation.node.variable_definitions.as_slice());
        fill_in(definitions, &mut question.variables);
        // What the engine has to find wrong it finds in all that it validates.
        let trusted = known.is_some() && document.tied && self.inputs.fit(definitions, &question.variables);
        // The engine gets what was parsed; the text goes along for whoever records what was asked.
        let mut request = Request::new(question.query).variables(question.variables);
        request.operation_name.clone_from(&document.operation);
        request.set_parsed_query(document.ready.clone());
        let schema = if trusted { &self.trusting } else { &self.schema };
        Ok(Operation { request, document, schema, key: known.is_none().then_some(key) })
    }

    /// Makes of a document what does not depend on the values of its variables, but for those that [`Key`] names.
    fn understand(&self, question: &Question) -> Result<Known, Refusal> {
        let Question { query, operation_name, variables } = question;
        let name = operation_name.as_deref();
        let asked_for = gate::admit(query, variables, &self.limits)?;
        let mut ready = asked_for.clone();
        gate::settle(&mut ready, name, variables)?;
        let mut variables = variables.clone();
        let operation = chosen(&ready, name);
        fill_in(operation.map_or(&[], |operation| &operation.node.variable_definitions), &mut variables);
        let asked = operation.map_or(Asked::Nothing, |operation| Asked::of(&operation.node, &self.types));
        let kind = operation.map_or(OperationType::Query, |operation| operation.node.ty);
        let plan = self.types.plan(&mut ready, name, &variables);
        let operation = operation_name.clone().or_else(|| only_name(&ready));
        // Of a change nothing must be done before all of it is known to be right.
        let tied = kind == OperationType::Query && self.inputs.tie(&asked_for);
        let hash = format!("{:x}", Sha256::digest(query.as_bytes())).into();
        Ok(Known { asked_for, ready, operation, plan, asked, kind, tied, text: query.len(), hash })
    }

    /// Answers a question or a change with one reply, a subscription with as many as it has. Ends after a reply that is an
    /// error.
    pub(in crate::http) fn replies(
        &self,
        question: Question,
        prepare: impl FnOnce(Request, &Arc<str>) -> Request,
    ) -> BoxStream<'_, Reply> {
        let refused = |asked, errors| {
            let reply = Reply::of(answer::not_executed(errors), asked, true);
            stream::once(future::ready(reply)).boxed()
        };
        let Operation { request, document, schema, .. } = match self.admit(question) {
            Ok(operation) => operation,
            Err(errors) => return refused(Asked::Nothing, errors),
        };
        let subscribes = document.kind == OperationType::Subscription;
        if subscribes && document.plan.root_fields() != 1 {
            return refused(document.asked.clone(), vec![several_roots()]);
        }
        let query = request.query.clone();
        let responses = if subscribes {
            schema.execute_stream(prepare(request, &document.hash), None)
        } else {
            let answer = schema.execute_stream(prepare(request, &document.hash), None).into_future();
            let in_time = tokio::time::timeout(self.deadline, answer);
            stream::once(in_time)
                .map(|answer| match answer {
                    Ok((Some(response), _)) => response,
                    _ => Response::from_errors(vec![request::too_slow()]),
                })
                .boxed()
        };
        let reply = move |mut response: Response| {
            document.plan.shape(&mut response);
            // A subscription of which nothing is left has ended.
            let ended = subscribes && response.data == Value::Null;
            Reply::of(answer::settled(response, &query), document.asked.clone(), ended)
        };
        let going_on = |ended: &mut bool, reply: Reply| {
            let last = std::mem::replace(ended, reply.is_error);
            future::ready((!last).then_some(reply))
        };
        responses.map(reply).scan(false, going_on).boxed()
    }
}

impl Reply {
    fn of(settled: Settled, operation: Asked, ended: bool) -> Self {
        let outcome = Outcome { operation, ..settled.outcome };
        let is_error = ended || settled.answer.data.is_none();
        let json =
            if is_error { serde_json::to_vec(&settled.answer.errors).map(Bytes::from) } else { settled.answer.json() };
        let payload = json.and_then(|json| serde_json::from_slice::<Box<RawValue>>(&json));
        Self { payload: payload.unwrap_or_else(|_| RawValue::NULL.to_owned()), is_error, outcome }
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
fn fill_in(definitions: &[Positioned<VariableDefinition>], variables: &mut Variables) {
    for definition in definitions {
        if let Some(default) = &definition.node.default_value {
            variables.entry(definition.node.name.node.clone()).or_insert_with(|| default.node.clone());
        }
    }
}
