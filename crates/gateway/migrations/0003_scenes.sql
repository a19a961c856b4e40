-- What the gateway serves beside the built-in methods: scenes, definitions of APIs with their versions, endpoints of targets,
-- routes by customerId, the story of every authorisation. All rows belong to the house.

CREATE TABLE gateway_scene (
    code       TEXT NOT NULL PRIMARY KEY,
    definition TEXT NOT NULL
);

-- The Wangdian scene, whose methods are built in, and the official one.
INSERT INTO gateway_scene (code, definition) VALUES
    ('hu3cgwt0tc', '{"name":"旺店通企业版"}'),
    ('qimen', '{"name":"奇门官方场景","official":true}');

CREATE TABLE gateway_api (
    environment TEXT NOT NULL CHECK (environment IN ('production', 'test')),
    scene       TEXT NOT NULL,
    name        TEXT NOT NULL,
    version     BIGINT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('draft', 'online', 'retired')),
    definition  TEXT NOT NULL,
    PRIMARY KEY (environment, scene, name, version)
);

-- secret signs the forwarded call, account_secret is that of the interface account of an openapi2 target; both sealed, empty when
-- there is none.
CREATE TABLE gateway_endpoint (
    target_app_key TEXT NOT NULL,
    environment    TEXT NOT NULL CHECK (environment IN ('production', 'test')),
    definition     TEXT NOT NULL,
    secret         BYTES NOT NULL,
    account_secret BYTES NOT NULL,
    PRIMARY KEY (target_app_key, environment)
);

CREATE TABLE gateway_customer_route (
    environment    TEXT NOT NULL CHECK (environment IN ('production', 'test')),
    customer_id    TEXT NOT NULL,
    direction      TEXT NOT NULL CHECK (direction IN ('to_wms', 'to_erp')),
    target_app_key TEXT NOT NULL,
    PRIMARY KEY (environment, customer_id, direction)
);

-- Authorisations from before are in force.
ALTER TABLE directory_grant ADD COLUMN status TEXT NOT NULL DEFAULT 'approved';

CREATE TABLE directory_grant_history (
    number         BIGINT PRIMARY KEY,
    environment    TEXT NOT NULL,
    app_key        TEXT NOT NULL,
    target_app_key TEXT NOT NULL,
    sid            TEXT NOT NULL,
    at             BIGINT NOT NULL,
    status         TEXT NOT NULL,
    who            TEXT NOT NULL,
    reason         TEXT NOT NULL
);

CREATE INDEX directory_grant_history_by_grant
    ON directory_grant_history (environment, app_key, target_app_key, sid, number);
