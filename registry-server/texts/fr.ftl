# Texts of the pages, French. One file a language, the same messages in each.

language-name = Français

## The verdict: one word, one line

word-verified = Authentique
word-caution = Prudence
word-refused = Ne pas s’y fier
word-undecided = Impossible à dire

headline-verified = Cette étiquette est authentique
headline-caution = La signature est authentique, mais regardez de plus près
headline-refused = Ne vous fiez pas à cette étiquette
headline-undecided = Nous ne pouvons pas juger cette étiquette pour l’instant

# What is attested, for which product and lot, by whom, accredited by whom, until when.
attested-sentence = { $claims ->
    [child] { $certifier } a vérifié et atteste par sa signature que le produit { $product }, lot { $lot }, a été fabriqué sans travail des enfants. { $accreditor } a agréé { $certifier } pour cela. Attestation valable jusqu’au { $until }.
    [forced] { $certifier } a vérifié et atteste par sa signature que le produit { $product }, lot { $lot }, a été fabriqué sans travail forcé. { $accreditor } a agréé { $certifier } pour cela. Attestation valable jusqu’au { $until }.
   *[both] { $certifier } a vérifié et atteste par sa signature que le produit { $product }, lot { $lot }, a été fabriqué sans travail des enfants et sans travail forcé. { $accreditor } a agréé { $certifier } pour cela. Attestation valable jusqu’au { $until }.
}
label-not-goods = Cela concerne l’étiquette. Une étiquette authentique peut être copiée ou collée sur d’autres marchandises : comparez-la donc avec ce que vous avez en main.

advice-refused = N’achetez pas en vous fiant à cette étiquette. Dites-nous où vous l’avez vue, s’il vous plaît.
advice-undecided = Cela ne dit rien de mal de l’étiquette. Réessayez plus tard.

## Compare with what you hold

compare-title = Comparez avec ce que vous avez en main
compare-product = Produit
compare-lot = Lot
compare-serial = Numéro de série
compare-serial-of = { $serial } (nombre d’étiquettes : { $labels })
compare-maker = Fabricant
compare-maker-withheld = gardé confidentiel par l’organisme certificateur
compare-country = Pays de fabrication
compare-gtin = Code du produit (GTIN)
compare-note = Si quelque chose ne correspond pas, ne vous fiez pas à l’étiquette.
says-title = Ce que dit l’étiquette
says-registry = Registre

## Evidence, folded

attested-title = Ce qui a été attesté
attested-claims = Déclaration
attested-by = Signé par
attested-accreditor = Agréé par
attested-valid = Validité
attested-period = du { $from } au { $until }
attested-quantity = Quantité
attested-quantity-labels = { $quantity }, { $labels ->
    [one] { $count } étiquette
    [many] { $count } d’étiquettes
   *[other] { $count } étiquettes
}
attested-hs = Code douanier (SH)
claims-child = fabriqué sans travail des enfants
claims-forced = fabriqué sans travail forcé
claims-both = fabriqué sans travail des enfants et sans travail forcé

checks-title = Ce qui a été vérifié
check-format = La forme de l’étiquette
check-registry = Le registre
check-log = Le journal public
check-complete = Aucun changement de son statut n’a été omis
check-attestation = L’attestation figure dans le journal public
check-key = La clé est celle de l’organisme certificateur
check-signature = La signature est authentique
check-product = Le produit et le lot sont bien ceux de l’attestation
check-claims = L’étiquette n’affirme rien de plus que l’attestation
check-serial = Le numéro de série a bien été attribué
check-validity = Les dates de validité
check-standing = Personne n’a suspendu ni retiré l’attestation
check-certifier = L’organisme certificateur est toujours agréé
check-compromise = La clé n’a pas été volée
check-today = La situation aujourd’hui
check-scans = L’étiquette n’a pas été scannée plus souvent que d’habitude
found-pass = en règle
found-caution = à regarder de plus près
found-fail = pas en règle
found-unknown = vérification impossible
source-label = d’après l’étiquette elle-même
source-trust = d’après la liste des registres de confiance
source-registry = d’après ce registre
source-entries = d’après des entrées prouvées du journal public
source-snapshot = d’après une copie enregistrée du journal public
finding-as-of = situation au { $time }

