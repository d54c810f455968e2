# Texts of the pages, Spanish. One file a language, the same messages in each.

language-name = Español

## The verdict: one word, one line

word-verified = Auténtica
word-caution = Precaución
word-refused = No confíe
word-undecided = Sin determinar

headline-verified = Esta etiqueta es auténtica
headline-caution = La firma es auténtica, pero mire con más atención
headline-refused = No confíe en esta etiqueta
headline-undecided = Ahora no podemos evaluar esta etiqueta

# What is attested, for which product and lot, by whom, accredited by whom, until when.
attested-sentence = { $claims ->
    [child] { $certifier } ha comprobado y certifica con su firma que el producto { $product }, lote { $lot }, se produjo sin trabajo infantil. { $accreditor } ha autorizado a { $certifier } para ello. Certificado válido hasta el { $until }.
    [forced] { $certifier } ha comprobado y certifica con su firma que el producto { $product }, lote { $lot }, se produjo sin trabajo forzoso. { $accreditor } ha autorizado a { $certifier } para ello. Certificado válido hasta el { $until }.
   *[both] { $certifier } ha comprobado y certifica con su firma que el producto { $product }, lote { $lot }, se produjo sin trabajo infantil y sin trabajo forzoso. { $accreditor } ha autorizado a { $certifier } para ello. Certificado válido hasta el { $until }.
}
label-not-goods = Esto se refiere a la etiqueta. Una etiqueta auténtica se puede copiar o pegar en otra mercancía; por eso, compárela con lo que tiene en las manos.

advice-refused = No compre basándose en esta etiqueta. Por favor, díganos dónde la vio.
advice-undecided = Esto no dice nada malo de la etiqueta. Vuelva a intentarlo más tarde.

## Compare with what you hold

compare-title = Compare con lo que tiene en las manos
compare-product = Producto
compare-lot = Lote
compare-serial = Número de serie
compare-serial-of = { $serial } (total de etiquetas: { $labels })
compare-maker = Producido por
compare-maker-withheld = la entidad certificadora lo mantiene en privado
compare-country = País de producción
compare-gtin = Código del producto (GTIN)
compare-note = Si algo no coincide, no confíe en la etiqueta.
says-title = Lo que dice la etiqueta
says-registry = Registro

## Evidence, folded

attested-title = Lo que se certificó
attested-claims = Declaración
attested-by = Firmado por
attested-accreditor = Con autorización de
attested-valid = Validez
attested-period = del { $from } al { $until }
attested-quantity = Cantidad
attested-quantity-labels = { $quantity }, { $labels ->
    [one] { $count } etiqueta
    [many] { $count } de etiquetas
   *[other] { $count } etiquetas
}
attested-hs = Código aduanero (SA)
claims-child = producido sin trabajo infantil
claims-forced = producido sin trabajo forzoso
claims-both = producido sin trabajo infantil y sin trabajo forzoso

checks-title = Lo que se comprobó
check-format = La forma de la etiqueta
check-registry = El registro
check-log = La bitácora pública
check-complete = No se ha omitido ningún cambio de su estado
check-attestation = El certificado está en la bitácora pública
check-key = La clave es de la entidad certificadora
check-signature = La firma es auténtica
check-product = El producto y el lote son los del certificado
check-claims = La etiqueta no afirma más que el certificado
check-serial = El número de serie fue emitido
check-validity = Las fechas de validez
check-standing = Nadie ha suspendido ni retirado el certificado
check-certifier = La entidad certificadora sigue autorizada
check-compromise = La clave no fue robada
check-today = La situación de hoy
check-scans = La etiqueta no se ha escaneado más de lo habitual
found-pass = en orden
found-caution = mire con más atención
found-fail = no está en orden
found-unknown = no se pudo comprobar
source-label = según la propia etiqueta
source-trust = según la lista de registros de confianza
source-registry = según este registro
source-entries = según entradas probadas de la bitácora pública
source-snapshot = según una copia guardada de la bitácora pública
finding-as-of = situación al { $time }

proof-title = La prueba y quién la ha visto
proof-entry = Entrada { $index } de la bitácora pública
proof-evidence = Evidencias que cualquiera puede comprobar
proof-log = La bitácora pública tiene { $count ->
    [one] { $size } entrada
    [many] { $size } de entradas
   *[other] { $size } entradas
}. La más reciente es del { $time }.
witnesses-none = Ningún testigo independiente vigila todavía esta bitácora.
witnesses-some = { $count ->
    [one] { $number } testigo independiente vigila esta bitácora:
    [many] { $number } de testigos independientes vigilan esta bitácora:
   *[other] { $number } testigos independientes vigilan esta bitácora:
}
judged-at = Respuesta dada el { $time }.

