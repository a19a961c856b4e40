-- Order flow (订单流程): rules, customers, and who has open orders for one address.

-- What people laid down about orders: kind 1 gift, 2 pre-sale, 3 warehouse, 4 carrier, 5 audit; the smaller priority is asked first.
CREATE TABLE flow_rule (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, kind BIGINT NOT NULL, name TEXT NOT NULL, priority BIGINT NOT NULL,
    disabled BIGINT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL, UNIQUE (tenant, kind, name));

-- What rules with a limit gave so far: orders, and pieces in ten-thousandths.
CREATE TABLE flow_rule_use (
    rule BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, orders BIGINT NOT NULL, pieces BIGINT NOT NULL);

-- Orders that are not released, by a keyed hash of buyer and address; kept only for merchants who merge.
CREATE TABLE open_buyer (
    tenant BIGINT NOT NULL, print TEXT NOT NULL, sales_order BIGINT NOT NULL, PRIMARY KEY (tenant, print, sales_order));
CREATE INDEX open_buyer_order ON open_buyer (sales_order);

-- Customers; found by keyed hashes of shop and nick, and of the mobile.
CREATE TABLE customer (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, nick_print TEXT NOT NULL, mobile_print TEXT NOT NULL,
    modified BIGINT NOT NULL, doc TEXT NOT NULL, sealed BYTES NOT NULL, UNIQUE (tenant, no));
CREATE UNIQUE INDEX customer_nick ON customer (tenant, nick_print) WHERE nick_print <> '';
CREATE INDEX customer_mobile ON customer (tenant, mobile_print) WHERE mobile_print <> '';
CREATE INDEX customer_modified ON customer (tenant, modified, id);