proof-title = La preuve, et qui l’a vue
proof-entry = Entrée { $index } du journal public
proof-evidence = Éléments de preuve que chacun peut vérifier
proof-log = Le journal public contient { $count ->
    [one] { $size } entrée
    [many] { $size } d’entrées
   *[other] { $size } entrées
}. La plus récente date du { $time }.
witnesses-none = Aucun témoin indépendant ne surveille encore ce journal.
witnesses-some = { $count ->
    [one] { $number } témoin indépendant surveille ce journal :
    [many] { $number } de témoins indépendants surveillent ce journal :
   *[other] { $number } témoins indépendants surveillent ce journal :
}
judged-at = Réponse établie le { $time }.

## The phone checks it too

device-title = Votre appareil vérifie aussi
device-working = Votre appareil vérifie la preuve…
device-yes = Votre appareil a vérifié lui-même : les signatures et la preuve du journal public sont justes.
device-same = Votre appareil a vérifié lui-même et arrive au même résultat.
device-no = Votre appareil a trouvé une contradiction. Ne vous fiez ni à cette page ni à cette étiquette.
device-cannot = Votre appareil n’a pas pu vérifier lui-même. La réponse du registre reste valable.
device-off = Il faut pour cela JavaScript et une connexion sécurisée. Sans eux, la réponse du registre reste valable.
step-label = L’étiquette est lisible
step-log = Le registre a signé son journal public
step-witnesses = Des témoins ont vu le journal public
step-accreditation = L’organisme certificateur est agréé
step-statement = La déclaration est signée et figure dans le journal public
step-signature = L’étiquette est signée par l’organisme certificateur
step-product = L’étiquette et la déclaration portent sur les mêmes marchandises
step-validity = Les dates concordent
step-standing = Rien dans la preuve ne s’y oppose

## Why something does not count

hold-suspended = { $by ->
    [accreditor] Attestation suspendue par l’organisme d’accréditation depuis le { $date } : { $reason }.
   *[certifier] Attestation suspendue par l’organisme certificateur depuis le { $date } : { $reason }.
}
hold-withdrawn = { $by ->
    [accreditor] Attestation retirée par l’organisme d’accréditation le { $date } : { $reason }.
   *[certifier] Attestation retirée par l’organisme certificateur le { $date } : { $reason }.
}
hold-party = L’organisme certificateur a perdu son agrément le { $date } : { $reason }.
hold-reason-child-found-at-work = un enfant a été trouvé au travail
hold-reason-audit-refused = une inspection a été refusée
hold-reason-fraud = fraude
hold-reason-error = une erreur dans la déclaration
hold-reason-expired-audit = la dernière inspection est trop ancienne
hold-reason-other = autre raison

