//! Providers and purchases: in, out, in again.

use super::*;

const PROVIDERS: &str =
    "供应商编号,供应商名称,联系人,手机,到货周期\nP1,纺织一厂,王经理,19900000011,7\nP2,纺织二厂,,,\n";
const PURCHASES: &str = "外部单号,供应商编号,仓库编号,是否审核,商家编码,采购数量,采购价\nPO1,P1,WH01,是,G1-R,10,20\nPO1,,,,G1-B,5,30\nPO2,P2,WH01,,G2-X,1,9\n";

#[test]
fn providers_and_purchases_go_in_and_out_and_in_again() {
    let house = House::new();
    house.furnish();
    assert_eq!(house.import_text("provider", PROVIDERS), ([2, 0, 0], vec![]));
    assert_eq!(house.import_text("provider", PROVIDERS), ([0, 2, 0], vec![]));
    assert_eq!(house.import_text("purchase", PURCHASES), ([3, 0, 0], vec![]));
    assert_eq!(house.import_text("purchase", PURCHASES), ([0, 3, 0], vec![]));
    let (counts, errors) = house.import_text("purchase", &PURCHASES.replace("PO2,P2", "PO3,P9"));
    assert_eq!((counts, errors.len()), ([0, 2, 1], 1), "{errors:?}");
    let other = House::new();
    other.furnish();
    let personal = Asked { personal: true, ..Asked::default() };
    for (name, rows) in [("provider", 2), ("purchase", 3)] {
        let file = house.export(name, &personal, Format::Xlsx);
        assert_eq!(other.import(name, &file), ([rows, 0, 0], vec![]), "{name}");
        assert_eq!(house.import(name, &file), ([0, rows, 0], vec![]), "{name}");
    }
    let masked = std::fs::read_to_string(house.export("provider", &Asked::default(), Format::Csv)).unwrap();
    assert!(!masked.contains("19900000011") && masked.contains("王**"), "{masked}");
}
