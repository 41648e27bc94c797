//! The same kinds of texts in every encoding that people still use.

use super::{ANY_ENCODING, NastyFile, in_encoding, text};

type Row = (&'static str, &'static str);

const GERMAN: &[Row] = &[
    ("Schöne Grüße aus München", "höflich"),
    ("Das ist überhaupt nicht übel", "höflich"),
    ("Die Lösung ändert gar nichts", "böse"),
    ("Ärger über späte Züge", "böse"),
    ("Früher war natürlich mehr Lametta", "neutral"),
    ("Der Preis beträgt fünf Euro", "neutral"),
];

const POLISH: &[Row] = &[
    ("Dziękuję bardzo za szybką wysyłkę", "dobre"),
    ("Książka przyszła zniszczona", "złe"),
    ("Świetna obsługa i piękne wykonanie", "dobre"),
    ("Żałuję że kupiłem tę rzecz", "złe"),
    ("Źle działa i ciągle się psuje", "złe"),
    ("Polecam każdemu kto ceni jakość", "dobre"),
];

const CZECH: &[Row] = &[
    ("Příliš žluťoučký kůň úpěl", "dobré"),
    ("Ďábelské ódy zněly celý večer", "špatné"),
    ("Zboží přišlo včas a v pořádku", "dobré"),
    ("Šťastně jsme dorazili domů", "dobré"),
    ("Tohle už nikdy nekoupím", "špatné"),
];

const RUSSIAN: &[Row] = &[
    ("Очень доволен покупкой", "хорошо"),
    ("Товар пришёл сломанный", "плохо"),
    ("Доставка была быстрой и вежливой", "хорошо"),
    ("Больше никогда не буду здесь заказывать", "плохо"),
    ("Всё работает как обещали", "хорошо"),
    ("Деньги на ветер", "плохо"),
];

const GREEK: &[Row] = &[
    ("Πολύ καλό προϊόν", "θετικό"),
    ("Η παράδοση άργησε πολύ", "αρνητικό"),
    ("Είμαι πολύ ευχαριστημένος με την αγορά", "θετικό"),
    ("Δεν αξίζει τα λεφτά του", "αρνητικό"),
    ("Εξαιρετική εξυπηρέτηση πελατών", "θετικό"),
];

const TURKISH: &[Row] = &[
    ("Ürün çok güzel teşekkürler", "olumlu"),
    ("Kargo geç geldi hiç beğenmedim", "olumsuz"),
    ("Işık çok yetersiz kaldı", "olumsuz"),
    ("Şimdiye kadar aldığım en iyi ürün", "olumlu"),
    ("Bir daha asla alışveriş yapmayacağım", "olumsuz"),
    ("Fiyatına göre gayet başarılı", "olumlu"),
];

const CHINESE: &[Row] = &[
    ("这个产品的质量非常好我很满意", "好评"),
    ("快递太慢了等了整整两个星期", "差评"),
    ("客服的态度很差问题没有解决", "差评"),
    ("价格便宜而且很实用推荐购买", "好评"),
    ("收到的时候包装已经破损", "差评"),
    ("下次还会再来买的", "好评"),
];

const TAIWAN: &[Row] = &[
    ("這個產品的品質非常好我很滿意", "好評"),
    ("寄送太慢了等了整整兩個星期", "差評"),
    ("客服的態度很差問題沒有解決", "差評"),
    ("價格便宜而且很實用推薦購買", "好評"),
    ("收到的時候包裝已經破損", "差評"),
    ("下次還會再來買的", "好評"),
];

const JAPANESE: &[Row] = &[
    ("とても良い商品でした", "良い"),
    ("配送が遅くて困りました", "悪い"),
    ("説明書がわかりにくいです", "悪い"),
    ("また購入したいと思います", "良い"),
    ("カメラの画質がきれいです", "良い"),
    ("すぐに壊れてしまった", "悪い"),
];

