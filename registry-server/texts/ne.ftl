# Texts of the pages, Nepali. One file a language, the same messages in each.
#
# For people who stand in a shop: plain words, short sentences, a reading age of twelve. Always about the label, never about the
# product: "this label is genuine", not "this carpet is". "Cannot tell" must sound neither like "fake" nor like "fine".
# $names come from certifiers and stand as they are; dates and numbers come formatted for the language.

language-name = नेपाली

## The verdict: one word, one line

word-verified = सक्कली लेबल
word-caution = सतर्क रहनुहोस्
word-refused = भरोसा नगर्नुहोस्
word-undecided = भन्न सकिँदैन

headline-verified = यो लेबल सक्कली हो
headline-caution = हस्ताक्षर सक्कली हो, तर राम्ररी हेर्नुहोस्
headline-refused = यस लेबलमा भरोसा नगर्नुहोस्
headline-undecided = यस लेबलबारे अहिले केही भन्न सकिँदैन

# What is attested, for which product and lot, by whom, accredited by whom, until when.
attested-sentence = { $claims ->
    [child] { $certifier } नामको प्रमाणीकरण संस्थाले जाँच गरेको छ र हस्ताक्षर गरेर प्रमाणित गरेको छ: उत्पादन { $product }, लट { $lot }, बालश्रमबिना बनाइएको हो। { $accreditor } नामको संस्थाले यस कामका लागि उक्त प्रमाणीकरण संस्थालाई मान्यता दिएको छ। म्याद { $until } सम्म।
    [forced] { $certifier } नामको प्रमाणीकरण संस्थाले जाँच गरेको छ र हस्ताक्षर गरेर प्रमाणित गरेको छ: उत्पादन { $product }, लट { $lot }, जबर्जस्ती श्रमबिना बनाइएको हो। { $accreditor } नामको संस्थाले यस कामका लागि उक्त प्रमाणीकरण संस्थालाई मान्यता दिएको छ। म्याद { $until } सम्म।
   *[both] { $certifier } नामको प्रमाणीकरण संस्थाले जाँच गरेको छ र हस्ताक्षर गरेर प्रमाणित गरेको छ: उत्पादन { $product }, लट { $lot }, बालश्रम र जबर्जस्ती श्रम दुवैबिना बनाइएको हो। { $accreditor } नामको संस्थाले यस कामका लागि उक्त प्रमाणीकरण संस्थालाई मान्यता दिएको छ। म्याद { $until } सम्म।
}
label-not-goods = यो कुरा लेबलबारे हो। सक्कली लेबलको पनि नक्कल बनाउन सकिन्छ, वा त्यसलाई अर्कै सामानमा टाँस्न सकिन्छ। त्यसैले हातमा भएको सामानसँग भिडाएर हेर्नुहोस्।

advice-refused = यस लेबलको भरमा सामान नकिन्नुहोस्। यो लेबल कहाँ देख्नुभयो, कृपया हामीलाई भन्नुहोस्।
advice-undecided = यसको अर्थ लेबलमा केही गडबड छ भन्ने होइन। पछि फेरि प्रयास गर्नुहोस्।

## Compare with what you hold

compare-title = हातमा भएको सामानसँग भिडाएर हेर्नुहोस्
compare-product = उत्पादन
compare-lot = लट
compare-serial = सिरियल नम्बर
compare-serial-of = { $serial } (जम्मा { $labels } लेबलमध्ये)
compare-maker = निर्माता
compare-maker-withheld = प्रमाणीकरण संस्थाले गोप्य राखेको छ
compare-country = बनेको देश
compare-gtin = उत्पादन कोड (GTIN)
compare-note = केही फरक परेमा लेबलमा भरोसा नगर्नुहोस्।
says-title = लेबलले के भन्छ
says-registry = दर्ता प्रणाली

## Evidence, folded

