-- The supplier side of the ASCP dock. Bodies and sessions are sealed.

-- A channel: one supplier id on one source platform, for one shop. Unique over the installation, because a push names nothing else.
CREATE TABLE ascp_channel (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, supplier_id TEXT NOT NULL, source_platform TEXT NOT NULL,
    shop BIGINT NOT NULL, doc TEXT NOT NULL, session BYTES NOT NULL, created BIGINT NOT NULL, modified BIGINT NOT NULL,
    UNIQUE (supplier_id, source_platform));
CREATE INDEX ascp_channel_tenant ON ascp_channel (tenant, id);

-- Every accepted push, whole. `key` tells a document from the others of its channel; a push that repeats a key counts as a copy.
CREATE TABLE ascp_message (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, channel BIGINT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    code TEXT NOT NULL, state BIGINT NOT NULL, reason TEXT NOT NULL, copies BIGINT NOT NULL, answer TEXT NOT NULL,
    fingerprint BYTES NOT NULL, body BYTES NOT NULL, at BIGINT NOT NULL, modified BIGINT NOT NULL,
    UNIQUE (channel, key));
CREATE INDEX ascp_message_code ON ascp_message (channel, code, id);
CREATE INDEX ascp_message_at ON ascp_message (channel, at);
CREATE INDEX ascp_message_open ON ascp_message (tenant, state, id) WHERE state > 1;

-- Fulfilment orders. `due` is the next deadline that somebody must keep; 0 = none.
CREATE TABLE ascp_order (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, channel BIGINT NOT NULL, code TEXT NOT NULL, state BIGINT NOT NULL,
    due BIGINT NOT NULL, doc TEXT NOT NULL, created BIGINT NOT NULL, modified BIGINT NOT NULL,
    UNIQUE (channel, code));
CREATE INDEX ascp_order_state ON ascp_order (tenant, state, id);
CREATE INDEX ascp_order_due ON ascp_order (tenant, due) WHERE due > 0;

-- Return orders.
CREATE TABLE ascp_reverse (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, channel BIGINT NOT NULL, code TEXT NOT NULL, forward TEXT NOT NULL,
    state BIGINT NOT NULL, due BIGINT NOT NULL, doc TEXT NOT NULL, sealed BYTES NOT NULL, created BIGINT NOT NULL,
    modified BIGINT NOT NULL, UNIQUE (channel, code));
CREATE INDEX ascp_reverse_state ON ascp_reverse (tenant, state, id);
CREATE INDEX ascp_reverse_forward ON ascp_reverse (channel, forward);
CREATE INDEX ascp_reverse_due ON ascp_reverse (tenant, due) WHERE due > 0;

-- Calls to TOP. `key` makes a call one of its kind; `due` is when it is to be sent, or, while it is under way, when that is given up.
CREATE TABLE ascp_call (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, channel BIGINT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    code TEXT NOT NULL, state BIGINT NOT NULL, due BIGINT NOT NULL, attempts BIGINT NOT NULL, problem TEXT NOT NULL,
    sealed BYTES NOT NULL, created BIGINT NOT NULL, modified BIGINT NOT NULL, UNIQUE (channel, key));
CREATE INDEX ascp_call_due ON ascp_call (due) WHERE state = 0;
CREATE INDEX ascp_call_waiting ON ascp_call (tenant, id) WHERE state = 0;
CREATE INDEX ascp_call_dead ON ascp_call (tenant, id) WHERE state = 2;
CREATE INDEX ascp_call_code ON ascp_call (channel, code, id);

-- Goods of the platform and what they are here; an empty spec_no waits for a person.
CREATE TABLE ascp_goods (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, channel BIGINT NOT NULL, sc_item_id TEXT NOT NULL, spec_no TEXT NOT NULL,
    doc TEXT NOT NULL, created BIGINT NOT NULL, modified BIGINT NOT NULL, UNIQUE (channel, sc_item_id));
CREATE INDEX ascp_goods_open ON ascp_goods (tenant, id) WHERE spec_no = '';

-- How far the event log of a merchant was followed.
CREATE TABLE ascp_cursor (tenant BIGINT PRIMARY KEY, seq BIGINT NOT NULL) /*hot*/;

-- What somebody should look at. `key` tells an alarm from the others of its kind; state 0 = open, 1 = over.
CREATE TABLE ascp_alarm (
    id BIGINT PRIMARY KEY, tenant BIGINT NOT NULL, channel BIGINT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    state BIGINT NOT NULL, text TEXT NOT NULL, at BIGINT NOT NULL, modified BIGINT NOT NULL,
    UNIQUE (channel, kind, key));
CREATE INDEX ascp_alarm_open ON ascp_alarm (tenant, id) WHERE state = 0;
