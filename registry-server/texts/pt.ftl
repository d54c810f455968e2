# Texts of the pages, Portuguese. The same messages as en.ftl, in the same order.

language-name = Português

## The verdict: one word, one line

word-verified = Autêntica
word-caution = Atenção
word-refused = Não confie
word-undecided = Sem conclusão

headline-verified = Esta etiqueta é autêntica
headline-caution = A assinatura é autêntica, mas olhe com mais atenção
headline-refused = Não confie nesta etiqueta
headline-undecided = Não podemos avaliar esta etiqueta agora

# What is attested, for which product and lot, by whom, accredited by whom, until when.
attested-sentence = { $claims ->
    [child] A entidade certificadora { $certifier } verificou e assinou: o produto { $product }, lote { $lot }, foi feito sem trabalho infantil. A entidade acreditadora { $accreditor } aprovou a entidade { $certifier } para isso. Válido até { $until }.
    [forced] A entidade certificadora { $certifier } verificou e assinou: o produto { $product }, lote { $lot }, foi feito sem trabalho forçado. A entidade acreditadora { $accreditor } aprovou a entidade { $certifier } para isso. Válido até { $until }.
   *[both] A entidade certificadora { $certifier } verificou e assinou: o produto { $product }, lote { $lot }, foi feito sem trabalho infantil e sem trabalho forçado. A entidade acreditadora { $accreditor } aprovou a entidade { $certifier } para isso. Válido até { $until }.
}
label-not-goods = Isto vale para a etiqueta. Uma etiqueta autêntica pode ser copiada ou colocada em outra mercadoria. Por isso, compare com o que está nas suas mãos.

advice-refused = Esta etiqueta não é motivo para comprar. Por favor, conte-nos onde ela foi vista.
advice-undecided = Isto não diz nada de mau sobre a etiqueta. Tente de novo mais tarde.

## Compare with what you hold

compare-title = Compare com o que está nas suas mãos
compare-product = Produto
compare-lot = Lote
compare-serial = Número de série
compare-serial-of = { $serial } (total de etiquetas: { $labels })
compare-maker = Feito por
compare-maker-withheld = mantido em sigilo pela entidade certificadora
compare-country = Feito em
compare-gtin = Código do produto (GTIN)
compare-note = Se alguma coisa for diferente, não confie na etiqueta.
says-title = O que a etiqueta diz
says-registry = Registro

## Evidence, folded

attested-title = O que foi certificado
attested-claims = Declaração
attested-by = Assinado por
attested-accreditor = Aprovado por
attested-valid = Validade
attested-period = de { $from } a { $until }
attested-quantity = Quantidade
attested-quantity-labels = { $quantity }, { $labels ->
    [one] { $count } etiqueta
    [many] { $count } de etiquetas
   *[other] { $count } etiquetas
}
attested-hs = Código aduaneiro (SH)
claims-child = feito sem trabalho infantil
claims-forced = feito sem trabalho forçado
claims-both = feito sem trabalho infantil e sem trabalho forçado

checks-title = O que foi verificado
check-format = O formato da etiqueta
check-registry = O registro
check-log = O histórico público
check-complete = Nenhuma alteração do seu estado foi omitida
check-attestation = O certificado está no histórico
check-key = A chave pertence à entidade certificadora
check-signature = A assinatura é autêntica
check-product = O produto e o lote são os do certificado
check-claims = A etiqueta não afirma mais do que foi certificado
check-serial = O número de série foi emitido
check-validity = Os dias de validade
check-standing = Ninguém suspendeu nem revogou o certificado
check-certifier = A entidade certificadora continua aprovada
check-compromise = A chave não foi roubada
check-today = A situação de hoje
check-scans = A etiqueta não foi lida mais vezes do que o normal
found-pass = em ordem
found-caution = olhe com atenção
found-fail = não está em ordem
found-unknown = não foi possível verificar
source-label = da própria etiqueta
source-trust = da lista de registros de confiança
source-registry = deste registro
source-entries = de entradas provadas do histórico
source-snapshot = de uma cópia guardada do histórico
finding-as-of = situação em { $time }

proof-title = A prova e quem a viu
proof-entry = Entrada { $index } do histórico público
proof-evidence = Dados de verificação, abertos a todas as pessoas
proof-log = O histórico tem { $count ->
    [one] { $size } entrada
    [many] { $size } de entradas
   *[other] { $size } entradas
}. A mais recente é de { $time }.
witnesses-none = Ainda nenhuma testemunha independente acompanha este histórico.
witnesses-some = { $count ->
    [one] { $number } testemunha independente acompanha este histórico:
    [many] { $number } de testemunhas independentes acompanham este histórico:
   *[other] { $number } testemunhas independentes acompanham este histórico:
}
judged-at = Avaliação feita em { $time }.