attested-title = के प्रमाणित गरिएको छ
attested-claims = कथन
attested-by = हस्ताक्षर गर्ने संस्था
attested-accreditor = मान्यता दिने संस्था
attested-valid = म्याद
attested-period = { $from } देखि { $until } सम्म
attested-quantity = परिमाण
attested-quantity-labels = { $quantity }, { $labels ->
    [one] { $count } लेबल
   *[other] { $count } लेबल
}
attested-hs = भन्सार कोड (HS)
claims-child = बालश्रमबिना बनाइएको
claims-forced = जबर्जस्ती श्रमबिना बनाइएको
claims-both = बालश्रम र जबर्जस्ती श्रम दुवैबिना बनाइएको

checks-title = के-के जाँचियो
check-format = लेबलको ढाँचा
check-registry = दर्ता प्रणाली
check-log = सार्वजनिक अभिलेख
check-complete = यसको अवस्थाको कुनै परिवर्तन छुटाइएको छैन
check-attestation = प्रमाणपत्र अभिलेखमा छ
check-key = हस्ताक्षरको चाबी प्रमाणीकरण संस्थाकै हो
check-signature = हस्ताक्षर सक्कली हो
check-product = उत्पादन र लट प्रमाणित गरिएकै हुन्
check-claims = लेबलको दाबी प्रमाणित कुराभन्दा बढी छैन
check-serial = यो सिरियल नम्बर जारी भएको थियो
check-validity = म्यादका मितिहरू
check-standing = कसैले यसलाई निलम्बन वा रद्द गरेको छैन
check-certifier = प्रमाणीकरण संस्थाको मान्यता कायम छ
check-compromise = चाबी चोरी भएको छैन
check-today = आजको अवस्था
check-scans = यो असामान्य रूपमा धेरै पटक स्क्यान भएको छैन
found-pass = ठीक छ
found-caution = राम्ररी हेर्नुहोस्
found-fail = ठीक छैन
found-unknown = जाँच्न सकिएन
source-label = लेबलबाटै
source-trust = भरोसायोग्य दर्ता प्रणालीहरूको सूचीबाट
source-registry = यही दर्ता प्रणालीबाट
source-entries = अभिलेखका प्रमाण भएका प्रविष्टिबाट
source-snapshot = अभिलेखको सुरक्षित राखिएको प्रतिबाट
finding-as-of = { $time } को अवस्था

proof-title = प्रमाण, र त्यो कसले देख्यो
proof-entry = सार्वजनिक अभिलेखको प्रविष्टि { $index }
proof-evidence = जोसुकैले जाँच्न सक्ने प्रमाण
proof-log = अभिलेखमा { $count ->
    [one] { $size } प्रविष्टि छ
   *[other] { $size } प्रविष्टि छन्
}। सबैभन्दा नयाँ प्रविष्टि { $time } को हो।
witnesses-none = अहिलेसम्म कुनै स्वतन्त्र साक्षीले यस अभिलेखमाथि नजर राखेको छैन।
witnesses-some = { $count ->
    [one] { $number } स्वतन्त्र साक्षीले यस अभिलेखमाथि नजर राखिरहेको छ:
   *[other] { $number } स्वतन्त्र साक्षीले यस अभिलेखमाथि नजर राखिरहेका छन्:
}
judged-at = { $time } मा जाँचिएको हो।

## The phone checks it too

device-title = तपाईंको डिभाइसले पनि यो जाँच्छ
device-working = तपाईंको डिभाइसले प्रमाण जाँच्दै छ…
device-yes = तपाईंको डिभाइसले यो आफैँ जाँच्यो: हस्ताक्षर र अभिलेखको प्रमाण सही छन्।
device-same = तपाईंको डिभाइसले यो आफैँ जाँच्यो र उही नतिजा पायो।
device-no = तपाईंको डिभाइसले एकआपसमा नमिल्ने कुरा भेट्टायो। यस पृष्ठमा वा यस लेबलमा भरोसा नगर्नुहोस्।
device-cannot = तपाईंको डिभाइसले यो आफैँ जाँच्न सकेन। दर्ता प्रणालीले भनेको कुरा नै कायम रहन्छ।
device-off = यसका लागि JavaScript र सुरक्षित जडान चाहिन्छ। ती नभए दर्ता प्रणालीले भनेको कुरा नै कायम रहन्छ।
step-label = लेबल पढ्न सकिन्छ
step-log = दर्ता प्रणालीले आफ्नो अभिलेखमा हस्ताक्षर गरेको छ
step-witnesses = साक्षीहरूले अभिलेख देखेका छन्
step-accreditation = प्रमाणीकरण संस्थाले मान्यता पाएको छ
step-statement = प्रमाणपत्रमा हस्ताक्षर छ र त्यो अभिलेखमा छ
step-signature = लेबलमा प्रमाणीकरण संस्थाको हस्ताक्षर छ
step-product = लेबल र प्रमाणपत्र एउटै सामानका हुन्
step-validity = मितिहरू मिल्छन्
step-standing = प्रमाणमा यसको विरुद्ध केही छैन

