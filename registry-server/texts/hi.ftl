# Texts of the pages, Hindi. One file a language, the same messages in each.
#
# For people who stand in a shop: plain words, short sentences, a reading age of twelve. Always about the label, never about the
# product: "this label is genuine", not "this carpet is". "Cannot tell" must sound neither like "fake" nor like "fine".
# $names come from certifiers and stand as they are; dates and numbers come formatted for the language.

language-name = हिन्दी

## The verdict: one word, one line

word-verified = असली लेबल
word-caution = सावधान रहें
word-refused = भरोसा न करें
word-undecided = कह नहीं सकते

headline-verified = यह लेबल असली है
headline-caution = हस्ताक्षर असली है, पर ध्यान से देखें
headline-refused = इस लेबल पर भरोसा न करें
headline-undecided = इस लेबल के बारे में हम अभी कुछ नहीं कह सकते

# What is attested, for which product and lot, by whom, accredited by whom, until when.
attested-sentence = { $claims ->
    [child] प्रमाणन संस्था { $certifier } ने जाँच की है और हस्ताक्षर करके प्रमाणित किया है कि उत्पाद { $product }, लॉट { $lot }, बाल श्रम के बिना बनाया गया है। संस्था { $accreditor } ने इस काम के लिए { $certifier } को मान्यता दी है। { $until } तक वैध।
    [forced] प्रमाणन संस्था { $certifier } ने जाँच की है और हस्ताक्षर करके प्रमाणित किया है कि उत्पाद { $product }, लॉट { $lot }, जबरन श्रम के बिना बनाया गया है। संस्था { $accreditor } ने इस काम के लिए { $certifier } को मान्यता दी है। { $until } तक वैध।
   *[both] प्रमाणन संस्था { $certifier } ने जाँच की है और हस्ताक्षर करके प्रमाणित किया है कि उत्पाद { $product }, लॉट { $lot }, बाल श्रम और जबरन श्रम, दोनों के बिना बनाया गया है। संस्था { $accreditor } ने इस काम के लिए { $certifier } को मान्यता दी है। { $until } तक वैध।
}
label-not-goods = यह बात लेबल के बारे में है। असली लेबल की भी नकल हो सकती है, या उसे किसी दूसरे सामान पर चिपकाया जा सकता है। इसलिए इसे अपने हाथ के सामान से मिलाएँ।

advice-refused = इस लेबल के भरोसे न खरीदें। कृपया हमें बताएँ कि आपने यह लेबल कहाँ देखा।
advice-undecided = इसका यह मतलब नहीं कि लेबल में कुछ गलत है। बाद में फिर कोशिश करें।

## Compare with what you hold

compare-title = अपने हाथ के सामान से मिलाएँ
compare-product = उत्पाद
compare-lot = लॉट
compare-serial = सीरियल नंबर
compare-serial-of = { $serial } (कुल { $labels } लेबल में से)
compare-maker = निर्माता
compare-maker-withheld = प्रमाणन संस्था ने नाम गुप्त रखा है
compare-country = किस देश में बना
compare-gtin = उत्पाद कोड (GTIN)
compare-note = अगर कुछ भी अलग हो, तो लेबल पर भरोसा न करें।
says-title = लेबल क्या कहता है
says-registry = रजिस्ट्री

## Evidence, folded

attested-title = क्या प्रमाणित किया गया
attested-claims = कथन
attested-by = हस्ताक्षर करने वाली संस्था
attested-accreditor = मान्यता देने वाली संस्था
attested-valid = वैधता
attested-period = { $from } से { $until } तक
attested-quantity = मात्रा
attested-quantity-labels = { $quantity }, { $labels ->
    [one] { $count } लेबल
   *[other] { $count } लेबल
}
attested-hs = सीमा-शुल्क कोड (HS)
claims-child = बाल श्रम के बिना बनाया गया
claims-forced = जबरन श्रम के बिना बनाया गया
claims-both = बाल श्रम और जबरन श्रम, दोनों के बिना बनाया गया