## The phone checks it too

device-title = Su dispositivo también lo comprueba
device-working = Su dispositivo está comprobando la prueba…
device-yes = Su dispositivo lo comprobó por sí mismo: las firmas y la prueba de la bitácora pública son correctas.
device-same = Su dispositivo lo comprobó por sí mismo y llegó al mismo resultado.
device-no = Su dispositivo encontró una contradicción. No confíe en esta página ni en esta etiqueta.
device-cannot = Su dispositivo no pudo comprobarlo por sí mismo. Sigue siendo válido lo que dice el registro.
device-off = Para esto se necesita JavaScript y una conexión segura. Sin ellos, sigue siendo válido lo que dice el registro.
step-label = La etiqueta se puede leer
step-log = El registro ha firmado su bitácora pública
step-witnesses = Hay testigos que han visto la bitácora pública
step-accreditation = La entidad certificadora está autorizada
step-statement = La declaración está firmada y figura en la bitácora pública
step-signature = La etiqueta está firmada por la entidad certificadora
step-product = La etiqueta y la declaración se refieren a la misma mercancía
step-validity = Las fechas coinciden
step-standing = Nada en la prueba indica lo contrario

## Why something does not count

hold-suspended = { $by ->
    [accreditor] Certificado suspendido por la entidad acreditadora desde el { $date }: { $reason }.
   *[certifier] Certificado suspendido por la entidad certificadora desde el { $date }: { $reason }.
}
hold-withdrawn = { $by ->
    [accreditor] Certificado retirado por la entidad acreditadora el { $date }: { $reason }.
   *[certifier] Certificado retirado por la entidad certificadora el { $date }: { $reason }.
}
hold-party = La entidad certificadora perdió su autorización el { $date }: { $reason }.
hold-reason-child-found-at-work = se encontró a un niño o una niña trabajando
hold-reason-audit-refused = se rechazó una inspección
hold-reason-fraud = fraude
hold-reason-error = un error en la declaración
hold-reason-expired-audit = la última inspección es demasiado antigua
hold-reason-other = otro motivo

reason-already-cleared = Ya pasó por la aduana mercancía con esta etiqueta.
reason-duplicate-in-shipment = Este número de serie aparece más de una vez en el envío.
reason-over-quantity = Hay más mercancía de la que certificó la entidad certificadora.
reason-declaration-mismatch = La declaración de aduana no dice lo mismo que la entidad certificadora.
reason-many-scans = Este número de serie se escaneó en muchos más días de lo habitual. Puede que la etiqueta haya sido copiada. Si usted es la primera persona que tiene esta pieza, compárela con cuidado.
reason-key-exposed = La clave con la que se firmó esta etiqueta fue robada más tarde. La etiqueta puede ser una copia hecha por quien la robó.
reason-risk-listed = Las mercancías de este tipo que vienen de este país están en una lista pública de mercancías hechas por niños y niñas.
reason-malformed = Esta etiqueta no tiene la forma correcta.
reason-forged-signature = La firma de esta etiqueta no es auténtica.
reason-unknown-certifier = Esta etiqueta se firmó con una clave que no tiene permiso para firmarla.
reason-unknown-attestation = El registro no tiene ningún certificado con este número.
reason-wrong-product = El certificado es de otro producto o de otro lote.
reason-wrong-claims = La etiqueta afirma más que el certificado.
reason-serial-out-of-range = No se emitió ninguna etiqueta con este número de serie.
reason-not-yet-valid = El certificado todavía no es válido.
reason-expired = El certificado ya venció.
reason-suspended = El certificado está suspendido por ahora.
reason-withdrawn = El certificado fue retirado para siempre.
reason-certifier-suspended = La entidad certificadora ha perdido su autorización.
reason-key-compromised = El certificado se firmó después de que robaran la clave de la entidad certificadora.
reason-out-of-scope = La entidad certificadora no estaba autorizada para este tipo de certificado.
reason-foreign-origin = La etiqueta remite a un registro que aquí no es de confianza.
reason-no-trust = Aquí todavía no hay ningún registro de confianza.
reason-no-status = Aquí no se sabe cuál es la situación actual de este certificado.
reason-no-quorum = Muy pocos testigos independientes han confirmado la bitácora pública del registro.
reason-stale-snapshot = Los datos que hay aquí son demasiado antiguos para evaluar.
reason-newer-than-snapshot = Esta etiqueta es más reciente que los datos que hay aquí.
reason-unsupported = Esta etiqueta sigue reglas más recientes que esta página.
reason-log-inconsistent = La bitácora pública del registro se contradice.
reason-network = No se pudo conectar con el registro.
reason-clock = El reloj que usa esta página no puede estar en hora.

