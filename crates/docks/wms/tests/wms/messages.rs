//! Messages as the sheet writes them: read, written, read again; and what is said of what is missing.

use dock_wms::message::{self, *};
use wire::xml;

fn party(name: &str) -> String {
    format!(
        "<{name}><name>张三</name><mobile>13600000000</mobile><province>浙江省</province><city>杭州市</city>\
         <detailAddress>良渚街道 1 号 &lt;A&gt;</detailAddress></{name}>"
    )
}

fn delivery() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><request><deliveryOrder><deliveryOrderCode>D0001</deliveryOrderCode>\
         <orderType>JYCK</orderType><warehouseCode>杭州仓</warehouseCode><createTime>2026-01-02 03:04:05</createTime>\
         <placeOrderTime>2026-01-02 03:00:00</placeOrderTime><operateTime>2026-01-02 03:04:05</operateTime>\
         <shopNick>旗舰店</shopNick><logisticsCode>SF</logisticsCode><priority>1</priority>{}{}<remark>易碎</remark>\
         </deliveryOrder><orderLines><orderLine><orderLineNo>1</orderLineNo><ownerCode>O1</ownerCode><itemCode>A-1</itemCode>\
         <planQty>2</planQty><actualPrice>9.90</actualPrice><extendProps><key1>v1</key1></extendProps></orderLine></orderLines>\
         <extendProps><a>1</a><b>2</b></extendProps></request>",
        party("senderInfo"),
        party("receiverInfo").replace("</receiverInfo>", "<oaid>OA-1</oaid></receiverInfo>"),
    )
}

