-- Warehouses run by others, over the standard scene.

-- Whom we are docked to: one row for each customerId and direction of what comes in. The secret stands sealed.
CREATE TABLE wms_binding (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, environment TEXT NOT NULL, customer_id TEXT NOT NULL, inbound TEXT NOT NULL,
    disabled BIGINT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL, sealed BYTES NOT NULL,
    UNIQUE (environment, customer_id, inbound));
CREATE INDEX wms_binding_tenant ON wms_binding (tenant, id);

-- How far the event log of a tenant was looked through.
CREATE TABLE wms_cursor (tenant BIGINT PRIMARY KEY, event BIGINT NOT NULL);

-- What is to be told: 0 waits, 1 is being told, 2 done, 3 waits for a person, 4 not needed any more.
CREATE TABLE wms_task (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, binding BIGINT NOT NULL, method TEXT NOT NULL, kind TEXT NOT NULL,
    doc_no TEXT NOT NULL, event BIGINT NOT NULL, state BIGINT NOT NULL, due BIGINT NOT NULL, modified BIGINT NOT NULL,
    doc TEXT NOT NULL, sealed BYTES NOT NULL);
CREATE UNIQUE INDEX wms_task_event ON wms_task (binding, event, method, doc_no) WHERE event > 0;
CREATE INDEX wms_task_due ON wms_task (tenant, due, id) WHERE state IN (0, 1);
CREATE INDEX wms_task_doc ON wms_task (tenant, doc_no, id);
CREATE INDEX wms_task_state ON wms_task (tenant, state, id);

-- What was told to us: 0 waits for something, 1 applied, 2 waits for a person, 3 dismissed.
CREATE TABLE wms_heard (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, binding BIGINT NOT NULL, method TEXT NOT NULL, message_key TEXT NOT NULL,
    doc_no TEXT NOT NULL, state BIGINT NOT NULL, due BIGINT NOT NULL, modified BIGINT NOT NULL, doc TEXT NOT NULL,
    sealed BYTES NOT NULL, UNIQUE (binding, method, message_key));
CREATE INDEX wms_heard_due ON wms_heard (tenant, due, id) WHERE state = 0;
CREATE INDEX wms_heard_state ON wms_heard (tenant, state, id);
CREATE INDEX wms_heard_doc ON wms_heard (tenant, doc_no, id);
