-- The simulator: what ASCP and TOP would keep. Nothing here is read by the supplier side.

CREATE TABLE ascp_sim_supplier (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, supplier_id TEXT NOT NULL, session TEXT NOT NULL, doc TEXT NOT NULL,
    modified BIGINT NOT NULL, UNIQUE (tenant, supplier_id));
CREATE INDEX ascp_sim_supplier_session ON ascp_sim_supplier (tenant, session);

CREATE TABLE ascp_sim_goods (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, supplier_id TEXT NOT NULL, sc_item_id BIGINT NOT NULL,
    created BIGINT NOT NULL, doc TEXT NOT NULL, UNIQUE (tenant, supplier_id, sc_item_id));

-- The stock account of a warehouse: quantity in all, and what open orders occupy of it. Type 1 is good, 101 defective.
CREATE TABLE ascp_sim_stock (
    tenant BIGINT NOT NULL, supplier_id TEXT NOT NULL, store_code TEXT NOT NULL, sc_item_id BIGINT NOT NULL,
    inventory_type BIGINT NOT NULL, quantity BIGINT NOT NULL, lock_quantity BIGINT NOT NULL,
    PRIMARY KEY (tenant, supplier_id, store_code, sc_item_id, inventory_type)) /*clustered*/;

CREATE TABLE ascp_sim_order (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, supplier_id TEXT NOT NULL, code TEXT NOT NULL, state BIGINT NOT NULL,
    doc TEXT NOT NULL, sealed BYTES NOT NULL, created BIGINT NOT NULL, modified BIGINT NOT NULL, UNIQUE (tenant, code));
CREATE INDEX ascp_sim_order_created ON ascp_sim_order (tenant, supplier_id, created);

CREATE TABLE ascp_sim_reverse (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, supplier_id TEXT NOT NULL, code TEXT NOT NULL, forward TEXT NOT NULL,
    state BIGINT NOT NULL, refund_due BIGINT NOT NULL, doc TEXT NOT NULL, created BIGINT NOT NULL, modified BIGINT NOT NULL,
    UNIQUE (tenant, code));
CREATE INDEX ascp_sim_reverse_forward ON ascp_sim_reverse (tenant, forward);
CREATE INDEX ascp_sim_reverse_due ON ascp_sim_reverse (refund_due) WHERE refund_due > 0;

-- Pushes on their way: state 0 waits, 1 accepted, 2 refused or given up.
CREATE TABLE ascp_sim_push (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, supplier_id TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL,
    state BIGINT NOT NULL, due BIGINT NOT NULL, attempts BIGINT NOT NULL, answer TEXT NOT NULL, sealed BYTES NOT NULL,
    modified BIGINT NOT NULL);
CREATE INDEX ascp_sim_push_due ON ascp_sim_push (due) WHERE state = 0;
CREATE INDEX ascp_sim_push_code ON ascp_sim_push (tenant, code, id);

-- Answers by idempotency key.
CREATE TABLE ascp_sim_done (
    tenant BIGINT NOT NULL, key TEXT NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (tenant, key)) /*clustered*/;

-- What is to go wrong: the next so many messages of a kind.
CREATE TABLE ascp_sim_fault (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, target TEXT NOT NULL, what TEXT NOT NULL, amount BIGINT NOT NULL,
    times BIGINT NOT NULL);

-- How far the business clock of the simulated world is ahead of the real one, seconds.
CREATE TABLE sandbox_clock (one BIGINT PRIMARY KEY, ahead BIGINT NOT NULL);
INSERT INTO sandbox_clock (one, ahead) VALUES (1, 0);
