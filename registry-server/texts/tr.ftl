# Texts of the pages, Turkish. The same messages as en.ftl, in the same order.

language-name = Türkçe

## The verdict: one word, one line

word-verified = Gerçek
word-caution = Dikkatli olun
word-refused = Güvenmeyin
word-undecided = Belirsiz

headline-verified = Bu etiket gerçek
headline-caution = İmza gerçek, ama daha dikkatli bakın
headline-refused = Bu etikete güvenmeyin
headline-undecided = Bu etiketi şu anda değerlendiremiyoruz

# What is attested, for which product and lot, by whom, accredited by whom, until when.
attested-sentence = { $claims ->
    [child] Belgelendirme kuruluşu { $certifier }, { $product } adlı ürünün { $lot } numaralı partisinin çocuk işçiliği olmadan üretildiğini denetleyip imzasıyla onayladı. Akreditasyon kuruluşu { $accreditor }, bunun için { $certifier } adlı kuruluşu yetkilendirdi. { $until } tarihine kadar geçerlidir.
    [forced] Belgelendirme kuruluşu { $certifier }, { $product } adlı ürünün { $lot } numaralı partisinin zorla çalıştırma olmadan üretildiğini denetleyip imzasıyla onayladı. Akreditasyon kuruluşu { $accreditor }, bunun için { $certifier } adlı kuruluşu yetkilendirdi. { $until } tarihine kadar geçerlidir.
   *[both] Belgelendirme kuruluşu { $certifier }, { $product } adlı ürünün { $lot } numaralı partisinin çocuk işçiliği ve zorla çalıştırma olmadan üretildiğini denetleyip imzasıyla onayladı. Akreditasyon kuruluşu { $accreditor }, bunun için { $certifier } adlı kuruluşu yetkilendirdi. { $until } tarihine kadar geçerlidir.
}
label-not-goods = Bu sonuç etiketle ilgilidir. Gerçek bir etiket kopyalanabilir veya başka bir ürüne takılabilir. Bu yüzden elinizdekiyle karşılaştırın.

advice-refused = Bu etikete güvenerek satın almayın. Lütfen etiketi nerede gördüğünüzü bize bildirin.
advice-undecided = Bu, etiket hakkında kötü bir şey söylemez. Daha sonra yeniden deneyin.

## Compare with what you hold

compare-title = Elinizdekiyle karşılaştırın
compare-product = Ürün
compare-lot = Parti
compare-serial = Seri numarası
compare-serial-of = { $serial } (toplam { $labels } etiket)
compare-maker = Üretici
compare-maker-withheld = belgelendirme kuruluşu gizli tutuyor
compare-country = Üretildiği ülke
compare-gtin = Ürün kodu (GTIN)
compare-note = Farklı olan bir şey varsa etikete güvenmeyin.
says-title = Etikette yazanlar
says-registry = Kayıt merkezi

## Evidence, folded

attested-title = Ne belgelendirildi
attested-claims = Beyan
attested-by = İmzalayan
attested-accreditor = Yetkilendiren
attested-valid = Geçerlilik
attested-period = { $from } – { $until }
attested-quantity = Miktar
attested-quantity-labels = { $quantity }, { $labels ->
    [one] { $count } etiket
   *[other] { $count } etiket
}
attested-hs = Gümrük kodu (HS)
claims-child = çocuk işçiliği olmadan üretildi
claims-forced = zorla çalıştırma olmadan üretildi
claims-both = çocuk işçiliği ve zorla çalıştırma olmadan üretildi

checks-title = Neler kontrol edildi
check-format = Etiketin biçimi
check-registry = Kayıt merkezi
check-log = Herkese açık defter
check-complete = Durumundaki hiçbir değişiklik atlanmamış
check-attestation = Belge defterde kayıtlı
check-key = Anahtar belgelendirme kuruluşuna ait
check-signature = İmza gerçek
check-product = Ürün ve parti belgedekiyle aynı
check-claims = Etiket belgede olandan fazlasını söylemiyor
check-serial = Bu seri numarası verilmiş
check-validity = Geçerlilik günleri
check-standing = Belgeyi kimse askıya almamış veya iptal etmemiş
check-certifier = Belgelendirme kuruluşu hâlâ yetkili
check-compromise = Anahtar çalınmamış
check-today = Bugünkü durum
check-scans = Etiket alışılmadık kadar sık okutulmamış
found-pass = uygun
found-caution = daha dikkatli bakın
found-fail = uygun değil
found-unknown = kontrol edilemedi
source-label = etiketin kendisinden
source-trust = güvenilen kayıt merkezleri listesinden
source-registry = bu kayıt merkezinden
source-entries = kanıtlanmış defter kayıtlarından
source-snapshot = defterin saklanmış bir kopyasından
finding-as-of = { $time } itibarıyla