reason-already-cleared = Des marchandises portant cette étiquette ont déjà passé la douane.
reason-duplicate-in-shipment = Ce numéro de série figure plusieurs fois dans l’envoi.
reason-over-quantity = Il y a plus de marchandises que l’organisme certificateur n’en a attesté.
reason-declaration-mismatch = La déclaration en douane ne dit pas la même chose que l’organisme certificateur.
reason-many-scans = Ce numéro de série a été scanné pendant bien plus de jours que d’habitude. L’étiquette a peut-être été copiée. Si vous êtes la première personne à posséder cet article, comparez avec soin.
reason-key-exposed = La clé qui a servi à signer cette étiquette a été volée plus tard. L’étiquette est peut-être une copie faite par un voleur.
reason-risk-listed = Les marchandises de ce type venant de ce pays figurent sur une liste publique de marchandises fabriquées par des enfants.
reason-malformed = Cette étiquette n’a pas la forme correcte.
reason-forged-signature = La signature de cette étiquette n’est pas authentique.
reason-unknown-certifier = Cette étiquette a été signée avec une clé qui n’a pas le droit de la signer.
reason-unknown-attestation = Le registre n’a aucune attestation portant ce numéro.
reason-wrong-product = L’attestation concerne un autre produit ou un autre lot.
reason-wrong-claims = L’étiquette en affirme plus que l’attestation.
reason-serial-out-of-range = Aucune étiquette n’a été émise avec ce numéro de série.
reason-not-yet-valid = L’attestation n’est pas encore valable.
reason-expired = L’attestation n’est plus valable : elle a expiré.
reason-suspended = L’attestation est suspendue pour le moment.
reason-withdrawn = L’attestation a été retirée définitivement.
reason-certifier-suspended = L’organisme certificateur a perdu son agrément.
reason-key-compromised = L’attestation a été signée après le vol de la clé de l’organisme certificateur.
reason-out-of-scope = L’organisme certificateur n’était pas agréé pour ce type d’attestation.
reason-foreign-origin = L’étiquette renvoie à un registre qui n’est pas un registre de confiance ici.
reason-no-trust = Il n’y a encore aucun registre de confiance ici.
reason-no-status = La situation actuelle de cette attestation n’est pas connue ici.
reason-no-quorum = Trop peu de témoins indépendants ont confirmé le journal public du registre.
reason-stale-snapshot = Les données disponibles ici sont trop anciennes pour juger.
reason-newer-than-snapshot = Cette étiquette est plus récente que les données disponibles ici.
reason-unsupported = Cette étiquette suit des règles plus récentes que cette page.
reason-log-inconsistent = Le journal public du registre se contredit.
reason-network = Le registre n’a pas pu être joint.
reason-clock = L’horloge utilisée par cette page ne peut pas être à l’heure.

## Links between the pages

nav-check = Vérifier une étiquette
nav-scan = Scanner un code
nav-report = Signaler un problème
nav-meaning = Ce que signifie une étiquette
nav-log = Le journal public
nav-verify = Vérifier vous-même le registre
nav-language = Langue

## Front page and scan page

home-title = Vérifier une étiquette
home-intro = Scannez le code de l’étiquette avec l’appareil photo de votre téléphone, ou tapez ce qui y est écrit.
home-field = Texte du code, ou code court imprimé en dessous
home-submit = Vérifier
home-privacy = Cette page ne dépose aucun cookie et ne garde aucune trace de qui l’interroge.
home-registry = Vous êtes sur le registre { $origin }.

scan-title = Scanner un code
scan-start = Démarrer l’appareil photo
scan-stop = Arrêter l’appareil photo
scan-photo = Utiliser plutôt une photo
scan-looking = Placez le code devant l’appareil photo.
scan-denied = L’accès à l’appareil photo n’est pas autorisé. Vous pouvez l’autoriser dans les réglages du navigateur, utiliser une photo ou taper le code.
scan-no-camera = Aucun appareil photo n’a été trouvé. Utilisez une photo ou tapez le code.
scan-not-a-label = Ce code n’est pas une étiquette.
scan-unreadable = Aucun code n’a été trouvé sur cette image. Essayez avec plus de lumière et approchez l’appareil photo.
scan-no-script = Pour scanner sur cette page, il faut JavaScript. L’appareil photo de votre téléphone peut ouvrir le code. Vous pouvez aussi le taper ici.
scan-torch = Lumière

code-title = Code court { $code }
code-no-proof = Taper un code ne prouve pas que l’étiquette est authentique : n’importe qui peut copier un code. Pour en avoir la certitude, scannez le code de l’étiquette.
code-unknown = Le registre ne connaît aucune étiquette portant ce code.
code-wrong = Ce n’est pas un code court. Veuillez le comparer encore une fois avec l’étiquette : un caractère est peut-être faux.

