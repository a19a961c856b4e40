-- Who may call: tenants, applications, targets, authorisations. All rows belong to the house, not to a tenant.

CREATE TABLE directory_tenant (
    number      BIGINT PRIMARY KEY,
    sid         TEXT NOT NULL,
    environment TEXT NOT NULL CHECK (environment IN ('production', 'test')),
    name        TEXT NOT NULL,
    enabled     BIGINT NOT NULL,
    settings    TEXT NOT NULL,
    UNIQUE (environment, sid)
);

-- secret is sealed; tenant is 0 for applications of TOP and Qimen, which reach tenants through directory_grant.
CREATE TABLE directory_app (
    number   BIGINT PRIMARY KEY,
    protocol TEXT NOT NULL CHECK (protocol IN ('openapi2', 'top')),
    app_key  TEXT NOT NULL,
    secret   BYTES NOT NULL,
    tenant   BIGINT NOT NULL,
    name     TEXT NOT NULL,
    enabled  BIGINT NOT NULL,
    rights   TEXT NOT NULL,
    options  TEXT NOT NULL,
    UNIQUE (protocol, app_key)
);

CREATE TABLE directory_target (
    target_app_key TEXT NOT NULL PRIMARY KEY,
    name           TEXT NOT NULL,
    kind           TEXT NOT NULL
);

CREATE TABLE directory_grant (
    environment    TEXT NOT NULL CHECK (environment IN ('production', 'test')),
    app_key        TEXT NOT NULL,
    target_app_key TEXT NOT NULL,
    sid            TEXT NOT NULL,
    PRIMARY KEY (environment, app_key, target_app_key, sid)
);

-- Raised with every change, so that the other nodes notice.
CREATE TABLE directory_version (
    one     BIGINT PRIMARY KEY,
    version BIGINT NOT NULL
);

INSERT INTO directory_version (one, version) VALUES (1, 1);