## Why something does not count

hold-suspended = { $by ->
    [accreditor] मान्यता दिने संस्थाले { $date } देखि यसलाई निलम्बन गरेको छ। कारण: { $reason }।
   *[certifier] प्रमाणीकरण संस्थाले { $date } देखि यसलाई निलम्बन गरेको छ। कारण: { $reason }।
}
hold-withdrawn = { $by ->
    [accreditor] मान्यता दिने संस्थाले { $date } मा यसलाई रद्द गरेको हो। कारण: { $reason }।
   *[certifier] प्रमाणीकरण संस्थाले { $date } मा यसलाई रद्द गरेको हो। कारण: { $reason }।
}
hold-party = { $date } देखि प्रमाणीकरण संस्थाको मान्यता छैन। कारण: { $reason }।
hold-reason-child-found-at-work = काम गरिरहेको बच्चा भेटियो
hold-reason-audit-refused = निरीक्षण गर्न दिइएन
hold-reason-fraud = जालसाजी
hold-reason-error = प्रमाणपत्रमा गल्ती
hold-reason-expired-audit = पछिल्लो निरीक्षण धेरै पुरानो भयो
hold-reason-other = अन्य

reason-already-cleared = यो लेबल भएको सामान पहिले पनि भन्सारबाट पास भइसकेको छ।
reason-duplicate-in-shipment = यो सिरियल नम्बर यस खेपमा एकभन्दा बढी पटक छ।
reason-over-quantity = प्रमाणीकरण संस्थाले प्रमाणित गरेभन्दा बढी सामान छ।
reason-declaration-mismatch = भन्सार घोषणामा प्रमाणीकरण संस्थाले भनेभन्दा फरक कुरा लेखिएको छ।
reason-many-scans = यो सिरियल नम्बर असामान्य रूपमा धेरै दिन स्क्यान भएको छ। लेबलको नक्कल बनाइएको हुन सक्छ। यो सामान सबैभन्दा पहिले तपाईंकै हातमा आएको हो भने राम्ररी भिडाएर हेर्नुहोस्।
reason-key-exposed = जुन चाबीले यस लेबलमा हस्ताक्षर गरिएको थियो, त्यो पछि चोरी भयो। यो लेबल चोरले बनाएको नक्कल हुन सक्छ।
reason-risk-listed = यस देशको यस्तो सामान एउटा सार्वजनिक सूचीमा छ। त्यो बालबालिकाले बनाएका सामानको सूची हो।
reason-malformed = यो ठीक ढाँचाको लेबल होइन।
reason-forged-signature = यस लेबलको हस्ताक्षर सक्कली होइन।
reason-unknown-certifier = यस लेबलमा त्यस्तो चाबीले हस्ताक्षर गरिएको छ, जसलाई त्यो अधिकार छैन।
reason-unknown-attestation = दर्ता प्रणालीमा यस नम्बरको कुनै प्रमाणपत्र छैन।
reason-wrong-product = प्रमाणपत्र अर्कै उत्पादन वा लटको हो।
reason-wrong-claims = लेबलको दाबी प्रमाणित कुराभन्दा बढी छ।
reason-serial-out-of-range = यस सिरियल नम्बरको कुनै लेबल जारी भएको थिएन।
reason-not-yet-valid = प्रमाणपत्रको म्याद अझै सुरु भएको छैन।
reason-expired = प्रमाणपत्रको म्याद सकिएको छ।
reason-suspended = प्रमाणपत्र अहिलेलाई निलम्बनमा छ।
reason-withdrawn = प्रमाणपत्र सधैँका लागि रद्द गरिएको छ।
reason-certifier-suspended = प्रमाणीकरण संस्थाको मान्यता अब छैन।
reason-key-compromised = प्रमाणीकरण संस्थाको चाबी चोरी भएपछि प्रमाणपत्रमा हस्ताक्षर गरिएको हो।
reason-out-of-scope = यस प्रकारको प्रमाणपत्र दिने मान्यता प्रमाणीकरण संस्थाले पाएको थिएन।
reason-foreign-origin = यस लेबलले देखाएको दर्ता प्रणाली यहाँको भरोसायोग्य सूचीमा छैन।
reason-no-trust = यहाँको भरोसायोग्य सूचीमा अझै कुनै दर्ता प्रणाली छैन।
reason-no-status = यस प्रमाणपत्रको आजको अवस्था यहाँ थाहा छैन।
reason-no-quorum = दर्ता प्रणालीको अभिलेख पुष्टि गर्ने स्वतन्त्र साक्षी चाहिएभन्दा कम छन्।
reason-stale-snapshot = यहाँ भएको जानकारी निर्णय गर्न नसकिने गरी पुरानो भएको छ।
reason-newer-than-snapshot = यो लेबल यहाँ भएको जानकारीभन्दा नयाँ हो।
reason-unsupported = यो लेबल यस पृष्ठभन्दा नयाँ नियममा चल्छ।
reason-log-inconsistent = दर्ता प्रणालीको अभिलेखका कुरा एकआपसमा मिल्दैनन्।
reason-network = दर्ता प्रणालीसँग सम्पर्क हुन सकेन।
reason-clock = यो पृष्ठ जुन घडीको भरमा चल्छ, त्यो सही हुन सक्दैन।

