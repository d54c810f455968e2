# Texts of the pages, Bengali. One file a language, the same messages in each.
#
# For people who stand in a shop: plain words, short sentences, a reading age of twelve. Always about the label, never about the
# product: "this label is genuine", not "this carpet is". "Cannot tell" must sound neither like "fake" nor like "fine".
# $names come from certifiers and stand as they are; dates and numbers come formatted for the language.

language-name = বাংলা

## The verdict: one word, one line

word-verified = আসল লেবেল
word-caution = সাবধান হোন
word-refused = ভরসা করবেন না
word-undecided = বলা যাচ্ছে না

headline-verified = এই লেবেলটি আসল
headline-caution = স্বাক্ষরটি আসল, তবে ভালো করে দেখুন
headline-refused = এই লেবেলের ওপর ভরসা করবেন না
headline-undecided = এই লেবেল সম্পর্কে এখন কিছু বলা যাচ্ছে না

# What is attested, for which product and lot, by whom, accredited by whom, until when.
attested-sentence = { $claims ->
    [child] সনদদাতা সংস্থা { $certifier } যাচাই করেছে এবং স্বাক্ষর দিয়ে জানিয়েছে: পণ্য { $product }, লট { $lot }, শিশুশ্রম ছাড়া তৈরি হয়েছে। অনুমোদনকারী সংস্থা { $accreditor } এই কাজের জন্য { $certifier } সংস্থাটিকে অনুমোদন দিয়েছে। মেয়াদ { $until } পর্যন্ত।
    [forced] সনদদাতা সংস্থা { $certifier } যাচাই করেছে এবং স্বাক্ষর দিয়ে জানিয়েছে: পণ্য { $product }, লট { $lot }, জোরপূর্বক শ্রম ছাড়া তৈরি হয়েছে। অনুমোদনকারী সংস্থা { $accreditor } এই কাজের জন্য { $certifier } সংস্থাটিকে অনুমোদন দিয়েছে। মেয়াদ { $until } পর্যন্ত।
   *[both] সনদদাতা সংস্থা { $certifier } যাচাই করেছে এবং স্বাক্ষর দিয়ে জানিয়েছে: পণ্য { $product }, লট { $lot }, শিশুশ্রম ও জোরপূর্বক শ্রম ছাড়া তৈরি হয়েছে। অনুমোদনকারী সংস্থা { $accreditor } এই কাজের জন্য { $certifier } সংস্থাটিকে অনুমোদন দিয়েছে। মেয়াদ { $until } পর্যন্ত।
}
label-not-goods = এই কথা লেবেল নিয়ে। আসল লেবেলও নকল করা যায়, বা অন্য জিনিসে লাগানো যায়। তাই আপনার হাতের জিনিসের সঙ্গে মিলিয়ে দেখুন।

advice-refused = এই লেবেলের ভরসায় কিনবেন না। লেবেলটি কোথায় দেখেছেন, দয়া করে আমাদের জানান।
advice-undecided = এর মানে এই নয় যে লেবেলে কোনো গোলমাল আছে। পরে আবার চেষ্টা করুন।

## Compare with what you hold

compare-title = হাতের জিনিসের সঙ্গে মিলিয়ে দেখুন
compare-product = পণ্য
compare-lot = লট
compare-serial = ক্রমিক নম্বর
compare-serial-of = { $serial } (মোট { $labels }টি লেবেলের মধ্যে)
compare-maker = প্রস্তুতকারক
compare-maker-withheld = সনদদাতা সংস্থা গোপন রেখেছে
compare-country = কোন দেশে তৈরি
compare-gtin = পণ্য কোড (GTIN)
compare-note = কোনো কিছু না মিললে লেবেলের ওপর ভরসা করবেন না।
says-title = লেবেলে যা বলা আছে
says-registry = রেজিস্ট্রি

## Evidence, folded