proof-title = Kanıt ve onu görenler
proof-entry = Herkese açık defterin { $index } numaralı kaydı
proof-evidence = Herkesin kontrol edebileceği kanıt verileri
proof-log = Defterde { $count ->
    [one] { $size } kayıt
   *[other] { $size } kayıt
} var. En yeni kaydın zamanı: { $time }.
witnesses-none = Bu defteri henüz hiçbir bağımsız gözlemci izlemiyor.
witnesses-some = { $count ->
    [one] Bu defteri { $number } bağımsız gözlemci izliyor:
   *[other] Bu defteri { $number } bağımsız gözlemci izliyor:
}
judged-at = Değerlendirme zamanı: { $time }.

## The phone checks it too

device-title = Cihazınız da kontrol ediyor
device-working = Cihazınız kanıtı kontrol ediyor…
device-yes = Cihazınız bunu kendisi kontrol etti: imzalar ve defter kanıtı doğru.
device-same = Cihazınız bunu kendisi kontrol etti ve aynı sonuca vardı.
device-no = Cihazınız bir çelişki buldu. Bu sayfaya da bu etikete de güvenmeyin.
device-cannot = Cihazınız bunu kendisi kontrol edemedi. Kayıt merkezinin yanıtı geçerli kalır.
device-off = Bunun için JavaScript ve güvenli bağlantı gerekir. Bunlar yoksa kayıt merkezinin yanıtı geçerli kalır.
step-label = Etiket okunabiliyor
step-log = Kayıt merkezi defterini imzalamış
step-witnesses = Gözlemciler defteri görmüş
step-accreditation = Belgelendirme kuruluşu yetkili
step-statement = Beyan imzalı ve defterde kayıtlı
step-signature = Etiketi belgelendirme kuruluşu imzalamış
step-product = Etiket ile beyan aynı ürünler için
step-validity = Tarihler uyuyor
step-standing = Kanıtta buna aykırı bir şey yok

## Why something does not count

hold-suspended = { $by ->
    [accreditor] Akreditasyon kuruluşunun kararıyla { $date } tarihinden beri askıda: { $reason }.
   *[certifier] Belgelendirme kuruluşunun kararıyla { $date } tarihinden beri askıda: { $reason }.
}
hold-withdrawn = { $by ->
    [accreditor] Akreditasyon kuruluşu { $date } tarihinde iptal etti: { $reason }.
   *[certifier] Belgelendirme kuruluşu { $date } tarihinde iptal etti: { $reason }.
}
hold-party = Belgelendirme kuruluşu { $date } tarihinde yetkisini kaybetti: { $reason }.
hold-reason-child-found-at-work = çalışan bir çocuk bulundu
hold-reason-audit-refused = denetime izin verilmedi
hold-reason-fraud = sahtecilik
hold-reason-error = beyanda hata
hold-reason-expired-audit = son denetim çok eski
hold-reason-other = başka bir neden