## Product and lot, without a signed label

product-no-proof = Ce lien ne prouve rien sur ce que vous avez en main. N’importe qui peut l’écrire. Seul le code signé d’une étiquette permet de distinguer une étiquette authentique d’une copie de ces numéros.
product-none = Le registre n’a aucune attestation à ce sujet.
product-title = Attestations dans le journal public
in-force = en vigueur
not-in-force = pas en vigueur

## Problems with the request

problem-title = Cela n’a pas marché
problem-not-found = Il n’y a rien à cette adresse.
problem-bad-request = Il y a une erreur dans l’adresse ou dans le formulaire.
problem-busy = Le registre est occupé ou en pause. Veuillez réessayer dans une minute.
problem-too-large = L’envoi est trop volumineux.

## Report a concern

report-title = Signaler un problème
report-intro = Avez-vous vu un enfant au travail, une étiquette copiée ou un produit qui n’est pas le bon ? Dites-le à l’organisme d’accréditation : il surveille les organismes certificateurs. Vous n’avez pas à dire qui vous êtes.
report-kind = Qu’avez-vous vu ?
report-kind-child = Un enfant au travail
report-kind-copied = Une étiquette copiée
report-kind-wrong = Un produit qui n’est pas le bon
report-kind-other = Autre chose
report-story = Que s’est-il passé, où et quand ?
report-label = Texte ou code court de l’étiquette, si vous l’avez
report-contact = Comment l’organisme d’accréditation peut-il vous joindre ? (seulement si vous le souhaitez)
report-submit = Envoyer
report-sealed-device = Votre appareil chiffre votre signalement avant de l’envoyer. Seul l’organisme d’accréditation peut le lire.
report-sealed-server = Sans JavaScript, le registre chiffre votre signalement dès son arrivée, avant de l’enregistrer. Ensuite, seul l’organisme d’accréditation peut le lire.
report-failed = Votre appareil n’a pas pu chiffrer votre signalement. Rien n’a été envoyé. Appuyez encore une fois pour que le registre le chiffre à l’arrivée.
report-danger = Si un enfant est en danger maintenant, appelez la police ou une ligne d’aide.
report-hotlines = Contacts indiqués par l’organisme d’accréditation
report-closed = Ce registre ne reçoit pas de signalements : son organisme d’accréditation n’a pas publié de clé pour cela.
report-thanks = Bien reçu. Merci.
report-by-device = Votre signalement a été chiffré sur votre appareil. Personne d’autre que l’organisme d’accréditation ne peut le lire.
report-by-server = Votre signalement a été chiffré par le registre avant d’être enregistré. Personne d’autre que l’organisme d’accréditation ne peut le lire maintenant.
report-receipt = Votre code de suivi : gardez-le pour voir plus tard ce que votre signalement est devenu. Personne ne pourra le retrouver pour vous.
report-status-title = Ce que mon signalement est devenu
report-receipt-field = Code de suivi
report-status-submit = Voir
report-status-unknown = Aucun signalement n’a ce code de suivi.
report-status-received = Bien reçu. L’organisme d’accréditation ne l’a pas encore lu.
report-status-read = L’organisme d’accréditation l’a lu.
report-status-in-progress = L’organisme d’accréditation s’en occupe.
report-status-closed = L’organisme d’accréditation a terminé.
report-too-fast = L’envoi est arrivé très vite ou très tard. Veuillez envoyer encore une fois.
report-full = Trop de signalements arrivent en ce moment. Veuillez réessayer plus tard.
report-missing = Veuillez dire ce qui s’est passé.
report-too-long = Ce texte est trop long.

## The certifier

