//! Refunds: in, out, in again.

use super::*;

const REFUNDS: &str = "退款单号,店铺编号,原始单号,退款类型,平台状态,退款金额,退款时间,子单号,退款数量\nR1,S1,T1,退款,已申请退款,99,2026-01-02 09:50:00,T1-1,1\nR2,S1,T2,退货,2,89,2026/1/2 9:50,T2-1,1\n";

#[test]
fn refunds_go_in_and_out_and_in_again() {
    let house = House::new();
    house.furnish();
    house.import_text("raw-order", ORDERS);
    assert_eq!(house.import_text("raw-refund", REFUNDS), ([2, 0, 0], vec![]));
    assert_eq!(house.import_text("raw-refund", REFUNDS), ([0, 2, 0], vec![]));
    let wrong = REFUNDS.replace("T2-1,1", "T2-9,1").replace("R1,S1,T1,退款", "R3,S1,T1,换货");
    let (counts, errors) = house.import_text("raw-refund", &wrong);
    assert_eq!((counts, errors.len()), ([0, 0, 2], 2), "{errors:?}");
    let personal = Asked { personal: true, ..Asked::default() };
    let file = house.export("raw-refund", &personal, Format::Xlsx);
    assert_eq!(house.import("raw-refund", &file), ([0, 2, 0], vec![]));
    let refunds = rows(&house.export("refund", &Asked::default(), Format::Xlsx), "退换单");
    assert!(refunds.len() > 1, "a refund order was made");
}

const RETURNS: &str = "外部单号,退换类型,原始单号,退款金额,退款原因,子单号,退货数量\nX1,退款,T1,,不想要,T1-1,1\nX2,退款不退货,T2,5,补偿,T2-1,1\n";

#[test]
fn refund_orders_go_in_and_out_and_in_again() {
    let house = House::new();
    house.furnish();
    house.import_text("raw-order", ORDERS);
    assert_eq!(house.import_text("refund", RETURNS), ([2, 0, 0], vec![]));
    assert_eq!(house.import_text("refund", RETURNS), ([0, 2, 0], vec![]), "the same again changes nothing");
    for wrong in [
        RETURNS.replace("X2,退款不退货,T2,5", "X2,退款不退货,T2,6"),
        RETURNS.replace("X2,退款不退货", "X3,换货"),
        RETURNS.replace("X2,退款不退货,T2", "X3,退款不退货,T9"),
        RETURNS.replace("X2,退款不退货,T2,5,补偿,T2-1,1", "X3,退款,T1,,再退,T1-1,100"),
    ] {
        let (counts, errors) = house.import_text("refund", &wrong);
        assert_eq!((counts, errors.len()), ([0, 1, 1], 1), "{wrong}: {errors:?}");
    }
    let file = house.export("refund", &Asked { personal: true, ..Asked::default() }, Format::Xlsx);
    assert_eq!(house.import("refund", &file), ([0, 2, 0], vec![]));
}
