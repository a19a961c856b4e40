//! The door of the scene: signatures of the sheet, who may call, what a hostile body meets.

use dock_wms::hub::HeardState;

use crate::world::{ERP_KEY, SECRET, World, world};

/// Vectors V9 to V11 of the sheet, with their key.
const BODY: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><request><deliveryOrder><deliveryOrderCode>D0001</deliveryOrderCode>\
    <warehouseCode>杭州仓</warehouseCode></deliveryOrder></request>";
const SIGNS: [(&str, &str); 3] = [
    ("md5", "BABA37A9C0055FA3E0B082E1B823B179"),
    ("hmac", "17A9202BBD42E09579D9DF03FA47A064"),
    ("hmac-sha256", "515ECEC06C40FC20A7F56D701A30ADAC3D4A31F362D92F006C9533881C153301"),
];

async fn send(world: &World, query: &str, content_type: &str, body: impl Into<bytes::Bytes>) -> String {
    let (status, text) =
        world.network.call("POST", &format!("hub/router/qimen/service?{query}"), content_type, body.into()).await;
    assert_eq!(status, 200, "{text}");
    text
}

fn code(reply: &str) -> &str {
    reply.split_once("<code>").and_then(|(_, rest)| rest.split_once("</code>")).map_or("?", |(code, _)| code)
}

/// The parameters of a call that passes.
const PUBLIC: [(&str, &str); 6] = [
    ("method", "taobao.qimen.deliveryorder.confirm"),
    ("app_key", crate::world::WMS_KEY),
    ("timestamp", "2026-01-02 03:04:05"),
    ("v", "2.0"),
    ("sign_method", "md5"),
    ("customerId", "c1"),
];

/// The same with another value, or with none for `-`.
fn with(name: &str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    let others = PUBLIC.into_iter().filter(|(of, _)| *of != name);
    let own = PUBLIC.into_iter().filter(|(of, _)| *of == name && value != "-").map(|(of, _)| (of, value));
    others.chain(own).collect()
}

fn signed(pairs: &[(&str, &str)], body: &str) -> String {
    let mut pairs: Vec<(&str, &str)> = pairs.to_vec();
    let sign = wire::top::sign(wire::top::Digest::Md5, SECRET, pairs.iter().copied(), Some(body.as_bytes()));
    pairs.push(("sign", &sign));
    wire::form::encode(pairs.iter().copied(), wire::form::Space::Percent)
}

