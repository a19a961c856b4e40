//! After-sale: raw refund (原始退款单) → refund or exchange order (退换单) → return stock-in (退货入库单).
//! (Fact sheet wdt-2, 2.1 to 2.3.)
