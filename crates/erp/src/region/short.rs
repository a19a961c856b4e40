//! Short forms of names: 深圳市 → 深圳, 恩施土家族苗族自治州 → 恩施.

/// What a name may end with, longer ones first.
const KINDS: [&str; 15] = [
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "林区",
    "特区",
    "新区",
    "省",
    "市",
    "州",
    "盟",
    "区",
    "县",
];

/// Peoples that stand in the names of autonomous divisions.
const PEOPLES: [&str; 48] = [
    "柯尔克孜",
    "哈萨克",
    "塔吉克",
    "维吾尔",
    "达斡尔",
    "鄂伦春",
    "鄂温克",
    "蒙古",
    "朝鲜",
    "土家",
    "布依",
    "哈尼",
    "景颇",
    "傈僳",
    "锡伯",
    "仫佬",
    "毛南",
    "仡佬",
    "纳西",
    "拉祜",
    "布朗",
    "独龙",
    "普米",
    "裕固",
    "保安",
    "东乡",
    "撒拉",
    "苗",
    "藏",
    "羌",
    "彝",
    "侗",
    "壮",
    "傣",
    "白",
    "回",
    "满",
    "畲",
    "瑶",
    "黎",
    "水",
    "佤",
    "怒",
    "土",
    "各",
    "京",
    "高山",
    "阿昌",
];

/// The name without its kind and without the peoples in it; the name itself when less than two characters would be left.
pub(super) fn short(name: &str) -> &str {
    let Some(body) = KINDS.iter().find_map(|kind| name.strip_suffix(kind)).filter(|body| long_enough(body)) else {
        return name.strip_suffix('旗').filter(|body| long_enough(body)).unwrap_or(name);
    };
    if !name[body.len()..].starts_with("自治") {
        return body;
    }
    let mut short = body;
    while let Some(shorter) = without_people(short) {
        short = shorter;
    }
    if short == body { body.strip_suffix('族').filter(|b| long_enough(b)).unwrap_or(body) } else { short }
}

/// Without one people at the end. Peoples of one character are recognised by the 族 behind them only.
fn without_people(text: &str) -> Option<&str> {
    let with_zu = text.strip_suffix('族');
    PEOPLES.iter().find_map(|people| match with_zu {
        Some(text) => text.strip_suffix(people).filter(|b| long_enough(b)),
        None if people.chars().nth(1).is_some() => text.strip_suffix(people).filter(|b| long_enough(b)),
        None => text.strip_suffix("各").filter(|b| *people == "各" && long_enough(b)),
    })
}

fn long_enough(text: &str) -> bool {
    text.chars().nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn without_kind_and_peoples() {
        for (name, expected) in [
            ("北京市", "北京"),
            ("广东省", "广东"),
            ("内蒙古自治区", "内蒙古"),
            ("广西壮族自治区", "广西"),
            ("新疆维吾尔自治区", "新疆"),
            ("香港特别行政区", "香港"),
            ("恩施土家族苗族自治州", "恩施"),
            ("伊犁哈萨克自治州", "伊犁"),
            ("前郭尔罗斯蒙古族自治县", "前郭尔罗斯"),
            ("龙胜各族自治县", "龙胜"),
            ("双江拉祜族佤族布朗族傣族自治县", "双江"),
            ("东乡族自治县", "东乡"),
            ("鄂伦春自治旗", "鄂伦春"),
            ("互助土族自治县", "互助"),
            ("沙县区", "沙县"),
            ("沙县", "沙县"),
            ("东区", "东区"),
            ("浦东新区", "浦东"),
            ("土默特左旗", "土默特左"),
            ("大兴安岭地区", "大兴安岭"),
            ("海淀", "海淀"),
            ("", ""),
        ] {
            assert_eq!(short(name), expected);
        }
    }
}
