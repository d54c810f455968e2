# Texts of the pages, Urdu. One file a language, the same messages in each.

language-name = اردو

## The verdict: one word, one line

word-verified = اصلی
word-caution = احتیاط کریں
word-refused = بھروسا نہ کریں
word-undecided = معلوم نہ ہو سکا

headline-verified = یہ لیبل اصلی ہے
headline-caution = دستخط اصلی ہیں، مگر ذرا غور سے دیکھیں
headline-refused = اس لیبل پر بھروسا نہ کریں
headline-undecided = ہم ابھی اس لیبل کے بارے میں فیصلہ نہیں کر سکتے

# What is attested, for which product and lot, by whom, accredited by whom, until when.
attested-sentence = { $claims ->
    [child] تصدیقی ادارے { $certifier } نے جانچ کر کے دستخط کے ساتھ تصدیق کی ہے کہ { $product }، لاٹ { $lot } کی تیاری میں بچوں کی مشقت شامل نہیں۔ اس کام کے لیے { $certifier } کو { $accreditor } نے منظوری دی ہے۔ یہ تصدیق نامہ { $until } تک مؤثر ہے۔
    [forced] تصدیقی ادارے { $certifier } نے جانچ کر کے دستخط کے ساتھ تصدیق کی ہے کہ { $product }، لاٹ { $lot } کی تیاری میں جبری مشقت شامل نہیں۔ اس کام کے لیے { $certifier } کو { $accreditor } نے منظوری دی ہے۔ یہ تصدیق نامہ { $until } تک مؤثر ہے۔
   *[both] تصدیقی ادارے { $certifier } نے جانچ کر کے دستخط کے ساتھ تصدیق کی ہے کہ { $product }، لاٹ { $lot } کی تیاری میں نہ بچوں کی مشقت شامل ہے اور نہ جبری مشقت۔ اس کام کے لیے { $certifier } کو { $accreditor } نے منظوری دی ہے۔ یہ تصدیق نامہ { $until } تک مؤثر ہے۔
}
label-not-goods = یہ بات لیبل کے بارے میں ہے۔ اصلی لیبل کی نقل بنائی جا سکتی ہے یا اسے کسی اور مال پر لگایا جا سکتا ہے، اس لیے اسے اپنے ہاتھ میں موجود چیز سے ملا کر دیکھیں۔

advice-refused = اس لیبل کو دیکھ کر خریداری نہ کریں۔ براہِ کرم ہمیں بتائیں کہ آپ نے اسے کہاں دیکھا۔
advice-undecided = اس کا یہ مطلب نہیں کہ لیبل میں کوئی خرابی ہے۔ کچھ دیر بعد دوبارہ کوشش کریں۔

## Compare with what you hold

compare-title = اپنے ہاتھ میں موجود چیز سے ملا کر دیکھیں
compare-product = پروڈکٹ
compare-lot = لاٹ
compare-serial = سیریل نمبر
compare-serial-of = { $serial } (کل لیبل: { $labels })
compare-maker = تیار کرنے والا
compare-maker-withheld = تصدیقی ادارے نے نام ظاہر نہیں کیا
compare-country = تیاری کا ملک
compare-gtin = پروڈکٹ کا کوڈ (GTIN)
compare-note = اگر کوئی بات بھی مختلف ہو تو لیبل پر بھروسا نہ کریں۔
says-title = لیبل پر کیا لکھا ہے
says-registry = رجسٹری

## Evidence, folded

attested-title = کس بات کی تصدیق کی گئی
attested-claims = بیان
attested-by = دستخط کرنے والا ادارہ
attested-accreditor = منظوری دینے والا ادارہ
attested-valid = میعاد
attested-period = { $from } سے { $until } تک
attested-quantity = مقدار
attested-quantity-labels = { $quantity }، { $labels ->
    [one] { $count } لیبل
   *[other] { $count } لیبل
}
attested-hs = کسٹمز کوڈ (HS)
claims-child = تیاری میں بچوں کی مشقت شامل نہیں
claims-forced = تیاری میں جبری مشقت شامل نہیں
claims-both = تیاری میں نہ بچوں کی مشقت شامل ہے، نہ جبری مشقت

