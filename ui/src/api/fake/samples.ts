/** Texts of the fake's projects, and the words by which its "model" knows the labels. */

export interface Sample {
  readonly text: string;
  readonly label: string;
}

const SUPPORT_TEXTS: Record<string, readonly string[]> = {
  billing: [
    "I was charged twice for March. Please refund one of them.",
    "Refund still not here. You promised 5 working days, it's been 12.",
    "Hi, what's this 49.00 on my statement? I have the monthly plan.",
    "Can I pay by bank transfer? We're a primary school and don't have a credit card.",
    "The invoice shows €5.10 per seat, your colleague quoted €4.20. Please issue a corrected one.",
    "I upgraded by accident. One tap and 59.90 were gone. Please give back the difference.",
    "Is there a way to see the price with tax before the very last step?",
  ],
  delivery: [
    "Lamp arrived broken. Glass everywhere in the box. Photos attached.",
    "when will my order be shipped? its 6 days now and still says processing",
    "My package has been at customs for two weeks. Do you have to send them any documents?",
    "Tracking shows that my parcel was delivered to a wrong address, in another town even.",
    "You sent me someone else's order. There's a note in it for a person named Bea, and a very nice pen.",
    "Is Saturday delivery possible if I pay more?",
    "You've charged me for express and it's now day six. On which day will it be here?",
  ],
  "account access": [
    "Forgot password, reset mail never comes.",
    "THE RESET LINK SAYS EXPIRED. I CLICKED IT TEN SECONDS AFTER IT CAME. FOUR TIMES NOW!!",
    "The two-factor code is not accepted when I log in. The clock on my phone is right.",
    "Our team admin has left. Please transfer the admin role on the account to me.",
    "Kicked out mid-exam. Need back in. Please hurry.",
    'login with my school account fails: "account not found in directory"',
    "Please change the email address of my account, I don't have access to the old mailbox.",
  ],
  "bug report": [
    "Tasks I tick off come back the next morning.",
    "error 500 at checkout",
    "The app closes by itself as soon as I rotate the screen.",
    "Sorting by due date puts tasks without a date in the middle. Expected: at the end. Version 7.3.0 on Linux.",
    'The promo banner says "ends in -3 days".',
    "it deleted my whole tuesday",
    "Two factor code field accepts only five digits, the sixth is swallowed.",
  ],
  cancellation: [
    "Please don't renew. My subscription ends in March and I want it to stop there.",
    "It crashes, it's slow and it costs too much. Cancel my account today.",
    "How do I delete my account and everything in it?",
    "bin my account pls",
    "Could you cancel just the pen from my order and leave the rest in?",
    "End contract. Customer number 77-1204.",
    "Downgrade wasn't enough, I want to stop altogether.",
  ],
  "feature request": [
    "It would be great if I could sort tasks by colour.",
    "Split screen on tablets, pls.",
    "Please add support for sub-tasks in shared lists. It would make our planning much easier.",
    "plz add spanish",
    "Let me hide the weekend.",
    "Is there any plan to add a timeline view? I think that many teams would find it useful.",
    "The old app had a little bell when all the tasks of a day were done. Could it come back?",
  ],
};

const HOTEL_TEXTS: Record<string, readonly string[]> = {
  Zimmer: [
    "Das Zimmer war groß und hell, nur die Klimaanlage hat die ganze Nacht gebrummt.",
    "Bett bequem, Kissen leider viel zu weich.",
    "Blick auf den Parkplatz statt auf den See, wie es im Angebot stand.",
  ],
  Service: [
    "An der Rezeption hat man uns sehr freundlich geholfen.",
    "Vierzig Minuten auf den Schlüssel gewartet und keine Entschuldigung.",
    "Der Kellner kannte am zweiten Tag schon unsere Namen.",
  ],
  Frühstück: [
    "Frühstück wie im Bilderbuch, frisches Obst und gutes Brot.",
    "Der Kaffee kam aus dem Automaten und war lauwarm.",
  ],
  Preis: ["Für das, was geboten wird, deutlich zu teuer.", "Faires Angebot, gerade außerhalb der Ferien."],
  Lage: ["Zwei Minuten zum Bahnhof und trotzdem ruhig.", "Ohne Auto kommt man von dort leider nirgends hin."],
};

const SURVEY_TEXTS: Record<string, readonly string[]> = {
  teaching: ["The lab sessions were the best part, I finally understood titration.", "More examples, fewer slides."],
  workload: ["Three deadlines in one week is too much next to a job.", "About right, apart from December."],
  rooms: ["You can't hear anything in the back rows of hall B.", "Please open the library on Sundays."],
  organisation: ["The timetable changed four times in October.", "Exam dates came late, otherwise fine."],
  food: ["The canteen needs something warm for vegetarians.", "Coffee queue takes the whole break."],
};

function samplesOf(texts: Record<string, readonly string[]>): readonly Sample[] {
  const labels = Object.keys(texts);
  const longest = Math.max(...labels.map((label) => texts[label]?.length ?? 0));
  // One of each label in turn, as rows stand in a file that was collected over time.
  return Array.from({ length: longest }, (_, i) => i).flatMap((i) =>
    labels.flatMap((label) => {
      const text = texts[label]?.[i];
      return text === undefined ? [] : [{ text, label }];
    }),
  );
}

export const SUPPORT_SAMPLES = samplesOf(SUPPORT_TEXTS);
export const HOTEL_SAMPLES = samplesOf(HOTEL_TEXTS);
export const SURVEY_SAMPLES = samplesOf(SURVEY_TEXTS);

const KEYWORDS: Record<string, readonly string[]> = {
  billing: ["charge", "refund", "invoice", "pay", "price", "money", "bill", "card", "cost", "€", "discount"],
  delivery: ["parcel", "package", "deliver", "ship", "order", "tracking", "arrived", "customs", "box", "broken"],
  "account access": ["password", "login", "log in", "reset", "code", "account", "admin", "sign in", "locked"],
  "bug report": ["error", "crash", "bug", "broken", "doesn't work", "freez", "wrong", "version", "deleted", "closes"],
  cancellation: ["cancel", "stop", "renew", "end contract", "delete my account", "unsubscribe", "leave", "bin my"],
  "feature request": ["please add", "would be great", "feature", "could you add", "support for", "wish", "plz add"],
};

/** Returns a score per label, summing to 1: keywords count, and a text without any leaves every label as likely. */
export function scoresByKeywords(text: string, labels: readonly string[]): number[] {
  const lower = text.toLowerCase();
  const hits = labels.map((label) => {
    const keywords = KEYWORDS[label] ?? [label.toLowerCase()];
    return keywords.filter((keyword) => lower.includes(keyword)).length;
  });
  const weights = hits.map((n, i) => Math.exp(2.6 * n + 0.25 * Math.sin(text.length + 3 * i)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