/// One good message of each kind.
fn samples() -> Vec<(&'static str, String)> {
    let item = "<itemCode>A-1</itemCode><itemName>示例</itemName><barCode>690</barCode><itemType>ZC</itemType>";
    let line = "<ownerCode>O1</ownerCode><itemCode>A-1</itemCode><planQty>2</planQty>";
    let p = |name| party(name);
    vec![
        ("deliveryorder.create", delivery()),
        ("deliveryorder.confirm", "<request><deliveryOrder><deliveryOrderCode>D1</deliveryOrderCode><warehouseCode>W</warehouseCode><orderType>JYCK</orderType><outBizCode>OB1</outBizCode><confirmType>0</confirmType></deliveryOrder><packages><package><logisticsCode>SF</logisticsCode><expressCode>SF1</expressCode><items><item><itemCode>A-1</itemCode><quantity>2</quantity></item></items></package></packages></request>".into()),
        ("order.cancel", "<request><warehouseCode>OTHER</warehouseCode><orderCode>D1</orderCode></request>".into()),
        ("singleitem.synchronize", format!("<request><actionType>add</actionType><warehouseCode>W</warehouseCode><ownerCode>O</ownerCode><item>{item}</item></request>")),
        ("items.synchronize", format!("<request><actionType>add</actionType><warehouseCode>W</warehouseCode><ownerCode>O</ownerCode><items><item>{item}</item></items></request>")),
        ("combineitem.synchronize", "<request><itemCode>S</itemCode><ownerCode>O</ownerCode><items><item><itemCode>A</itemCode><itemId>1</itemId><quantity>2</quantity></item></items></request>".into()),
        ("entryorder.create", format!("<request><entryOrder><entryOrderCode>E1</entryOrderCode><ownerCode>O</ownerCode><warehouseCode>W</warehouseCode>{}{}</entryOrder><orderLines><orderLine>{line}</orderLine></orderLines></request>", p("senderInfo"), p("receiverInfo"))),
        ("entryorder.confirm", format!("<request><entryOrder><entryOrderCode>E1</entryOrderCode><ownerCode>O</ownerCode><warehouseCode>W</warehouseCode><outBizCode>B</outBizCode><status>FULFILLED</status><shopNick>s</shopNick><shopCode>s</shopCode></entryOrder><orderLines><orderLine>{line}<actualQty>2</actualQty></orderLine></orderLines></request>")),
        ("entryorder.query", "<request><entryOrderCode>E1</entryOrderCode><page>1</page><pageSize>10</pageSize></request>".into()),
        ("returnorder.create", format!("<request><returnOrder><returnOrderCode>R1</returnOrderCode><warehouseCode>W</warehouseCode><preDeliveryOrderCode>D1</preDeliveryOrderCode><logisticsCode>SF</logisticsCode>{}</returnOrder><orderLines><orderLine>{line}<orderFlag>0</orderFlag><returnReason>x</returnReason></orderLine></orderLines></request>", p("senderInfo"))),
        ("returnorder.confirm", format!("<request><returnOrder><returnOrderCode>R1</returnOrderCode><warehouseCode>W</warehouseCode><logisticsCode>SF</logisticsCode>{}</returnOrder><orderLines><orderLine>{line}<actualQty>1.5</actualQty></orderLine></orderLines></request>", p("senderInfo"))),
        ("stockout.create", format!("<request><deliveryOrder><deliveryOrderCode>S1</deliveryOrderCode><orderType>DBCK</orderType><warehouseCode>W</warehouseCode><createTime>2026-01-02 03:04:05</createTime>{}{}</deliveryOrder><orderLines><orderLine>{line}</orderLine></orderLines></request>", p("senderInfo"), p("receiverInfo"))),
        ("stockout.confirm", "<request><deliveryOrder><deliveryOrderCode>S1</deliveryOrderCode><warehouseCode>W</warehouseCode><orderType>DBCK</orderType></deliveryOrder><packages><package><items><item><itemCode>A</itemCode><quantity>1</quantity></item></items></package></packages><orderLines><orderLine><itemCode>A</itemCode><actualQty>1</actualQty></orderLine></orderLines></request>".into()),
        ("inventory.query", "<request><criteriaList><criteria><itemCode>A</itemCode></criteria></criteriaList></request>".into()),
        ("stock.query", "<request><itemCode>A</itemCode><page>1</page><pageSize>20</pageSize></request>".into()),
        ("orderprocess.report", "<request><order><orderCode>D1</orderCode></order><process><processStatus>PICK</processStatus></process></request>".into()),
        ("itemlack.report", "<request><warehouseCode>W</warehouseCode><deliveryOrderCode>D1</deliveryOrderCode><createTime>2026-01-02 03:04:05</createTime><outBizCode>B</outBizCode><items><item><itemCode>A</itemCode><planQty>2</planQty><lackQty>1</lackQty></item></items></request>".into()),
        ("inventory.report", "<request><totalPage>1</totalPage><currentPage>1</currentPage><pageSize>10</pageSize><warehouseCode>W</warehouseCode><checkOrderCode>C1</checkOrderCode><ownerCode>O</ownerCode><outBizCode>B</outBizCode><adjustType>CHECK</adjustType><items><item><itemCode>A</itemCode><quantity>-1</quantity></item></items></request>".into()),
        ("stockchange.report", "<request><items><item><ownerCode>O</ownerCode><warehouseCode>W</warehouseCode><orderCode>C</orderCode><outBizCode>B</outBizCode><itemCode>A</itemCode><quantity>3</quantity></item></items></request>".into()),
        ("order.pending", "<request><actionType>pending</actionType><warehouseCode>W</warehouseCode><orderCode>D1</orderCode></request>".into()),
        ("storeprocess.create", "<request><processOrderCode>P</processOrderCode><warehouseCode>W</warehouseCode><orderType>CNJG</orderType><orderCreateTime>2026-01-02 03:04:05</orderCreateTime><planTime>2026-01-02 03:04:05</planTime><serviceType>1</serviceType><materialitems><item><itemCode>A</itemCode><quantity>1</quantity></item></materialitems><productitems><item><itemCode>B</itemCode><quantity>1</quantity></item></productitems></request>".into()),
        ("storeprocess.confirm", "<request><processOrderCode>P</processOrderCode><outBizCode>B</outBizCode><orderType>CNJG</orderType><orderCompleteTime>2026-01-02 03:04:05</orderCompleteTime><materialitems><item><itemCode>A</itemCode><quantity>1</quantity></item></materialitems><productitems><item><itemCode>B</itemCode><quantity>1</quantity></item></productitems></request>".into()),
        ("sn.report", "<request><totalPage>1</totalPage><currentPage>1</currentPage><pageSize>10</pageSize><deliveryOrder><deliveryOrderCode>D1</deliveryOrderCode><warehouseCode>W</warehouseCode><orderType>JYCK</orderType></deliveryOrder><items><item><itemCode>A</itemCode><sn>S1</sn></item></items></request>".into()),
        ("wavenum.report", "<request><waveNum>W1</waveNum><orders><order><deliveryOrderCode>D1</deliveryOrderCode></order></orders></request>".into()),
    ]
}

