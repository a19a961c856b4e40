-- Authorisations that end: from that moment calls are refused; NULL = never. A step of the story says the end that it left.
ALTER TABLE directory_grant ADD COLUMN ends_at BIGINT;
ALTER TABLE directory_grant_history ADD COLUMN ends_at BIGINT;
