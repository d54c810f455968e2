# Texts of the pages, Arabic. One file a language, the same messages in each.

language-name = العربية

## The verdict: one word, one line

word-verified = أصلي
word-caution = انتبهوا
word-refused = لا تثقوا به
word-undecided = تعذّر الحكم

headline-verified = هذا الملصق أصلي
headline-caution = التوقيع أصلي، لكن دقّقوا النظر
headline-refused = لا تعتمدوا على هذا الملصق
headline-undecided = لا يمكننا الآن الحكم على هذا الملصق

# What is attested, for which product and lot, by whom, accredited by whom, until when.
attested-sentence = { $claims ->
    [child] تحققت جهة التصديق { $certifier } من أن المنتج { $product }، الدفعة { $lot }، صُنع من دون عمل الأطفال، ووقّعت على ذلك. وقد اعتمدت جهة الاعتماد { $accreditor } جهة التصديق { $certifier } لهذا الغرض. تسري الشهادة حتى { $until }.
    [forced] تحققت جهة التصديق { $certifier } من أن المنتج { $product }، الدفعة { $lot }، صُنع من دون العمل الجبري، ووقّعت على ذلك. وقد اعتمدت جهة الاعتماد { $accreditor } جهة التصديق { $certifier } لهذا الغرض. تسري الشهادة حتى { $until }.
   *[both] تحققت جهة التصديق { $certifier } من أن المنتج { $product }، الدفعة { $lot }، صُنع من دون عمل الأطفال ومن دون العمل الجبري، ووقّعت على ذلك. وقد اعتمدت جهة الاعتماد { $accreditor } جهة التصديق { $certifier } لهذا الغرض. تسري الشهادة حتى { $until }.
}
label-not-goods = هذا الكلام عن الملصق. فالملصق الأصلي يمكن نسخه أو لصقه على بضاعة أخرى، لذلك قارنوه بما في أيديكم.

advice-refused = لا تشتروا اعتمادًا على هذا الملصق. ونرجو أن تخبرونا أين رأيتموه.
advice-undecided = هذا لا يعني أن في الملصق عيبًا. حاولوا مرة أخرى لاحقًا.

## Compare with what you hold

compare-title = قارنوا بما في أيديكم
compare-product = المنتج
compare-lot = الدفعة
compare-serial = الرقم التسلسلي
compare-serial-of = { $serial } (مجموع الملصقات: { $labels })
compare-maker = الصانع
compare-maker-withheld = أبقته جهة التصديق سرًّا
compare-country = بلد الصنع
compare-gtin = رمز المنتج (GTIN)
compare-note = إذا اختلف أي شيء، فلا تعتمدوا على الملصق.
says-title = ما يقوله الملصق
says-registry = جهة التسجيل

## Evidence, folded

attested-title = على ماذا تشهد الشهادة
attested-claims = الإقرار
attested-by = بتوقيع
attested-accreditor = باعتماد من
attested-valid = السريان
attested-period = من { $from } إلى { $until }
attested-quantity = الكمية
attested-quantity-labels = { $quantity }، { $labels ->
    [zero] { $count } ملصق
    [one] ملصق واحد
    [two] ملصقان
    [few] { $count } ملصقات
    [many] { $count } ملصقًا
   *[other] { $count } ملصق
}
attested-hs = الرمز الجمركي (HS)
claims-child = صُنع من دون عمل الأطفال
claims-forced = صُنع من دون العمل الجبري
claims-both = صُنع من دون عمل الأطفال ومن دون العمل الجبري

checks-title = ما جرى التحقق منه
check-format = شكل الملصق
check-registry = جهة التسجيل
check-log = السجل العلني
check-complete = لم يُحذف أي تغيير في حالتها
check-attestation = الشهادة مقيَّدة في السجل العلني
check-key = المفتاح يعود إلى جهة التصديق
check-signature = التوقيع أصلي
check-product = المنتج والدفعة هما المذكوران في الشهادة
check-claims = الملصق لا يقول أكثر مما تقوله الشهادة
check-serial = الرقم التسلسلي صادر فعلًا
check-validity = أيام السريان
check-standing = لم يعلّق أحد الشهادة ولم يسحبها
check-certifier = جهة التصديق ما زالت معتمدة
check-compromise = المفتاح لم يُسرق
check-today = الوضع اليوم
check-scans = لم يُمسح الملصق أكثر من المعتاد
found-pass = على ما يرام
found-caution = يلزم تدقيق النظر
found-fail = ليس على ما يرام
found-unknown = تعذّر التحقق
source-label = من الملصق نفسه
source-trust = من قائمة جهات التسجيل الموثوقة
source-registry = من جهة التسجيل هذه
source-entries = من قيود مثبتة في السجل العلني
source-snapshot = من نسخة محفوظة من السجل العلني
finding-as-of = الوضع بتاريخ { $time }