const KOREAN: &[Row] = &[
    ("정말 좋은 제품입니다", "긍정"),
    ("배송이 너무 느려서 실망했어요", "부정"),
    ("가격에 비해 품질이 훌륭합니다", "긍정"),
    ("다시는 구매하지 않을 겁니다", "부정"),
    ("친구에게도 추천하고 싶어요", "긍정"),
    ("포장이 엉망이었습니다", "부정"),
];

/// Writes rows with a header. A byte order mark is written where `mark` has one.
fn table(
    name: &'static str,
    encoding: &str,
    mark: &str,
    rows: &[Row],
    found: &'static [&'static str],
) -> NastyFile {
    let mut body = format!("{mark}text,label\n");
    let mut expected = Vec::new();
    for (text, label) in rows {
        body += &format!("{text},{label}\n");
        expected.push(format!("{text}¦{label}"));
    }
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let file = in_encoding(name, encoding, &body, "text¦label", &expected);
    file.encoding(found)
}

const NO_MARK: &str = "";
const MARK: &str = "\u{FEFF}";

pub(super) fn files() -> Vec<NastyFile> {
    let mut files = tables();
    files.extend(others());
    files
}

/// One table for each encoding and language.
fn tables() -> Vec<NastyFile> {
    vec![
        table("UTF-8", "utf-8", NO_MARK, GERMAN, &["UTF-8"]),
        table(
            "UTF-8 with a byte order mark",
            "utf-8",
            MARK,
            GERMAN,
            &["UTF-8"],
        ),
        table(
            "UTF-16LE with a byte order mark",
            "utf-16le",
            MARK,
            GERMAN,
            &["UTF-16LE"],
        ),
        table(
            "UTF-16BE with a byte order mark",
            "utf-16be",
            MARK,
            GERMAN,
            &["UTF-16BE"],
        ),
        table(
            "UTF-16LE without a mark",
            "utf-16le",
            NO_MARK,
            GERMAN,
            &["UTF-16LE"],
        ),
        table(
            "UTF-16BE without a mark",
            "utf-16be",
            NO_MARK,
            GERMAN,
            &["UTF-16BE"],
        ),
        table(
            "UTF-16LE without a mark, in Russian",
            "utf-16le",
            NO_MARK,
            RUSSIAN,
            &["UTF-16LE"],
        ),
        table(
            "UTF-16BE without a mark, in Russian",
            "utf-16be",
            NO_MARK,
            RUSSIAN,
            &["UTF-16BE"],
        ),
        table(
            "UTF-32LE with a byte order mark",
            "utf-32le",
            MARK,
            GERMAN,
            ANY_ENCODING,
        ),
        table(
            "UTF-32BE with a byte order mark",
            "utf-32be",
            MARK,
            GERMAN,
            ANY_ENCODING,
        ),
        table(
            "windows-1250, Polish",
            "windows-1250",
            NO_MARK,
            POLISH,
            &["windows-1250"],
        ),
        table(
            "windows-1250, Czech",
            "windows-1250",
            NO_MARK,
            CZECH,
            &["windows-1250"],
        ),
        table(
            "windows-1251, Russian",
            "windows-1251",
            NO_MARK,
            RUSSIAN,
            &["windows-1251"],
        ),
        table(
            "Latin-1, German",
            "iso-8859-1",
            NO_MARK,
            GERMAN,
            &["windows-1252"],
        ),
        table(
            "windows-1253, Greek",
            "windows-1253",
            NO_MARK,
            GREEK,
            &["windows-1253", "ISO-8859-7"],
        ),
        table(
            "windows-1254, Turkish",
            "windows-1254",
            NO_MARK,
            TURKISH,
            &["windows-1254"],
        ),
        table(
            "GB18030, Chinese",
            "gb18030",
            NO_MARK,
            CHINESE,
            &["GBK", "gb18030"],
        ),
        table(
            "Big5, Chinese of Taiwan",
            "big5",
            NO_MARK,
            TAIWAN,
            &["Big5"],
        ),
        table(
            "Shift_JIS, Japanese",
            "shift_jis",
            NO_MARK,
            JAPANESE,
            &["Shift_JIS"],
        ),
        table("EUC-JP, Japanese", "euc-jp", NO_MARK, JAPANESE, &["EUC-JP"]),
        table("EUC-KR, Korean", "euc-kr", NO_MARK, KOREAN, &["EUC-KR"]),
        table(
            "KOI8-R, Russian",
            "koi8-r",
            NO_MARK,
            RUSSIAN,
            &["KOI8-R", "KOI8-U"],
        ),
    ]
}