attested-title = সনদে যা বলা আছে
attested-claims = বক্তব্য
attested-by = স্বাক্ষরকারী সংস্থা
attested-accreditor = অনুমোদনকারী সংস্থা
attested-valid = মেয়াদ
attested-period = { $from } থেকে { $until } পর্যন্ত
attested-quantity = পরিমাণ
attested-quantity-labels = { $quantity }, { $labels ->
    [one] { $count }টি লেবেল
   *[other] { $count }টি লেবেল
}
attested-hs = শুল্ক কোড (HS)
claims-child = শিশুশ্রম ছাড়া তৈরি
claims-forced = জোরপূর্বক শ্রম ছাড়া তৈরি
claims-both = শিশুশ্রম ও জোরপূর্বক শ্রম ছাড়া তৈরি

checks-title = যা যা যাচাই করা হয়েছে
check-format = লেবেলের গঠন
check-registry = রেজিস্ট্রি
check-log = উন্মুক্ত খাতা
check-complete = এর অবস্থার কোনো পরিবর্তন বাদ পড়েনি
check-attestation = সনদটি খাতায় আছে
check-key = স্বাক্ষরের চাবিটি সনদদাতা সংস্থার
check-signature = স্বাক্ষরটি আসল
check-product = পণ্য ও লট সনদের সঙ্গে মেলে
check-claims = লেবেলের দাবি সনদের চেয়ে বেশি নয়
check-serial = এই ক্রমিক নম্বর দেওয়া হয়েছিল
check-validity = মেয়াদের তারিখ
check-standing = কেউ এটি স্থগিত বা বাতিল করেনি
check-certifier = সনদদাতা সংস্থার অনুমোদন এখনো আছে
check-compromise = চাবিটি চুরি হয়নি
check-today = আজকের অবস্থা
check-scans = এটি অস্বাভাবিক রকম বেশি বার স্ক্যান করা হয়নি
found-pass = ঠিক আছে
found-caution = ভালো করে দেখুন
found-fail = ঠিক নেই
found-unknown = যাচাই করা যায়নি
source-label = লেবেল থেকেই
source-trust = বিশ্বস্ত রেজিস্ট্রির তালিকা থেকে
source-registry = এই রেজিস্ট্রি থেকে
source-entries = খাতার প্রমাণিত ভুক্তি থেকে
source-snapshot = খাতার জমা রাখা কপি থেকে
finding-as-of = { $time } সময়ের অবস্থা

proof-title = প্রমাণ, আর কে তা দেখেছে
proof-entry = উন্মুক্ত খাতার ভুক্তি { $index }
proof-evidence = প্রমাণ, যে কেউ যাচাই করতে পারেন
proof-log = খাতায় { $count ->
    [one] { $size }টি ভুক্তি আছে
   *[other] { $size }টি ভুক্তি আছে
}। সবচেয়ে নতুন ভুক্তির সময়: { $time }।
witnesses-none = এখনো কোনো স্বাধীন সাক্ষী এই খাতার ওপর নজর রাখছেন না।
witnesses-some = { $count ->
    [one] { $number } জন স্বাধীন সাক্ষী এই খাতার ওপর নজর রাখছেন:
   *[other] { $number } জন স্বাধীন সাক্ষী এই খাতার ওপর নজর রাখছেন:
}
judged-at = যাচাইয়ের সময়: { $time }।

## The phone checks it too

device-title = আপনার ডিভাইসও এটি যাচাই করে
device-working = আপনার ডিভাইস প্রমাণ যাচাই করছে…
device-yes = আপনার ডিভাইস নিজেই যাচাই করেছে: স্বাক্ষর ও খাতার প্রমাণ ঠিক আছে।
device-same = আপনার ডিভাইস নিজেই যাচাই করেছে এবং একই উত্তর পেয়েছে।
device-no = আপনার ডিভাইস এমন তথ্য পেয়েছে, যার একটির সঙ্গে আরেকটি মেলে না। এই পাতা বা এই লেবেল, কোনোটির ওপরই ভরসা করবেন না।
device-cannot = আপনার ডিভাইস নিজে এটি যাচাই করতে পারেনি। রেজিস্ট্রি যা জানিয়েছে, সেটাই বহাল আছে।
device-off = এর জন্য JavaScript ও নিরাপদ সংযোগ লাগে। এগুলো না থাকলে রেজিস্ট্রি যা জানিয়েছে, সেটাই বহাল থাকে।
step-label = লেবেলটি পড়া যায়
step-log = রেজিস্ট্রি নিজের খাতায় স্বাক্ষর করেছে
step-witnesses = সাক্ষীরা খাতাটি দেখেছেন
step-accreditation = সনদদাতা সংস্থার অনুমোদন আছে
step-statement = সনদে স্বাক্ষর আছে এবং তা খাতায় আছে
step-signature = লেবেলে সনদদাতা সংস্থার স্বাক্ষর আছে
step-product = লেবেল ও সনদ একই জিনিসের
step-validity = তারিখগুলো মেলে
step-standing = প্রমাণে এর বিরুদ্ধে কিছু নেই