certifier-title = Organisme certificateur
certifier-role-other = Cette organisation n’est pas un organisme certificateur.
certifier-approved-by = Agréé par
certifier-since = Agréé du { $from } au { $until }
certifier-scope = Agréé pour
certifier-countries = Pays
certifier-chapters = Types de marchandises (chapitres du tarif douanier)
certifier-topics = Déclarations
certifier-attestations = Attestations par mois
certifier-total = { $count ->
    [one] { $number } attestation dans le journal public
    [many] { $number } d’attestations dans le journal public
   *[other] { $number } attestations dans le journal public
}
certifier-suspended = suspendues en ce moment : { $number }
certifier-withdrawn = retirées : { $number }
certifier-stands = L’organisme certificateur est agréé.
certifier-suspended-now = L’agrément de l’organisme certificateur est suspendu.
certifier-withdrawn-now = L’agrément de l’organisme certificateur a été retiré.
certifier-month = { $month } : { $number }, pas en vigueur : { $bad }

## The log

log-title = Le journal public
log-intro = Chaque déclaration figure dans une liste publique qui ne peut que s’allonger. Chacun peut la copier et voir si quelque chose a été modifié ou caché.
log-size = Entrées
log-newest = Entrée la plus récente
log-checkpoint = Dernier état signé
log-witnesses = Témoins
log-for-programs = Pour les programmes
log-certifiers = Organismes certificateurs dans ce journal

## What a label means

meaning-title = Ce que signifie une étiquette
meaning-means = Ce qu’elle signifie
meaning-means-checked = Un organisme certificateur agréé a inspecté la fabrication de ce lot et en répond par sa signature.
meaning-means-public = La déclaration figure dans un journal public. Personne ne peut la modifier ou l’effacer sans que cela se voie.
meaning-means-today = La page indique la situation du jour : si quelqu’un a suspendu ou retiré la déclaration.
meaning-not = Ce qu’elle ne signifie pas
meaning-not-goods = Que les marchandises que vous avez en main sont les bonnes. Une étiquette authentique peut être copiée ou déplacée. Comparez.
meaning-not-always = Que rien de mal ne peut jamais arriver là-bas. Une inspection montre certains jours, pas tous.
meaning-not-other = Tout ce que l’étiquette ne dit pas, par exemple sur les salaires ou l’environnement.
meaning-outcomes = Les quatre réponses
meaning-verified = Toutes les vérifications ont réussi.
meaning-caution = L’étiquette est authentique, mais un point demande votre attention.
meaning-refused = L’étiquette est falsifiée, ou sa déclaration ne compte plus.
meaning-undecided = Une vérification nécessaire n’a pas pu être faite. Ce n’est pas le signe d’un faux, et ce n’est pas une preuve non plus.

## Check the registry yourself

verify-title = Vérifier vous-même le registre
verify-intro = Rien ne vous oblige à croire ce registre. Voici comment le vérifier, chaque moyen étant plus indépendant que le précédent.
verify-device = Votre téléphone : avec JavaScript, chaque page de réponse vérifie les signatures et la preuve sur votre appareil. Le programme et les clés viennent de ce registre.
verify-offline = Une page à garder : enregistrez-la une fois, et elle vérifie les étiquettes sans réseau.
verify-download = Télécharger la page à utiliser sans réseau
verify-program = Le programme « verifier » vérifie une seule étiquette ou des envois entiers, avec ou sans réseau, et peut rejouer tout le journal public.
verify-standard = Le journal public suit la norme publique C2SP tlog-tiles : les programmes d’autres personnes peuvent donc le lire aussi.

## The offline page

offline-title = Vérifier une étiquette sans réseau
offline-intro = Cette page vient du registre { $origin } et a été enregistrée le { $date }. Elle vérifie qu’une étiquette a été signée, et ce que disent les éléments de preuve. Elle ne peut pas savoir ce qui a changé après leur téléchargement. Ses clés viennent aussi de ce registre.
offline-label = Texte du code
offline-photo = Ou une photo du code
offline-evidence = Éléments de preuve (du registre, en fichier ou collés)
offline-evidence-file = Fichier des éléments de preuve
offline-check = Vérifier
offline-trust = Clés du registre