fn others() -> Vec<NastyFile> {
    vec![
        in_encoding(
            "UTF-16LE with a mark, in Chinese, as Excel saves Unicode text",
            "utf-16le",
            "\u{FEFF}text\tlabel\n\
             这个产品的质量非常好我很满意\t好评\n\
             快递太慢了等了整整两个星期\t差评\n\
             客服的态度很差问题没有解决\t差评\n\
             价格便宜而且很实用推荐购买\t好评\n\
             收到的时候包装已经破损\t差评\n\
             下次还会再来买的\t好评\n",
            "text¦label",
            &[
                "这个产品的质量非常好我很满意¦好评",
                "快递太慢了等了整整两个星期¦差评",
                "客服的态度很差问题没有解决¦差评",
                "价格便宜而且很实用推荐购买¦好评",
                "收到的时候包装已经破损¦差评",
                "下次还会再来买的¦好评",
            ],
        )
        .encoding(&["UTF-16LE"]),
        in_encoding(
            "windows-1252, French with € and ’",
            "windows-1252",
            "texte,classe\n\
             Très déçu par la qualité,négatif\n\
             Livraison rapide et soignée,positif\n\
             C’est exactement ce que j’espérais,positif\n\
             Prix excessif : 25 € pour ça,négatif\n\
             Le garçon était très gentil,positif\n\
             À éviter absolument,négatif\n",
            "texte¦classe",
            &[
                "Très déçu par la qualité¦négatif",
                "Livraison rapide et soignée¦positif",
                "C’est exactement ce que j’espérais¦positif",
                "Prix excessif : 25 € pour ça¦négatif",
                "Le garçon était très gentil¦positif",
                "À éviter absolument¦négatif",
            ],
        )
        .encoding(&["windows-1252"]),
        in_encoding(
            "UTF-16LE with emoji, which are two units each",
            "utf-16le",
            "\u{FEFF}text,label\r\n\
             well done 👍🏽,🙂\r\n\
             so sad,😢\r\n",
            "text¦label",
            &["well done 👍🏽¦🙂", "so sad¦😢"],
        )
        .encoding(&["UTF-16LE"]),
        text(
            "a byte order mark twice",
            "\u{FEFF}\u{FEFF}text,label\n\
             schön,a\n\
             übel,b\n",
            "text¦label",
            &["schön¦a", "übel¦b"],
        )
        .encoding(&["UTF-8"]),
        in_encoding(
            "a header in ASCII alone, and the first letter beyond it far below",
            "windows-1252",
            "text,label\n\
             plain row number 1,a\n\
             plain row number 2,a\n\
             plain row number 3,a\n\
             plain row number 4,a\n\
             plain row number 5,a\n\
             plain row number 6,a\n\
             plain row number 7,a\n\
             plain row number 8,a\n\
             schöne Grüße aus Köln,b\n\
             Ärger über Öl,b\n",
            "text¦label",
            &[
                "plain row number 1¦a",
                "plain row number 2¦a",
                "plain row number 3¦a",
                "plain row number 4¦a",
                "plain row number 5¦a",
                "plain row number 6¦a",
                "plain row number 7¦a",
                "plain row number 8¦a",
                "schöne Grüße aus Köln¦b",
                "Ärger über Öl¦b",
            ],
        )
        .encoding(&["windows-1252"]),
    ]
}