## Why something does not count

hold-suspended = { $by ->
    [accreditor] অনুমোদনকারী সংস্থা { $date } থেকে এটি স্থগিত রেখেছে। কারণ: { $reason }।
   *[certifier] সনদদাতা সংস্থা { $date } থেকে এটি স্থগিত রেখেছে। কারণ: { $reason }।
}
hold-withdrawn = { $by ->
    [accreditor] অনুমোদনকারী সংস্থা { $date } তারিখে এটি বাতিল করেছে। কারণ: { $reason }।
   *[certifier] সনদদাতা সংস্থা { $date } তারিখে এটি বাতিল করেছে। কারণ: { $reason }।
}
hold-party = { $date } থেকে সনদদাতা সংস্থার অনুমোদন নেই। কারণ: { $reason }।
hold-reason-child-found-at-work = একটি শিশুকে কাজ করতে দেখা গেছে
hold-reason-audit-refused = পরিদর্শন করতে দেওয়া হয়নি
hold-reason-fraud = জালিয়াতি
hold-reason-error = সনদে ভুল
hold-reason-expired-audit = শেষ পরিদর্শনটি অনেক পুরোনো
hold-reason-other = অন্য কিছু

reason-already-cleared = এই লেবেলের জিনিস আগেও শুল্ক বিভাগের ছাড় পেয়েছে।
reason-duplicate-in-shipment = এই ক্রমিক নম্বরটি এই চালানে একাধিক বার আছে।
reason-over-quantity = সনদদাতা সংস্থা যতটা জিনিসের সনদ দিয়েছে, জিনিস আছে তার চেয়ে বেশি।
reason-declaration-mismatch = শুল্ক ঘোষণায় যা লেখা আছে, তা সনদদাতা সংস্থার কথার সঙ্গে মেলে না।
reason-many-scans = এই ক্রমিক নম্বরটি অস্বাভাবিক রকম বেশি দিন স্ক্যান করা হয়েছে। লেবেলটি হয়তো নকল করা হয়েছে। জিনিসটি যদি সবার আগে আপনার হাতেই এসে থাকে, তাহলে ভালো করে মিলিয়ে দেখুন।
reason-key-exposed = যে চাবি দিয়ে এই লেবেলে স্বাক্ষর করা হয়েছিল, সেটি পরে চুরি হয়েছে। লেবেলটি চোরের বানানো নকল হতে পারে।
reason-risk-listed = এই দেশের এ ধরনের জিনিস একটি প্রকাশ্য তালিকায় আছে। সেটি শিশুদের দিয়ে বানানো জিনিসের তালিকা।
reason-malformed = এটি ঠিক গঠনের লেবেল নয়।
reason-forged-signature = এই লেবেলের স্বাক্ষর আসল নয়।
reason-unknown-certifier = এই লেবেলে এমন চাবি দিয়ে স্বাক্ষর করা হয়েছে, যার সেই অধিকার নেই।
reason-unknown-attestation = রেজিস্ট্রিতে এই নম্বরের কোনো সনদ নেই।
reason-wrong-product = সনদটি অন্য পণ্য বা লটের।
reason-wrong-claims = লেবেলের দাবি সনদের চেয়ে বেশি।
reason-serial-out-of-range = এই ক্রমিক নম্বরের কোনো লেবেল দেওয়া হয়নি।
reason-not-yet-valid = সনদের মেয়াদ এখনো শুরু হয়নি।
reason-expired = সনদের মেয়াদ শেষ হয়ে গেছে।
reason-suspended = সনদটি আপাতত স্থগিত আছে।
reason-withdrawn = সনদটি চিরতরে বাতিল করা হয়েছে।
reason-certifier-suspended = সনদদাতা সংস্থার অনুমোদন আর নেই।
reason-key-compromised = সনদদাতা সংস্থার চাবি চুরি হওয়ার পরে সনদটিতে স্বাক্ষর করা হয়েছে।
reason-out-of-scope = এ ধরনের সনদ দেওয়ার অনুমোদন সনদদাতা সংস্থার ছিল না।
reason-foreign-origin = লেবেলটি এমন রেজিস্ট্রির কথা বলে, যা এখানকার বিশ্বস্ত তালিকায় নেই।
reason-no-trust = এখানকার বিশ্বস্ত তালিকায় এখনো কোনো রেজিস্ট্রি নেই।
reason-no-status = এই সনদের আজকের অবস্থা এখানে জানা নেই।
reason-no-quorum = রেজিস্ট্রির খাতা নিশ্চিত করেছেন এমন স্বাধীন সাক্ষী যথেষ্ট নেই।
reason-stale-snapshot = এখানকার তথ্য এত পুরোনো যে তা দিয়ে বিচার করা যায় না।
reason-newer-than-snapshot = লেবেলটি এখানকার তথ্যের চেয়ে নতুন।
reason-unsupported = লেবেলটি এমন নিয়মে তৈরি, যা এই পাতার চেয়ে নতুন।
reason-log-inconsistent = রেজিস্ট্রির খাতার এক কথা আরেক কথার সঙ্গে মেলে না।
reason-network = রেজিস্ট্রির সঙ্গে যোগাযোগ করা যায়নি।
reason-clock = এই পাতা যে ঘড়ি ধরে চলে, সেটি ঠিক হতে পারে না।