#[tokio::test]
async fn the_vectors_of_the_sheet_pass_the_door() {
    let world = world().await;
    // The sheet's caller and customer: known here under the keys that the vectors use.
    let directory = gateway::Directory::open(world.store.clone()).await.unwrap();
    let new = gateway::directory::NewApp {
        protocol: gateway::directory::Protocol::Top,
        key: "21300000".into(),
        secret: store::Secret::new(SECRET),
        tenant: 0,
        name: String::new(),
        rights: Default::default(),
        options: Default::default(),
    };
    directory.create_app(new).await.unwrap();
    for (digest, sign) in SIGNS {
        let query = format!(
            "method=taobao.qimen.deliveryorder.create&app_key=21300000&timestamp=2026-01-02%2003%3A04%3A05&format=xml&v=2.0\
             &customerId=c0001&sign_method={digest}&sign={sign}"
        );
        // The door that the test holds open does not know the new application; one that has read the directory does.
        let answer = world.fresh_door(&directory, &query, BODY).await;
        assert_eq!(code(&answer), "41", "{digest}: signed well, but nobody is c0001: {answer}");
        assert!(answer.contains("isv.invalid-parameter:customerId"), "{answer}");
        let wrong = world.fresh_door(&directory, &query, &BODY.replace("D0001", "D0002")).await;
        assert_eq!(code(&wrong), "25", "{digest}: the body is signed");
    }
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_named() {
    let world = world().await;
    for (name, value, expected) in [
        ("method", "-", "21"),
        ("method", "taobao.qimen.nothing", "22"),
        ("app_key", "-", "28"),
        ("app_key", "1", "29"),
        ("timestamp", "-", "30"),
        ("timestamp", "soon", "31"),
        ("timestamp", "2026-01-02 04:04:05", "31"),
        ("v", "-", "32"),
        ("v", "x", "33"),
        ("v", "3.0", "34"),
        ("sign_method", "sha1", "41"),
        ("customerId", "-", "40"),
        ("customerId", "nobody", "41"),
    ] {
        let reply = send(&world, &signed(&with(name, value), "<request/>"), "text/xml", "<request/>").await;
        assert_eq!(code(&reply), expected, "{name} = {value}: {reply}");
        assert!(reply.contains("<flag>failure</flag>"), "{reply}");
    }
    let reply = send(&world, &signed(&PUBLIC, "<request/>"), "text/xml", "<request/>").await;
    assert!(reply.contains("isv.missing-parameter:request.deliveryOrder"), "{reply}");
    let reply = send(&world, "method=a&sign=b", "text/xml", "<request/>").await;
    assert_eq!(code(&reply), "22", "{reply}");
    assert!(world.heard(world.m, HeardState::Waiting).await.is_empty(), "a refused message leaves nothing");
}

#[tokio::test]
async fn clocks_are_watched_at_this_door_too() {
    let world = world().await;
    let tell = async |name: &str, value: &'static str, expected: &str| {
        let reply = send(&world, &signed(&with(name, value), "<request/>"), "text/xml", "<request/>").await;
        assert_eq!(code(&reply), expected, "{name} = {value}: {reply}");
    };
    // Calls, those outside the window, and the last skew; the world has called before.
    let seen = || {
        let clocks = world.gateway.clock_skews();
        let own = clocks.iter().find(|clock| &*clock.app.key == crate::world::WMS_KEY);
        own.map_or((0, 0, 0), |clock| (clock.calls, clock.outside, clock.last))
    };
    let before = seen();
    // Not counted: a stranger, and a signature that is wrong.
    tell("app_key", "1", "29").await;
    let wrong = send(&world, &signed(&PUBLIC, "<other/>"), "text/xml", "<request/>").await;
    assert_eq!(code(&wrong), "25");
    assert_eq!(seen(), before);
    tell("timestamp", "2026-01-02 02:59:05", "S002").await;
    assert_eq!(seen(), (before.0 + 1, before.1, -300));
    tell("timestamp", "2026-01-01 19:04:06", "31").await;
    assert_eq!(seen(), (before.0 + 2, before.1 + 1, -28_799));
}

#[tokio::test]
async fn who_is_known_can_be_kept_from_strangers() {
    use gateway::directory::{AppChange, AppOptions, Protocol, SignMethod};
    let world = world().await;
    let directory = gateway::Directory::open(world.store.clone()).await.unwrap();
    let options = AppOptions { minimum_sign_method: SignMethod::Hmac, ..AppOptions::default() };
    let number = directory.snapshot().app(Protocol::Top, crate::world::WMS_KEY).unwrap().number;
    directory.update_app(number, AppChange { options: Some(options), ..AppChange::default() }).await.unwrap();
    for conceals in [false, true] {
        let config = gateway::Config { conceal_applications: conceals, ..gateway::Config::default() };
        for digest in ["md5", "hmac"] {
            let mut answers = Vec::new();
            for key in [crate::world::WMS_KEY, "21309999"] {
                let query = format!(
                    "method=deliveryorder.confirm&app_key={key}&timestamp=2026-01-02%2003%3A04%3A05&v=2.0\
                     &customerId=c1&sign_method={digest}&sign=00000000000000000000000000000000"
                );
                let reply = world.door_with(config.clone(), &directory, &query, "<request/>").await;
                let (before, after) = reply.split_once("<request_id>").unwrap();
                answers.push(format!("{before}{}", after.split_once("</request_id>").unwrap().1));
            }
            assert_eq!(answers[0] == answers[1], conceals, "{digest}: {answers:?}");
            assert_eq!((code(&answers[0]), code(&answers[1])), ("25", if conceals { "25" } else { "29" }));
        }
    }
    // Whoever signs rightly is told that he must sign better.
    let signer = dock_wms::Signer {
        app_key: crate::world::WMS_KEY.into(),
        secret: store::Secret::new(SECRET),
        customer_id: "c1".into(),
        spelling: dock_wms::Spelling::Short,
        version: "1.0".into(),
    };
    let now = units::Moment::parse("2026-01-02 03:04:05").unwrap();
    let query = signer.query("deliveryorder.confirm", now, b"<request/>");
    let reply = world.fresh_door(&directory, &query, "<request/>").await;
    assert!(code(&reply) == "41" && reply.contains("stronger sign_method"), "{reply}");
}

