-- Limits of calls, mock rules, business keys. All rows belong to the house.

CREATE TABLE gateway_limit (
    number     BIGINT PRIMARY KEY,
    generation BIGINT NOT NULL,
    definition TEXT NOT NULL
);

-- What of a limit is spent, or lent to a node that spends it. budget names rule and caller; one row for each span.
CREATE TABLE gateway_budget (
    budget       TEXT NOT NULL,
    span         TEXT NOT NULL CHECK (span IN ('second', 'minute', 'day')),
    period       BIGINT NOT NULL,
    used         BIGINT NOT NULL,
    banned_until BIGINT NOT NULL,
    PRIMARY KEY (budget, span)
);

CREATE TABLE gateway_stub (
    environment TEXT NOT NULL CHECK (environment IN ('production', 'test')),
    method      TEXT NOT NULL,
    version     BIGINT NOT NULL,
    current     BIGINT NOT NULL,
    definition  TEXT NOT NULL,
    PRIMARY KEY (environment, method, version)
);

-- Writes by their business key: hash of the key, hash of the content, and the fingerprint of the receipt that keeps the first answer.
CREATE TABLE gateway_once (
    tenant      BIGINT NOT NULL,
    once_key    BYTES NOT NULL,
    content     BYTES NOT NULL,
    fingerprint BYTES NOT NULL,
    request_id  TEXT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (tenant, once_key)
);

CREATE INDEX gateway_once_by_age ON gateway_once (tenant, at);
