//! The usual names of columns, in several languages. A header is recognised by them, and so is what a column means.

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The text to classify.
    Text,
    /// The second text of a pair.
    TextB,
    /// The label.
    Label,
    /// Train, valid or test.
    Split,
    /// A name or number of the row, of no use for learning.
    Id,
}

/// The language of a text.
const LANGUAGE: &[&str] = &[
    "language", "lang", "sprache", "langue", "idioma", "lingua", "locale",
];

/// The most usual first: of two such columns the earlier name wins.
const TEXT: &[&str] = &[
    "text",
    "texts",
    "text a",
    "text 1",
    "sentence",
    "sentence 1",
    "sentence a",
    "sentence1",
    "text1",
    "texta",
    "premise",
    "question1",
    "question 1",
    "message",
    "messages",
    "review",
    "review text",
    "reviewtext",
    "tweet",
    "tweet text",
    "comment",
    "comment text",
    "body",
    "content",
    "description",
    "utterance",
    "query",
    "question",
    "post",
    "document",
    "email",
    "e mail",
    "mail",
    "sms",
    "statement",
    "headline",
    "title",
    "subject",
    "summary",
    "abstract",
    "feedback",
    "complaint",
    "narrative",
    "phrase",
    "input",
    "prompt",
    "request",
    "ticket",
    "article",
    "transcript",
    "answer",
    "verbatim",
    "data",
    "x",
    "v2",
    // German
    "satz",
    "nachricht",
    "nachrichten",
    "bewertung",
    "bewertungstext",
    "kommentar",
    "inhalt",
    "beschreibung",
    "anfrage",
    "frage",
    "beitrag",
    "dokument",
    "aussage",
    "titel",
    "betreff",
    "meldung",
    "eingabe",
    "artikel",
    "rezension",
    "rückmeldung",
    "beschwerde",
    "freitext",
    // French, Spanish, Italian, Portuguese, Dutch
    "texte",
    "phrase",
    "avis",
    "commentaire",
    "contenu",
    "texto",
    "frase",
    "mensaje",
    "comentario",
    "reseña",
    "contenido",
    "testo",
    "messaggio",
    "commento",
    "recensione",
    "mensagem",
    "comentário",
    "avaliação",
    "tekst",
    "zin",
    "bericht",
    "opmerking",
    "beoordeling",
    // Polish, Turkish, Russian, Chinese, Japanese
    "treść",
    "wiadomość",
    "metin",
    "yorum",
    "текст",
    "сообщение",
    "отзыв",
    "文本",
    "内容",
    "评论",
    "テキスト",
    "本文",
];

const TEXT_B: &[&str] = &[
    "text b",
    "text 2",
    "textb",
    "text2",
    "sentence 2",
    "sentence b",
    "sentence2",
    "sentenceb",
    "hypothesis",
    "question2",
    "question 2",
    "second text",
    "text pair",
    "satz 2",
    "satz2",
    "satz b",
    "hypothese",
];

const LABEL: &[&str] = &[
    "label",
    "labels",
    "label text",
    "label name",
    "category",
    "categories",
    "class",
    "classes",
    "target",
    "intent",
    "intents",
    "sentiment",
    "topic",
    "topics",
    "tag",
    "tags",
    "type",
    "emotion",
    "emotions",
    "classification",
    "class name",
    "class label",
    "gold label",
    "gold",
    "polarity",
    "stance",
    "annotation",
    "rating",
    "stars",
    "score",
    "department",
    "queue",
    "y",
    "v1",
    "is spam",
    "spam",
    "toxic",
    "output",
    // German
    "kategorie",
    "kategorien",
    "klasse",
    "klassen",
    "etikett",
    "thema",
    "themen",
    "stimmung",
    "absicht",
    "art",
    "typ",
    "ziel",
    "abteilung",
    "einordnung",
    "einstufung",
    "schlagwort",
    "zielgröße",
    "sterne",
    "note",
    // French, Spanish, Italian, Portuguese, Dutch
    "étiquette",
    "etiquette",
    "catégorie",
    "categorie",
    "classe",
    "sujet",
    "etiqueta",
    "categoría",
    "categoria",
    "clase",
    "tema",
    "etichetta",
    "argomento",
    "rótulo",
    "klasse",
    "onderwerp",
    // Polish, Turkish, Russian, Chinese, Japanese
    "etykieta",
    "kategoria",
    "klasa",
    "etiket",
    "kategori",
    "sınıf",
    "метка",
    "категория",
    "класс",
    "标签",
    "类别",
    "ラベル",
    "カテゴリ",
];

const SPLIT: &[&str] = &[
    "split",
    "part",
    "partition",
    "subset",
    "set",
    "fold",
    "dataset split",
    "data split",
    "aufteilung",
    "teilmenge",
    "teil",
    "datensatz",
];

const ID: &[&str] = &[
    "id",
    "ids",
    "idx",
    "index",
    "nr",
    "no",
    "number",
    "nummer",
    "uuid",
    "guid",
    "key",
    "row",
    "zeile",
    "row id",
    "text id",
    "line",
    "date",
    "datum",
    "time",
    "timestamp",
    "created at",
    "user",
    "username",
    "author",
    "url",
    "language",
    "lang",
    "sprache",
    "name",
    "email address",
    "source",
    "quelle",
];

/// Returns a name as it is compared: lower case, words separated by one space.
pub(crate) fn normalised(name: &str) -> String {
    name.to_lowercase()
        .split(|c: char| c.is_whitespace() || matches!(c, '_' | '-' | '.' | ':' | '/'))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns how usual this name is for a role: 0 is the most usual, `None` is not usual at all.
pub(crate) fn rank(name: &str, role: Role) -> Option<usize> {
    let names = match role {
        Role::Text => TEXT,
        Role::TextB => TEXT_B,
        Role::Label => LABEL,
        Role::Split => SPLIT,
        Role::Id => ID,
    };
    let name = normalised(name);
    names.iter().position(|usual| *usual == name)
}

/// Tells whether the name of this rank among those of label columns is a label itself: of "toxic" there are often several
/// side by side, of "category" hardly ever.
pub(crate) fn is_label_itself(rank: usize) -> bool {
    LABEL
        .get(rank)
        .is_some_and(|name| matches!(*name, "is spam" | "spam" | "toxic"))
}

/// Tells whether a column is called as one that names the language of the text.
pub(crate) fn is_language(name: &str) -> bool {
    LANGUAGE.contains(&normalised(name).as_str())
}

/// Tells whether a cell is a usual name of a column, so that the row it stands in is probably a header.
pub(crate) fn is_usual(name: &str) -> bool {
    [Role::Text, Role::TextB, Role::Label, Role::Split, Role::Id]
        .into_iter()
        .any(|role| rank(name, role).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_separators() {
        assert_eq!(rank("Text", Role::Text), Some(0));
        assert_eq!(rank("text_b", Role::TextB), Some(0));
        assert_eq!(
            rank("Review-Text", Role::Text),
            rank("review text", Role::Text)
        );
        assert!(rank("KATEGORIE", Role::Label).is_some());
        assert!(rank("Größe", Role::Label).is_none());
        assert!(is_usual("partition") && !is_usual("I love this"));
    }
}