reason-already-cleared = Bu etiketi taşıyan ürünler daha önce gümrükten geçmiş.
reason-duplicate-in-shipment = Bu seri numarası sevkiyatta birden fazla kez geçiyor.
reason-over-quantity = Belgelendirme kuruluşunun belgelendirdiğinden daha fazla ürün var.
reason-declaration-mismatch = Gümrük beyannamesi, belgelendirme kuruluşundan farklı bir şey söylüyor.
reason-many-scans = Bu seri numarası alışılmadık kadar çok sayıda günde okutulmuş. Etiket kopyalanmış olabilir. Bu parçanın ilk sahibi sizseniz dikkatle karşılaştırın.
reason-key-exposed = Bu etiketi imzalayan anahtar sonradan çalındı. Etiket, anahtarı çalanın yaptığı bir kopya olabilir.
reason-risk-listed = Bu ülkeden gelen bu tür ürünler, çocukların ürettiği ürünlerin herkese açık bir listesinde yer alıyor.
reason-malformed = Bu etiketin biçimi doğru değil.
reason-forged-signature = Bu etiketteki imza gerçek değil.
reason-unknown-certifier = Bu etiket, onu imzalama yetkisi olmayan bir anahtarla imzalanmış.
reason-unknown-attestation = Kayıt merkezinde bu numarayla bir belge yok.
reason-wrong-product = Belge başka bir ürün veya parti için.
reason-wrong-claims = Etiket belgede olandan fazlasını söylüyor.
reason-serial-out-of-range = Bu seri numarasıyla hiç etiket verilmedi.
reason-not-yet-valid = Belge henüz geçerli değil.
reason-expired = Belgenin süresi doldu.
reason-suspended = Belge şimdilik askıda.
reason-withdrawn = Belge kalıcı olarak iptal edildi.
reason-certifier-suspended = Belgelendirme kuruluşu yetkisini kaybetti.
reason-key-compromised = Belge, belgelendirme kuruluşunun anahtarı çalındıktan sonra imzalanmış.
reason-out-of-scope = Belgelendirme kuruluşunun bu tür bir belge için yetkisi yoktu.
reason-foreign-origin = Etiket, burada güvenilmeyen bir kayıt merkezini gösteriyor.
reason-no-trust = Burada henüz güvenilen bir kayıt merkezi yok.
reason-no-status = Bu belgenin bugünkü durumu burada bilinmiyor.
reason-no-quorum = Kayıt merkezinin defterini doğrulayan bağımsız gözlemci sayısı çok az.
reason-stale-snapshot = Buradaki veriler değerlendirme yapmak için çok eski.
reason-newer-than-snapshot = Bu etiket, buradaki verilerden daha yeni.
reason-unsupported = Bu etiket, bu sayfadan daha yeni kurallara göre yapılmış.
reason-log-inconsistent = Kayıt merkezinin defteri kendi içinde çelişiyor.
reason-network = Kayıt merkezine ulaşılamadı.
reason-clock = Bu sayfanın kullandığı saat doğru olamaz.

## Links between the pages

nav-check = Etiket kontrol edin
nav-scan = Kod okutun
nav-report = Sorun bildirin
nav-meaning = Etiket ne anlama gelir
nav-log = Herkese açık defter
nav-verify = Kayıt merkezini kendiniz kontrol edin
nav-language = Dil

## Front page and scan page

home-title = Etiket kontrol edin
home-intro = Etiketteki kodu telefonunuzun kamerasıyla okutun veya etikette yazanı girin.
home-field = Kodun metni veya altında yazan kısa kod
home-submit = Kontrol et
home-privacy = Bu sayfa çerez kullanmaz ve kimin sorduğunu kaydetmez.
home-registry = Burası { $origin } kayıt merkezidir.

scan-title = Kod okutun
scan-start = Kamerayı aç
scan-stop = Kamerayı kapat
scan-photo = Fotoğraf kullan
scan-looking = Kodu kameranın önünde tutun.
scan-denied = Kameraya izin verilmemiş. Tarayıcı ayarlarından izin verebilir, fotoğraf kullanabilir veya kodu yazabilirsiniz.
scan-no-camera = Kamera bulunamadı. Fotoğraf kullanın veya kodu yazın.
scan-not-a-label = Bu kod bir etiket değil.
scan-unreadable = Bu resimde kod bulunamadı. Daha fazla ışıkta deneyin ve kamerayı yaklaştırın.
scan-no-script = Bu sayfada kod okutmak için JavaScript gerekir. Kodu telefonunuzun kendi kamerasıyla açabilir veya buraya yazabilirsiniz.
scan-torch = Işık

code-title = Kısa kod { $code }
code-no-proof = Yazarak girilen bir kod, etiketin gerçek olduğunu kanıtlayamaz: onu herkes kopyalayabilir. Emin olmak için etiketteki kodu okutun.
code-unknown = Kayıt merkezinde bu koda sahip bir etiket yok.
code-wrong = Bu bir kısa kod değil. Lütfen etiketle bir kez daha karşılaştırın: bir karakter yanlış olabilir.

