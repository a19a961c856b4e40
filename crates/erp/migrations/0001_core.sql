-- The ERP core. Keys `id` carry the merchant in their upper bits (store::Tx::document_id), so they are unique over merchants.
-- `doc` holds the whole document as JSON; the columns beside it are those by which it is found. Quantities and money are
-- ten-thousandths, moments are Unix seconds.

CREATE TABLE shop (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, platform BIGINT NOT NULL, disabled BIGINT NOT NULL,
    modified BIGINT NOT NULL, doc TEXT NOT NULL, UNIQUE (tenant, no));

CREATE TABLE warehouse (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, kind BIGINT NOT NULL, disabled BIGINT NOT NULL,
    modified BIGINT NOT NULL, doc TEXT NOT NULL, UNIQUE (tenant, no));

CREATE TABLE carrier (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, kind BIGINT NOT NULL, disabled BIGINT NOT NULL,
    priority BIGINT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL, UNIQUE (tenant, no));

CREATE TABLE brand (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, name TEXT NOT NULL, modified BIGINT NOT NULL,
    doc TEXT NOT NULL, UNIQUE (tenant, no), UNIQUE (tenant, name));

CREATE TABLE class (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, name TEXT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL,
    UNIQUE (tenant, name));

-- `modified` of goods is the later of its own change and that of any of its specs.
CREATE TABLE goods (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, brand BIGINT NOT NULL, class BIGINT NOT NULL,
    disabled BIGINT NOT NULL, deleted BIGINT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL, UNIQUE (tenant, no));
CREATE INDEX goods_modified ON goods (tenant, modified, id);

CREATE TABLE spec (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, goods BIGINT NOT NULL, barcode TEXT NOT NULL,
    deleted BIGINT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL, UNIQUE (tenant, no));
CREATE INDEX spec_goods ON spec (goods, id);
CREATE UNIQUE INDEX spec_barcode ON spec (tenant, barcode) WHERE barcode <> '';

CREATE TABLE suite (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, deleted BIGINT NOT NULL, disabled BIGINT NOT NULL,
    modified BIGINT NOT NULL, doc TEXT NOT NULL, UNIQUE (tenant, no));
CREATE INDEX suite_modified ON suite (tenant, modified, id);

-- A goods row of a selling platform, and what it was matched to (0 nothing, 1 spec, 2 suite).
CREATE TABLE platform_goods (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, shop BIGINT NOT NULL, goods_id TEXT NOT NULL, spec_id TEXT NOT NULL,
    target_kind BIGINT NOT NULL, target BIGINT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL,
    UNIQUE (shop, goods_id, spec_id));

-- How often the sellable stock behind a platform goods row (the same id) changed, and up to where the mall acknowledged it. The
-- row is `pending` (1) in the stock-sync queue while `changes` is greater than `acked`. Apart from the goods row, because every order
-- counts here; the index looks at `pending` only, so that counting on does not touch it.
CREATE TABLE stock_change (
    id BIGINT PRIMARY KEY, shop BIGINT NOT NULL, changes BIGINT NOT NULL, acked BIGINT NOT NULL, pending BIGINT NOT NULL) /*hot*/;
CREATE INDEX stock_change_pending ON stock_change (shop, id) WHERE pending = 1;

-- Which platform goods must be offered again when the stock of a spec changes (a suite watches each of its parts).
CREATE TABLE stock_watch (
    spec BIGINT NOT NULL, platform_goods BIGINT NOT NULL, PRIMARY KEY (spec, platform_goods)) /*clustered*/;