#[tokio::test]
async fn hostile_bodies_meet_an_envelope() {
    let world = world().await;
    let deep = format!("<request>{}{}</request>", "<a>".repeat(10_000), "</a>".repeat(10_000));
    let wide = format!("<request>{}</request>", "<a/>".repeat(300_000));
    let bombs = [
        "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><request>&b;</request>",
        "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><request>&x;</request>",
        "<!DOCTYPE r SYSTEM \"http://example.com/x.dtd\"><request/>",
        "<request>&unknown;</request>",
        "<request><a></request>",
        "not xml",
        &deep,
        &wide,
    ];
    for bomb in bombs {
        let reply = world.tell("c1", "deliveryorder.confirm", bomb).await;
        assert_eq!(code(&reply), "41", "{}: {reply}", bomb.chars().take(60).collect::<String>());
        assert!(!reply.contains("root:"), "no file is read");
    }
    let query = "method=deliveryorder.confirm&app_key=1&customerId=c1&timestamp=2026-01-02%2003%3A04%3A05&v=2.0&sign=x";
    let reply = send(&world, query, "text/xml;charset=utf-8", &b"<request>\xff\xfe</request>"[..]).await;
    assert_eq!(code(&reply), "47", "{reply}");
    let reply = send(&world, query, "text/xml;charset=GBK", "<request/>").await;
    assert_eq!(code(&reply), "47", "{reply}");
    let huge = vec![b'x'; 11 * 1024 * 1024];
    let reply = send(&world, query, "text/xml", huge).await;
    assert_eq!(code(&reply), "41", "{reply}");
}

#[tokio::test]
async fn nobody_reaches_another_merchants_customers() {
    let world = world().await;
    // c2 as an ERP's is `m`; as a warehouse's it is `w`. The direction of the method decides.
    let body = "<request><criteriaList><criteria><itemCode>A-1</itemCode></criteria></criteriaList></request>";
    let reply = world.tell("c2", "inventory.query", body).await;
    assert!(reply.contains("<flag>success</flag>") && reply.contains("<quantity>1000</quantity>"), "{reply}");
    let reply = world.tell("c1", "inventory.query", body).await;
    assert_eq!(code(&reply), "41", "nobody is a warehouse as c1: {reply}");
    // An application without authorisation for the tenant.
    let directory = gateway::Directory::open(world.store.clone()).await.unwrap();
    for environment in [gateway::directory::Environment::Production] {
        let grant = gateway::directory::Grant {
            environment,
            app_key: crate::world::WMS_KEY.into(),
            target_app_key: "21360001".into(),
            sid: "w".into(),
        };
        directory.revoke(grant).await.unwrap();
    }
    let query = dock_wms::Signer {
        app_key: crate::world::WMS_KEY.into(),
        secret: store::Secret::new(SECRET),
        customer_id: "c2".into(),
        spelling: dock_wms::Spelling::Short,
        version: "1.0".into(),
    };
    let query = query.query("inventory.query", units::Moment::parse("2026-01-02 03:04:05").unwrap(), body.as_bytes());
    let reply = world.fresh_door(&directory, &query, body).await;
    assert_eq!(code(&reply), "11", "{reply}");
    assert!(reply.contains("isv.invalid-permission"), "{reply}");
    assert_ne!(ERP_KEY, crate::world::WMS_KEY);
}

#[tokio::test]
async fn the_sandbox_host_and_the_test_path_are_the_test_environment() {
    let world = world().await;
    for path in ["router/qimen/servicetest", "top/router/qimen/servicetest"] {
        let query = "method=deliveryorder.confirm&app_key=1";
        let (_, reply) = world.network.call("POST", &format!("hub/{path}?{query}"), "text/xml", "<a/>".into()).await;
        assert_eq!(code(&reply), "29", "{path}: {reply}");
    }
    let body = "<request><criteriaList><criteria><itemCode>A-1</itemCode></criteria></criteriaList></request>";
    let signer = dock_wms::Signer {
        app_key: crate::world::WMS_KEY.into(),
        secret: store::Secret::new(SECRET),
        customer_id: "c2".into(),
        spelling: dock_wms::Spelling::Long,
        version: "2.0".into(),
    };
    let query = signer.query("inventory.query", units::Moment::parse("2026-01-02 03:04:05").unwrap(), body.as_bytes());
    for (url, expected) in [("router/qimen/service", "0"), ("router/qimen/servicetest", "41")] {
        let (_, reply) = world.network.call("POST", &format!("hub/{url}?{query}"), "text/xml", body.into()).await;
        assert_eq!(code(&reply), expected, "{url}: the customer is known in production only: {reply}");
    }
}