checks-title = क्या-क्या जाँचा गया
check-format = लेबल का प्रारूप
check-registry = रजिस्ट्री
check-log = सार्वजनिक बही
check-complete = इसकी स्थिति का कोई बदलाव छोड़ा नहीं गया है
check-attestation = प्रमाणपत्र बही में दर्ज है
check-key = हस्ताक्षर की कुंजी प्रमाणन संस्था की है
check-signature = हस्ताक्षर असली हैं
check-product = उत्पाद और लॉट वही हैं जो प्रमाणित किए गए
check-claims = लेबल का दावा प्रमाणित बात से ज़्यादा नहीं है
check-serial = यह सीरियल नंबर जारी हुआ था
check-validity = वैधता की तारीखें
check-standing = किसी ने इसे निलंबित या रद्द नहीं किया है
check-certifier = प्रमाणन संस्था की मान्यता बनी हुई है
check-compromise = कुंजी चोरी नहीं हुई है
check-today = आज की स्थिति
check-scans = इसे असामान्य रूप से ज़्यादा बार स्कैन नहीं किया गया
found-pass = ठीक है
found-caution = ध्यान से देखें
found-fail = ठीक नहीं है
found-unknown = जाँच नहीं हो सकी
source-label = लेबल से ही
source-trust = भरोसेमंद रजिस्ट्रियों की सूची से
source-registry = इसी रजिस्ट्री से
source-entries = बही की उन प्रविष्टियों से जिनका सबूत है
source-snapshot = बही की सहेजी हुई प्रति से
finding-as-of = { $time } की स्थिति

proof-title = सबूत, और उसे किसने देखा
proof-entry = सार्वजनिक बही की प्रविष्टि { $index }
proof-evidence = सबूत, जिसे कोई भी जाँच सकता है
proof-log = बही में { $count ->
    [one] { $size } प्रविष्टि है
   *[other] { $size } प्रविष्टियाँ हैं
}। सबसे नई प्रविष्टि { $time } की है।
witnesses-none = अभी कोई स्वतंत्र गवाह इस बही पर नज़र नहीं रख रहा है।
witnesses-some = { $count ->
    [one] { $number } स्वतंत्र गवाह इस बही पर नज़र रख रहा है:
   *[other] { $number } स्वतंत्र गवाह इस बही पर नज़र रख रहे हैं:
}
judged-at = { $time } को जाँचा गया।

## The phone checks it too

device-title = आपका डिवाइस भी इसे जाँचता है
device-working = आपका डिवाइस सबूत जाँच रहा है…
device-yes = आपके डिवाइस ने इसे खुद जाँचा: हस्ताक्षर और बही का सबूत सही हैं।
device-same = आपके डिवाइस ने इसे खुद जाँचा और वही नतीजा पाया।
device-no = आपके डिवाइस को ऐसी बातें मिलीं जो आपस में मेल नहीं खातीं। न इस पेज पर भरोसा करें, न इस लेबल पर।
device-cannot = आपका डिवाइस इसे खुद नहीं जाँच सका। रजिस्ट्री ने जो बताया है, वही लागू रहता है।
device-off = इसके लिए JavaScript और सुरक्षित कनेक्शन ज़रूरी हैं। इनके बिना, रजिस्ट्री ने जो बताया है, वही लागू रहता है।
step-label = लेबल पढ़ा जा सकता है
step-log = रजिस्ट्री ने अपनी बही पर हस्ताक्षर किए हैं
step-witnesses = गवाहों ने बही देखी है
step-accreditation = प्रमाणन संस्था को मान्यता मिली हुई है
step-statement = प्रमाणपत्र पर हस्ताक्षर हैं और वह बही में दर्ज है
step-signature = लेबल पर प्रमाणन संस्था के हस्ताक्षर हैं
step-product = लेबल और प्रमाणपत्र एक ही सामान के बारे में हैं
step-validity = तारीखें मेल खाती हैं
step-standing = सबूत में इसके खिलाफ़ कुछ नहीं है

## Why something does not count

hold-suspended = { $by ->
    [accreditor] मान्यता देने वाली संस्था ने इसे { $date } से निलंबित कर रखा है। कारण: { $reason }।
   *[certifier] प्रमाणन संस्था ने इसे { $date } से निलंबित कर रखा है। कारण: { $reason }।
}
hold-withdrawn = { $by ->
    [accreditor] मान्यता देने वाली संस्था ने इसे { $date } को रद्द कर दिया। कारण: { $reason }।
   *[certifier] प्रमाणन संस्था ने इसे { $date } को रद्द कर दिया। कारण: { $reason }।
}
hold-party = { $date } से प्रमाणन संस्था के पास मान्यता नहीं है। कारण: { $reason }।
hold-reason-child-found-at-work = एक बच्चा काम करता मिला
hold-reason-audit-refused = निरीक्षण नहीं करने दिया गया
hold-reason-fraud = धोखाधड़ी
hold-reason-error = प्रमाणपत्र में गलती
hold-reason-expired-audit = पिछला निरीक्षण बहुत पुराना है
hold-reason-other = कुछ और