proof-title = الإثبات ومن اطّلع عليه
proof-entry = القيد { $index } في السجل العلني
proof-evidence = أدلة يستطيع أي شخص التحقق منها
proof-log = في السجل العلني { $count ->
    [zero] { $size } قيد
    [one] قيد واحد
    [two] قيدان
    [few] { $size } قيود
    [many] { $size } قيدًا
   *[other] { $size } قيد
}. وآخر إضافة إليه كانت بتاريخ { $time }.
witnesses-none = لا يوجد حتى الآن شاهد مستقل يراقب هذا السجل.
witnesses-some = { $count ->
    [zero] { $number } شاهد مستقل يراقب هذا السجل:
    [one] شاهد مستقل واحد يراقب هذا السجل:
    [two] شاهدان مستقلان يراقبان هذا السجل:
    [few] { $number } شهود مستقلين يراقبون هذا السجل:
    [many] { $number } شاهدًا مستقلًّا يراقبون هذا السجل:
   *[other] { $number } شاهد مستقل يراقبون هذا السجل:
}
judged-at = صدر هذا الحكم بتاريخ { $time }.

## The phone checks it too

device-title = جهازكم يتحقق أيضًا
device-working = جهازكم يتحقق من الإثبات…
device-yes = تحقق جهازكم بنفسه: التوقيعات صحيحة، وإثبات السجل العلني صحيح.
device-same = تحقق جهازكم بنفسه، ووصل إلى النتيجة نفسها.
device-no = وجد جهازكم تناقضًا. لا تعتمدوا على هذه الصفحة ولا على هذا الملصق.
device-cannot = لم يتمكن جهازكم من التحقق بنفسه. ويبقى ما تقوله جهة التسجيل قائمًا.
device-off = يتطلب هذا JavaScript واتصالًا آمنًا. ومن دونهما يبقى ما تقوله جهة التسجيل قائمًا.
step-label = الملصق يمكن قراءته
step-log = وقّعت جهة التسجيل سجلها العلني
step-witnesses = اطّلع الشهود على السجل العلني
step-accreditation = جهة التصديق معتمدة
step-statement = الإقرار موقَّع ومقيَّد في السجل العلني
step-signature = الملصق موقَّع من جهة التصديق
step-product = الملصق والإقرار يخصان البضاعة نفسها
step-validity = التواريخ متوافقة
step-standing = لا شيء في الإثبات يعارض ذلك

## Why something does not count

hold-suspended = { $by ->
    [accreditor] علّقت جهة الاعتماد الشهادة منذ { $date }: { $reason }.
   *[certifier] علّقت جهة التصديق الشهادة منذ { $date }: { $reason }.
}
hold-withdrawn = { $by ->
    [accreditor] سحبت جهة الاعتماد الشهادة في { $date }: { $reason }.
   *[certifier] سحبت جهة التصديق الشهادة في { $date }: { $reason }.
}
hold-party = فقدت جهة التصديق اعتمادها في { $date }: { $reason }.
hold-reason-child-found-at-work = وُجد طفل يعمل
hold-reason-audit-refused = رُفض إجراء تفتيش
hold-reason-fraud = احتيال
hold-reason-error = خطأ في الإقرار
hold-reason-expired-audit = آخر تفتيش قديم جدًّا
hold-reason-other = سبب آخر