#[tokio::test]
async fn a_customer_of_somebody_outside_is_forwarded_under_the_targets_own_signature() {
    use gateway::directory::{CustomerRoute, Endpoint, Environment, Grant, Target, TargetKind};
    let world = world().await;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = std::sync::Arc::<std::sync::Mutex<Vec<String>>>::default();
    let hears = std::sync::Arc::clone(&heard);
    let listen = axum::middleware::map_request(move |request: axum::extract::Request| {
        hears.lock().unwrap().push(request.uri().query().unwrap_or_default().to_owned());
        std::future::ready(request)
    });
    let simulator = world.simulator.router().layer(listen);
    tokio::spawn(async move { axum::serve(listener, simulator).await });
    let directory = gateway::Directory::open(world.store.clone()).await.unwrap();
    // The simulated warehouse verifies with SECRET; the caller signs with a secret of its own.
    let app = gateway::directory::NewApp {
        protocol: gateway::directory::Protocol::Top,
        key: "21300009".into(),
        secret: store::Secret::new("callersecret"),
        tenant: 0,
        name: String::new(),
        rights: Default::default(),
        options: Default::default(),
    };
    directory.create_app(app).await.unwrap();
    let endpoint = |secret: &str| Endpoint {
        url: format!("http://{address}{}", dock_wms::platform::DOOR),
        secret: store::Secret::new(secret),
        private_allowed: true,
        ..Endpoint::default()
    };
    for (key, secret) in [("21360009", SECRET), ("21360010", "anothersecret")] {
        let target = Target {
            key: key.into(),
            name: String::new(),
            kind: TargetKind::Http,
            production: endpoint(secret),
            test: Endpoint::default(),
        };
        directory.put_target(target).await.unwrap();
        let route = CustomerRoute {
            environment: Environment::Production,
            customer_id: format!("out{key}"),
            direction: gateway::directory::Direction::ToWms,
            target_app_key: key.into(),
        };
        directory.put_customer_route(route).await.unwrap();
    }
    let body = "<request><criteriaList><criteria><itemCode>A-1</itemCode></criteria></criteriaList></request>";
    let query = |customer: &str| {
        let signer = dock_wms::Signer {
            app_key: "21300009".into(),
            secret: store::Secret::new("callersecret"),
            customer_id: customer.into(),
            spelling: dock_wms::Spelling::Long,
            version: "2.0".into(),
        };
        signer.query("inventory.query", units::Moment::parse("2026-01-02 03:04:05").unwrap(), body.as_bytes())
    };
    let reply = world.fresh_door(&directory, &query("out21360009"), body).await;
    assert_eq!(code(&reply), "11", "not authorised yet: {reply}");
    for key in ["21360009", "21360010"] {
        let grant = Grant {
            environment: Environment::Production,
            app_key: "21300009".into(),
            target_app_key: key.into(),
            sid: gateway::directory::EVERY_SID.into(),
        };
        directory.grant(grant).await.unwrap();
    }
    let reply = world.fresh_door(&directory, &query("out21360009"), body).await;
    assert!(reply.contains("<flag>success</flag>") && reply.contains("<quantity>1000</quantity>"), "{reply}");
    // Signed with a secret that the target does not have: its own refusal comes back as it is.
    let reply = world.fresh_door(&directory, &query("out21360010"), body).await;
    assert_eq!(code(&reply), "10004", "{reply}");
    // What is seen beside the public parameters goes on (fact sheet qimen, C6); what nobody knows does not.
    let query = query("out21360009");
    let own = wire::params::Params::of_query(query.as_bytes()).unwrap();
    let mut signed: Vec<_> = own.iter().collect();
    signed.retain(|(name, _)| *name != "sign");
    signed.extend([("test_type", "normal"), ("version", "1"), ("zz", "1")]);
    let sign = wire::top::sign(wire::top::Digest::Md5, "callersecret", signed.iter().copied(), Some(body.as_bytes()));
    let query = wire::form::encode(signed.into_iter().chain([("sign", sign.as_str())]), wire::form::Space::Plus);
    let reply = world.fresh_door(&directory, &query, body).await;
    assert!(reply.contains("<quantity>1000</quantity>"), "{reply}");
    let heard = heard.lock().unwrap().last().cloned().unwrap_or_default();
    assert!(heard.contains("test_type=normal") && heard.contains("version=1") && !heard.contains("zz="), "{heard}");
}