## Links between the pages

nav-check = लेबल जाँच्नुहोस्
nav-scan = कोड स्क्यान गर्नुहोस्
nav-report = केही गलत देखे जानकारी दिनुहोस्
nav-meaning = लेबलको अर्थ
nav-log = सार्वजनिक अभिलेख
nav-verify = दर्ता प्रणाली आफैँ जाँच्नुहोस्
nav-language = भाषा

## Front page and scan page

home-title = लेबल जाँच्नुहोस्
home-intro = आफ्नो फोनको क्यामेराले लेबलको कोड स्क्यान गर्नुहोस्, वा त्यसमा लेखिएको कुरा टाइप गर्नुहोस्।
home-field = कोडमा लेखिएको पाठ, वा त्यसमुनि छापिएको छोटो कोड
home-submit = जाँच्नुहोस्
home-privacy = यस पृष्ठले कुनै कुकी राख्दैन, र कसले सोध्यो भनेर टिपेर पनि राख्दैन।
home-registry = यो दर्ता प्रणाली { $origin } हो।

scan-title = कोड स्क्यान गर्नुहोस्
scan-start = क्यामेरा खोल्नुहोस्
scan-stop = क्यामेरा बन्द गर्नुहोस्
scan-photo = बरु फोटो प्रयोग गर्नुहोस्
scan-looking = कोडलाई क्यामेराअगाडि राख्नुहोस्।
scan-denied = क्यामेराको अनुमति छैन। ब्राउजरको सेटिङमा अनुमति दिन, फोटो प्रयोग गर्न वा कोड टाइप गर्न सक्नुहुन्छ।
scan-no-camera = क्यामेरा भेटिएन। फोटो प्रयोग गर्नुहोस्, वा कोड टाइप गर्नुहोस्।
scan-not-a-label = यो कुनै लेबलको कोड होइन।
scan-unreadable = यस तस्बिरमा कुनै कोड भेटिएन। उज्यालो बढाउनुहोस् र क्यामेरा नजिक लैजानुहोस्।
scan-no-script = यस पृष्ठमा स्क्यान गर्न JavaScript चाहिन्छ। तपाईंको फोनकै क्यामेराले पनि कोड खोल्न सक्छ, वा कोड यहाँ टाइप गर्नुहोस्।
scan-torch = टर्च