checks-title = کیا کیا جانچا گیا
check-format = لیبل کی بناوٹ
check-registry = رجسٹری
check-log = عوامی ریکارڈ
check-complete = اس کی حیثیت میں کوئی تبدیلی چھوڑی نہیں گئی
check-attestation = تصدیق نامہ عوامی ریکارڈ میں موجود ہے
check-key = کلید تصدیقی ادارے ہی کی ہے
check-signature = دستخط اصلی ہیں
check-product = پروڈکٹ اور لاٹ وہی ہیں جو تصدیق نامے میں ہیں
check-claims = لیبل تصدیق نامے سے بڑھ کر دعویٰ نہیں کرتا
check-serial = یہ سیریل نمبر جاری ہوا تھا
check-validity = میعاد کی تاریخیں
check-standing = کسی نے تصدیق نامہ معطل نہیں کیا اور نہ واپس لیا
check-certifier = تصدیقی ادارے کی منظوری برقرار ہے
check-compromise = کلید چوری نہیں ہوئی
check-today = آج کی صورتِ حال
check-scans = لیبل معمول سے زیادہ بار اسکین نہیں ہوا
found-pass = درست
found-caution = غور سے دیکھیں
found-fail = درست نہیں
found-unknown = جانچ نہ ہو سکی
source-label = خود لیبل سے
source-trust = قابلِ اعتماد رجسٹریوں کی فہرست سے
source-registry = اس رجسٹری سے
source-entries = عوامی ریکارڈ کے ثابت شدہ اندراجات سے
source-snapshot = عوامی ریکارڈ کی محفوظ نقل سے
finding-as-of = { $time } تک کی صورتِ حال

proof-title = ثبوت، اور اسے کس نے دیکھا
proof-entry = عوامی ریکارڈ کا اندراج { $index }
proof-evidence = شواہد، جنہیں کوئی بھی جانچ سکتا ہے
proof-log = عوامی ریکارڈ میں { $count ->
    [one] { $size } اندراج ہے
   *[other] { $size } اندراجات ہیں
}۔ سب سے نئے اندراج کا وقت: { $time }۔
witnesses-none = ابھی کوئی آزاد گواہ اس ریکارڈ پر نظر نہیں رکھ رہا۔
witnesses-some = { $count ->
    [one] { $number } آزاد گواہ اس ریکارڈ پر نظر رکھتا ہے:
   *[other] { $number } آزاد گواہ اس ریکارڈ پر نظر رکھتے ہیں:
}
judged-at = فیصلے کا وقت: { $time }۔

## The phone checks it too

device-title = آپ کی ڈیوائس بھی جانچتی ہے
device-working = آپ کی ڈیوائس ثبوت جانچ رہی ہے…
device-yes = آپ کی ڈیوائس نے خود جانچ کر لی ہے: دستخط اور عوامی ریکارڈ کا ثبوت درست ہیں۔
device-same = آپ کی ڈیوائس نے خود جانچ کی ہے اور اسی نتیجے پر پہنچی ہے۔
device-no = آپ کی ڈیوائس کو ایک تضاد ملا ہے۔ نہ اس صفحے پر بھروسا کریں اور نہ اس لیبل پر۔
device-cannot = آپ کی ڈیوائس خود جانچ نہیں کر سکی۔ رجسٹری کا جواب اپنی جگہ قائم ہے۔
device-off = اس کے لیے JavaScript اور محفوظ کنکشن درکار ہے۔ ان کے بغیر رجسٹری کا جواب اپنی جگہ قائم ہے۔
step-label = لیبل پڑھا جا سکتا ہے
step-log = رجسٹری نے اپنے عوامی ریکارڈ پر دستخط کیے ہیں
step-witnesses = گواہوں نے عوامی ریکارڈ دیکھا ہے
step-accreditation = تصدیقی ادارہ منظور شدہ ہے
step-statement = بیان پر دستخط ہیں اور وہ عوامی ریکارڈ میں موجود ہے
step-signature = لیبل پر تصدیقی ادارے کے دستخط ہیں
step-product = لیبل اور بیان ایک ہی مال کے بارے میں ہیں
step-validity = تاریخیں آپس میں ملتی ہیں
step-standing = ثبوت میں اس کے خلاف کچھ نہیں

