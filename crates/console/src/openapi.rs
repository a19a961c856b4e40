//! The OpenAPI 3.1 document, made from the declarations.

use serde_json::{Map, Value, json};
use wire::args::{Field, Kind};
use wire::rows::{Class, ColumnKind, Description};

use crate::answer::Shape;
use crate::fault::CODES;
use crate::input::COMMON;
use crate::operation::Operation;
use crate::router::ROOT;

/// The whole document.
pub(crate) fn document(operations: &[Operation], version: &str) -> Value {
    let mut paths = Map::new();
    for operation in operations {
        let path = format!("{ROOT}{}", operation.head.path);
        let item = paths.entry(path).or_insert_with(|| json!({}));
        if let Some(item) = item.as_object_mut() {
            item.insert(operation.head.verb.name().to_owned(), describe(operation));
        }
    }
    let codes: Vec<String> = CODES.iter().map(|(code, status, doc)| format!("- `{code}` ({status}): {doc}")).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Matou admin API / 码头管理接口",
            "version": version,
            "description": format!("Error codes / 错误码:\n{}", codes.join("\n")),
        },
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": { "Error": {
                "type": "object",
                "properties": { "error": {
                    "type": "object",
                    "required": ["code", "message", "field"],
                    "properties": {
                        "code": { "type": "string", "enum": CODES.iter().map(|(code, ..)| *code).collect::<Vec<_>>() },
                        "message": { "type": "string" },
                        "field": { "type": "string" },
                    },
                } },
            } },
        },
    })
}

fn describe(operation: &Operation) -> Value {
    let head = operation.head;
    let mut parameters = Vec::new();
    let mut body = Vec::new();
    for field in operation.fields {
        if head.path.contains(&format!("{{{}}}", field.name)) {
            parameters.push(parameter("path", field.name, true, field.doc, schema(&field.kind)));
        } else if operation.in_body() {
            body.push(field);
        } else {
            parameters.push(parameter("query", field.name, field.required, field.doc, schema(&field.kind)));
        }
    }
    if operation.of_tenant {
        for (name, doc) in COMMON {
            parameters.push(parameter("query", name, false, doc, json!({ "type": "string" })));
        }
    }
    let mut described = json!({
        "operationId": head.id,
        "tags": [head.id.split('.').next().unwrap_or_default()],
        "summary": format!("{} / {}", head.summary.0, head.summary.1),
        "parameters": parameters,
        "responses": {
            "2XX": { "description": "done", "content": { (media(head.shape)): { "schema": answer(head.shape) } } },
            "default": {
                "description": "refused",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } },
            },
        },
    });
    if operation.takes_file {
        described["requestBody"] = json!({
            "required": true,
            "content": { "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } },
        });
    }
    if operation.in_body() {
        described["requestBody"] = json!({
            "required": body.iter().any(|field| field.required),
            "content": { "application/json": { "schema": fields(&body) } },
        });
    }
    described
}

fn parameter(place: &str, name: &str, required: bool, doc: &str, schema: Value) -> Value {
    json!({ "name": name, "in": place, "required": required, "description": doc, "schema": schema })
}

fn fields(fields: &[&Field]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut described = schema(&field.kind);
            described["description"] = field.doc.into();
            (field.name.to_owned(), described)
        })
        .collect();
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn schema(kind: &Kind) -> Value {
    match kind {
        Kind::Text { max } => json!({ "type": "string", "maxLength": max }),
        Kind::Int => json!({ "type": "integer" }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Decimal => json!({ "type": ["string", "number"], "format": "decimal" }),
        Kind::Time => json!({ "type": "string", "examples": ["2026-01-02 03:04:05"] }),
        Kind::Day => json!({ "type": "string", "format": "date" }),
        Kind::Code(codes) => {
            let words: Vec<String> = codes.iter().map(|(code, doc)| format!("{code} {doc}")).collect();
            let numbers: Vec<i64> = codes.iter().map(|(code, _)| *code).collect();
            json!({ "type": "integer", "enum": numbers, "x-meaning": words })
        }
        Kind::Object(of) => fields(&of.iter().collect::<Vec<_>>()),
        Kind::List { of, min, max, .. } => {
            json!({ "type": "array", "items": fields(&of.iter().collect::<Vec<_>>()), "minItems": min, "maxItems": max })
        }
        Kind::Values { of, min, max } => {
            json!({ "type": "array", "items": schema(of), "minItems": min, "maxItems": max })
        }
        Kind::JsonText(of) => schema(of),
    }
}

fn media(shape: Shape) -> &'static str {
    if matches!(shape, Shape::File(_)) { "application/octet-stream" } else { "application/json" }
}

fn answer(shape: Shape) -> Value {
    match shape {
        Shape::Row(columns) => row(&columns()),
        Shape::Rows(name, columns) => json!({
            "type": "object",
            "properties": {
                "total_count": { "type": "integer", "description": "all rows that match; on page 0 only" },
                (name): { "type": "array", "items": row(&columns()) },
            },
            "required": [name],
        }),
        Shape::File(doc) => json!({ "type": "string", "format": "binary", "description": doc }),
        Shape::Free(doc) => json!({ "type": "object", "description": doc }),
    }
}

fn row(columns: &[Description]) -> Value {
    let properties: Map<String, Value> = columns.iter().map(|column| (column.name.to_owned(), cell(column))).collect();
    json!({ "type": "object", "properties": properties })
}

fn cell(column: &Description) -> Value {
    let mut described = match column.kind {
        ColumnKind::Int => json!({ "type": "integer" }),
        ColumnKind::Flag => json!({ "type": "integer", "enum": [0, 1] }),
        ColumnKind::Text | ColumnKind::Decimal | ColumnKind::Time | ColumnKind::Day => json!({ "type": "string" }),
        ColumnKind::List => json!({ "type": "array", "items": row(&column.columns) }),
    };
    described["description"] = column.doc.into();
    if column.class == Class::Personal {
        described["x-personal"] = true.into();
    }
    described
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::resource;

    #[test]
    fn every_operation_is_in_the_document_with_all_its_fields() {
        let operations = resource::operations();
        let document = document(&operations, "0");
        let mut ids = BTreeSet::new();
        for operation in &operations {
            let head = operation.head;
            assert!(ids.insert(head.id), "{} is declared twice", head.id);
            let described = &document["paths"][format!("{ROOT}{}", head.path)][head.verb.name()];
            assert_eq!(described["operationId"], head.id);
            let text = described.to_string();
            for field in operation.fields {
                assert!(text.contains(&format!("\"{}\"", field.name)), "{} lacks {}", head.id, field.name);
                assert!(!field.doc.is_empty(), "{}.{} is not explained", head.id, field.name);
            }
            for piece in head.path.split('/').filter(|piece| piece.starts_with('{')) {
                let name = piece.trim_matches(['{', '}']);
                assert!(operation.fields.iter().any(|field| field.name == name), "{}: {piece} is no field", head.path);
            }
        }
    }
}
