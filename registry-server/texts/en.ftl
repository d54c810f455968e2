# Texts of the pages, English. One file a language, the same messages in each.
#
# For people who stand in a shop: plain words, short sentences, a reading age of twelve. Always about the label, never about the
# product: "this label is genuine", not "this carpet is". "Cannot tell" must sound neither like "fake" nor like "fine".
# $names come from certifiers and stand as they are; dates and numbers come formatted for the language.

language-name = English

## The verdict: one word, one line

word-verified = Genuine
word-caution = Be careful
word-refused = Do not trust
word-undecided = Cannot tell

headline-verified = This label is genuine
headline-caution = The signature is genuine, but look closer
headline-refused = Do not rely on this label
headline-undecided = We cannot judge this label now

# What is attested, for which product and lot, by whom, accredited by whom, until when.
attested-sentence = { $claims ->
    [child] { $certifier } has checked and signed that { $product }, lot { $lot }, was made without child labour. { $accreditor } has approved { $certifier } for this. Valid until { $until }.
    [forced] { $certifier } has checked and signed that { $product }, lot { $lot }, was made without forced labour. { $accreditor } has approved { $certifier } for this. Valid until { $until }.
   *[both] { $certifier } has checked and signed that { $product }, lot { $lot }, was made without child labour and without forced labour. { $accreditor } has approved { $certifier } for this. Valid until { $until }.
}
label-not-goods = This is about the label. A genuine label can be copied or stuck on other goods, so compare it with what you hold.

advice-refused = Do not buy because of this label. Please tell us where you saw it.
advice-undecided = This says nothing bad about the label. Try again later.

## Compare with what you hold

compare-title = Compare with what you hold
compare-product = Product
compare-lot = Lot
compare-serial = Serial number
compare-serial-of = { $serial } (of { $labels } labels)
compare-maker = Made by
compare-maker-withheld = kept private by the certifier
compare-country = Made in
compare-gtin = Product code (GTIN)
compare-note = If anything differs, do not rely on the label.
says-title = What the label says
says-registry = Registry

## Evidence, folded

attested-title = What was attested
attested-claims = Statement
attested-by = Signed by
attested-accreditor = Approved by
attested-valid = Valid
attested-period = { $from } to { $until }
attested-quantity = Quantity
attested-quantity-labels = { $quantity }, { $labels ->
    [one] { $count } label
   *[other] { $count } labels
}
attested-hs = Customs code (HS)
claims-child = made without child labour
claims-forced = made without forced labour
claims-both = made without child labour and without forced labour

checks-title = What was checked
check-format = The form of the label
check-registry = The registry
check-log = The public log
check-complete = No change of its status was left out
check-attestation = The attestation is in the log
check-key = The key belongs to the certifier
check-signature = The signature is genuine
check-product = Product and lot are the attested ones
check-claims = The label claims no more than was attested
check-serial = The serial number was issued
check-validity = The days of validity
check-standing = Nobody has suspended or withdrawn it
check-certifier = The certifier is still approved
check-compromise = The key was not stolen
check-today = How it stands today
check-scans = It was not scanned unusually often
found-pass = in order
found-caution = look closer
found-fail = not in order
found-unknown = could not be checked
source-label = from the label itself
source-trust = from the list of trusted registries
source-registry = from this registry
source-entries = from proven log entries
source-snapshot = from a stored copy of the log
finding-as-of = as of { $time }

proof-title = Proof, and who saw it
proof-entry = Entry { $index } of the public log
proof-evidence = Evidence for anyone to check
proof-log = The log has { $count ->
    [one] { $size } entry
   *[other] { $size } entries
}. The newest is of { $time }.
witnesses-none = No independent witness watches this log yet.
witnesses-some = { $count ->
    [one] { $number } independent witness watches this log:
   *[other] { $number } independent witnesses watch this log:
}
judged-at = Judged on { $time }.

## The phone checks it too

device-title = Your device checks it too
device-working = Your device is checking the proof…
device-yes = Your device checked this itself: signatures and log proof are right.
device-same = Your device checked this itself and comes to the same answer.
device-no = Your device found a contradiction. Do not rely on this page or this label.
device-cannot = Your device could not check this itself. What the registry says stands.
device-off = This needs JavaScript and a secure connection. Without them, what the registry says stands.
step-label = The label can be read
step-log = The registry has signed its log
step-witnesses = Witnesses have seen the log
step-accreditation = The certifier is approved
step-statement = The statement is signed and in the log
step-signature = The label is signed by the certifier
step-product = Label and statement are about the same goods
step-validity = The dates fit
step-standing = Nothing in the proof speaks against it

## Why something does not count

