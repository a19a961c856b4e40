-- Calls of an application that count towards a daily limit, by the day (yyyymmdd at GMT+8).
CREATE TABLE quota_day (
    tenant BIGINT NOT NULL,
    app    BIGINT NOT NULL,
    method TEXT NOT NULL,
    day    BIGINT NOT NULL,
    calls  BIGINT NOT NULL,
    PRIMARY KEY (tenant, app, method, day)
) /*clustered*/;