## Why something does not count

hold-suspended = { $by ->
    [accreditor] منظوری دینے والے ادارے نے { $date } سے تصدیق نامہ معطل کر رکھا ہے: { $reason }۔
   *[certifier] تصدیقی ادارے نے { $date } سے تصدیق نامہ معطل کر رکھا ہے: { $reason }۔
}
hold-withdrawn = { $by ->
    [accreditor] منظوری دینے والے ادارے نے { $date } کو تصدیق نامہ واپس لے لیا: { $reason }۔
   *[certifier] تصدیقی ادارے نے { $date } کو تصدیق نامہ واپس لے لیا: { $reason }۔
}
hold-party = تصدیقی ادارے کی منظوری { $date } کو ختم ہو گئی: { $reason }۔
hold-reason-child-found-at-work = ایک بچہ کام کرتا ہوا پایا گیا
hold-reason-audit-refused = معائنے کی اجازت نہیں دی گئی
hold-reason-fraud = دھوکا دہی
hold-reason-error = بیان میں غلطی
hold-reason-expired-audit = آخری معائنہ بہت پرانا ہے
hold-reason-other = کوئی اور وجہ

reason-already-cleared = اس لیبل والا مال پہلے ہی کسٹمز سے گزر چکا ہے۔
reason-duplicate-in-shipment = یہ سیریل نمبر اس کھیپ میں ایک سے زیادہ بار آیا ہے۔
reason-over-quantity = مال اس سے زیادہ ہے جتنے کی تصدیقی ادارے نے تصدیق کی ہے۔
reason-declaration-mismatch = کسٹمز ڈیکلریشن میں وہ نہیں لکھا جو تصدیقی ادارہ کہتا ہے۔
reason-many-scans = یہ سیریل نمبر معمول سے زیادہ دنوں میں اسکین ہوا ہے۔ ہو سکتا ہے لیبل کی نقل بنائی گئی ہو۔ اگر آپ اس چیز کے پہلے مالک ہیں تو احتیاط سے ملا کر دیکھیں۔
reason-key-exposed = جس کلید سے اس لیبل پر دستخط ہوئے، وہ بعد میں چوری ہو گئی۔ ہو سکتا ہے یہ لیبل کسی چور کی بنائی ہوئی نقل ہو۔
reason-risk-listed = اس ملک کا اس قسم کا مال بچوں کے بنائے ہوئے مال کی ایک عوامی فہرست میں شامل ہے۔
reason-malformed = اس لیبل کی بناوٹ درست نہیں۔
reason-forged-signature = اس لیبل کے دستخط اصلی نہیں۔
reason-unknown-certifier = اس لیبل پر ایسی کلید سے دستخط ہوئے ہیں جسے اس کی اجازت نہیں۔
reason-unknown-attestation = رجسٹری کے پاس اس نمبر کا کوئی تصدیق نامہ نہیں۔
reason-wrong-product = تصدیق نامہ کسی اور پروڈکٹ یا لاٹ کا ہے۔
reason-wrong-claims = لیبل تصدیق نامے سے بڑھ کر دعویٰ کرتا ہے۔
reason-serial-out-of-range = اس سیریل نمبر کا کوئی لیبل جاری نہیں ہوا۔
reason-not-yet-valid = تصدیق نامے کی میعاد ابھی شروع نہیں ہوئی۔
reason-expired = تصدیق نامے کی میعاد ختم ہو چکی ہے۔
reason-suspended = تصدیق نامہ فی الحال معطل ہے۔
reason-withdrawn = تصدیق نامہ ہمیشہ کے لیے واپس لے لیا گیا ہے۔
reason-certifier-suspended = تصدیقی ادارے کی منظوری ختم ہو گئی ہے۔
reason-key-compromised = تصدیق نامے پر دستخط تصدیقی ادارے کی کلید چوری ہونے کے بعد ہوئے۔
reason-out-of-scope = تصدیقی ادارے کے پاس اس قسم کے تصدیق نامے کی منظوری نہیں تھی۔
reason-foreign-origin = لیبل ایسی رجسٹری کا حوالہ دیتا ہے جو یہاں قابلِ اعتماد رجسٹریوں میں شامل نہیں۔
reason-no-trust = یہاں ابھی کوئی رجسٹری قابلِ اعتماد رجسٹریوں میں شامل نہیں۔
reason-no-status = یہاں معلوم نہیں کہ آج اس تصدیق نامے کی کیا صورتِ حال ہے۔
reason-no-quorum = بہت کم آزاد گواہوں نے رجسٹری کے عوامی ریکارڈ کی توثیق کی ہے۔
reason-stale-snapshot = یہاں موجود معلومات اتنی پرانی ہیں کہ ان سے فیصلہ نہیں ہو سکتا۔
reason-newer-than-snapshot = یہ لیبل یہاں موجود معلومات سے نیا ہے۔
reason-unsupported = یہ لیبل ایسے قواعد پر بنا ہے جو اس صفحے سے نئے ہیں۔
reason-log-inconsistent = رجسٹری کا عوامی ریکارڈ خود اپنی تردید کرتا ہے۔
reason-network = رجسٹری سے رابطہ نہ ہو سکا۔
reason-clock = یہ صفحہ جس گھڑی پر چلتا ہے، وہ درست نہیں ہو سکتی۔