code-title = छोटो कोड { $code }
code-no-proof = टाइप गरेको कोडले लेबल सक्कली हो भनेर प्रमाणित गर्न सक्दैन: त्यो जोसुकैले सार्न सक्छ। पक्का गर्न लेबलको कोड स्क्यान गर्नुहोस्।
code-unknown = दर्ता प्रणालीमा यस कोडको कुनै लेबल छैन।
code-wrong = यो छोटो कोड होइन। कृपया लेबलसँग फेरि एक पटक भिडाएर हेर्नुहोस्: एउटा अक्षर वा अङ्क गलत हुन सक्छ।

## Product and lot, without a signed label

product-no-proof = यस लिङ्कले तपाईंको हातमा भएको सामानबारे केही प्रमाणित गर्दैन। यस्तो लिङ्क जोसुकैले लेख्न सक्छ। लेबल सक्कली हो कि कसैले यी नम्बर मात्र सारेको हो, त्यो लेबलको हस्ताक्षर भएको कोडबाट मात्र थाहा हुन्छ।
product-none = दर्ता प्रणालीमा यसको कुनै प्रमाणपत्र छैन।
product-title = सार्वजनिक अभिलेखमा भएका प्रमाणपत्र
in-force = लागू
not-in-force = लागू छैन

## Problems with the request

problem-title = यो काम भएन
problem-not-found = यस ठेगानामा केही छैन।
problem-bad-request = ठेगाना वा फारममा कुनै गल्ती छ।
problem-busy = दर्ता प्रणाली अहिले व्यस्त छ वा केही बेर रोकिएको छ। कृपया एक मिनेटपछि फेरि प्रयास गर्नुहोस्।
problem-too-large = पठाइएको कुरा धेरै ठूलो छ।

## Report a concern

report-title = केही गलत देखे जानकारी दिनुहोस्
report-intro = कुनै बच्चा काम गरिरहेको देख्नुभयो? नक्कल गरिएको लेबल वा गलत उत्पादन देख्नुभयो? मान्यता दिने संस्थालाई भन्नुहोस्। त्यसले प्रमाणीकरण संस्थाहरूमाथि नजर राख्छ। तपाईं को हो, भन्नु पर्दैन।
report-kind = तपाईंले के देख्नुभयो?
report-kind-child = काम गरिरहेको बच्चा
report-kind-copied = नक्कल गरिएको लेबल
report-kind-wrong = गलत उत्पादन
report-kind-other = अन्य कुरा
report-story = के भयो, कहाँ र कहिले?
report-label = लेबलको पाठ वा छोटो कोड, तपाईंसँग भए
report-contact = मान्यता दिने संस्थाले तपाईंसँग कसरी सम्पर्क गर्ने? (तपाईं चाहनुहुन्छ भने मात्र)
report-submit = पठाउनुहोस्
report-sealed-device = पठाउनुअघि तपाईंको डिभाइसले यसलाई इन्क्रिप्ट गर्छ। यो मान्यता दिने संस्थाले मात्र पढ्न सक्छ।
report-sealed-server = JavaScript नभए यो पुग्नेबित्तिकै, सुरक्षित राख्नुअघि नै, दर्ता प्रणालीले इन्क्रिप्ट गर्छ। त्यसपछि यो मान्यता दिने संस्थाले मात्र पढ्न सक्छ।
report-failed = तपाईंको डिभाइसले यसलाई इन्क्रिप्ट गर्न सकेन। केही पनि पठाइएन। फेरि थिच्नुभयो भने यो पुग्नेबित्तिकै दर्ता प्रणालीले इन्क्रिप्ट गर्छ।
report-danger = कुनै बच्चा अहिले खतरामा छ भने प्रहरी वा हेल्पलाइनमा फोन गर्नुहोस्।
report-hotlines = मान्यता दिने संस्थाले दिएका सम्पर्क
report-closed = यस दर्ता प्रणालीले जानकारी लिँदैन: मान्यता दिने संस्थाले त्यसका लागि कुनै चाबी प्रकाशित गरेको छैन।
report-thanks = तपाईंको जानकारी पाइयो। धन्यवाद।
report-by-device = यो तपाईंकै डिभाइसमा इन्क्रिप्ट गरिएको हो। मान्यता दिने संस्थाबाहेक कसैले यो पढ्न सक्दैन।
report-by-server = सुरक्षित राख्नुअघि दर्ता प्रणालीले यसलाई इन्क्रिप्ट गरेको हो। अब मान्यता दिने संस्थाबाहेक कसैले यो पढ्न सक्दैन।
report-receipt = तपाईंको रसिद कोड: यो जोगाएर राख्नुहोस्। तपाईंले दिएको जानकारीको के भयो, पछि यसैबाट हेर्न सकिन्छ। हराएमा कसैले पनि यो फेरि खोजिदिन सक्दैन।
report-status-title = मैले दिएको जानकारीको के भयो
report-receipt-field = रसिद कोड
report-status-submit = हेर्नुहोस्
report-status-unknown = यस रसिद कोडको कुनै जानकारी छैन।
report-status-received = जानकारी पाइयो। मान्यता दिने संस्थाले अझै पढेको छैन।
report-status-read = मान्यता दिने संस्थाले पढिसकेको छ।
report-status-in-progress = मान्यता दिने संस्थाले यो कुरा हेरिरहेको छ।
report-status-closed = मान्यता दिने संस्थाले यसको काम सकेको छ।
report-too-fast = यो धेरै छिटो वा धेरै ढिलो पठाइयो। कृपया फेरि एक पटक पठाउनुहोस्।
report-full = अहिले धेरै जानकारी आइरहेका छन्। कृपया पछि फेरि प्रयास गर्नुहोस्।
report-missing = के भयो, कृपया लेख्नुहोस्।
report-too-long = यो पाठ धेरै लामो छ।