## Links between the pages

nav-check = লেবেল যাচাই করুন
nav-scan = কোড স্ক্যান করুন
nav-report = খারাপ কিছু দেখলে জানান
nav-meaning = লেবেলের মানে
nav-log = উন্মুক্ত খাতা
nav-verify = রেজিস্ট্রিকে নিজে যাচাই করুন
nav-language = ভাষা

## Front page and scan page

home-title = লেবেল যাচাই করুন
home-intro = ফোনের ক্যামেরা দিয়ে লেবেলের কোডটি স্ক্যান করুন, অথবা তাতে যা লেখা আছে টাইপ করুন।
home-field = কোডের লেখা, অথবা কোডের নিচে ছাপা ছোট কোড
home-submit = যাচাই করুন
home-privacy = এই পাতা কোনো কুকি রাখে না। কে জানতে চাইছে, তা-ও লিখে রাখে না।
home-registry = এটি { $origin } রেজিস্ট্রি।

scan-title = কোড স্ক্যান করুন
scan-start = ক্যামেরা চালু করুন
scan-stop = ক্যামেরা বন্ধ করুন
scan-photo = বরং ছবি ব্যবহার করুন
scan-looking = কোডটি ক্যামেরার সামনে ধরুন।
scan-denied = ক্যামেরার অনুমতি নেই। ব্রাউজারের সেটিংসে অনুমতি দিতে পারেন, ছবি ব্যবহার করতে পারেন, বা কোডটি টাইপ করতে পারেন।
scan-no-camera = কোনো ক্যামেরা পাওয়া যায়নি। ছবি ব্যবহার করুন, বা কোডটি টাইপ করুন।
scan-not-a-label = এটি কোনো লেবেলের কোড নয়।
scan-unreadable = এই ছবিতে কোনো কোড পাওয়া যায়নি। আলো বাড়ান, ক্যামেরা আরও কাছে আনুন।
scan-no-script = এই পাতায় স্ক্যান করতে JavaScript লাগে। আপনার ফোনের নিজের ক্যামেরাও কোডটি খুলতে পারে, অথবা এখানে টাইপ করুন।
scan-torch = টর্চ