## Links between the pages

nav-check = لیبل جانچیں
nav-scan = کوڈ اسکین کریں
nav-report = مسئلے کی اطلاع دیں
nav-meaning = لیبل کا مطلب کیا ہے
nav-log = عوامی ریکارڈ
nav-verify = رجسٹری کو خود جانچیں
nav-language = زبان

## Front page and scan page

home-title = لیبل جانچیں
home-intro = لیبل پر موجود کوڈ کو اپنے فون کے کیمرے سے اسکین کریں، یا جو کچھ اس میں ہے وہ لکھیں۔
home-field = کوڈ کا متن، یا اس کے نیچے چھپا ہوا مختصر کوڈ
home-submit = جانچیں
home-privacy = یہ صفحہ کوئی کوکی نہیں رکھتا اور یہ بھی محفوظ نہیں کرتا کہ کون پوچھ رہا ہے۔
home-registry = یہ رجسٹری { $origin } ہے۔

scan-title = کوڈ اسکین کریں
scan-start = کیمرا چلائیں
scan-stop = کیمرا بند کریں
scan-photo = اس کے بجائے تصویر استعمال کریں
scan-looking = کوڈ کو کیمرے کے سامنے رکھیں۔
scan-denied = کیمرے کی اجازت نہیں ہے۔ آپ براؤزر کی ترتیبات میں اجازت دے سکتے ہیں، تصویر استعمال کر سکتے ہیں یا کوڈ لکھ سکتے ہیں۔
scan-no-camera = کوئی کیمرا نہیں ملا۔ تصویر استعمال کریں یا کوڈ لکھیں۔
scan-not-a-label = یہ کوڈ لیبل نہیں ہے۔
scan-unreadable = اس تصویر میں کوئی کوڈ نہیں ملا۔ روشنی بڑھائیں اور کیمرا قریب لائیں۔
scan-no-script = اس صفحے پر اسکین کرنے کے لیے JavaScript درکار ہے۔ آپ کے فون کا اپنا کیمرا بھی کوڈ کھول سکتا ہے، یا آپ اسے یہاں لکھ دیں۔
scan-torch = روشنی