reason-already-cleared = इस लेबल वाला सामान पहले भी सीमा-शुल्क जाँच पार कर चुका है।
reason-duplicate-in-shipment = यह सीरियल नंबर इस खेप में एक से ज़्यादा बार आया है।
reason-over-quantity = सामान उससे ज़्यादा है जितना प्रमाणन संस्था ने प्रमाणित किया है।
reason-declaration-mismatch = सीमा-शुल्क घोषणा में जो लिखा है, वह प्रमाणन संस्था की बात से अलग है।
reason-many-scans = यह सीरियल नंबर असामान्य रूप से ज़्यादा दिनों पर स्कैन हुआ है। हो सकता है कि लेबल की नकल की गई हो। अगर यह सामान सबसे पहले आपके ही पास आया है, तो इसे ध्यान से मिलाएँ।
reason-key-exposed = जिस कुंजी से इस लेबल पर हस्ताक्षर हुए, वह बाद में चोरी हो गई। हो सकता है कि यह लेबल चोर की बनाई नकल हो।
reason-risk-listed = इस देश का इस तरह का सामान एक सार्वजनिक सूची में है। उस सूची में बच्चों के हाथों बना सामान दर्ज है।
reason-malformed = यह सही प्रारूप का लेबल नहीं है।
reason-forged-signature = इस लेबल पर हस्ताक्षर असली नहीं हैं।
reason-unknown-certifier = इस लेबल पर ऐसी कुंजी से हस्ताक्षर हुए हैं जिसे इसका अधिकार नहीं है।
reason-unknown-attestation = रजिस्ट्री में इस नंबर का कोई प्रमाणपत्र नहीं है।
reason-wrong-product = प्रमाणपत्र किसी दूसरे उत्पाद या लॉट का है।
reason-wrong-claims = लेबल का दावा प्रमाणित बात से ज़्यादा है।
reason-serial-out-of-range = इस सीरियल नंबर का कोई लेबल जारी नहीं हुआ था।
reason-not-yet-valid = प्रमाणपत्र की वैधता अभी शुरू नहीं हुई है।
reason-expired = प्रमाणपत्र की वैधता खत्म हो चुकी है।
reason-suspended = प्रमाणपत्र फ़िलहाल निलंबित है।
reason-withdrawn = प्रमाणपत्र हमेशा के लिए रद्द कर दिया गया है।
reason-certifier-suspended = प्रमाणन संस्था के पास अब मान्यता नहीं है।
reason-key-compromised = प्रमाणपत्र पर हस्ताक्षर तब हुए, जब प्रमाणन संस्था की कुंजी चोरी हो चुकी थी।
reason-out-of-scope = प्रमाणन संस्था को इस तरह के प्रमाणपत्र देने की मान्यता नहीं मिली थी।
reason-foreign-origin = यह लेबल ऐसी रजिस्ट्री का पता देता है जो यहाँ की भरोसेमंद सूची में नहीं है।
reason-no-trust = यहाँ भरोसेमंद रजिस्ट्रियों की सूची में अभी कोई रजिस्ट्री नहीं है।
reason-no-status = इस प्रमाणपत्र की आज क्या स्थिति है, यह यहाँ पता नहीं है।
reason-no-quorum = रजिस्ट्री की बही की पुष्टि करने वाले स्वतंत्र गवाह ज़रूरत से कम हैं।
reason-stale-snapshot = यहाँ मौजूद जानकारी इतनी पुरानी है कि उससे फ़ैसला नहीं हो सकता।
reason-newer-than-snapshot = यह लेबल यहाँ मौजूद जानकारी से नया है।
reason-unsupported = यह लेबल ऐसे नियमों पर चलता है जो इस पेज से नए हैं।
reason-log-inconsistent = रजिस्ट्री की बही की बातें आपस में मेल नहीं खातीं।
reason-network = रजिस्ट्री से संपर्क नहीं हो सका।
reason-clock = यह पेज जिस घड़ी से समय लेता है, वह सही नहीं हो सकती।