## The certifier

certifier-title = प्रमाणीकरण संस्था
certifier-role-other = यो प्रमाणीकरण संस्था होइन।
certifier-approved-by = मान्यता दिने संस्था
certifier-since = { $from } देखि { $until } सम्म मान्यता
certifier-scope = मान्यता केका लागि
certifier-countries = देशहरू
certifier-chapters = सामानका प्रकार (भन्सार सूचीका अध्याय)
certifier-topics = कथनहरू
certifier-attestations = महिनाअनुसार प्रमाणपत्र
certifier-total = { $count ->
    [one] अभिलेखमा { $number } प्रमाणपत्र
   *[other] अभिलेखमा { $number } प्रमाणपत्र
}
certifier-suspended = अहिले निलम्बनमा: { $number }
certifier-withdrawn = रद्द: { $number }
certifier-stands = प्रमाणीकरण संस्थाले मान्यता पाएको छ।
certifier-suspended-now = प्रमाणीकरण संस्थाको मान्यता निलम्बनमा छ।
certifier-withdrawn-now = प्रमाणीकरण संस्थाको मान्यता रद्द गरिएको छ।
certifier-month = { $month }: { $number }, लागू नभएका: { $bad }

## The log

log-title = सार्वजनिक अभिलेख
log-intro = हरेक प्रमाणपत्र सार्वजनिक अभिलेखमा राखिएको हुन्छ। यो सबैका लागि खुला सूची हो, जुन बढ्न मात्र सक्छ। जोसुकैले यसको प्रति लिएर केही फेरिएको वा लुकाइएको छ कि भनी हेर्न सक्छ।
log-size = प्रविष्टिहरू
log-newest = सबैभन्दा नयाँ प्रविष्टि
log-checkpoint = हस्ताक्षर भएको सबैभन्दा नयाँ अवस्था
log-witnesses = साक्षीहरू
log-for-programs = प्रोग्रामका लागि
log-certifiers = यस अभिलेखमा भएका प्रमाणीकरण संस्थाहरू

## What a label means

