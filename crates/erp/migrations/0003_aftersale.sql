-- After-sale: raw refunds, refund and exchange orders, the day sums of returns. Return stock-ins stand in stock_in, kind 3.

CREATE TABLE raw_refund (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, refund_no TEXT NOT NULL, shop BIGINT NOT NULL, tid TEXT NOT NULL,
    process BIGINT NOT NULL, waybill TEXT NOT NULL, refund_time BIGINT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL,
    sealed BYTES NOT NULL, UNIQUE (tenant, refund_no, shop));
CREATE INDEX raw_refund_modified ON raw_refund (tenant, modified, id);
CREATE INDEX raw_refund_shop ON raw_refund (shop, modified, id);
CREATE INDEX raw_refund_time ON raw_refund (tenant, refund_time, id);
CREATE INDEX raw_refund_tid ON raw_refund (tenant, tid);
CREATE INDEX raw_refund_waybill ON raw_refund (tenant, waybill) WHERE waybill <> '';

-- `finished` is 0 until the settlement.
CREATE TABLE refund_order (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, outer_no TEXT NOT NULL, src_no TEXT NOT NULL,
    shop BIGINT NOT NULL, warehouse BIGINT NOT NULL, status BIGINT NOT NULL, waybill TEXT NOT NULL, finished BIGINT NOT NULL,
    modified BIGINT NOT NULL, doc TEXT NOT NULL, sealed BYTES NOT NULL, UNIQUE (tenant, no));
CREATE INDEX refund_order_modified ON refund_order (tenant, modified, id);
CREATE INDEX refund_order_status ON refund_order (tenant, status, modified, id);
CREATE INDEX refund_order_shop ON refund_order (shop, modified, id);
CREATE INDEX refund_order_finished ON refund_order (tenant, finished, id) WHERE finished > 0;
CREATE INDEX refund_order_src ON refund_order (tenant, src_no) WHERE src_no <> '';
CREATE INDEX refund_order_waybill ON refund_order (tenant, waybill) WHERE waybill <> '';
CREATE UNIQUE INDEX refund_order_outer ON refund_order (tenant, outer_no) WHERE outer_no <> '';

-- What refund orders take of order lines: pieces (0 when only money goes back) and money. `live` is 0 once the refund order is
-- cancelled or refused, `over_paid` 1 when it gives back more than was paid: a person confirms that, or has to.
CREATE TABLE refund_line (
    refund_order BIGINT NOT NULL, place BIGINT NOT NULL, tenant BIGINT NOT NULL, order_line BIGINT NOT NULL,
    sales_order BIGINT NOT NULL, tid TEXT NOT NULL, num BIGINT NOT NULL, amount BIGINT NOT NULL, live BIGINT NOT NULL,
    over_paid BIGINT NOT NULL, PRIMARY KEY (refund_order, place)) /*clustered*/;
CREATE INDEX refund_line_order ON refund_line (sales_order, order_line);
CREATE INDEX refund_line_tid ON refund_line (tenant, tid);

-- What came back on a day (counted from 1970-01-01 at GMT+8), summed as the stock-ins are audited.
CREATE TABLE return_stat (
    tenant BIGINT NOT NULL, day BIGINT NOT NULL, shop BIGINT NOT NULL, warehouse BIGINT NOT NULL, spec BIGINT NOT NULL,
    num BIGINT NOT NULL, amount BIGINT NOT NULL, cost BIGINT NOT NULL, created BIGINT NOT NULL, modified BIGINT NOT NULL,
    PRIMARY KEY (tenant, day, shop, warehouse, spec)) /*clustered*/;