code-title = ছোট কোড { $code }
code-no-proof = টাইপ করা কোড প্রমাণ করে না যে লেবেলটি আসল: যে কেউ তা নকল করতে পারে। নিশ্চিত হতে লেবেলের কোডটি স্ক্যান করুন।
code-unknown = রেজিস্ট্রিতে এই কোডের কোনো লেবেল নেই।
code-wrong = এটি ছোট কোড নয়। দয়া করে লেবেলের সঙ্গে আরেক বার মিলিয়ে দেখুন: হয়তো একটি অক্ষর বা সংখ্যা ভুল।

## Product and lot, without a signed label

product-no-proof = আপনার হাতের জিনিস সম্পর্কে এই লিংক কিছুই প্রমাণ করে না। এমন লিংক যে কেউ লিখতে পারে। লেবেলটি আসল, নাকি কেউ শুধু নম্বরগুলো নকল করেছে, তা জানা যায় কেবল লেবেলের স্বাক্ষর করা কোড থেকে।
product-none = রেজিস্ট্রিতে এর কোনো সনদ নেই।
product-title = উন্মুক্ত খাতার সনদ
in-force = কার্যকর
not-in-force = কার্যকর নয়

## Problems with the request

problem-title = কাজটি হয়নি
problem-not-found = এই ঠিকানায় কিছু নেই।
problem-bad-request = ঠিকানায় বা ফর্মে কোনো ভুল আছে।
problem-busy = রেজিস্ট্রি এখন ব্যস্ত, বা কিছুক্ষণের জন্য বন্ধ আছে। দয়া করে এক মিনিট পরে আবার চেষ্টা করুন।
problem-too-large = যা পাঠানো হয়েছে, তা খুব বড়।

## Report a concern

report-title = খারাপ কিছু দেখলে জানান
report-intro = কোনো শিশুকে কাজ করতে দেখেছেন? নকল করা লেবেল বা ভুল পণ্য দেখেছেন? অনুমোদনকারী সংস্থাকে জানান। তারা সনদদাতা সংস্থাগুলোর ওপর নজর রাখে। আপনি কে, তা বলার দরকার নেই।
report-kind = আপনি কী দেখেছেন?
report-kind-child = শিশু কাজ করছে
report-kind-copied = নকল করা লেবেল
report-kind-wrong = ভুল পণ্য
report-kind-other = অন্য কিছু
report-story = কী হয়েছে, কোথায় আর কখন?
report-label = লেবেলের লেখা বা ছোট কোড, যদি আপনার কাছে থাকে
report-contact = অনুমোদনকারী সংস্থা কীভাবে আপনার সঙ্গে যোগাযোগ করবে? (শুধু আপনি চাইলে)
report-submit = পাঠান
report-sealed-device = পাঠানোর আগে আপনার ডিভাইস এটি এনক্রিপ্ট করে। শুধু অনুমোদনকারী সংস্থা এটি পড়তে পারে।
report-sealed-server = JavaScript না থাকলে বার্তাটি পৌঁছানোমাত্র, জমা রাখার আগেই, রেজিস্ট্রি তা এনক্রিপ্ট করে। এরপর শুধু অনুমোদনকারী সংস্থা এটি পড়তে পারে।
report-failed = আপনার ডিভাইস এটি এনক্রিপ্ট করতে পারেনি। কিছুই পাঠানো হয়নি। আবার চাপ দিলে বার্তাটি পৌঁছানোমাত্র রেজিস্ট্রি তা এনক্রিপ্ট করবে।
report-danger = কোনো শিশু এই মুহূর্তে বিপদে থাকলে পুলিশ বা হেল্পলাইনে ফোন করুন।
report-hotlines = অনুমোদনকারী সংস্থার দেওয়া যোগাযোগের ঠিকানা
report-closed = এই রেজিস্ট্রি কোনো বার্তা নেয় না: অনুমোদনকারী সংস্থা এর জন্য কোনো চাবি প্রকাশ করেনি।
report-thanks = আপনার বার্তা পাওয়া গেছে। ধন্যবাদ।
report-by-device = এটি আপনার ডিভাইসেই এনক্রিপ্ট করা হয়েছে। অনুমোদনকারী সংস্থা ছাড়া কেউ এটি পড়তে পারে না।
report-by-server = জমা রাখার আগে রেজিস্ট্রি এটি এনক্রিপ্ট করেছে। এখন অনুমোদনকারী সংস্থা ছাড়া কেউ এটি পড়তে পারে না।
report-receipt = আপনার রসিদ কোড: এটি যত্ন করে রাখুন। আপনার বার্তার কী হলো, পরে এটি দিয়ে দেখা যাবে। হারিয়ে গেলে কেউ আপনাকে এটি আবার খুঁজে দিতে পারবে না।
report-status-title = আমার বার্তার কী হলো
report-receipt-field = রসিদ কোড
report-status-submit = দেখুন
report-status-unknown = এই রসিদ কোডের কোনো বার্তা নেই।
report-status-received = বার্তা পাওয়া গেছে। অনুমোদনকারী সংস্থা এখনো এটি পড়েনি।
report-status-read = অনুমোদনকারী সংস্থা এটি পড়েছে।
report-status-in-progress = অনুমোদনকারী সংস্থা বিষয়টি দেখছে।
report-status-closed = অনুমোদনকারী সংস্থা এর কাজ শেষ করেছে।
report-too-fast = এটি খুব তাড়াতাড়ি বা খুব দেরিতে পাঠানো হয়েছে। দয়া করে আরেক বার পাঠান।
report-full = এখন খুব বেশি বার্তা আসছে। দয়া করে পরে আবার চেষ্টা করুন।
report-missing = কী হয়েছে, দয়া করে লিখুন।
report-too-long = এই লেখাটি খুব বড়।