## Links between the pages

nav-check = Comprobar una etiqueta
nav-scan = Escanear un código
nav-report = Avisar de un problema
nav-meaning = Qué significa una etiqueta
nav-log = La bitácora pública
nav-verify = Compruebe el registro por su cuenta
nav-language = Idioma

## Front page and scan page

home-title = Comprobar una etiqueta
home-intro = Escanee el código de la etiqueta con la cámara de su teléfono o escriba lo que dice.
home-field = Texto del código, o el código corto impreso debajo
home-submit = Comprobar
home-privacy = Esta página no usa cookies y no guarda datos de quién consulta.
home-registry = Este es el registro { $origin }.

scan-title = Escanear un código
scan-start = Encender la cámara
scan-stop = Apagar la cámara
scan-photo = Usar una foto en su lugar
scan-looking = Ponga el código delante de la cámara.
scan-denied = No hay permiso para usar la cámara. Puede darlo en los ajustes del navegador, usar una foto o escribir el código.
scan-no-camera = No se encontró ninguna cámara. Use una foto o escriba el código.
scan-not-a-label = Este código no es una etiqueta.
scan-unreadable = No se encontró ningún código en esta imagen. Pruebe con más luz y acerque la cámara.
scan-no-script = Para escanear en esta página se necesita JavaScript. La cámara de su teléfono puede abrir el código, o puede escribirlo aquí.
scan-torch = Luz

code-title = Código corto { $code }
code-no-proof = Escribir un código no prueba que la etiqueta sea auténtica: cualquiera puede copiar un código. Para tener certeza, escanee el código de la etiqueta.
code-unknown = El registro no conoce ninguna etiqueta con este código.
code-wrong = Este no es un código corto. Por favor, compárelo otra vez con la etiqueta: puede haber un carácter equivocado.

## Product and lot, without a signed label

product-no-proof = Este enlace no prueba nada sobre lo que tiene en las manos. Cualquiera puede escribirlo. Solo el código firmado de una etiqueta permite distinguir una etiqueta auténtica de una copia de estos números.
product-none = El registro no tiene ningún certificado para esto.
product-title = Certificados en la bitácora pública
in-force = vigente
not-in-force = no vigente

## Problems with the request

problem-title = Esto no funcionó
problem-not-found = No hay nada en esta dirección.
problem-bad-request = Hay un error en la dirección o en el formulario.
problem-busy = El registro está ocupado o en pausa. Por favor, vuelva a intentarlo en un minuto.
problem-too-large = Lo que se envió es demasiado grande.

## Report a concern

report-title = Avisar de un problema
report-intro = ¿Vio a un niño o una niña trabajando, una etiqueta copiada o un producto que no corresponde? Avise a la entidad acreditadora, que vigila a las entidades certificadoras. No hace falta que diga quién es usted.
report-kind = ¿Qué vio?
report-kind-child = Un niño o una niña trabajando
report-kind-copied = Una etiqueta copiada
report-kind-wrong = Un producto que no corresponde
report-kind-other = Otra cosa
report-story = ¿Qué pasó, dónde y cuándo?
report-label = Texto o código corto de la etiqueta, si lo tiene
report-contact = ¿Cómo puede comunicarse con usted la entidad acreditadora? (solo si lo desea)
report-submit = Enviar
report-sealed-device = Su dispositivo cifra el aviso antes de enviarlo. Solo la entidad acreditadora puede leerlo.
report-sealed-server = Sin JavaScript, el registro cifra el aviso al recibirlo, antes de guardarlo. Después, solo la entidad acreditadora puede leerlo.
report-failed = Su dispositivo no pudo cifrar el aviso. No se envió nada. Pulse otra vez para que el registro lo cifre al recibirlo.
report-danger = Si un niño o una niña está en peligro ahora, llame a la policía o a una línea de ayuda.
report-hotlines = Contactos que indica la entidad acreditadora
report-closed = Este registro no recibe avisos: su entidad acreditadora no ha publicado una clave para ellos.
report-thanks = Recibido. Gracias.
report-by-device = El aviso se cifró en su dispositivo. Nadie más que la entidad acreditadora puede leerlo.
report-by-server = El registro cifró el aviso antes de guardarlo. Ahora nadie más que la entidad acreditadora puede leerlo.
report-receipt = Su código de seguimiento: guárdelo para ver más tarde qué pasó con su aviso. Nadie podrá recuperarlo por usted.
report-status-title = Qué pasó con mi aviso
report-receipt-field = Código de seguimiento
report-status-submit = Ver
report-status-unknown = Ningún aviso tiene este código de seguimiento.
report-status-received = Recibido. La entidad acreditadora todavía no lo ha leído.
report-status-read = La entidad acreditadora lo ha leído.
report-status-in-progress = La entidad acreditadora lo está examinando.
report-status-closed = La entidad acreditadora ha terminado de examinarlo.
report-too-fast = El envío llegó muy rápido o muy tarde. Por favor, envíelo otra vez.
report-full = Están llegando demasiados avisos. Por favor, vuelva a intentarlo más tarde.
report-missing = Por favor, diga qué pasó.
report-too-long = Este texto es demasiado largo.