## Product and lot, without a signed label

product-no-proof = Bu bağlantı, elinizdeki ürün hakkında hiçbir şey kanıtlamaz. Onu herkes yazabilir. Gerçek bir etiketi bu numaraların kopyasından yalnızca etiketteki imzalı kod ayırır.
product-none = Kayıt merkezinde bunun için bir belge yok.
product-title = Herkese açık defterdeki belgeler
in-force = yürürlükte
not-in-force = yürürlükte değil

## Problems with the request

problem-title = İşlem tamamlanamadı
problem-not-found = Bu adreste bir şey yok.
problem-bad-request = Adreste veya formda bir hata var.
problem-busy = Kayıt merkezi meşgul veya kısa süreliğine kapalı. Lütfen bir dakika sonra yeniden deneyin.
problem-too-large = Gönderilen veri çok büyük.

## Report a concern

report-title = Sorun bildirin
report-intro = Çalışan bir çocuk, kopyalanmış bir etiket veya yanlış bir ürün mü gördünüz? Belgelendirme kuruluşlarını denetleyen akreditasyon kuruluşuna bildirin. Kim olduğunuzu söylemeniz gerekmez.
report-kind = Ne gördünüz?
report-kind-child = Çalışan bir çocuk
report-kind-copied = Kopyalanmış bir etiket
report-kind-wrong = Yanlış ürün
report-kind-other = Başka bir şey
report-story = Ne oldu, nerede ve ne zaman?
report-label = Varsa etiketin metni veya kısa kodu
report-contact = Akreditasyon kuruluşu size nasıl ulaşabilir? (yalnızca isterseniz)
report-submit = Gönder
report-sealed-device = Cihazınız bunu göndermeden önce şifreler. Yalnızca akreditasyon kuruluşu okuyabilir.
report-sealed-server = JavaScript yoksa kayıt merkezi bunu alır almaz, saklamadan önce şifreler. Ondan sonra yalnızca akreditasyon kuruluşu okuyabilir.
report-failed = Cihazınız bunu şifreleyemedi. Hiçbir şey gönderilmedi. Yeniden basarsanız kayıt merkezi bunu alır almaz şifreler.
report-danger = Şu anda tehlikede olan bir çocuk varsa polisi veya bir yardım hattını arayın.
report-hotlines = Akreditasyon kuruluşunun verdiği iletişim bilgileri
report-closed = Bu kayıt merkezi bildirim almıyor: akreditasyon kuruluşu bunun için bir anahtar yayımlamadı.
report-thanks = Alındı. Teşekkür ederiz.
report-by-device = Bildiriminiz cihazınızda şifrelendi. Akreditasyon kuruluşundan başka kimse okuyamaz.
report-by-server = Bildiriminizi kayıt merkezi saklamadan önce şifreledi. Artık akreditasyon kuruluşundan başka kimse okuyamaz.
report-receipt = Takip kodunuz: bildiriminizin sonucunu daha sonra görmek için saklayın. Kaybederseniz kimse sizin için yeniden bulamaz.
report-status-title = Bildirimim ne oldu
report-receipt-field = Takip kodu
report-status-submit = Göster
report-status-unknown = Bu takip koduyla bir bildirim yok.
report-status-received = Alındı. Akreditasyon kuruluşu henüz okumadı.
report-status-read = Akreditasyon kuruluşu okudu.
report-status-in-progress = Akreditasyon kuruluşu inceliyor.
report-status-closed = Akreditasyon kuruluşu işlemi tamamladı.
report-too-fast = Form çok hızlı veya çok geç gönderildi. Lütfen bir kez daha gönderin.
report-full = Çok fazla bildirim geliyor. Lütfen daha sonra yeniden deneyin.
report-missing = Lütfen ne olduğunu yazın.
report-too-long = Bu metin çok uzun.

## The certifier