hold-suspended = { $by ->
    [accreditor] Suspended by the accreditor since { $date }: { $reason }.
   *[certifier] Suspended by the certifier since { $date }: { $reason }.
}
hold-withdrawn = { $by ->
    [accreditor] Withdrawn by the accreditor on { $date }: { $reason }.
   *[certifier] Withdrawn by the certifier on { $date }: { $reason }.
}
hold-party = The certifier lost its approval on { $date }: { $reason }.
hold-reason-child-found-at-work = a child was found at work
hold-reason-audit-refused = an inspection was refused
hold-reason-fraud = fraud
hold-reason-error = a mistake in the statement
hold-reason-expired-audit = the last inspection is too old
hold-reason-other = another reason

reason-already-cleared = Goods with this label have passed customs before.
reason-duplicate-in-shipment = This serial number occurs more than once in the shipment.
reason-over-quantity = There are more goods than the certifier has attested.
reason-declaration-mismatch = The customs declaration says something else than the certifier.
reason-many-scans = This serial number was scanned on unusually many days. The label may have been copied. If you are the first to own this piece, compare it with care.
reason-key-exposed = The key that signed this label was stolen later. The label may be a thief's copy.
reason-risk-listed = Goods of this kind from this country are on a public list of goods made by children.
reason-malformed = This is not a well-formed label.
reason-forged-signature = The signature on this label is not genuine.
reason-unknown-certifier = This label was signed with a key that may not sign it.
reason-unknown-attestation = The registry has no attestation with this number.
reason-wrong-product = The attestation is for another product or lot.
reason-wrong-claims = The label claims more than was attested.
reason-serial-out-of-range = No label with this serial number was issued.
reason-not-yet-valid = The attestation is not valid yet.
reason-expired = The attestation has run out.
reason-suspended = The attestation is suspended for now.
reason-withdrawn = The attestation was withdrawn for good.
reason-certifier-suspended = The certifier has lost its approval.
reason-key-compromised = The attestation was signed after the certifier's key was stolen.
reason-out-of-scope = The certifier was not approved for this kind of attestation.
reason-foreign-origin = The label points to a registry that is not trusted here.
reason-no-trust = No registry is trusted here yet.
reason-no-status = How this attestation stands today is not known here.
reason-no-quorum = Too few independent witnesses have confirmed the registry's log.
reason-stale-snapshot = The data here is too old to judge by.
reason-newer-than-snapshot = This label is newer than the data here.
reason-unsupported = This label follows rules that are newer than this page.
reason-log-inconsistent = The registry's log contradicts itself.
reason-network = The registry could not be reached.
reason-clock = The clock that this page goes by cannot be right.

## Links between the pages

nav-check = Check a label
nav-scan = Scan a code
nav-report = Report a concern
nav-meaning = What a label means
nav-log = The public log
nav-verify = Check the registry yourself
nav-language = Language

## Front page and scan page

home-title = Check a label
home-intro = Scan the code on the label with your phone's camera, or type what it says.
home-field = Text of the code, or the short code printed under it
home-submit = Check
home-privacy = This page sets no cookie and keeps no record of who asks.
home-registry = This is the registry { $origin }.

scan-title = Scan a code
scan-start = Start the camera
scan-stop = Stop the camera
scan-photo = Use a photo instead
scan-looking = Hold the code in front of the camera.
scan-denied = The camera is not allowed. You can allow it in the browser's settings, use a photo, or type the code.
scan-no-camera = No camera was found. Use a photo, or type the code.
scan-not-a-label = This code is not a label.
scan-unreadable = No code was found in this picture. Try more light, and hold the camera closer.
scan-no-script = Scanning in this page needs JavaScript. Your phone's own camera can open the code, or type it here.
scan-torch = Light

code-title = Short code { $code }
code-no-proof = A typed code cannot prove a label genuine: anyone can copy it. Scan the code on the label to be sure.
code-unknown = The registry knows no label with this code.
code-wrong = This is not a short code. Please compare it with the label once more: one character may be wrong.

## Product and lot, without a signed label

product-no-proof = This link proves nothing about what you hold. Anyone can write it. Only the signed code on a label tells a genuine label from a copy of these numbers.
product-none = The registry has no attestation for it.
product-title = Attestations in the public log
in-force = in force
not-in-force = not in force

## Problems with the request

problem-title = This did not work
problem-not-found = There is nothing at this address.
problem-bad-request = The address or the form has a mistake in it.
problem-busy = The registry is busy or resting. Please try again in a minute.
problem-too-large = What was sent is too large.

## Report a concern