code-title = مختصر کوڈ { $code }
code-no-proof = کوڈ لکھنے سے یہ ثابت نہیں ہوتا کہ لیبل اصلی ہے، کیونکہ کوڈ کوئی بھی نقل کر سکتا ہے۔ یقین کرنے کے لیے لیبل پر موجود کوڈ اسکین کریں۔
code-unknown = رجسٹری میں اس کوڈ کا کوئی لیبل نہیں۔
code-wrong = یہ مختصر کوڈ نہیں ہے۔ براہِ کرم اسے ایک بار پھر لیبل سے ملائیں، ہو سکتا ہے کوئی حرف یا ہندسہ غلط ہو۔

## Product and lot, without a signed label

product-no-proof = یہ لنک آپ کے ہاتھ میں موجود چیز کے بارے میں کچھ ثابت نہیں کرتا۔ اسے کوئی بھی لکھ سکتا ہے۔ اصلی لیبل اور ان نمبروں کی نقل میں فرق صرف لیبل پر موجود دستخط شدہ کوڈ سے پتا چلتا ہے۔
product-none = رجسٹری کے پاس اس کا کوئی تصدیق نامہ نہیں۔
product-title = عوامی ریکارڈ میں موجود تصدیق نامے
in-force = مؤثر
not-in-force = مؤثر نہیں

## Problems with the request

problem-title = یہ کام نہ ہو سکا
problem-not-found = اس پتے پر کچھ نہیں ہے۔
problem-bad-request = پتے یا فارم میں کوئی غلطی ہے۔
problem-busy = رجسٹری مصروف ہے یا کچھ دیر کے لیے رکی ہوئی ہے۔ براہِ کرم ایک منٹ بعد دوبارہ کوشش کریں۔
problem-too-large = جو بھیجا گیا وہ بہت بڑا ہے۔

## Report a concern

report-title = مسئلے کی اطلاع دیں
report-intro = کیا آپ نے کسی بچے کو کام کرتے دیکھا، یا کسی لیبل کی نقل یا غلط پروڈکٹ دیکھی؟ منظوری دینے والے ادارے کو بتائیں، جو تصدیقی اداروں پر نظر رکھتا ہے۔ آپ کو اپنا نام بتانے کی ضرورت نہیں۔
report-kind = آپ نے کیا دیکھا؟
report-kind-child = کام کرتا ہوا بچہ
report-kind-copied = لیبل کی نقل
report-kind-wrong = غلط پروڈکٹ
report-kind-other = کچھ اور
report-story = کیا ہوا، کہاں اور کب؟
report-label = لیبل کا متن یا مختصر کوڈ، اگر آپ کے پاس ہو
report-contact = منظوری دینے والا ادارہ آپ سے کیسے رابطہ کرے؟ (صرف اگر آپ چاہیں)
report-submit = بھیجیں
report-sealed-device = آپ کی ڈیوائس اطلاع کو بھیجنے سے پہلے خفیہ شکل میں بدل دیتی ہے۔ اسے صرف منظوری دینے والا ادارہ پڑھ سکتا ہے۔
report-sealed-server = JavaScript کے بغیر رجسٹری اطلاع کو پہنچتے ہی، محفوظ کرنے سے پہلے، خفیہ شکل میں بدل دیتی ہے۔ اس کے بعد اسے صرف منظوری دینے والا ادارہ پڑھ سکتا ہے۔
report-failed = آپ کی ڈیوائس اطلاع کو خفیہ شکل میں نہیں بدل سکی۔ کچھ نہیں بھیجا گیا۔ دوبارہ دبائیں تاکہ رجسٹری اسے پہنچتے ہی خفیہ شکل میں بدل دے۔
report-danger = اگر کوئی بچہ اس وقت خطرے میں ہے تو پولیس یا کسی ہیلپ لائن کو فون کریں۔
report-hotlines = منظوری دینے والے ادارے کے بتائے ہوئے رابطے
report-closed = یہ رجسٹری اطلاعات نہیں لیتی، کیونکہ اس کے منظوری دینے والے ادارے نے ان کے لیے کوئی کلید شائع نہیں کی۔
report-thanks = اطلاع مل گئی۔ آپ کا شکریہ۔
report-by-device = اطلاع کو آپ کی ڈیوائس پر خفیہ شکل میں بدلا گیا۔ منظوری دینے والے ادارے کے سوا اسے کوئی نہیں پڑھ سکتا۔
report-by-server = رجسٹری نے اطلاع کو محفوظ کرنے سے پہلے خفیہ شکل میں بدل دیا۔ اب منظوری دینے والے ادارے کے سوا اسے کوئی نہیں پڑھ سکتا۔
report-receipt = آپ کا رسید کوڈ: اسے سنبھال کر رکھیں تاکہ بعد میں دیکھ سکیں کہ آپ کی اطلاع کا کیا بنا۔ کوئی اور اسے آپ کے لیے دوبارہ نہیں ڈھونڈ سکتا۔
report-status-title = میری اطلاع کا کیا بنا
report-receipt-field = رسید کوڈ
report-status-submit = دیکھیں
report-status-unknown = اس رسید کوڈ کی کوئی اطلاع نہیں۔
report-status-received = اطلاع مل گئی ہے۔ منظوری دینے والے ادارے نے اسے ابھی نہیں پڑھا۔
report-status-read = منظوری دینے والے ادارے نے اسے پڑھ لیا ہے۔
report-status-in-progress = منظوری دینے والا ادارہ اس کا جائزہ لے رہا ہے۔
report-status-closed = منظوری دینے والے ادارے نے اس پر کام مکمل کر لیا ہے۔
report-too-fast = یہ بہت جلدی یا بہت دیر سے بھیجا گیا۔ براہِ کرم ایک بار پھر بھیجیں۔
report-full = اس وقت بہت زیادہ اطلاعات آ رہی ہیں۔ براہِ کرم کچھ دیر بعد دوبارہ کوشش کریں۔
report-missing = براہِ کرم بتائیں کہ کیا ہوا۔
report-too-long = یہ متن بہت لمبا ہے۔