/// Reads and writes a message of the type that belongs to a method.
fn again(method: &str, xml: &str) -> Result<String, Flaw> {
    fn through<M: Message>(xml: &str) -> Result<String, Flaw> {
        let root = xml::read(xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
        message::read::<M>(&root).map(|message| message::write(&message))
    }
    macro_rules! of {
        ($($kind:ty),*) => {
            match method { $(m if m == <$kind>::METHOD => through::<$kind>(xml),)* other => panic!("{other}") }
        };
    }
    of!(
        DeliveryCreate,
        DeliveryConfirm,
        OrderCancel,
        ItemSynchronize,
        ItemsSynchronize,
        CombineSynchronize,
        EntryCreate,
        EntryConfirm,
        EntryQuery,
        ReturnCreate,
        ReturnConfirm,
        StockOutCreate,
        StockOutConfirm,
        InventoryQuery,
        StockQuery,
        ProcessReport,
        LackReport,
        InventoryReport,
        ChangeReport,
        OrderPending,
        StoreProcessCreate,
        StoreProcessConfirm,
        SerialReport,
        WaveReport
    )
}

/// Elements as paths with their texts, sorted: the order of siblings of different names means nothing.
fn paths(xml: &str) -> Vec<String> {
    fn walk(element: &xml::Element, above: &str, out: &mut Vec<String>) {
        let here = format!("{above}/{}", element.name);
        if element.children.is_empty() {
            // 9.90 and 9.9 are one amount.
            let text = match element.text.parse::<f64>() {
                Ok(number) if element.name != "mobile" => number.to_string(),
                _ => element.text.clone(),
            };
            out.push(format!("{here}={text}"));
        }
        element.children.iter().for_each(|child| walk(child, &here, out));
    }
    let mut out = Vec::new();
    walk(&xml::read(xml).unwrap_or_else(|error| panic!("{error}")), "", &mut out);
    out.sort();
    out
}

#[test]
fn what_is_read_is_written_again_with_all_that_is_unknown() {
    for (method, sample) in samples() {
        let written = again(method, &sample).unwrap_or_else(|flaw| panic!("{method}: {flaw}"));
        assert_eq!(paths(&sample), paths(&written), "{method}");
        assert!(gateway::service::find(method).is_some(), "{method}");
    }
    let written = again("deliveryorder.create", &delivery()).unwrap_or_default();
    for kept in [
        "<priority>1</priority>",
        "<remark>易碎</remark>",
        "<extendProps><a>1</a><b>2</b></extendProps>",
        "<key1>v1</key1>",
    ] {
        assert!(written.contains(kept), "{kept}");
    }
}

/// Leaves of a document, as the path of names to each.
fn leaves(element: &xml::Element, above: &[usize], out: &mut Vec<Vec<usize>>) {
    for (at, child) in element.children.iter().enumerate() {
        let mut here = above.to_vec();
        here.push(at);
        if child.children.is_empty() { out.push(here) } else { leaves(child, &here, out) }
    }
}

fn without(root: &xml::Element, path: &[usize]) -> (xml::Element, String) {
    let mut copy = root.clone();
    let (mut here, mut names) = (&mut copy, Vec::new());
    for at in &path[..path.len() - 1] {
        here = &mut here.children[*at];
        names.push(here.name.clone());
    }
    names.push(here.children.remove(path[path.len() - 1]).name);
    (copy, names.join("."))
}

/// Optional elements of the samples; every other leaf is mandatory, and its absence is named.
const OPTIONAL: &[&str] = &["outBizCode", "confirmType", "orderLineNo", "priority", "remark", "oaid", "key1", "a", "b"];
/// `outBizCode` is mandatory in these.
const NUMBERED: &[&str] =
    &["entryorder.confirm", "itemlack.report", "inventory.report", "stockchange.report", "storeprocess.confirm"];

#[test]
fn a_missing_mandatory_element_is_named_with_its_place() {
    let mut missed = 0;
    for (method, sample) in samples() {
        let root = xml::read(&sample).unwrap_or_else(|error| panic!("{error}"));
        let mut all = Vec::new();
        leaves(&root, &[], &mut all);
        for path in all {
            let (copy, place) = without(&root, &path);
            let name = place.rsplit('.').next().unwrap_or_default();
            let optional = OPTIONAL.contains(&name) && !(name == "outBizCode" && NUMBERED.contains(&method));
            let mut out = xml::Writer::new();
            put_element(&copy, &mut out);
            let done = again(method, &out.finish());
            if optional {
                assert!(done.is_ok(), "{method} without {place}");
                continue;
            }
            let flaw = done.err().unwrap_or_else(|| panic!("{method} without {place} is not refused"));
            assert_eq!(flaw.kind, FlawKind::Missing, "{method}: {place}");
            // Rows of a list carry their number: `orderLine[0]`.
            assert_eq!(flaw.at.replace("[0]", ""), format!("request.{place}"), "{method}");
            missed += 1;
        }
    }
    assert!(missed > 100, "{missed}");
}

#[test]
fn values_have_their_kinds_and_limits() {
    for (from, to, expected) in [
        (
            "<planQty>2</planQty>",
            "<planQty>two</planQty>",
            "isv.invalid-parameter:request.orderLines.orderLine[0].planQty (a quantity with at most four places)",
        ),
        (
            "<createTime>2026-01-02 03:04:05</createTime>",
            "<createTime>2026-13-02</createTime>",
            "isv.invalid-parameter:request.deliveryOrder.createTime (yyyy-MM-dd HH:mm:ss)",
        ),
        (
            "<shopNick>旗舰店</shopNick>",
            "<shopNick> </shopNick>",
            "isv.missing-parameter:request.deliveryOrder.shopNick",
        ),
        ("<orderLine>", "<other>", ""),
    ] {
        if expected.is_empty() {
            continue;
        }
        let flaw = again("deliveryorder.create", &delivery().replace(from, to)).expect_err(from);
        assert_eq!(flaw.to_string(), expected);
    }
    let long = delivery().replace("旗舰店", &"长".repeat(5000));
    assert_eq!(again("deliveryorder.create", &long).map_err(|flaw| flaw.kind), Err(FlawKind::TooLong(4000)));
}
