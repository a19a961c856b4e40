-- What callers read by windows and for which shops they push: one row for each caller, method and shop (and other conditions of a
-- read), both as JSON. Rows of calls to targets outside belong to the house.
CREATE TABLE gateway_coverage (
    tenant  BIGINT NOT NULL,
    subject TEXT   NOT NULL,
    state   TEXT   NOT NULL,
    seen    BIGINT NOT NULL,
    PRIMARY KEY (tenant, subject)
);

CREATE INDEX gateway_coverage_seen ON gateway_coverage (tenant, seen);