## The certifier

certifier-title = تصدیقی ادارہ
certifier-role-other = یہ ادارہ تصدیقی ادارہ نہیں ہے۔
certifier-approved-by = منظوری دینے والا ادارہ
certifier-since = منظوری { $from } سے { $until } تک
certifier-scope = منظوری کا دائرہ
certifier-countries = ممالک
certifier-chapters = مال کی قسمیں (کسٹمز ٹیرف کے ابواب)
certifier-topics = بیانات
certifier-attestations = تصدیق نامے، ماہ بہ ماہ
certifier-total = { $count ->
    [one] عوامی ریکارڈ میں { $number } تصدیق نامہ
   *[other] عوامی ریکارڈ میں { $number } تصدیق نامے
}
certifier-suspended = اس وقت معطل: { $number }
certifier-withdrawn = واپس لیے گئے: { $number }
certifier-stands = تصدیقی ادارہ منظور شدہ ہے۔
certifier-suspended-now = تصدیقی ادارے کی منظوری معطل ہے۔
certifier-withdrawn-now = تصدیقی ادارے کی منظوری واپس لے لی گئی ہے۔
certifier-month = { $month }: { $number }، مؤثر نہیں: { $bad }

## The log

log-title = عوامی ریکارڈ
log-intro = ہر بیان ایک عوامی فہرست میں درج ہے جو صرف بڑھ سکتی ہے۔ کوئی بھی اس کی نقل لے کر دیکھ سکتا ہے کہ کچھ بدلا یا چھپایا تو نہیں گیا۔
log-size = اندراجات
log-newest = سب سے نیا اندراج
log-checkpoint = سب سے نئی دستخط شدہ حالت
log-witnesses = گواہ
log-for-programs = پروگراموں کے لیے
log-certifiers = اس ریکارڈ میں شامل تصدیقی ادارے

## What a label means