## The certifier

certifier-title = সনদদাতা সংস্থা
certifier-role-other = এটি সনদদাতা সংস্থা নয়।
certifier-approved-by = অনুমোদনকারী সংস্থা
certifier-since = অনুমোদন { $from } থেকে { $until } পর্যন্ত
certifier-scope = অনুমোদন যে কাজের জন্য
certifier-countries = দেশ
certifier-chapters = পণ্যের ধরন (শুল্ক তালিকার অধ্যায়)
certifier-topics = বক্তব্য
certifier-attestations = মাস অনুযায়ী সনদ
certifier-total = { $count ->
    [one] খাতায় { $number }টি সনদ
   *[other] খাতায় { $number }টি সনদ
}
certifier-suspended = এখন স্থগিত: { $number }
certifier-withdrawn = বাতিল: { $number }
certifier-stands = সনদদাতা সংস্থার অনুমোদন আছে।
certifier-suspended-now = সনদদাতা সংস্থার অনুমোদন স্থগিত আছে।
certifier-withdrawn-now = সনদদাতা সংস্থার অনুমোদন বাতিল করা হয়েছে।
certifier-month = { $month }: { $number }, কার্যকর নয়: { $bad }

## The log

log-title = উন্মুক্ত খাতা
log-intro = প্রতিটি সনদ একটি উন্মুক্ত খাতায় লেখা থাকে। এটি সবার জন্য খোলা একটি তালিকা, যা শুধু বাড়তেই পারে। যে কেউ এর কপি নিয়ে দেখতে পারেন, কিছু বদলানো বা লুকানো হয়েছে কি না।
log-size = ভুক্তি
log-newest = সবচেয়ে নতুন ভুক্তি
log-checkpoint = স্বাক্ষর করা সর্বশেষ অবস্থা
log-witnesses = সাক্ষী
log-for-programs = প্রোগ্রামের জন্য
log-certifiers = এই খাতার সনদদাতা সংস্থা

## What a label means