-- Quantities of one spec in one warehouse, good (defect 0) or defective (1). `waiting` counts order lines that wait here;
-- `short_num` is how many pieces may be promised beyond what is on hand (a count that found less, negative stock by leave).
CREATE TABLE balance (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, warehouse BIGINT NOT NULL, spec BIGINT NOT NULL, defect BIGINT NOT NULL,
    stock_num BIGINT NOT NULL, lock_num BIGINT NOT NULL, unpay_num BIGINT NOT NULL, subscribe_num BIGINT NOT NULL,
    order_num BIGINT NOT NULL, sending_num BIGINT NOT NULL, part_paid_num BIGINT NOT NULL, purchase_num BIGINT NOT NULL,
    purchase_arrive_num BIGINT NOT NULL, to_purchase_num BIGINT NOT NULL, transfer_num BIGINT NOT NULL,
    to_transfer_num BIGINT NOT NULL, return_num BIGINT NOT NULL, refund_num BIGINT NOT NULL,
    refund_exch_num BIGINT NOT NULL, refund_onway_num BIGINT NOT NULL, cost_price BIGINT NOT NULL,
    waiting BIGINT NOT NULL, short_num BIGINT NOT NULL, last_inout BIGINT NOT NULL, created BIGINT NOT NULL, modified BIGINT NOT NULL,
    UNIQUE (spec, warehouse, defect)) /*hot*/;
CREATE INDEX balance_modified ON balance (tenant, modified, id);

-- Every change of every quantity above: the balance is always the sum of these.
CREATE TABLE ledger (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, balance BIGINT NOT NULL, quantity BIGINT NOT NULL, delta BIGINT NOT NULL,
    before BIGINT NOT NULL, after BIGINT NOT NULL, doc_no TEXT NOT NULL, receipt BIGINT NOT NULL, at BIGINT NOT NULL);
CREATE INDEX ledger_document ON ledger (tenant, doc_no);

-- Order lines that wait for stock, first come first served within a warehouse and spec: `place` counts up.
CREATE TABLE waiting_line (
    warehouse BIGINT NOT NULL, spec BIGINT NOT NULL, place BIGINT NOT NULL, line BIGINT NOT NULL,
    sales_order BIGINT NOT NULL, num BIGINT NOT NULL, PRIMARY KEY (warehouse, spec, place)) /*clustered*/;

CREATE TABLE raw_order (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, tid TEXT NOT NULL, shop BIGINT NOT NULL, process BIGINT NOT NULL,
    modified BIGINT NOT NULL, doc TEXT NOT NULL, sealed BYTES NOT NULL, UNIQUE (tenant, tid));
CREATE INDEX raw_order_modified ON raw_order (tenant, modified, id);

-- Line numbers are unique over all raw orders of a merchant once submitted.
CREATE TABLE raw_line (
    tenant BIGINT NOT NULL, oid TEXT NOT NULL, raw_order BIGINT NOT NULL, PRIMARY KEY (tenant, oid)) /*clustered*/;

CREATE TABLE sales_order (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, shop BIGINT NOT NULL, warehouse BIGINT NOT NULL,
    status BIGINT NOT NULL, waybill TEXT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL, sealed BYTES NOT NULL,
    UNIQUE (tenant, no));
CREATE INDEX sales_order_modified ON sales_order (tenant, modified, id);
CREATE INDEX sales_order_waybill ON sales_order (tenant, waybill) WHERE waybill <> '';

CREATE TABLE stock_out (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, sales_order BIGINT NOT NULL, shop BIGINT NOT NULL,
    warehouse BIGINT NOT NULL, status BIGINT NOT NULL, consigned BIGINT NOT NULL, modified BIGINT NOT NULL,
    doc TEXT NOT NULL, UNIQUE (tenant, no));
CREATE INDEX stock_out_order ON stock_out (sales_order);
CREATE INDEX stock_out_modified ON stock_out (tenant, modified, id);
CREATE INDEX stock_out_consigned ON stock_out (tenant, consigned, id);

CREATE TABLE logistics_sync (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, shop BIGINT NOT NULL, sales_order BIGINT NOT NULL, status BIGINT NOT NULL,
    modified BIGINT NOT NULL, doc TEXT NOT NULL);
CREATE INDEX logistics_sync_waiting ON logistics_sync (tenant, id) WHERE status = 0;
CREATE INDEX logistics_sync_order ON logistics_sync (sales_order);
