-- Marks, sales by day, platform bills, daily quotas and the archive.

CREATE INDEX platform_goods_modified ON platform_goods (tenant, modified, id);
CREATE INDEX platform_goods_shop ON platform_goods (shop, modified, id);

-- Waybills that a mall could not take wait for a person.
CREATE INDEX logistics_sync_failed ON logistics_sync (tenant, id) WHERE status IN (1, 2);

-- Marks (标记) that people define: kind 1 of orders, 2 of goods.
CREATE TABLE mark (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, kind BIGINT NOT NULL, name TEXT NOT NULL, doc TEXT NOT NULL,
    UNIQUE (tenant, kind, name));

-- What left on a day (yyyymmdd), by shop, warehouse and spec: counted when a sales stock-out is shipped.
CREATE TABLE sales_day (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, day BIGINT NOT NULL, shop BIGINT NOT NULL, warehouse BIGINT NOT NULL,
    spec BIGINT NOT NULL, num BIGINT NOT NULL, amount BIGINT NOT NULL, post BIGINT NOT NULL, cost BIGINT NOT NULL,
    created BIGINT NOT NULL, modified BIGINT NOT NULL, UNIQUE (tenant, day, shop, warehouse, spec));

-- Lines of the bills of a platform. `paid` is when the money moved; `bill_key` tells a line from the others of its shop.
CREATE TABLE bill (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, shop BIGINT NOT NULL, bill_key TEXT NOT NULL, status BIGINT NOT NULL,
    order_no TEXT NOT NULL, paid BIGINT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL, sealed BYTES NOT NULL,
    UNIQUE (shop, bill_key));
CREATE INDEX bill_paid ON bill (tenant, paid, id);
CREATE INDEX bill_shop_paid ON bill (shop, paid, id);
CREATE INDEX bill_order ON bill (tenant, order_no) WHERE order_no <> '';

-- The archive: what is over and old, out of the way of daily work. Each table has the columns of the one it takes from.
CREATE TABLE raw_order_archive AS SELECT * FROM raw_order WHERE 1 = 0;
CREATE UNIQUE INDEX raw_order_archive_id ON raw_order_archive (id);
CREATE UNIQUE INDEX raw_order_archive_tid ON raw_order_archive (tenant, tid);
CREATE INDEX raw_order_archive_modified ON raw_order_archive (tenant, modified, id);

CREATE TABLE sales_order_archive AS SELECT * FROM sales_order WHERE 1 = 0;
CREATE UNIQUE INDEX sales_order_archive_id ON sales_order_archive (id);
CREATE UNIQUE INDEX sales_order_archive_no ON sales_order_archive (tenant, no);
CREATE INDEX sales_order_archive_modified ON sales_order_archive (tenant, modified, id);
CREATE INDEX sales_order_archive_waybill ON sales_order_archive (tenant, waybill) WHERE waybill <> '';

CREATE TABLE stock_out_archive AS SELECT * FROM stock_out WHERE 1 = 0;
CREATE UNIQUE INDEX stock_out_archive_id ON stock_out_archive (id);
CREATE UNIQUE INDEX stock_out_archive_no ON stock_out_archive (tenant, no);
CREATE INDEX stock_out_archive_order ON stock_out_archive (sales_order);
CREATE INDEX stock_out_archive_modified ON stock_out_archive (tenant, modified, id);
CREATE INDEX stock_out_archive_consigned ON stock_out_archive (tenant, consigned, id);

CREATE TABLE logistics_sync_archive AS SELECT * FROM logistics_sync WHERE 1 = 0;
CREATE UNIQUE INDEX logistics_sync_archive_id ON logistics_sync_archive (id);
CREATE INDEX logistics_sync_archive_order ON logistics_sync_archive (sales_order);

-- Ledger rows that were carried forward, and what they sum to: a balance is the sum of this and of its ledger.
CREATE TABLE ledger_archive AS SELECT * FROM ledger WHERE 1 = 0;
CREATE UNIQUE INDEX ledger_archive_id ON ledger_archive (id);
CREATE INDEX ledger_archive_document ON ledger_archive (tenant, doc_no);
CREATE TABLE ledger_carry (
    balance BIGINT NOT NULL, quantity BIGINT NOT NULL, num BIGINT NOT NULL, PRIMARY KEY (balance, quantity)) /*clustered*/;

-- Refund orders that are over, and the return stock-ins that belong to them.
CREATE TABLE refund_order_archive AS SELECT * FROM refund_order WHERE 1 = 0;
CREATE UNIQUE INDEX refund_order_archive_id ON refund_order_archive (id);
CREATE UNIQUE INDEX refund_order_archive_no ON refund_order_archive (tenant, no);
CREATE INDEX refund_order_archive_modified ON refund_order_archive (tenant, modified, id);
CREATE INDEX refund_order_archive_finished ON refund_order_archive (tenant, finished, id) WHERE finished > 0;
CREATE INDEX refund_order_archive_src ON refund_order_archive (tenant, src_no) WHERE src_no <> '';
CREATE UNIQUE INDEX refund_order_archive_outer ON refund_order_archive (tenant, outer_no) WHERE outer_no <> '';

CREATE TABLE stock_in_archive AS SELECT * FROM stock_in WHERE 1 = 0;
CREATE UNIQUE INDEX stock_in_archive_id ON stock_in_archive (id);
CREATE UNIQUE INDEX stock_in_archive_no ON stock_in_archive (tenant, no);
CREATE UNIQUE INDEX stock_in_archive_outer_no ON stock_in_archive (tenant, outer_no) WHERE outer_no <> '';
CREATE INDEX stock_in_archive_modified ON stock_in_archive (tenant, modified, id);
CREATE INDEX stock_in_archive_kind ON stock_in_archive (tenant, kind, modified, id);
CREATE INDEX stock_in_archive_source ON stock_in_archive (tenant, source_no) WHERE source_no <> '';
