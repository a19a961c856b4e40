//! What the demo says when it runs: where what is, and lines that work when they are pasted.

use std::path::Path;

use units::Clock;

use super::card::Card;
use crate::client::{encode, openapi2, qimen};

/// A few lines for a person who sees Matou for the first time.
pub(crate) fn welcome(card: &Card, file: &Path, clock: &dyn Clock, rate: f64) -> String {
    let base = &card.base_url;
    let keys = card.openapi2();
    let openapi2 = encode(&openapi2(clock, &card.wdt.sid, &keys, vec![("page_size".to_owned(), "5".to_owned())]));
    let method = "wdt.warehouse.query";
    let target = &card.qimen.target_app_key;
    let qimen = encode(&qimen(clock, method, &card.wdt.sid, &card.top(), target, Vec::new()));
    let shop = if rate > 0.0 {
        format!("every {:.1} s an order arrives through {base}/openapi2/trade_push.php / 模拟店铺持续推单", 1.0 / rate)
    } else {
        "off (--shop-rate 0.3 starts it) / 模拟店铺未启动".to_owned()
    };
    let program = program();
    let file = file.display();
    format!(
        "\
Matou demo / 码头演示环境

  openapi2   {base}/openapi2/      sid {sid}, appkey {appkey}
  Qimen      {base}/router/qm      app_key {app_key}, target_app_key {target}  (test / 测试: /router/qmtest)
  admin      {base}/admin/v1/      token and secrets / 令牌与密钥: {file}
  shop       {shop}

Try first (signed for the next 5 minutes) / 先试这几条(签名 5 分钟内有效):

  curl '{base}/openapi2/shop.php' -d '{openapi2}'
  curl '{base}/router/qm' -d '{qimen}'
  curl '{base}/admin/v1/orders?page_size=3' -H 'Authorization: Bearer {token}'

Later, signed anew / 之后重新签名:

  {program} sign --demo '{file}' stock_query.php spec_no=G1001-RED | sh

Stop with Ctrl-C / 按 Ctrl-C 停止
",
        sid = card.wdt.sid,
        appkey = card.wdt.appkey,
        app_key = card.qimen.app_key,
        token = card.admin.token,
    )
}

/// How this program was called, so that the lines work when pasted.
fn program() -> String {
    std::env::current_exe().map_or_else(|_| "matou".to_owned(), |path| path.display().to_string())
}