## The phone checks it too

device-title = O seu aparelho também verifica
device-working = Verificação da prova no seu aparelho…
device-yes = O seu aparelho fez a própria verificação: as assinaturas e a prova do histórico estão certas.
device-same = O seu aparelho fez a própria verificação e chegou ao mesmo resultado.
device-no = O seu aparelho encontrou uma contradição. Não confie nesta página nem nesta etiqueta.
device-cannot = O seu aparelho não conseguiu fazer a própria verificação. Continua válida a resposta do registro.
device-off = Para isto são necessários JavaScript e uma conexão segura. Sem eles, continua válida a resposta do registro.
step-label = É possível ler a etiqueta
step-log = O registro assinou o seu histórico
step-witnesses = Testemunhas viram o histórico
step-accreditation = A entidade certificadora está aprovada
step-statement = A declaração está assinada e consta no histórico
step-signature = A etiqueta está assinada pela entidade certificadora
step-product = A etiqueta e a declaração tratam da mesma mercadoria
step-validity = As datas combinam
step-standing = Nada na prova indica o contrário

## Why something does not count

hold-suspended = { $by ->
    [accreditor] Suspenso pela entidade acreditadora desde { $date }: { $reason }.
   *[certifier] Suspenso pela entidade certificadora desde { $date }: { $reason }.
}
hold-withdrawn = { $by ->
    [accreditor] Revogado pela entidade acreditadora em { $date }: { $reason }.
   *[certifier] Revogado pela entidade certificadora em { $date }: { $reason }.
}
hold-party = A entidade certificadora perdeu a aprovação em { $date }: { $reason }.
hold-reason-child-found-at-work = uma criança foi encontrada trabalhando
hold-reason-audit-refused = uma inspeção foi recusada
hold-reason-fraud = fraude
hold-reason-error = um erro na declaração
hold-reason-expired-audit = a última inspeção é antiga demais
hold-reason-other = outro motivo

reason-already-cleared = Mercadoria com esta etiqueta já passou pela alfândega antes.
reason-duplicate-in-shipment = Este número de série aparece mais de uma vez na remessa.
reason-over-quantity = Há mais mercadoria do que a entidade certificadora certificou.
reason-declaration-mismatch = A declaração aduaneira não diz o mesmo que a entidade certificadora.
reason-many-scans = Este número de série foi lido em muitos dias diferentes, mais do que o normal. A etiqueta pode ter sido copiada. Se esta peça nunca teve outro dono, compare com cuidado.
reason-key-exposed = A chave que assinou esta etiqueta foi roubada mais tarde. A etiqueta pode ser uma cópia feita por quem roubou a chave.
reason-risk-listed = Mercadorias deste tipo, deste país, estão em uma lista pública de mercadorias feitas por crianças.
reason-malformed = O formato desta etiqueta não está correto.
reason-forged-signature = A assinatura desta etiqueta não é autêntica.
reason-unknown-certifier = Esta etiqueta foi assinada com uma chave que não pode assiná-la.
reason-unknown-attestation = O registro não tem nenhum certificado com este número.
reason-wrong-product = O certificado é de outro produto ou de outro lote.
reason-wrong-claims = A etiqueta afirma mais do que foi certificado.
reason-serial-out-of-range = Não foi emitida nenhuma etiqueta com este número de série.
reason-not-yet-valid = O certificado ainda não é válido.
reason-expired = A validade do certificado terminou.
reason-suspended = O certificado está suspenso por enquanto.
reason-withdrawn = O certificado foi revogado em definitivo.
reason-certifier-suspended = A entidade certificadora perdeu a aprovação.
reason-key-compromised = O certificado foi assinado depois de a chave da entidade certificadora ter sido roubada.
reason-out-of-scope = A entidade certificadora não tinha aprovação para este tipo de certificado.
reason-foreign-origin = A etiqueta aponta para um registro que aqui não é de confiança.
reason-no-trust = Aqui ainda não há nenhum registro de confiança.
reason-no-status = Aqui não se conhece a situação de hoje deste certificado.
reason-no-quorum = Faltam testemunhas independentes que confirmem o histórico do registro.
reason-stale-snapshot = Os dados aqui são antigos demais para uma avaliação.
reason-newer-than-snapshot = Esta etiqueta é mais recente do que os dados aqui.
reason-unsupported = Esta etiqueta segue regras mais novas do que esta página.
reason-log-inconsistent = O histórico do registro se contradiz.
reason-network = Não foi possível falar com o registro.
reason-clock = O relógio que esta página usa não pode estar certo.