## The certifier

certifier-title = Entidad certificadora
certifier-role-other = Esta organización no es una entidad certificadora.
certifier-approved-by = Autorizada por
certifier-since = Autorizada del { $from } al { $until }
certifier-scope = Autorizada para
certifier-countries = Países
certifier-chapters = Tipos de mercancía (capítulos del arancel de aduanas)
certifier-topics = Declaraciones
certifier-attestations = Certificados por mes
certifier-total = { $count ->
    [one] { $number } certificado en la bitácora pública
    [many] { $number } de certificados en la bitácora pública
   *[other] { $number } certificados en la bitácora pública
}
certifier-suspended = suspendidos ahora: { $number }
certifier-withdrawn = retirados: { $number }
certifier-stands = La entidad certificadora está autorizada.
certifier-suspended-now = La autorización de la entidad certificadora está suspendida.
certifier-withdrawn-now = La autorización de la entidad certificadora fue retirada.
certifier-month = { $month }: { $number }, no vigentes: { $bad }

## The log

log-title = La bitácora pública
log-intro = Cada declaración está en una lista pública que solo puede crecer. Cualquiera puede copiarla y ver si algo se cambió o se ocultó.
log-size = Entradas
log-newest = Entrada más reciente
log-checkpoint = Último estado firmado
log-witnesses = Testigos
log-for-programs = Para programas
log-certifiers = Entidades certificadoras en esta bitácora

## What a label means

meaning-title = Qué significa una etiqueta
meaning-means = Lo que significa
meaning-means-checked = Una entidad certificadora autorizada ha inspeccionado cómo se produjo este lote y responde de ello con su firma.
meaning-means-public = La declaración está en una bitácora pública. Nadie puede cambiarla ni borrarla sin que se note.
meaning-means-today = La página dice cuál es la situación hoy: si alguien ha suspendido o retirado la declaración.
meaning-not = Lo que no significa
meaning-not-goods = Que la mercancía que tiene en las manos sea la correcta. Una etiqueta auténtica se puede copiar o cambiar de lugar. Compare.
meaning-not-always = Que allí nunca pueda pasar nada malo. Una inspección ve algunos días, no todos.
meaning-not-other = Todo lo que la etiqueta no dice, por ejemplo, sobre los salarios o el medio ambiente.
meaning-outcomes = Las cuatro respuestas
meaning-verified = Se superaron todas las comprobaciones.
meaning-caution = La etiqueta es auténtica, pero hay algo que usted debe mirar.
meaning-refused = La etiqueta es falsa, o su declaración ya no vale.
meaning-undecided = No se pudo comprobar algo necesario. Eso no es señal de que sea falsa, pero tampoco prueba que sea auténtica.

## Check the registry yourself

verify-title = Compruebe el registro por su cuenta
verify-intro = No tiene que creer a este registro. Aquí se explica cómo comprobarlo; cada manera es más independiente que la anterior.
verify-device = Su teléfono: con JavaScript, cada página de respuesta comprueba las firmas y la prueba en su dispositivo. El programa y las claves para ello vienen de este registro.
verify-offline = Una página para guardar: guárdela una vez y podrá comprobar etiquetas sin conexión.
verify-download = Descargar la página para usar sin conexión
verify-program = El programa «verifier» comprueba etiquetas sueltas y envíos enteros, con o sin conexión, y puede repasar toda la bitácora pública.
verify-standard = La bitácora pública sigue la norma pública C2SP tlog-tiles; por eso, también pueden leerla programas de otras personas.

## The offline page

offline-title = Comprobar una etiqueta sin conexión
offline-intro = Esta página viene del registro { $origin } y se guardó el { $date }. Comprueba que una etiqueta fue firmada y lo que dicen las evidencias. No puede saber qué cambió después de que se descargaran las evidencias. Sus claves también vienen de este registro.
offline-label = Texto del código
offline-photo = O una foto del código
offline-evidence = Evidencias (del registro, como archivo o pegadas)
offline-evidence-file = Archivo de evidencias
offline-check = Comprobar
offline-trust = Claves del registro