reason-already-cleared = سبق أن مرّت بضاعة تحمل هذا الملصق عبر الجمارك.
reason-duplicate-in-shipment = يتكرر هذا الرقم التسلسلي في الشحنة.
reason-over-quantity = البضاعة أكثر مما شهدت به جهة التصديق.
reason-declaration-mismatch = البيان الجمركي يقول غير ما تقوله جهة التصديق.
reason-many-scans = مُسح هذا الرقم التسلسلي في أيام كثيرة على غير المعتاد. ربما نُسخ الملصق. إذا كنتم أول من يملك هذه القطعة، فقارنوها بعناية.
reason-key-exposed = المفتاح الذي وُقّع به هذا الملصق سُرق لاحقًا. وقد يكون الملصق نسخة صنعها سارق.
reason-risk-listed = هذا النوع من البضائع من هذا البلد مدرج في قائمة عامة لبضائع يصنعها أطفال.
reason-malformed = شكل هذا الملصق غير صحيح.
reason-forged-signature = التوقيع على هذا الملصق ليس أصليًّا.
reason-unknown-certifier = هذا الملصق موقَّع بمفتاح لا يحق له توقيعه.
reason-unknown-attestation = ليس لدى جهة التسجيل شهادة بهذا الرقم.
reason-wrong-product = الشهادة تخص منتجًا آخر أو دفعة أخرى.
reason-wrong-claims = الملصق يقول أكثر مما تقوله الشهادة.
reason-serial-out-of-range = لم يصدر أي ملصق بهذا الرقم التسلسلي.
reason-not-yet-valid = لم يبدأ سريان الشهادة بعد.
reason-expired = انتهى سريان الشهادة.
reason-suspended = الشهادة معلَّقة في الوقت الحالي.
reason-withdrawn = سُحبت الشهادة نهائيًّا.
reason-certifier-suspended = فقدت جهة التصديق اعتمادها.
reason-key-compromised = وُقّعت الشهادة بعد سرقة مفتاح جهة التصديق.
reason-out-of-scope = لم تكن جهة التصديق معتمدة لهذا النوع من الشهادات.
reason-foreign-origin = يشير الملصق إلى جهة تسجيل غير موثوقة هنا.
reason-no-trust = لا توجد هنا بعد أي جهة تسجيل موثوقة.
reason-no-status = وضع هذه الشهادة اليوم غير معروف هنا.
reason-no-quorum = عدد الشهود المستقلين الذين أكّدوا السجل العلني لجهة التسجيل قليل جدًّا.
reason-stale-snapshot = البيانات الموجودة هنا أقدم من أن نحكم بها.
reason-newer-than-snapshot = هذا الملصق أحدث من البيانات الموجودة هنا.
reason-unsupported = هذا الملصق يتبع قواعد أحدث من هذه الصفحة.
reason-log-inconsistent = السجل العلني لجهة التسجيل يناقض نفسه.
reason-network = تعذّر الاتصال بجهة التسجيل.
reason-clock = الساعة التي تعتمد عليها هذه الصفحة لا يمكن أن تكون صحيحة.

## Links between the pages

nav-check = التحقق من ملصق
nav-scan = مسح رمز
nav-report = الإبلاغ عن مشكلة
nav-meaning = ماذا يعني الملصق
nav-log = السجل العلني
nav-verify = تحققوا بأنفسكم من جهة التسجيل
nav-language = اللغة

## Front page and scan page

home-title = التحقق من ملصق
home-intro = امسحوا الرمز الموجود على الملصق بكاميرا الهاتف، أو اكتبوا ما فيه.
home-field = نص الرمز، أو الرمز القصير المطبوع تحته
home-submit = تحقق
home-privacy = لا تضع هذه الصفحة ملفات تعريف ارتباط (كوكيز)، ولا تحتفظ بأي أثر عمّن يسأل.
home-registry = هذه جهة التسجيل { $origin }.

scan-title = مسح رمز
scan-start = تشغيل الكاميرا
scan-stop = إيقاف الكاميرا
scan-photo = استخدام صورة بدلًا من ذلك
scan-looking = ضعوا الرمز أمام الكاميرا.
scan-denied = استخدام الكاميرا غير مسموح. يمكنكم السماح به في إعدادات المتصفح، أو استخدام صورة، أو كتابة الرمز.
scan-no-camera = لم نجد كاميرا. استخدموا صورة أو اكتبوا الرمز.
scan-not-a-label = هذا الرمز ليس ملصقًا.
scan-unreadable = لم نجد رمزًا في هذه الصورة. جرّبوا إضاءة أقوى، وقرّبوا الكاميرا.
scan-no-script = يتطلب المسح في هذه الصفحة JavaScript. يمكن لكاميرا الهاتف نفسها أن تفتح الرمز، أو يمكنكم كتابته هنا.
scan-torch = الضوء

code-title = الرمز القصير { $code }
code-no-proof = كتابة الرمز لا تثبت أن الملصق أصلي، فأي شخص يستطيع نسخ الرمز. للتأكد، امسحوا الرمز الموجود على الملصق.
code-unknown = لا تعرف جهة التسجيل ملصقًا بهذا الرمز.
code-wrong = هذا ليس رمزًا قصيرًا. نرجو مقارنته بالملصق مرة أخرى، فقد يكون فيه حرف أو رقم خطأ.

## Product and lot, without a signed label

