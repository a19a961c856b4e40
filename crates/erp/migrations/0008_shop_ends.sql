-- When the authorisation of an enabled shop with its platform ends; NULL = it has no end, or nobody is to be told of it.
ALTER TABLE shop ADD COLUMN ends_at BIGINT;
CREATE INDEX shop_ends ON shop (ends_at) WHERE ends_at IS NOT NULL;
