-- Stock documents beside the sales flow: stock-in of every kind, stock-out of every kind but sales, stock-taking, transfers,
-- outsourced orders, bins.

-- Kinds 1 to 12 (fact sheet wdt-2, 1.5). `source` and `source_no` name the document above it; 0 and empty = none.
CREATE TABLE stock_in (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, outer_no TEXT NOT NULL, kind BIGINT NOT NULL,
    source BIGINT NOT NULL, source_no TEXT NOT NULL, warehouse BIGINT NOT NULL, shop BIGINT NOT NULL,
    provider BIGINT NOT NULL, status BIGINT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL, UNIQUE (tenant, no));
CREATE UNIQUE INDEX stock_in_outer_no ON stock_in (tenant, outer_no) WHERE outer_no <> '';
CREATE INDEX stock_in_modified ON stock_in (tenant, modified, id);
CREATE INDEX stock_in_kind ON stock_in (tenant, kind, modified, id);
CREATE INDEX stock_in_source ON stock_in (tenant, source_no) WHERE source_no <> '';

-- Kinds 2 to 13; sales have `stock_out`. `consigned` is 0 until the goods left.
CREATE TABLE warehouse_out (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, outer_no TEXT NOT NULL, kind BIGINT NOT NULL,
    source BIGINT NOT NULL, source_no TEXT NOT NULL, warehouse BIGINT NOT NULL, shop BIGINT NOT NULL,
    provider BIGINT NOT NULL, status BIGINT NOT NULL, consigned BIGINT NOT NULL, modified BIGINT NOT NULL,
    doc TEXT NOT NULL, UNIQUE (tenant, no));
CREATE UNIQUE INDEX warehouse_out_outer_no ON warehouse_out (tenant, outer_no) WHERE outer_no <> '';
CREATE INDEX warehouse_out_modified ON warehouse_out (tenant, modified, id);
CREATE INDEX warehouse_out_kind ON warehouse_out (tenant, kind, modified, id);
CREATE INDEX warehouse_out_consigned ON warehouse_out (tenant, consigned, id);
CREATE INDEX warehouse_out_kind_consigned ON warehouse_out (tenant, kind, consigned, id);
CREATE INDEX warehouse_out_source ON warehouse_out (tenant, source_no) WHERE source_no <> '';

-- Bins (货位) of a warehouse, and how much of a balance lies in one. What lies in no named bin lies in the usual one.
CREATE TABLE position (
    tenant BIGINT NOT NULL, warehouse BIGINT NOT NULL, no TEXT NOT NULL, PRIMARY KEY (warehouse, no)) /*clustered*/;
CREATE TABLE bin (
    balance BIGINT NOT NULL, position TEXT NOT NULL, num BIGINT NOT NULL, PRIMARY KEY (balance, position)) /*clustered*/;

-- Batches (批次) that a spec has been seen with.
CREATE TABLE batch (
    tenant BIGINT NOT NULL, spec BIGINT NOT NULL, no TEXT NOT NULL, PRIMARY KEY (spec, no)) /*clustered*/;

-- Stock-takings (盘点单). `checked` is when the counted figures took effect, 0 before.
CREATE TABLE stock_taking (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, outer_no TEXT NOT NULL, warehouse BIGINT NOT NULL,
    status BIGINT NOT NULL, checked BIGINT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL, UNIQUE (tenant, no),
    UNIQUE (tenant, outer_no));
CREATE INDEX stock_taking_modified ON stock_taking (tenant, modified, id);
CREATE INDEX stock_taking_checked ON stock_taking (tenant, checked, id) WHERE checked > 0;

-- Transfers (调拨单).
CREATE TABLE transfer (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, outer_no TEXT NOT NULL, source BIGINT NOT NULL,
    destination BIGINT NOT NULL, status BIGINT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL, UNIQUE (tenant, no),
    UNIQUE (tenant, outer_no));
CREATE INDEX transfer_modified ON transfer (tenant, modified, id);

-- Outsourced orders (委外出入库单). `sealed` holds who receives the goods.
CREATE TABLE outsourced_order (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, outer_no TEXT NOT NULL, direction BIGINT NOT NULL,
    warehouse BIGINT NOT NULL, status BIGINT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL, sealed BYTES NOT NULL,
    UNIQUE (tenant, no), UNIQUE (tenant, outer_no));
CREATE INDEX outsourced_order_modified ON outsourced_order (tenant, modified, id);

-- What is known of a balance (the same id) besides its quantities: the last stock-taking, and the last figures that an
-- outsourced warehouse reported. Apart from the balance, which every order rewrites.
CREATE TABLE stock_note (
    balance BIGINT PRIMARY KEY, last_pd BIGINT NOT NULL, wms_stock BIGINT NOT NULL, wms_stock_diff BIGINT NOT NULL,
    wms_preempty BIGINT NOT NULL, wms_preempty_diff BIGINT NOT NULL, wms_time BIGINT NOT NULL);
