//! What a request brings: path, query and JSON body as one source of declared fields. Unknown names are refused.

use std::path::PathBuf;

use wire::args::{Arguments, Field, Input, Kind, Path, Source};
use wire::json::{self, Object, RawValue, Shape};
use wire::params::Params;

use crate::desk::{Ask, Desk};
use crate::fault::Fault;

/// Query names that every operation of a tenant understands.
pub(crate) const COMMON: &[(&str, &str)] = &[
    ("tenant", "seller account (sid); the first of the environment when absent / 卖家账号,缺省为该环境第一个"),
    ("environment", "production (default) or test / 环境"),
    ("reveal", "true: show personal fields, which are masked otherwise / 显示个人信息"),
];

/// One request's names and values.
pub(crate) struct Given {
    /// Fields that are not in the path come in a JSON body, otherwise in the query.
    pub(crate) in_body: bool,
    pub(crate) of_tenant: bool,
    pub(crate) path: Vec<(String, String)>,
    pub(crate) query: Params<'static>,
    pub(crate) body: String,
    /// The body, where it is a file.
    pub(crate) upload: Option<Upload>,
}

/// An uploaded file; it goes away with this, unless a job has taken it over.
pub(crate) struct Upload(pub(crate) PathBuf);

impl Drop for Upload {
    fn drop(&mut self) {
        if self.0.exists() {
            drop(std::fs::remove_file(&self.0));
        }
    }
}

impl Given {
    /// The tenant that the query names.
    pub(crate) fn ask(&self, desk: &Desk) -> Result<Ask, Fault> {
        let reveal = match self.query.get("reveal") {
            None | Some("false" | "0") => false,
            Some("true" | "1") => true,
            Some(_) => return Err(Fault::invalid("reveal", "reveal is true or false")),
        };
        desk.ask(self.query.get("tenant"), self.query.get("environment"), reveal)
    }

    /// Reads the declared fields; refuses names that are not declared.
    pub(crate) fn decode<I: Arguments>(&self) -> Result<I, Fault> {
        let body = if self.body.trim().is_empty() { "{}" } else { &self.body };
        let raw = json::value(body).map_err(|error| Fault::invalid("", format!("the body is {error}")))?;
        let object = Object::from_raw(raw)
            .map_err(|error| Fault::invalid("", format!("the body must be an object: {error}")))?;
        if self.in_body {
            known(&object, I::FIELDS, "", |name| self.in_path(name))?;
        } else if !object.is_empty() {
            return Err(Fault::invalid("", "this operation takes no body; give the fields in the query"));
        }
        for (name, _) in self.query.iter() {
            let common = self.of_tenant && COMMON.iter().any(|(common, _)| *common == name);
            let declared = !self.in_body && declared(I::FIELDS, name).is_some() && !self.in_path(name);
            if !common && !declared {
                return Err(unknown(name, "query"));
            }
        }
        let source = Sources { given: self, body: object };
        Ok(I::decode(&source, &Path::ROOT)?)
    }

    fn in_path(&self, name: &str) -> bool {
        self.path.iter().any(|(known, _)| known == name)
    }
}

struct Sources<'g> {
    given: &'g Given,
    body: Object<'g>,
}

impl Source for Sources<'_> {
    fn get(&self, name: &str) -> Option<Input<'_>> {
        if let Some((_, value)) = self.given.path.iter().find(|(known, _)| known == name) {
            return Some(Input::Text(value));
        }
        if self.given.in_body {
            self.body.get(name).map(Input::Json)
        } else {
            self.given.query.get(name).map(Input::Text)
        }
    }
}

fn declared<'f>(fields: &'f [Field], name: &str) -> Option<&'f Field> {
    fields.iter().find(|field| field.name == name || field.aliases.contains(&name))
}

/// Every member, also of nested objects, must be declared.
fn known(object: &Object<'_>, fields: &[Field], at: &str, in_path: impl Fn(&str) -> bool) -> Result<(), Fault> {
    for (name, raw) in object.iter() {
        let here = if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
        let field = declared(fields, name).filter(|_| !in_path(name)).ok_or_else(|| unknown(&here, "body"))?;
        nested(raw, &field.kind, &here)?;
    }
    Ok(())
}

fn nested(raw: &RawValue, kind: &Kind, at: &str) -> Result<(), Fault> {
    match (kind, json::shape(raw)) {
        (Kind::Object(fields), Shape::Object) => object_at(raw, fields, at),
        (Kind::List { of, max, .. }, Shape::Array) => {
            let Ok(rows) = json::Array::from_raw(raw, *max) else { return Ok(()) };
            for (index, row) in rows.iter().enumerate() {
                object_at(row, of, &format!("{at}[{index}]"))?;
            }
            Ok(())
        }
        // What has the wrong shape is refused when it is read.
        _ => Ok(()),
    }
}

fn object_at(raw: &RawValue, fields: &[Field], at: &str) -> Result<(), Fault> {
    match Object::from_raw(raw) {
        Ok(object) => known(&object, fields, at, |_| false),
        Err(_) => Ok(()),
    }
}

fn unknown(name: &str, place: &str) -> Fault {
    let shown: String = name.chars().take(80).collect();
    Fault::invalid(&shown, format!("{shown} is not a field of this operation ({place})"))
}
