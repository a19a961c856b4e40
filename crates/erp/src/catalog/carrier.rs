//! Carriers (物流).

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::Moment;

use super::table;
use crate::{Refusal, Result};

/// A carrier as the merchant set it up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Carrier {
    /// Key.
    pub id: i64,
    /// Business key, unique within the merchant; called `logistics_code` in order replies.
    pub no: String,
    /// Name the merchant gave it.
    pub name: String,
    /// Kind, fact sheet wdt-1, appendix B.
    pub kind: i64,
    /// Not to be used any more.
    pub disabled: bool,
    /// Cash on delivery supported.
    pub cod: bool,
    /// 0 ordinary waybills, 1 offline electronic, 2 platform electronic.
    pub bill_type: i64,
    /// Order of preference; lower first.
    pub priority: i64,
    /// What a waybill looks like; informative.
    pub pattern: String,
    /// Remark.
    pub remark: String,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// Creates a carrier.
pub fn create_carrier(tx: &mut Tx, mut carrier: Carrier) -> Result<Carrier> {
    if table::carrier_by_no(tx, &carrier.no)?.is_some() {
        return Err(Refusal::Exists { what: "物流编号", no: carrier.no }.into());
    }
    carrier.id = tx.document_id("carrier")?;
    if carrier.priority == 0 {
        carrier.priority = store::wire_id(carrier.id);
    }
    carrier.created = tx.now();
    carrier.modified = tx.now();
    table::save_carrier(tx, &carrier)?;
    Ok(carrier)
}

/// Stores a changed carrier.
pub fn update_carrier(tx: &mut Tx, mut carrier: Carrier) -> Result<Carrier> {
    carrier.modified = tx.now();
    table::save_carrier(tx, &carrier)?;
    Ok(carrier)
}

/// The carrier with this number, if it is enabled.
pub fn carrier_by_no(reader: &mut Reader, no: &str) -> Result<Carrier> {
    match table::carrier_by_no(reader, no)? {
        Some(carrier) if !carrier.disabled => Ok(carrier),
        _ => Err(Refusal::CarrierUnknown(no.to_owned()).into()),
    }
}

/// The carrier with this key.
pub fn carrier_by_id(reader: &mut Reader, id: i64) -> Result<Option<Carrier>> {
    table::carrier_by_id(reader, id)
}

/// All carriers, most preferred first; by number or name when given.
pub fn carriers(reader: &mut Reader, no: Option<&str>, name: Option<&str>) -> Result<Vec<Carrier>> {
    table::carriers(reader, no, name)
}

/// The enabled carrier of the `wanted` kind, else the one with key `own`, else the most preferred.
pub fn preferred_carrier(reader: &mut Reader, wanted: Option<i64>, own: i64) -> Result<Option<Carrier>> {
    if let Some(kind) = wanted
        && let Some(carrier) = table::first_carrier(reader, kind)?
    {
        return Ok(Some(carrier));
    }
    match table::carrier_by_id(reader, own)?.filter(|carrier| !carrier.disabled) {
        Some(carrier) => Ok(Some(carrier)),
        None => table::first_carrier(reader, -1),
    }
}

/// The name of a carrier kind (fact sheet wdt-1, appendix B); empty for a number that is not in the table.
pub fn kind_name(kind: i64) -> &'static str {
    KINDS.iter().find(|(number, _)| *number == kind).map_or("", |(_, name)| name)
}

/// Carrier kinds: the vendor's numbers and labels.
const KINDS: &[(i64, &str)] = &[
    (0, "未知"),
    (1, "自有物流"),
    (2, "中国邮政"),
    (3, "EMS"),
    (4, "圆通速递"),
    (5, "中通快递"),
    (6, "申通快递"),
    (7, "全峰快递"),
    (8, "顺丰速运"),
    (9, "韵达快递"),
    (10, "百世汇通"),
    (11, "中铁快运"),
    (12, "中远"),
    (13, "龙邦速递"),
    (14, "快捷快递"),
    (15, "全日通快递"),
    (16, "天天快递"),
    (17, "发网"),
    (18, "联昊通"),
    (19, "宅急送"),
    (20, "百世物流"),
    (21, "联邦快递"),
    (22, "德邦物流"),
    (23, "华强物流"),
    (34, "新邦物流"),
    (35, "优速快递"),
    (36, "港中能达"),
    (37, "全一快递"),
    (38, "黑猫宅急便"),
    (42, "贝业新兄弟"),
    (45, "EMS经济快递"),
    (46, "飞远配送"),
    (49, "城市100"),
    (51, "邮政国内小包"),
    (52, "国通快递"),
    (54, "同城快递"),
    (56, "佳吉快递"),
    (58, "天地华宇"),
    (72, "速尔"),
    (73, "信丰物流"),
    (84, "增益速递"),
    (86, "如风达配送"),
    (87, "安能物流"),
    (88, "德邦快递"),
    (89, "菜鸟智选物流"),
    (90, "菜鸟配送"),
    (91, "跨越速运"),
    (92, "百世快运"),
    (93, "D速物流"),
    (94, "德邦快运"),
    (95, "安能快运"),
    (96, "壹米滴答"),
    (97, "韵达快运"),
    (98, "品骏(JITX)"),
    (99, "圆通(JITX)"),
    (100, "承诺达"),
    (101, "品骏快递"),
    (102, "丹鸟快递"),
    (103, "京东大件物流"),
    (104, "苏宁快递"),
    (105, "诚信物流"),
    (106, "蜂鸟专送"),
    (107, "顺心捷达"),
    (108, "极兔速递"),
    (109, "众邮快递"),
    (110, "京东纯配"),
    (201, "九曳快递"),
    (1307, "顺丰同城配"),
    (1309, "青岛日日顺"),
    (1311, "京邦达 (京东)"),
    (2000, "其他"),
    (2036, "亚马逊"),
    (2084, "申通国际"),
    (2089, "中通国际"),
    (2110, "中通快运"),
    (2111, "顺丰快运"),
    (2128, "京广速递"),
    (2129, "丰网速运"),
    (2137, "韵达同城"),
    (2138, "菜鸟裹裹商家寄件"),
    (2139, "加运美"),
    (2150, "UU"),
    (2151, "闪送"),
    (2152, "商家自配送"),
    (2154, "邮政电商标快"),
    (2350, "京东快运"),
];