product-no-proof = هذا الرابط لا يثبت شيئًا عمّا في أيديكم، فأي شخص يستطيع كتابته. الرمز الموقَّع على الملصق هو وحده الذي يميّز الملصق الأصلي من نسخة لهذه الأرقام.
product-none = ليس لدى جهة التسجيل شهادة بهذا الشأن.
product-title = الشهادات في السجل العلني
in-force = سارية
not-in-force = غير سارية

## Problems with the request

problem-title = لم تنجح العملية
problem-not-found = لا يوجد شيء في هذا العنوان.
problem-bad-request = في العنوان أو في النموذج خطأ.
problem-busy = جهة التسجيل مشغولة أو متوقفة مؤقتًا. نرجو المحاولة مرة أخرى بعد دقيقة.
problem-too-large = حجم ما أُرسل كبير جدًّا.

## Report a concern

report-title = الإبلاغ عن مشكلة
report-intro = هل رأيتم طفلًا يعمل، أو نسخة مقلَّدة من ملصق، أو منتجًا غير المنتج الصحيح؟ أخبروا جهة الاعتماد، فهي التي تراقب جهات التصديق. ولا حاجة إلى أن تذكروا من أنتم.
report-kind = ماذا رأيتم؟
report-kind-child = طفل يعمل
report-kind-copied = نسخة مقلَّدة من ملصق
report-kind-wrong = منتج غير المنتج الصحيح
report-kind-other = شيء آخر
report-story = ماذا حدث، وأين، ومتى؟
report-label = نص الملصق أو رمزه القصير، إن كان لديكم
report-contact = كيف يمكن لجهة الاعتماد أن تتواصل معكم؟ (إذا رغبتم فقط)
report-submit = إرسال
report-sealed-device = يشفّر جهازكم البلاغ قبل إرساله. ولا تستطيع قراءته إلا جهة الاعتماد.
report-sealed-server = من دون JavaScript، تشفّر جهة التسجيل البلاغ عند وصوله وقبل حفظه. وبعد ذلك لا تستطيع قراءته إلا جهة الاعتماد.
report-failed = لم يتمكن جهازكم من تشفير البلاغ، ولم يُرسل أي شيء. اضغطوا مرة أخرى كي تشفّره جهة التسجيل عند وصوله.
report-danger = إذا كان طفل في خطر الآن، فاتصلوا بالشرطة أو بأحد خطوط المساعدة.
report-hotlines = أرقام وعناوين للتواصل تذكرها جهة الاعتماد
report-closed = لا تستقبل جهة التسجيل هذه بلاغات، لأن جهة الاعتماد لم تنشر مفتاحًا لها.
report-thanks = وصل البلاغ. شكرًا لكم.
report-by-device = شُفّر البلاغ على جهازكم. ولا يستطيع أحد قراءته إلا جهة الاعتماد.
report-by-server = شفّرت جهة التسجيل البلاغ قبل حفظه. ولا يستطيع أحد قراءته الآن إلا جهة الاعتماد.
report-receipt = رمز المتابعة الخاص بكم: احتفظوا به لتعرفوا لاحقًا ماذا جرى لبلاغكم. ولا يستطيع أحد أن يستعيده لكم.
report-status-title = ماذا جرى لبلاغي
report-receipt-field = رمز المتابعة
report-status-submit = عرض
report-status-unknown = لا يوجد بلاغ برمز المتابعة هذا.
report-status-received = وصل البلاغ. ولم تقرأه جهة الاعتماد بعد.
report-status-read = قرأت جهة الاعتماد البلاغ.
report-status-in-progress = جهة الاعتماد تنظر في البلاغ.
report-status-closed = انتهت جهة الاعتماد من النظر في البلاغ.
report-too-fast = وصل الإرسال بسرعة كبيرة أو متأخرًا جدًّا. نرجو الإرسال مرة أخرى.
report-full = تصل الآن بلاغات كثيرة جدًّا. نرجو المحاولة مرة أخرى لاحقًا.
report-missing = نرجو أن تذكروا ماذا حدث.
report-too-long = هذا النص طويل جدًّا.

## The certifier