meaning-title = لیبل کا مطلب کیا ہے
meaning-means = اس کا مطلب یہ ہے
meaning-means-checked = ایک منظور شدہ تصدیقی ادارے نے معائنہ کیا ہے کہ یہ لاٹ کیسے تیار ہوئی، اور اس پر دستخط کیے ہیں۔
meaning-means-public = بیان عوامی ریکارڈ میں درج ہے۔ کوئی اسے بدلے یا مٹائے تو پتا چل جائے گا۔
meaning-means-today = صفحہ بتاتا ہے کہ آج کیا صورتِ حال ہے: کہیں کسی نے بیان معطل تو نہیں کیا یا واپس تو نہیں لیا۔
meaning-not = اس کا مطلب یہ نہیں
meaning-not-goods = کہ آپ کے ہاتھ میں وہی مال ہے جس کے لیے یہ لیبل بنا تھا۔ اصلی لیبل کی نقل بنائی جا سکتی ہے یا اسے کہیں اور لگایا جا سکتا ہے۔ ملا کر دیکھیں۔
meaning-not-always = کہ وہاں کبھی کچھ برا نہیں ہو سکتا۔ معائنہ کرنے والا کچھ دن دیکھتا ہے، سب نہیں۔
meaning-not-other = ایسی کوئی بات جو لیبل نہیں کہتا، مثلاً اجرت یا ماحول کے بارے میں۔
meaning-outcomes = چار جواب
meaning-verified = ہر جانچ کامیاب رہی۔
meaning-caution = لیبل اصلی ہے، مگر ایک بات آپ کو خود دیکھنی ہے۔
meaning-refused = لیبل جعلی ہے، یا اس کا بیان اب معتبر نہیں رہا۔
meaning-undecided = کوئی ضروری بات جانچی نہ جا سکی۔ یہ نہ جعلی ہونے کی نشانی ہے اور نہ اصلی ہونے کا ثبوت۔

## Check the registry yourself

verify-title = رجسٹری کو خود جانچیں
verify-intro = آپ کو اس رجسٹری کی بات ماننے کی ضرورت نہیں۔ جانچنے کے طریقے یہ ہیں؛ ہر طریقہ پچھلے سے زیادہ آزاد ہے۔
verify-device = آپ کا فون: JavaScript کے ساتھ فیصلے کا ہر صفحہ آپ کی ڈیوائس پر دستخط اور ثبوت جانچتا ہے۔ اس کا پروگرام اور کلیدیں اسی رجسٹری سے آتی ہیں۔
verify-offline = پاس رکھنے کے لیے ایک صفحہ: اسے ایک بار محفوظ کر لیں، پھر یہ نیٹ ورک کے بغیر لیبل جانچتا ہے۔
verify-download = نیٹ ورک کے بغیر چلنے والا صفحہ ڈاؤن لوڈ کریں
verify-program = پروگرام ”verifier“ ایک ایک لیبل اور پوری کھیپیں جانچتا ہے، نیٹ ورک کے ساتھ بھی اور بغیر بھی، اور پورے عوامی ریکارڈ کو شروع سے دوبارہ پرکھ سکتا ہے۔
verify-standard = عوامی ریکارڈ عوامی معیار C2SP tlog-tiles پر چلتا ہے، اس لیے دوسروں کے پروگرام بھی اسے پڑھ سکتے ہیں۔

## The offline page

offline-title = نیٹ ورک کے بغیر لیبل جانچیں
offline-intro = یہ صفحہ رجسٹری { $origin } سے { $date } کو محفوظ کیا گیا۔ یہ جانچتا ہے کہ لیبل پر دستخط ہوئے ہیں اور شواہد کیا کہتے ہیں۔ شواہد حاصل کرنے کے بعد جو کچھ بدلا، وہ اسے معلوم نہیں ہو سکتا۔ اس کی کلیدیں بھی اسی رجسٹری سے آتی ہیں۔
offline-label = کوڈ کا متن
offline-photo = یا کوڈ کی تصویر
offline-evidence = شواہد (رجسٹری سے، فائل کی صورت میں یا یہاں چسپاں کیے ہوئے)
offline-evidence-file = شواہد کی فائل
offline-check = جانچیں
offline-trust = رجسٹری کی کلیدیں
