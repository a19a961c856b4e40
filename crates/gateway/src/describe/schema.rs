//! Declared fields and columns as JSON schemas (2020-12, the dialect of OpenAPI 3.1).

use serde_json::{Map, Value, json};
use wire::args::{Field, Kind};
use wire::rows::{Class, ColumnKind, Description};

use crate::reply::ReplyMember;

/// An object of these fields. Unknown members are ignored, so they are allowed.
pub(super) fn object(of: &[Field]) -> Value {
    let properties: Map<String, Value> = of.iter().map(|field| (field.name.to_owned(), property(field))).collect();
    let mut schema = json!({ "type": "object", "properties": properties });
    let required: Vec<&str> = of.iter().filter(|field| field.required).map(|field| field.name).collect();
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// A field with its words and its other names.
pub(super) fn property(field: &Field) -> Value {
    let mut schema = kind(&field.kind);
    schema["description"] = field.doc.into();
    if !field.aliases.is_empty() {
        schema["x-aliases"] = json!(field.aliases);
    }
    schema
}

fn kind(kind_of: &Kind) -> Value {
    match kind_of {
        Kind::Text { max } => json!({ "type": "string", "maxLength": max }),
        Kind::Int => json!({ "type": ["integer", "string"], "format": "int64" }),
        Kind::Flag => json!({ "type": ["integer", "string", "boolean"], "enum": [0, 1, "0", "1", true, false] }),
        Kind::Decimal => json!({ "type": ["number", "string"], "format": "decimal" }),
        Kind::Time => json!({ "type": "string", "examples": ["2026-01-02 03:04:05"] }),
        Kind::Day => json!({ "type": "string", "examples": ["2026-01-02"] }),
        Kind::Code(codes) => {
            let numbers = codes.iter().map(|(code, _)| json!(code));
            let texts = codes.iter().map(|(code, _)| json!(code.to_string()));
            let words: Vec<String> = codes.iter().map(|(code, doc)| format!("{code} {doc}")).collect();
            json!({ "enum": numbers.chain(texts).collect::<Vec<_>>(), "x-meaning": words })
        }
        Kind::Object(of) => object(of),
        Kind::List { of, min, max, .. } => {
            json!({ "type": "array", "items": object(of), "minItems": min, "maxItems": max })
        }
        Kind::Values { of, min, max } => {
            json!({ "type": "array", "items": kind(of), "minItems": min, "maxItems": max })
        }
        Kind::JsonText(of) => {
            json!({ "type": "string", "contentMediaType": "application/json", "contentSchema": kind(of) })
        }
    }
}

/// What a successful answer on openapi2 holds.
pub(super) fn answer(members: &[ReplyMember]) -> Value {
    let mut properties = Map::new();
    properties.insert("code".into(), json!({ "type": "integer", "description": "0, or why it was refused" }));
    properties.insert("message".into(), json!({ "type": "string", "description": "empty, or what to do about it" }));
    for member in members {
        let mut schema = match &member.columns {
            Some(columns) => json!({ "type": "array", "items": row(columns) }),
            None => json!({ "type": ["integer", "string"] }),
        };
        schema["description"] = member.doc.into();
        properties.insert(member.name.to_owned(), schema);
    }
    json!({ "type": "object", "properties": properties, "required": ["code", "message"] })
}

fn row(columns: &[Description]) -> Value {
    let properties: Map<String, Value> = columns.iter().map(|column| (column.name.to_owned(), cell(column))).collect();
    json!({ "type": "object", "properties": properties })
}

fn cell(column: &Description) -> Value {
    let mut schema = match column.kind {
        ColumnKind::Int | ColumnKind::Flag => json!({ "type": ["string", "integer"] }),
        ColumnKind::Text | ColumnKind::Time | ColumnKind::Day => json!({ "type": "string" }),
        ColumnKind::Decimal => json!({ "type": "string", "format": "decimal" }),
        ColumnKind::List => json!({ "type": "array", "items": row(&column.columns) }),
    };
    schema["description"] = column.doc.into();
    if column.class == Class::Personal {
        schema["x-personal"] = true.into();
    }
    schema
}
