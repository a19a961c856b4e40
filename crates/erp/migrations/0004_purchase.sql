-- Purchase: providers, requisitions, purchase orders and returns.

CREATE TABLE provider (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, name TEXT NOT NULL, disabled BIGINT NOT NULL,
    deleted BIGINT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL, UNIQUE (tenant, no), UNIQUE (tenant, name));

-- What a provider calls a spec and asks for it.
CREATE TABLE provider_goods (
    provider BIGINT NOT NULL, spec BIGINT NOT NULL, goods_no TEXT NOT NULL, price BIGINT NOT NULL,
    PRIMARY KEY (provider, spec)) /*clustered*/;

-- Prices of purchase stock-ins of a spec: the last, the one before it, the lowest.
CREATE TABLE purchase_price (
    spec BIGINT PRIMARY KEY, last BIGINT NOT NULL, second BIGINT NOT NULL, lowest BIGINT NOT NULL);

CREATE TABLE purchase_apply (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, warehouse BIGINT NOT NULL, status BIGINT NOT NULL,
    modified BIGINT NOT NULL, doc TEXT NOT NULL, UNIQUE (tenant, no));
CREATE INDEX purchase_apply_modified ON purchase_apply (tenant, modified, id);
CREATE INDEX purchase_apply_status ON purchase_apply (tenant, status, modified, id);

-- `outer_no` is the number of whoever pushed the order, `wms_no` that of the outsourced warehouse; empty = none.
CREATE TABLE purchase_order (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, outer_no TEXT NOT NULL, wms_no TEXT NOT NULL,
    provider BIGINT NOT NULL, warehouse BIGINT NOT NULL, status BIGINT NOT NULL, modified BIGINT NOT NULL,
    doc TEXT NOT NULL, UNIQUE (tenant, no));
CREATE UNIQUE INDEX purchase_order_outer ON purchase_order (tenant, outer_no) WHERE outer_no <> '';
CREATE INDEX purchase_order_wms ON purchase_order (tenant, wms_no) WHERE wms_no <> '';
CREATE INDEX purchase_order_modified ON purchase_order (tenant, modified, id);
CREATE INDEX purchase_order_status ON purchase_order (tenant, status, modified, id);
CREATE INDEX purchase_order_warehouse ON purchase_order (tenant, warehouse, modified, id);

CREATE TABLE purchase_return (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, no TEXT NOT NULL, outer_no TEXT NOT NULL, wms_no TEXT NOT NULL,
    provider BIGINT NOT NULL, warehouse BIGINT NOT NULL, status BIGINT NOT NULL, modified BIGINT NOT NULL,
    doc TEXT NOT NULL, UNIQUE (tenant, no));
CREATE UNIQUE INDEX purchase_return_outer ON purchase_return (tenant, outer_no) WHERE outer_no <> '';
CREATE INDEX purchase_return_modified ON purchase_return (tenant, modified, id);
CREATE INDEX purchase_return_status ON purchase_return (tenant, status, modified, id);
CREATE INDEX purchase_return_warehouse ON purchase_return (tenant, warehouse, modified, id);