## Links between the pages

nav-check = लेबल जाँचें
nav-scan = कोड स्कैन करें
nav-report = कुछ गलत दिखे तो बताएँ
nav-meaning = लेबल का मतलब
nav-log = सार्वजनिक बही
nav-verify = रजिस्ट्री को खुद परखें
nav-language = भाषा

## Front page and scan page

home-title = लेबल जाँचें
home-intro = लेबल का कोड अपने फ़ोन के कैमरे से स्कैन करें, या जो उस पर लिखा है उसे टाइप करें।
home-field = कोड में लिखा पाठ, या उसके नीचे छपा छोटा कोड
home-submit = जाँचें
home-privacy = यह पेज कोई कुकी नहीं रखता, और यह भी दर्ज नहीं करता कि कौन पूछ रहा है।
home-registry = यह रजिस्ट्री { $origin } है।

scan-title = कोड स्कैन करें
scan-start = कैमरा चालू करें
scan-stop = कैमरा बंद करें
scan-photo = इसके बजाय फ़ोटो चुनें
scan-looking = कोड को कैमरे के सामने रखें।
scan-denied = कैमरे की अनुमति नहीं है। ब्राउज़र की सेटिंग में अनुमति दें, फ़ोटो चुनें, या कोड टाइप करें।
scan-no-camera = कोई कैमरा नहीं मिला। फ़ोटो चुनें, या कोड टाइप करें।
scan-not-a-label = यह किसी लेबल का कोड नहीं है।
scan-unreadable = इस तस्वीर में कोई कोड नहीं मिला। रोशनी बढ़ाएँ और कैमरा पास लाएँ।
scan-no-script = इस पेज पर स्कैन करने के लिए JavaScript चाहिए। आपके फ़ोन का अपना कैमरा भी कोड खोल सकता है, या कोड यहाँ टाइप करें।
scan-torch = टॉर्च

code-title = छोटा कोड { $code }
code-no-proof = टाइप किया हुआ कोड यह साबित नहीं कर सकता कि लेबल असली है: उसकी नकल कोई भी कर सकता है। पक्का करने के लिए लेबल का कोड स्कैन करें।
code-unknown = रजिस्ट्री में इस कोड का कोई लेबल नहीं है।
code-wrong = यह छोटा कोड नहीं है। कृपया इसे लेबल से एक बार फिर मिलाएँ: शायद कोई एक अक्षर या अंक गलत है।

## Product and lot, without a signed label

product-no-proof = यह लिंक आपके हाथ के सामान के बारे में कुछ साबित नहीं करता। ऐसा लिंक कोई भी लिख सकता है। लेबल असली है या किसी ने बस ये नंबर नकल कर लिए हैं, यह सिर्फ़ लेबल के हस्ताक्षर वाले कोड से पता चलता है।
product-none = रजिस्ट्री में इसके लिए कोई प्रमाणपत्र नहीं है।
product-title = सार्वजनिक बही में दर्ज प्रमाणपत्र
in-force = लागू
not-in-force = लागू नहीं

## Problems with the request

problem-title = यह नहीं हो सका
problem-not-found = इस पते पर कुछ नहीं है।
problem-bad-request = पते या फ़ॉर्म में कोई गलती है।
problem-busy = रजिस्ट्री अभी व्यस्त है या थोड़ी देर के लिए रुकी है। कृपया एक मिनट बाद फिर कोशिश करें।
problem-too-large = जो भेजा गया, वह बहुत बड़ा है।

## Report a concern

