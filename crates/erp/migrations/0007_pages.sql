-- A page of a window is counted and skipped over in the index alone: what its callers restrict it by (a merchant with a Taobao
-- shop restricts every page by shop) stands behind the key. These columns change together with `modified`, or never.

DROP INDEX goods_modified;
CREATE INDEX goods_modified ON goods (tenant, modified, id, disabled, deleted);

DROP INDEX raw_order_modified;
CREATE INDEX raw_order_modified ON raw_order (tenant, modified, id, shop);
DROP INDEX raw_order_archive_modified;
CREATE INDEX raw_order_archive_modified ON raw_order_archive (tenant, modified, id, shop);

DROP INDEX sales_order_modified;
CREATE INDEX sales_order_modified ON sales_order (tenant, modified, id, shop, warehouse, status);
DROP INDEX sales_order_archive_modified;
CREATE INDEX sales_order_archive_modified ON sales_order_archive (tenant, modified, id, shop, warehouse, status);

DROP INDEX stock_out_modified;
CREATE INDEX stock_out_modified ON stock_out (tenant, modified, id, shop, warehouse, status);
DROP INDEX stock_out_consigned;
CREATE INDEX stock_out_consigned ON stock_out (tenant, consigned, id, shop, warehouse, status);
DROP INDEX stock_out_archive_modified;
CREATE INDEX stock_out_archive_modified ON stock_out_archive (tenant, modified, id, shop, warehouse, status);
DROP INDEX stock_out_archive_consigned;
CREATE INDEX stock_out_archive_consigned ON stock_out_archive (tenant, consigned, id, shop, warehouse, status);

DROP INDEX raw_refund_modified;
CREATE INDEX raw_refund_modified ON raw_refund (tenant, modified, id, shop, process);

DROP INDEX refund_order_modified;
CREATE INDEX refund_order_modified ON refund_order (tenant, modified, id, shop, warehouse, status);
DROP INDEX refund_order_archive_modified;
CREATE INDEX refund_order_archive_modified ON refund_order_archive (tenant, modified, id, shop, warehouse, status);

DROP INDEX stock_in_modified;
CREATE INDEX stock_in_modified ON stock_in (tenant, modified, id, kind, status, warehouse, shop, provider);
DROP INDEX stock_in_archive_modified;
CREATE INDEX stock_in_archive_modified ON stock_in_archive (tenant, modified, id, kind, status, warehouse, shop, provider);