meaning-title = लेबलको अर्थ
meaning-means = यसको अर्थ यो हो
meaning-means-checked = यो लट कसरी बन्यो भनेर मान्यताप्राप्त प्रमाणीकरण संस्थाले निरीक्षण गरी हस्ताक्षर गरेको छ।
meaning-means-public = प्रमाणपत्र सार्वजनिक अभिलेखमा छ। कसैले पनि सुटुक्क त्यसलाई फेर्न वा मेटाउन सक्दैन।
meaning-means-today = पृष्ठले आजको अवस्था भन्छ: कसैले यसलाई निलम्बन वा रद्द गरेको छ कि छैन।
meaning-not = यसको अर्थ यो होइन
meaning-not-goods = तपाईंको हातमा भएको सामान सही नै हो भन्ने। सक्कली लेबलको नक्कल बनाउन वा त्यसलाई अन्त टाँस्न सकिन्छ। भिडाएर हेर्नुहोस्।
meaning-not-always = त्यहाँ कहिल्यै केही नराम्रो हुन सक्दैन भन्ने। निरीक्षकले केही दिन देख्छन्, सबै दिन होइन।
meaning-not-other = लेबलले नभनेको कुनै पनि कुरा, जस्तै ज्याला वा वातावरणबारे।
meaning-outcomes = चार उत्तर
meaning-verified = हरेक जाँचमा ठीक पाइयो।
meaning-caution = लेबल सक्कली हो, तर कुनै कुरा तपाईं आफैँले हेर्नुपर्छ।
meaning-refused = लेबल नक्कली हो, वा यसको प्रमाणपत्र अब लागू छैन।
meaning-undecided = चाहिने कुनै कुरा जाँच्न सकिएन। यो नक्कली भएको सङ्केत होइन, सक्कली भएको प्रमाण पनि होइन।

## Check the registry yourself

verify-title = दर्ता प्रणाली आफैँ जाँच्नुहोस्
verify-intro = तपाईंले यस दर्ता प्रणालीको कुरा पत्याउनै पर्दैन। जाँच्ने उपाय यी हुन्; हरेक उपाय अघिल्लोभन्दा बढी स्वतन्त्र छ।
verify-device = तपाईंको फोन: JavaScript चालु भए नतिजाको हरेक पृष्ठले तपाईंकै डिभाइसमा हस्ताक्षर र प्रमाण जाँच्छ। यसको प्रोग्राम र चाबीहरू यही दर्ता प्रणालीबाट आउँछन्।
verify-offline = आफूसँग राख्ने पृष्ठ: एक पटक सेभ गर्नुहोस्, त्यसपछि यसले इन्टरनेटबिना नै लेबल जाँच्छ।
verify-download = अफलाइन पृष्ठ डाउनलोड गर्नुहोस्
verify-program = “verifier” नामको प्रोग्रामले एक-एक लेबल र पूरै खेप जाँच्छ, इन्टरनेट भए पनि नभए पनि। यसले पूरै अभिलेख सुरुदेखि फेरि हेरेर पनि जाँच्न सक्छ।
verify-standard = यो अभिलेख C2SP tlog-tiles नामको सार्वजनिक मापदण्डमा चल्छ, त्यसैले अरूका प्रोग्रामले पनि यो पढ्न सक्छन्।

## The offline page

offline-title = इन्टरनेटबिना लेबल जाँच्नुहोस्
offline-intro = यो पृष्ठ { $date } मा दर्ता प्रणाली { $origin } बाट सेभ गरिएको हो। यसले लेबलमा हस्ताक्षर गरिएको थियो कि थिएन, र प्रमाणले के भन्छ, जाँच्छ। प्रमाण लिएपछि के फेरियो, यसलाई थाहा हुन सक्दैन। यसका चाबीहरू पनि यही दर्ता प्रणालीबाट आउँछन्।
offline-label = कोडमा लेखिएको पाठ
offline-photo = वा कोडको फोटो
offline-evidence = प्रमाण (दर्ता प्रणालीबाट पाएको, फाइल वा टाँसिएको पाठ)
offline-evidence-file = प्रमाणको फाइल
offline-check = जाँच्नुहोस्
offline-trust = दर्ता प्रणालीका चाबीहरू