report-title = कुछ गलत दिखे तो बताएँ
report-intro = क्या आपने किसी बच्चे को काम करते देखा? या नकल किया हुआ लेबल, या गलत उत्पाद? मान्यता देने वाली संस्था को बताएँ। वह प्रमाणन संस्थाओं पर नज़र रखती है। आपको अपनी पहचान बताने की ज़रूरत नहीं है।
report-kind = आपने क्या देखा?
report-kind-child = काम करता हुआ बच्चा
report-kind-copied = नकल किया हुआ लेबल
report-kind-wrong = गलत उत्पाद
report-kind-other = कुछ और
report-story = क्या हुआ, कहाँ और कब?
report-label = लेबल का पाठ या छोटा कोड, अगर आपके पास हो
report-contact = मान्यता देने वाली संस्था आपसे कैसे संपर्क करे? (तभी लिखें, जब आप चाहें)
report-submit = भेजें
report-sealed-device = भेजे जाने से पहले आपका डिवाइस इसे एन्क्रिप्ट करता है। इसे सिर्फ़ मान्यता देने वाली संस्था पढ़ सकती है।
report-sealed-server = JavaScript न हो, तो रजिस्ट्री इसे पहुँचते ही एन्क्रिप्ट करती है, उसके बाद सहेजती है। फिर इसे सिर्फ़ मान्यता देने वाली संस्था पढ़ सकती है।
report-failed = आपका डिवाइस इसे एन्क्रिप्ट नहीं कर सका। कुछ भी नहीं भेजा गया। फिर से दबाएँ, तो रजिस्ट्री इसे पहुँचते ही एन्क्रिप्ट करेगी।
report-danger = अगर कोई बच्चा इस समय खतरे में है, तो पुलिस या किसी हेल्पलाइन को फ़ोन करें।
report-hotlines = मान्यता देने वाली संस्था के बताए संपर्क
report-closed = यह रजिस्ट्री सूचनाएँ नहीं लेती: मान्यता देने वाली संस्था ने इनके लिए कोई कुंजी जारी नहीं की है।
report-thanks = आपकी सूचना मिल गई। धन्यवाद।
report-by-device = इसे आपके डिवाइस पर एन्क्रिप्ट किया गया। मान्यता देने वाली संस्था के सिवा इसे कोई नहीं पढ़ सकता।
report-by-server = रजिस्ट्री ने इसे सहेजने से पहले एन्क्रिप्ट किया। अब मान्यता देने वाली संस्था के सिवा इसे कोई नहीं पढ़ सकता।
report-receipt = आपका रसीद कोड: इसे सँभालकर रखें। इसी से बाद में पता चलेगा कि आपकी सूचना का क्या हुआ। खो जाने पर कोई इसे आपके लिए दोबारा नहीं ढूँढ सकता।
report-status-title = मेरी सूचना का क्या हुआ
report-receipt-field = रसीद कोड
report-status-submit = देखें
report-status-unknown = इस रसीद कोड की कोई सूचना नहीं है।
report-status-received = सूचना मिल गई है। मान्यता देने वाली संस्था ने इसे अभी नहीं पढ़ा है।
report-status-read = मान्यता देने वाली संस्था ने इसे पढ़ लिया है।
report-status-in-progress = मान्यता देने वाली संस्था इस मामले को देख रही है।
report-status-closed = मान्यता देने वाली संस्था ने इस पर काम पूरा कर लिया है।
report-too-fast = यह बहुत जल्दी या बहुत देर से भेजा गया। कृपया एक बार फिर भेजें।
report-full = अभी बहुत ज़्यादा सूचनाएँ आ रही हैं। कृपया बाद में फिर कोशिश करें।
report-missing = कृपया बताएँ कि क्या हुआ।
report-too-long = यह पाठ बहुत लंबा है।

## The certifier

certifier-title = प्रमाणन संस्था
certifier-role-other = यह प्रमाणन संस्था नहीं है।
certifier-approved-by = मान्यता देने वाली संस्था
certifier-since = { $from } से { $until } तक मान्यता प्राप्त
certifier-scope = मान्यता किसके लिए
certifier-countries = देश
certifier-chapters = सामान के प्रकार (सीमा-शुल्क सूची के अध्याय)
certifier-topics = कथन
certifier-attestations = महीने के हिसाब से प्रमाणपत्र
certifier-total = { $count ->
    [one] बही में { $number } प्रमाणपत्र
   *[other] बही में { $number } प्रमाणपत्र
}
certifier-suspended = अभी निलंबित: { $number }
certifier-withdrawn = रद्द: { $number }
certifier-stands = प्रमाणन संस्था को मान्यता मिली हुई है।
certifier-suspended-now = प्रमाणन संस्था की मान्यता निलंबित है।
certifier-withdrawn-now = प्रमाणन संस्था की मान्यता रद्द कर दी गई है।
certifier-month = { $month }: { $number }, लागू नहीं: { $bad }

## The log