certifier-title = جهة التصديق
certifier-role-other = هذا الطرف ليس جهة تصديق.
certifier-approved-by = باعتماد من
certifier-since = معتمدة من { $from } إلى { $until }
certifier-scope = نطاق الاعتماد
certifier-countries = البلدان
certifier-chapters = أنواع البضائع (فصول التعريفة الجمركية)
certifier-topics = الإقرارات
certifier-attestations = الشهادات بحسب الشهر
certifier-total = { $count ->
    [zero] { $number } شهادة في السجل العلني
    [one] شهادة واحدة في السجل العلني
    [two] شهادتان في السجل العلني
    [few] { $number } شهادات في السجل العلني
    [many] { $number } شهادة في السجل العلني
   *[other] { $number } شهادة في السجل العلني
}
certifier-suspended = معلَّقة الآن: { $number }
certifier-withdrawn = مسحوبة: { $number }
certifier-stands = جهة التصديق معتمدة.
certifier-suspended-now = اعتماد جهة التصديق معلَّق.
certifier-withdrawn-now = سُحب اعتماد جهة التصديق.
certifier-month = { $month }: { $number }، غير سارية: { $bad }

## The log

log-title = السجل العلني
log-intro = كل إقرار موجود في قائمة علنية يُضاف إليها ولا يُحذف منها. ويستطيع أي شخص نسخها ليرى هل غُيّر شيء أو أُخفي.
log-size = القيود
log-newest = أحدث قيد
log-checkpoint = آخر حالة موقَّعة
log-witnesses = الشهود
log-for-programs = للبرامج
log-certifiers = جهات التصديق في هذا السجل

## What a label means

meaning-title = ماذا يعني الملصق
meaning-means = الملصق يعني
meaning-means-checked = أن جهة تصديق معتمدة فتّشت كيف صُنعت هذه الدفعة ووقّعت على ذلك.
meaning-means-public = أن الإقرار موجود في سجل علني، فلا يستطيع أحد تغييره أو حذفه من دون أن يُلاحَظ ذلك.
meaning-means-today = أن الصفحة تُظهر الوضع اليوم: هل علّق أحد الإقرار أو سحبه.
meaning-not = الملصق لا يعني
meaning-not-goods = أن البضاعة التي في أيديكم هي البضاعة الصحيحة. فالملصق الأصلي يمكن نسخه أو نقله. قارنوا بينهما.
meaning-not-always = أن شيئًا سيئًا لا يمكن أن يحدث هناك أبدًا. فالمفتش يرى بعض الأيام، لا كلها.
meaning-not-other = أي شيء لا يقوله الملصق، مثل ما يخص الأجور أو البيئة.
meaning-outcomes = الأجوبة الأربعة
meaning-verified = نجحت كل عمليات التحقق.
meaning-caution = الملصق أصلي، لكن هناك ما يحتاج إلى نظركم.
meaning-refused = الملصق مزوَّر، أو لم يعد إقراره معتبرًا.
meaning-undecided = تعذّر التحقق من أمر لازم. وهذا ليس علامة على التزوير، وليس دليلًا على أن الملصق أصلي.

## Check the registry yourself

verify-title = تحققوا بأنفسكم من جهة التسجيل
verify-intro = لستم مضطرين إلى تصديق جهة التسجيل هذه. إليكم طرق التحقق منها، وكل طريقة أكثر استقلالًا عن سابقتها.
verify-device = هاتفكم: مع JavaScript، تتحقق كل صفحة حكم من التوقيعات والإثبات على جهازكم. ويأتي البرنامج والمفاتيح اللازمة لذلك من جهة التسجيل هذه.
verify-offline = صفحة تحتفظون بها: احفظوها مرة واحدة، فتتحقق من الملصقات من دون شبكة.
verify-download = تنزيل الصفحة للاستخدام من دون شبكة
verify-program = البرنامج «verifier» يتحقق من ملصق واحد أو من شحنات كاملة، مع شبكة أو من دونها، ويمكنه إعادة مراجعة السجل العلني كله.
verify-standard = يتبع السجل العلني المعيار العام C2SP tlog-tiles، فتستطيع برامج الآخرين قراءته أيضًا.

## The offline page

offline-title = التحقق من ملصق من دون شبكة
offline-intro = هذه الصفحة من جهة التسجيل { $origin } وقد حُفظت في { $date }. وهي تتحقق من أن الملصق موقَّع، ومما تقوله الأدلة. ولا يمكنها أن تعرف ما تغيّر بعد تنزيل الأدلة. ومفاتيحها تأتي أيضًا من جهة التسجيل هذه.
offline-label = نص الرمز
offline-photo = أو صورة للرمز
offline-evidence = الأدلة (من جهة التسجيل، في ملف أو بلصق النص)
offline-evidence-file = ملف الأدلة
offline-check = تحقق
offline-trust = مفاتيح جهة التسجيل
