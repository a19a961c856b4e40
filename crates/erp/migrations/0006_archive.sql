-- Marks, sales by day, platform bills, daily quotas and the archive.

CREATE INDEX platform_goods_modified ON platform_goods (tenant, modified, id);
CREATE INDEX platform_goods_shop ON platform_goods (shop, modified, id);

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