log-title = सार्वजनिक बही
log-intro = हर प्रमाणपत्र एक सार्वजनिक बही में दर्ज है। यह ऐसी सूची है जो सिर्फ़ बढ़ सकती है। कोई भी इसकी प्रति लेकर देख सकता है कि कुछ बदला या छिपाया तो नहीं गया।
log-size = प्रविष्टियाँ
log-newest = सबसे नई प्रविष्टि
log-checkpoint = हस्ताक्षर वाली सबसे नई स्थिति
log-witnesses = गवाह
log-for-programs = प्रोग्रामों के लिए
log-certifiers = इस बही में दर्ज प्रमाणन संस्थाएँ

## What a label means

meaning-title = लेबल का मतलब
meaning-means = इसका मतलब यह है
meaning-means-checked = मान्यता प्राप्त प्रमाणन संस्था ने निरीक्षण किया है कि यह लॉट कैसे बना, और इसके लिए हस्ताक्षर किए हैं।
meaning-means-public = प्रमाणपत्र सार्वजनिक बही में दर्ज है। कोई उसे चुपचाप बदल या मिटा नहीं सकता।
meaning-means-today = पेज बताता है कि आज क्या स्थिति है: किसी ने इसे निलंबित या रद्द तो नहीं किया।
meaning-not = इसका मतलब यह नहीं है
meaning-not-goods = कि आपके हाथ में सही सामान ही है। असली लेबल की नकल हो सकती है, या उसे दूसरे सामान पर लगाया जा सकता है। मिलाकर देखें।
meaning-not-always = कि वहाँ कभी कुछ बुरा हो ही नहीं सकता। निरीक्षण कुछ दिन होता है, हर दिन नहीं।
meaning-not-other = ऐसी कोई भी बात जो लेबल नहीं कहता, जैसे मज़दूरी या पर्यावरण के बारे में।
meaning-outcomes = चार जवाब
meaning-verified = हर जाँच सही निकली।
meaning-caution = लेबल असली है, पर किसी बात पर आपको खुद ध्यान देना चाहिए।
meaning-refused = लेबल जाली है, या उसका प्रमाणपत्र अब लागू नहीं है।
meaning-undecided = कोई ज़रूरी बात जाँची नहीं जा सकी। यह न नकली होने का संकेत है, न असली होने का सबूत।

## Check the registry yourself

verify-title = रजिस्ट्री को खुद परखें
verify-intro = आपको इस रजिस्ट्री की बात मान लेने की ज़रूरत नहीं है। जाँचने के तरीके ये हैं; हर तरीका पिछले से ज़्यादा स्वतंत्र है।
verify-device = आपका फ़ोन: JavaScript चालू हो, तो नतीजे का हर पेज हस्ताक्षर और सबूत आपके डिवाइस पर ही जाँचता है। इसका प्रोग्राम और कुंजियाँ इसी रजिस्ट्री से आती हैं।
verify-offline = अपने पास रखने का पेज: इसे एक बार सहेज लें, फिर यह इंटरनेट के बिना लेबल जाँचता है।
verify-download = ऑफ़लाइन पेज डाउनलोड करें
verify-program = प्रोग्राम “verifier” एक-एक लेबल भी जाँचता है और पूरी खेप भी, इंटरनेट के साथ या उसके बिना। वह पूरी बही को शुरू से दोहराकर भी परख सकता है।
verify-standard = बही सार्वजनिक मानक C2SP tlog-tiles पर चलती है, इसलिए दूसरों के प्रोग्राम भी इसे पढ़ सकते हैं।

## The offline page

offline-title = इंटरनेट के बिना लेबल जाँचें
offline-intro = यह पेज { $date } को रजिस्ट्री { $origin } से सहेजा गया था। यह जाँचता है कि लेबल पर हस्ताक्षर हुए थे या नहीं, और सबूत क्या कहता है। सबूत लिए जाने के बाद क्या बदला, यह इसे पता नहीं हो सकता। इसकी कुंजियाँ भी इसी रजिस्ट्री से आती हैं।
offline-label = कोड में लिखा पाठ
offline-photo = या कोड की फ़ोटो
offline-evidence = सबूत (रजिस्ट्री से मिला, फ़ाइल में या चिपकाया हुआ)
offline-evidence-file = सबूत की फ़ाइल
offline-check = जाँचें
offline-trust = रजिस्ट्री की कुंजियाँ
