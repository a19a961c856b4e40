//! Settings as a user meets them: the printed defaults, a wrong key, the environment, a folder in use, a backup.

use crate::house::{House, folder, matou, path, run, said};

#[test]
fn the_printed_defaults_are_a_settings_file() {
    let folder = folder();
    let (file, name) = path(folder.path(), "matou.toml");
    std::fs::write(&file, run(&["config"]).stdout).unwrap();
    let data = folder.path().join("none").display().to_string();
    let doctor = run(&["doctor", "--config", &name, "--data", &data]);
    assert!(said(&doctor).contains("ok    settings"), "{}", said(&doctor));
    assert_eq!(doctor.status.code(), Some(1), "there is no data: {}", said(&doctor));

    std::fs::write(&file, "[server]\nlisten = \"127.0.0.1:0\"\nport = 1\n").unwrap();
    let refused = run(&["serve", "--config", &name]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("matou.toml:3: server.port is not a setting"), "{}", said(&refused));

    // Without --config the matou.toml of the current folder counts.
    let refused = matou().arg("serve").current_dir(folder.path()).output().unwrap();
    assert!(said(&refused).contains("matou.toml:3"), "{}", said(&refused));
    std::fs::remove_file(&file).unwrap();
    let refused = matou().args(["serve", "--config", "absent.toml"]).current_dir(folder.path()).output().unwrap();
    assert!(said(&refused).contains("absent.toml"), "{}", said(&refused));
    let refused = matou().arg("serve").env("MATOU_SERVER_LISTEN", "here").current_dir(folder.path()).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("listen"), "{}", said(&refused));
}

#[test]
fn a_folder_has_one_owner_but_can_be_backed_up_and_examined() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let data = folder.path().display().to_string();
    let second = run(&["serve", "--data", &data, "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(2));
    assert!(said(&second).contains("another process uses this data folder"), "{}", said(&second));

    assert_eq!(house.caller().push("B1", "G1001-RED", 1)["code"], 0);
    let (copy, name) = path(folder.path(), "copy.db");
    let backup = run(&["backup", "--data", &data, "--to", &name]);
    assert!(backup.status.success() && copy.exists(), "{}", said(&backup));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600, "for its owner only");
    }
    let again = run(&["backup", "--data", &data, "--to", &name]);
    assert!(!again.status.success() && said(&again).contains("exists already"), "{}", said(&again));
    let doctor = run(&["doctor", "--data", &data]);
    assert!(doctor.status.success(), "{}", said(&doctor));
    drop(house);

    // The copy is a whole database: put into an empty folder with the keys, it serves.
    let other = crate::house::folder();
    std::fs::copy(&copy, other.path().join("matou.db")).unwrap();
    for key in ["master.key", "admin.token"] {
        std::fs::copy(folder.path().join(key), other.path().join(key)).unwrap();
    }
    let restored = House::start(other.path(), &[]);
    let found = restored.caller().admin("GET", "/orders?tid=B1", &serde_json::Value::Null).json();
    assert_eq!(found["total_count"], 1, "{found}");
}

#[test]
fn a_lost_master_key_is_reported_and_no_new_one_is_written() {
    let folder = folder();
    drop(House::start(folder.path(), &[]));
    let key = folder.path().join("master.key");
    let kept = std::fs::read_to_string(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let data = folder.path().display().to_string();
    for _ in 0..2 {
        let refused = run(&["serve", "--data", &data, "--listen", "127.0.0.1:0"]);
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert!(said(&refused).contains("master.key: the master key is not there"), "{}", said(&refused));
        assert!(!key.exists(), "a new key was written");
    }
    std::fs::write(&key, kept).unwrap();
    let house = House::start(folder.path(), &[]);
    assert_eq!(house.caller().push("K1", "G1001-RED", 1)["code"], 0);
}