meaning-title = লেবেলের মানে
meaning-means = এর মানে হলো
meaning-means-checked = এই লট কীভাবে তৈরি হয়েছে, একটি অনুমোদিত সনদদাতা সংস্থা তা পরিদর্শন করে স্বাক্ষর দিয়েছে।
meaning-means-public = সনদটি উন্মুক্ত খাতায় আছে। কেউ চুপিচুপি তা বদলাতে বা মুছতে পারে না।
meaning-means-today = আজ এর অবস্থা কী, কেউ এটি স্থগিত বা বাতিল করেছে কি না, পাতাটি তা জানায়।
meaning-not = এর মানে এই নয়
meaning-not-goods = যে আপনার হাতের জিনিসটিই সঠিক জিনিস। আসল লেবেলও নকল করা যায়, বা অন্য জিনিসে লাগানো যায়। মিলিয়ে দেখুন।
meaning-not-always = যে সেখানে কখনো খারাপ কিছু ঘটতে পারে না। পরিদর্শক কিছু দিন দেখেন, সব দিন নয়।
meaning-not-other = এমন কোনো কথা, যা লেবেলে বলা নেই, যেমন মজুরি বা পরিবেশ নিয়ে।
meaning-outcomes = চারটি উত্তর
meaning-verified = প্রতিটি যাচাইয়ে ঠিক পাওয়া গেছে।
meaning-caution = লেবেলটি আসল, তবে কিছু একটা আপনার নিজের চোখে দেখা দরকার।
meaning-refused = লেবেলটি জাল, অথবা এর সনদ আর কার্যকর নয়।
meaning-undecided = দরকারি কিছু একটা যাচাই করা যায়নি। এটি নকলের লক্ষণ নয়, আসলের প্রমাণও নয়।

## Check the registry yourself

verify-title = রেজিস্ট্রিকে নিজে যাচাই করুন
verify-intro = এই রেজিস্ট্রির কথা আপনাকে মেনে নিতে হবে না। যাচাই করার উপায় এখানে দেওয়া হলো; প্রতিটি আগেরটির চেয়ে বেশি স্বাধীন।
verify-device = আপনার ফোন: JavaScript চালু থাকলে ফলাফলের প্রতিটি পাতা আপনার ডিভাইসেই স্বাক্ষর ও প্রমাণ যাচাই করে। এর প্রোগ্রাম ও চাবি এই রেজিস্ট্রি থেকেই আসে।
verify-offline = নিজের কাছে রাখার পাতা: এক বার সেভ করুন, এরপর এটি ইন্টারনেট ছাড়াই লেবেল যাচাই করে।
verify-download = অফলাইন পাতাটি ডাউনলোড করুন
verify-program = “verifier” প্রোগ্রামটি একেকটি লেবেল বা পুরো চালান যাচাই করে, ইন্টারনেট থাকুক বা না থাকুক। এটি পুরো খাতাটি শুরু থেকে আবার মিলিয়েও দেখতে পারে।
verify-standard = খাতাটি C2SP tlog-tiles নামের উন্মুক্ত মান মেনে চলে, তাই অন্যদের প্রোগ্রামও এটি পড়তে পারে।

## The offline page

offline-title = ইন্টারনেট ছাড়া লেবেল যাচাই করুন
offline-intro = এই পাতাটি { $date } তারিখে { $origin } রেজিস্ট্রি থেকে সেভ করা হয়েছে। লেবেলে স্বাক্ষর করা হয়েছিল কি না, আর প্রমাণ কী বলে, এটি তা যাচাই করে। প্রমাণ নেওয়ার পরে কী বদলেছে, তা এর জানার উপায় নেই। এর চাবিও এই রেজিস্ট্রি থেকে আসে।
offline-label = কোডের লেখা
offline-photo = অথবা কোডের ছবি
offline-evidence = প্রমাণ (রেজিস্ট্রি থেকে পাওয়া, ফাইল হিসেবে বা পেস্ট করা)
offline-evidence-file = প্রমাণের ফাইল
offline-check = যাচাই করুন
offline-trust = রেজিস্ট্রির চাবি