## Links between the pages

nav-check = Verificar uma etiqueta
nav-scan = Ler um código
nav-report = Relatar um problema
nav-meaning = O que uma etiqueta significa
nav-log = O histórico público
nav-verify = Verificar o próprio registro
nav-language = Idioma

## Front page and scan page

home-title = Verificar uma etiqueta
home-intro = Leia o código da etiqueta com a câmera do telefone ou escreva o que está nela.
home-field = Texto do código, ou o código curto impresso abaixo dele
home-submit = Verificar
home-privacy = Esta página não usa cookies e não guarda quem faz a consulta.
home-registry = Este é o registro { $origin }.

scan-title = Ler um código
scan-start = Ligar a câmera
scan-stop = Desligar a câmera
scan-photo = Usar uma foto
scan-looking = Segure o código em frente à câmera.
scan-denied = O uso da câmera não está permitido. É possível permitir nas configurações do navegador, usar uma foto ou escrever o código.
scan-no-camera = Nenhuma câmera foi encontrada. Use uma foto ou escreva o código.
scan-not-a-label = Este código não é de uma etiqueta.
scan-unreadable = Nenhum código foi encontrado nesta imagem. Tente com mais luz e aproxime a câmera.
scan-no-script = Para ler códigos nesta página é necessário JavaScript. A câmera do próprio telefone pode abrir o código, ou escreva-o aqui.
scan-torch = Luz

code-title = Código curto { $code }
code-no-proof = Um código digitado não prova que uma etiqueta é autêntica: qualquer pessoa pode copiá-lo. Para ter certeza, leia o código da etiqueta com a câmera.
code-unknown = O registro não conhece nenhuma etiqueta com este código.
code-wrong = Este não é um código curto. Por favor, compare mais uma vez com a etiqueta: um caractere pode estar errado.

## Product and lot, without a signed label

product-no-proof = Este link não prova nada sobre o que está nas suas mãos. Qualquer pessoa pode escrevê-lo. Só o código assinado de uma etiqueta distingue uma etiqueta autêntica de uma cópia destes números.
product-none = O registro não tem nenhum certificado para isto.
product-title = Certificados no histórico público
in-force = em vigor
not-in-force = não está em vigor

## Problems with the request

problem-title = Isto não funcionou
problem-not-found = Não há nada neste endereço.
problem-bad-request = Há um erro no endereço ou no formulário.
problem-busy = O registro está ocupado ou em pausa. Por favor, tente de novo daqui a um minuto.
problem-too-large = O que foi enviado é grande demais.

## Report a concern

report-title = Relatar um problema
report-intro = Viu uma criança trabalhando, uma etiqueta copiada ou o produto errado? Conte à entidade acreditadora, que fiscaliza as entidades certificadoras. Não é preciso dizer o seu nome.
report-kind = O que viu?
report-kind-child = Uma criança trabalhando
report-kind-copied = Uma etiqueta copiada
report-kind-wrong = O produto errado
report-kind-other = Outra coisa
report-story = O que aconteceu, onde e quando?
report-label = Texto ou código curto da etiqueta, se tiver
report-contact = Como a entidade acreditadora pode entrar em contato? (só se quiser)
report-submit = Enviar
report-sealed-device = O seu aparelho criptografa isto antes do envio. Só a entidade acreditadora pode ler.
report-sealed-server = Sem JavaScript, o registro criptografa isto na chegada, antes de guardar. Depois disso, só a entidade acreditadora pode ler.
report-failed = O seu aparelho não conseguiu criptografar isto. Nada foi enviado. Toque de novo para o registro criptografar na chegada.
report-danger = Se uma criança está em perigo agora, ligue para a polícia ou para uma linha de ajuda.
report-hotlines = Contatos indicados pela entidade acreditadora
report-closed = Este registro não recebe relatos: a sua entidade acreditadora não publicou uma chave para eles.
report-thanks = Recebido. Agradecemos.
report-by-device = O relato foi criptografado no seu aparelho. Ninguém além da entidade acreditadora pode ler.
report-by-server = O relato foi criptografado pelo registro antes de ser guardado. Agora, ninguém além da entidade acreditadora pode ler.
report-receipt = O seu código de acompanhamento: guarde-o para ver mais tarde o que aconteceu com o seu relato. Se ele se perder, ninguém poderá recuperá-lo.
report-status-title = O que aconteceu com o meu relato
report-receipt-field = Código de acompanhamento
report-status-submit = Ver
report-status-unknown = Nenhum relato tem este código de acompanhamento.
report-status-received = Recebido. A entidade acreditadora ainda não leu.
report-status-read = A entidade acreditadora já leu.
report-status-in-progress = O caso está em análise pela entidade acreditadora.
report-status-closed = A entidade acreditadora concluiu o caso.
report-too-fast = O envio foi rápido demais ou chegou tarde demais. Por favor, envie mais uma vez.
report-full = Há relatos demais neste momento. Por favor, tente de novo mais tarde.
report-missing = Por favor, conte o que aconteceu.
report-too-long = Este texto é longo demais.