certifier-title = Belgelendirme kuruluşu
certifier-role-other = Bu taraf bir belgelendirme kuruluşu değil.
certifier-approved-by = Yetkilendiren
certifier-since = Yetki süresi: { $from } – { $until }
certifier-scope = Yetki kapsamı
certifier-countries = Ülkeler
certifier-chapters = Ürün türleri (gümrük tarifesi fasılları)
certifier-topics = Beyanlar
certifier-attestations = Aylara göre belgeler
certifier-total = { $count ->
    [one] Defterde { $number } belge
   *[other] Defterde { $number } belge
}
certifier-suspended = şu anda askıda: { $number }
certifier-withdrawn = iptal edilen: { $number }
certifier-stands = Belgelendirme kuruluşu yetkili.
certifier-suspended-now = Belgelendirme kuruluşunun yetkisi askıya alındı.
certifier-withdrawn-now = Belgelendirme kuruluşunun yetkisi iptal edildi.
certifier-month = { $month }: { $number }, yürürlükte olmayan: { $bad }

## The log

log-title = Herkese açık defter
log-intro = Her beyan, herkese açık ve yalnızca büyüyebilen bir listede durur. Herkes bu listeyi kopyalayıp bir şeyin değiştirilip değiştirilmediğini veya gizlenip gizlenmediğini görebilir.
log-size = Kayıt sayısı
log-newest = En yeni kayıt
log-checkpoint = İmzalı en yeni durum
log-witnesses = Gözlemciler
log-for-programs = Programlar için
log-certifiers = Bu defterdeki belgelendirme kuruluşları

## What a label means

meaning-title = Etiket ne anlama gelir
meaning-means = Şu anlama gelir
meaning-means-checked = Akredite bir belgelendirme kuruluşu bu partinin nasıl üretildiğini denetledi ve buna imza attı.
meaning-means-public = Beyan herkese açık bir defterde durur. Kimse onu fark edilmeden değiştiremez veya silemez.
meaning-means-today = Sayfa bugünkü durumu gösterir: birinin belgeyi askıya alıp almadığını veya iptal edip etmediğini.
meaning-not = Şu anlama gelmez
meaning-not-goods = Elinizdeki ürünün doğru ürün olduğu. Gerçek bir etiket kopyalanabilir veya başka yere takılabilir. Karşılaştırın.
meaning-not-always = Orada hiçbir zaman kötü bir şey olmayacağı. Denetçi her günü değil, bazı günleri görür.
meaning-not-other = Etiketin söylemediği herhangi bir şey, örneğin ücretler veya çevre ile ilgili.
meaning-outcomes = Dört yanıt
meaning-verified = Etiket bütün kontrollerden geçti.
meaning-caution = Etiket gerçek, ama sizin bakmanız gereken bir şey var.
meaning-refused = Etiket sahte veya beyanı artık geçerli değil.
meaning-undecided = Gerekli bir şey kontrol edilemedi. Bu, sahte olduğunu göstermez; gerçek olduğunu da kanıtlamaz.

## Check the registry yourself

verify-title = Kayıt merkezini kendiniz kontrol edin
verify-intro = Bu kayıt merkezine inanmak zorunda değilsiniz. Denetlemenin yolları şunlar; her biri bir öncekinden daha bağımsız.
verify-device = Telefonunuz: JavaScript açıksa her sonuç sayfası imzaları ve kanıtı cihazınızda kontrol eder. Bunun programı ve anahtarları bu kayıt merkezinden gelir.
verify-offline = Saklayabileceğiniz bir sayfa: bir kez kaydedin, etiketleri internet olmadan kontrol etsin.
verify-download = İnternetsiz çalışan sayfayı indir
verify-program = “verifier” programı tek tek etiketleri ve bütün sevkiyatları internetle veya internetsiz kontrol eder; bütün defteri baştan yürütebilir.
verify-standard = Defter, herkese açık C2SP tlog-tiles standardına uyar. Böylece başkalarının programları da onu okuyabilir.

## The offline page

offline-title = İnternet olmadan etiket kontrol edin
offline-intro = Bu sayfa { $date } tarihinde { $origin } kayıt merkezinden kaydedildi. Etiketin imzalı olup olmadığını ve kanıt verilerinin ne dediğini kontrol eder. Kanıt verileri alındıktan sonra nelerin değiştiğini bilemez. Anahtarları da bu kayıt merkezinden gelir.
offline-label = Kodun metni
offline-photo = Veya kodun fotoğrafı
offline-evidence = Kanıt verileri (kayıt merkezinden, dosya olarak veya yapıştırılmış)
offline-evidence-file = Kanıt verileri dosyası
offline-check = Kontrol et
offline-trust = Kayıt merkezinin anahtarları