report-title = Report a concern
report-intro = Did you see a child at work, a copied label or the wrong product? Tell the accreditor, who watches over the certifiers. You need not say who you are.
report-kind = What did you see?
report-kind-child = A child at work
report-kind-copied = A copied label
report-kind-wrong = The wrong product
report-kind-other = Something else
report-story = What happened, where and when?
report-label = Text or short code of the label, if you have it
report-contact = How can the accreditor reach you? (only if you wish)
report-submit = Send
report-sealed-device = Your device encrypts this before it is sent. Only the accreditor can read it.
report-sealed-server = Without JavaScript the registry encrypts this on arrival, before it is stored. After that, only the accreditor can read it.
report-failed = Your device could not encrypt this. Nothing was sent. Press again to let the registry encrypt it on arrival.
report-danger = If a child is in danger now, call the police or a helpline.
report-hotlines = Contacts that the accreditor names
report-closed = This registry takes no reports: its accreditor has published no key for them.
report-thanks = Received. Thank you.
report-by-device = It was encrypted on your device. Nobody but the accreditor can read it.
report-by-server = It was encrypted by the registry before it was stored. Nobody but the accreditor can read it now.
report-receipt = Your receipt code: keep it to see later what became of your report. Nobody can find it again for you.
report-status-title = What became of my report
report-receipt-field = Receipt code
report-status-submit = Look
report-status-unknown = No report has this receipt code.
report-status-received = Received. The accreditor has not read it yet.
report-status-read = The accreditor has read it.
report-status-in-progress = The accreditor is looking into it.
report-status-closed = The accreditor has finished with it.
report-too-fast = That was very fast or very late. Please send it once more.
report-full = Too many reports are coming in. Please try again later.
report-missing = Please say what happened.
report-too-long = This text is too long.

## The certifier

certifier-title = Certifier
certifier-role-other = This party is not a certifier.
certifier-approved-by = Approved by
certifier-since = Approved from { $from } to { $until }
certifier-scope = Approved for
certifier-countries = Countries
certifier-chapters = Kinds of goods (chapters of the customs tariff)
certifier-topics = Statements
certifier-attestations = Attestations by month
certifier-total = { $count ->
    [one] { $number } attestation in the log
   *[other] { $number } attestations in the log
}
certifier-suspended = suspended now: { $number }
certifier-withdrawn = withdrawn: { $number }
certifier-stands = The certifier is approved.
certifier-suspended-now = The certifier's approval is suspended.
certifier-withdrawn-now = The certifier's approval was withdrawn.
certifier-month = { $month }: { $number }, not in force: { $bad }

## The log

log-title = The public log
log-intro = Every statement stands in a public list that can only grow. Anyone can copy it and see whether something was changed or hidden.
log-size = Entries
log-newest = Newest entry
log-checkpoint = Newest signed state
log-witnesses = Witnesses
log-for-programs = For programs
log-certifiers = Certifiers in this log

## What a label means

meaning-title = What a label means
meaning-means = It means
meaning-means-checked = An accredited certifier has inspected how this lot was made and has signed for it.
meaning-means-public = The statement stands in a public log. Nobody can change or delete it without being noticed.
meaning-means-today = The page tells how it stands today: whether somebody has suspended or withdrawn it.
meaning-not = It does not mean
meaning-not-goods = That the goods in your hand are the right ones. A genuine label can be copied or moved. Compare them.
meaning-not-always = That nothing bad can ever happen there. An inspector sees some days, not all.
meaning-not-other = Anything that the label does not say, for example about wages or the environment.
meaning-outcomes = The four answers
meaning-verified = Every check was passed.
meaning-caution = The label is genuine, but something needs your eyes.
meaning-refused = The label is forged, or its statement does not count any more.
meaning-undecided = Something needed could not be checked. That is no sign of a fake, and no proof either.

## Check the registry yourself

verify-title = Check the registry yourself
verify-intro = You need not take this registry's word. Here is how to check it, each way more independent than the one before.
verify-device = Your phone: with JavaScript, each verdict page checks signatures and proof on your device. The script and the keys for it come from this registry.
verify-offline = A page to keep: save it once, and it checks labels without a network.
verify-download = Download the offline page
verify-program = The program “verifier” checks single labels and whole shipments, with or without a network, and can replay the whole log.
verify-standard = The log follows the public standard C2SP tlog-tiles, so other people's programs can read it too.

## The offline page

offline-title = Check a label without a network
offline-intro = This page was saved from the registry { $origin } on { $date }. It checks that a label was signed, and what the evidence says. It cannot know what changed after the evidence was fetched. Its keys come from this registry too.
offline-label = Text of the code
offline-photo = Or a photo of the code
offline-evidence = Evidence (from the registry, as a file or pasted)
offline-evidence-file = Evidence file
offline-check = Check
offline-trust = Keys of the registry