## The certifier

certifier-title = Entidade certificadora
certifier-role-other = Esta parte não é uma entidade certificadora.
certifier-approved-by = Aprovada por
certifier-since = Aprovada de { $from } a { $until }
certifier-scope = Aprovada para
certifier-countries = Países
certifier-chapters = Tipos de mercadoria (capítulos da tarifa aduaneira)
certifier-topics = Declarações
certifier-attestations = Certificados por mês
certifier-total = { $count ->
    [one] { $number } certificado no histórico
    [many] { $number } de certificados no histórico
   *[other] { $number } certificados no histórico
}
certifier-suspended = suspensos agora: { $number }
certifier-withdrawn = revogados: { $number }
certifier-stands = A entidade certificadora está aprovada.
certifier-suspended-now = A aprovação da entidade certificadora está suspensa.
certifier-withdrawn-now = A aprovação da entidade certificadora foi revogada.
certifier-month = { $month }: { $number }, não estão em vigor: { $bad }

## The log

log-title = O histórico público
log-intro = Cada declaração fica em uma lista pública que só pode crescer. Qualquer pessoa pode copiá-la e ver se algo foi mudado ou escondido.
log-size = Entradas
log-newest = Entrada mais recente
log-checkpoint = Estado assinado mais recente
log-witnesses = Testemunhas
log-for-programs = Para programas
log-certifiers = Entidades certificadoras neste histórico

## What a label means

meaning-title = O que uma etiqueta significa
meaning-means = Significa
meaning-means-checked = Uma entidade certificadora acreditada inspecionou como este lote foi feito e confirmou com a sua assinatura.
meaning-means-public = A declaração está em um histórico público. Ninguém pode mudá-la ou apagá-la sem que se note.
meaning-means-today = A página mostra a situação de hoje: se alguém suspendeu ou revogou o certificado.
meaning-not = Não significa
meaning-not-goods = Que a mercadoria nas suas mãos é a certa. Uma etiqueta autêntica pode ser copiada ou mudada de lugar. Compare.
meaning-not-always = Que nada de mau possa acontecer lá. Quem inspeciona vê alguns dias, não todos.
meaning-not-other = Nada que a etiqueta não diga, por exemplo sobre salários ou sobre o ambiente.
meaning-outcomes = As quatro respostas
meaning-verified = A etiqueta passou em todas as verificações.
meaning-caution = A etiqueta é autêntica, mas algo precisa dos seus olhos.
meaning-refused = A etiqueta é falsa, ou a sua declaração já não vale.
meaning-undecided = Algo necessário não pôde ser verificado. Isso não é sinal de falsificação, nem é prova de que a etiqueta é autêntica.

## Check the registry yourself

verify-title = Verificar o próprio registro
verify-intro = Não é preciso acreditar neste registro. Veja como verificar; cada forma é mais independente do que a anterior.
verify-device = O seu telefone: com JavaScript, cada página de resultado verifica as assinaturas e a prova no seu aparelho. O programa e as chaves para isso vêm deste registro.
verify-offline = Uma página para guardar: basta guardá-la uma vez, e ela verifica etiquetas sem internet.
verify-download = Download da página para uso sem internet
verify-program = O programa “verifier” verifica etiquetas isoladas e remessas inteiras, com ou sem internet, e pode percorrer de novo todo o histórico.
verify-standard = O histórico segue o padrão público C2SP tlog-tiles. Assim, programas de outras pessoas também podem lê-lo.

## The offline page

offline-title = Verificar uma etiqueta sem internet
offline-intro = Esta página foi guardada a partir do registro { $origin } em { $date }. Ela verifica se uma etiqueta foi assinada e o que dizem os dados de verificação. Ela não pode saber o que mudou depois que esses dados foram obtidos. As chaves dela também vêm deste registro.
offline-label = Texto do código
offline-photo = Ou uma foto do código
offline-evidence = Dados de verificação (do registro, como arquivo ou colados)
offline-evidence-file = Arquivo com os dados de verificação
offline-check = Verificar
offline-trust = Chaves do registro
