# Texts of the pages, Chinese (simplified). The same messages as en.ftl, in the same order.

language-name = 简体中文

## The verdict: one word, one line

word-verified = 真标签
word-caution = 请小心
word-refused = 不要相信
word-undecided = 无法判断

headline-verified = 这个标签是真的
headline-caution = 签名是真的，但请再仔细看看
headline-refused = 请不要相信这个标签
headline-undecided = 目前无法判断这个标签

# What is attested, for which product and lot, by whom, accredited by whom, until when.
attested-sentence = { $claims ->
    [child] 认证机构 { $certifier } 已检查并签名确认：产品 { $product }（批次 { $lot }）在生产中没有使用童工。认可机构 { $accreditor } 已认可 { $certifier } 从事这项工作。有效期至{ $until }。
    [forced] 认证机构 { $certifier } 已检查并签名确认：产品 { $product }（批次 { $lot }）在生产中没有强迫劳动。认可机构 { $accreditor } 已认可 { $certifier } 从事这项工作。有效期至{ $until }。
   *[both] 认证机构 { $certifier } 已检查并签名确认：产品 { $product }（批次 { $lot }）在生产中没有使用童工，也没有强迫劳动。认可机构 { $accreditor } 已认可 { $certifier } 从事这项工作。有效期至{ $until }。
}
label-not-goods = 以上说的只是标签。真标签也可能被复制，或被贴到别的商品上。请与您手中的商品核对。

advice-refused = 请不要因为有这个标签就购买。请告诉我们您在哪里看到了它。
advice-undecided = 这并不说明标签有问题。请稍后再试。

## Compare with what you hold

compare-title = 与您手中的商品核对
compare-product = 产品
compare-lot = 批次
compare-serial = 序列号
compare-serial-of = { $serial }（共 { $labels } 个标签）
compare-maker = 生产者
compare-maker-withheld = 认证机构未公开
compare-country = 产地
compare-gtin = 商品条码（GTIN）
compare-note = 只要有一处不同，就不要相信这个标签。
says-title = 标签上的内容
says-registry = 登记系统

## Evidence, folded

attested-title = 认证内容
attested-claims = 声明
attested-by = 签名方
attested-accreditor = 认可方
attested-valid = 有效期
attested-period = { $from }至{ $until }
attested-quantity = 数量
attested-quantity-labels = { $quantity }，{ $labels ->
   *[other] { $count } 个标签
}
attested-hs = 海关编码（HS）
claims-child = 生产中没有使用童工
claims-forced = 生产中没有强迫劳动
claims-both = 生产中没有使用童工，也没有强迫劳动

checks-title = 检查了什么
check-format = 标签的格式
check-registry = 登记系统
check-log = 公开日志
check-complete = 没有漏掉任何状态变更
check-attestation = 认证已记入日志
check-key = 密钥属于认证机构
check-signature = 签名是真的
check-product = 产品和批次与认证的一致
check-claims = 标签所说的没有超出认证内容
check-serial = 这个序列号确实发放过
check-validity = 有效期
check-standing = 没有被暂停或撤销
check-certifier = 认证机构仍获认可
check-compromise = 密钥没有被盗
check-today = 今天的状态
check-scans = 扫描次数没有异常偏多
found-pass = 通过
found-caution = 请仔细看看
found-fail = 未通过
found-unknown = 无法检查
source-label = 来自标签本身
source-trust = 来自受信任的登记系统名单
source-registry = 来自本登记系统
source-entries = 来自经过证明的日志记录
source-snapshot = 来自保存的日志副本
finding-as-of = 截至{ $time }

proof-title = 证明，以及有谁看过它
proof-entry = 公开日志第 { $index } 号记录
proof-evidence = 任何人都可以检查的证据
proof-log = 日志中有 { $count ->
   *[other] { $size } 条记录
}。最新一条的时间是{ $time }。
witnesses-none = 目前还没有独立见证方监督这份日志。
witnesses-some = { $count ->
   *[other] 有 { $number } 个独立见证方监督这份日志：
}
judged-at = 判断时间：{ $time }。

## The phone checks it too

device-title = 您的设备也在检查
device-working = 您的设备正在检查证明……
device-yes = 您的设备已自行检查：签名和日志证明都没有问题。
device-same = 您的设备已自行检查，得出相同的结论。
device-no = 您的设备发现了矛盾之处。请不要相信本页面，也不要相信这个标签。
device-cannot = 您的设备未能自行检查。仍以登记系统的答复为准。
device-off = 这项检查需要 JavaScript 和安全连接。没有它们时，仍以登记系统的答复为准。
step-label = 标签可以读取
step-log = 登记系统已给它的日志签名
step-witnesses = 见证方已看过日志
step-accreditation = 认证机构已获认可
step-statement = 声明已签名，并已记入日志
step-signature = 标签由认证机构签名
step-product = 标签和声明说的是同一批商品
step-validity = 日期相符
step-standing = 证明中没有任何不利的内容

## Why something does not count

hold-suspended = { $by ->
    [accreditor] 自{ $date }起被认可机构暂停：{ $reason }。
   *[certifier] 自{ $date }起被认证机构暂停：{ $reason }。
}
hold-withdrawn = { $by ->
    [accreditor] 已于{ $date }被认可机构撤销：{ $reason }。
   *[certifier] 已于{ $date }被认证机构撤销：{ $reason }。
}
hold-party = 认证机构已于{ $date }失去认可：{ $reason }。
hold-reason-child-found-at-work = 发现有儿童在做工
hold-reason-audit-refused = 检查遭到拒绝
hold-reason-fraud = 欺诈
hold-reason-error = 声明有误
hold-reason-expired-audit = 上一次检查距今太久
hold-reason-other = 其他原因

reason-already-cleared = 带有这个标签的商品以前已经通过海关。
reason-duplicate-in-shipment = 这个序列号在这批货物中出现了不止一次。
reason-over-quantity = 商品数量超过了认证机构认证的数量。
reason-declaration-mismatch = 报关单上写的与认证机构所说的不一致。
reason-many-scans = 这个序列号在很多天里被扫描过，多得不寻常。标签可能被复制过。如果您是这件商品的第一个主人，请仔细核对。
reason-key-exposed = 给这个标签签名的密钥后来被盗。这个标签可能是盗用者仿制的。
reason-risk-listed = 有一份公开名单列出由儿童制造的商品，来自该国的这类商品就在其中。
reason-malformed = 这个标签的格式不正确。
reason-forged-signature = 这个标签上的签名不是真的。
reason-unknown-certifier = 给这个标签签名的密钥无权这样做。
reason-unknown-attestation = 登记系统中没有这个编号的认证。
reason-wrong-product = 这项认证针对的是另一种产品或另一个批次。
reason-wrong-claims = 标签所说的超出了认证内容。
reason-serial-out-of-range = 没有发放过带有这个序列号的标签。
reason-not-yet-valid = 这项认证尚未生效。
reason-expired = 这项认证已过有效期。
reason-suspended = 这项认证目前被暂停。
reason-withdrawn = 这项认证已被永久撤销。
reason-certifier-suspended = 认证机构已失去认可。
reason-key-compromised = 这项认证是在认证机构的密钥被盗之后才签名的。
reason-out-of-scope = 认证机构没有获得做这类认证的认可。
reason-foreign-origin = 标签指向的登记系统在这里不受信任。
reason-no-trust = 这里还没有受信任的登记系统。
reason-no-status = 这里不知道这项认证今天的状态。
reason-no-quorum = 确认登记系统日志的独立见证方太少。
reason-stale-snapshot = 这里的数据太旧，不能用来判断。
reason-newer-than-snapshot = 这个标签比这里的数据还要新。
reason-unsupported = 这个标签采用的规则较新，本页面还不认识。
reason-log-inconsistent = 登记系统的日志自相矛盾。
reason-network = 无法连接登记系统。
reason-clock = 本页面所依据的时钟显然不对。

## Links between the pages

nav-check = 检查标签
nav-scan = 扫描二维码
nav-report = 举报问题
nav-meaning = 标签的含义
nav-log = 公开日志
nav-verify = 自己检查登记系统
nav-language = 语言

## Front page and scan page

home-title = 检查标签
home-intro = 请用手机相机扫描标签上的二维码，或输入标签上的内容。
home-field = 二维码的文字内容，或印在二维码下方的短码
home-submit = 检查
home-privacy = 本页面不设置 Cookie，也不记录是谁在查询。
home-registry = 这里是登记系统 { $origin }。

scan-title = 扫描二维码
scan-start = 打开相机
scan-stop = 关闭相机
scan-photo = 改用照片
scan-looking = 请把二维码放在相机前。
scan-denied = 没有使用相机的权限。您可以在浏览器设置中允许使用相机，也可以改用照片或输入短码。
scan-no-camera = 没有找到相机。请改用照片，或输入短码。
scan-not-a-label = 这个二维码不是标签。
scan-unreadable = 在这张图片中没有找到二维码。请让光线更亮，把相机靠近一些。
scan-no-script = 在本页面扫描需要 JavaScript。您可以用手机自带的相机扫描二维码并打开，也可以在这里输入短码。
scan-torch = 照明灯

code-title = 短码 { $code }
code-no-proof = 手动输入的短码不能证明标签是真的，因为谁都可以抄下它。要想确定，请扫描标签上的二维码。
code-unknown = 登记系统中没有带这个短码的标签。
code-wrong = 这不是短码。请再与标签核对一遍，可能有一个字符不对。

## Product and lot, without a signed label

product-no-proof = 这个链接不能证明您手中商品的任何情况，因为谁都可以写出这样的链接。只有标签上带签名的二维码，才能区分真标签和照抄的号码。
product-none = 登记系统中没有相关的认证。
product-title = 公开日志中的认证
in-force = 有效
not-in-force = 无效

## Problems with the request

problem-title = 没有成功
problem-not-found = 这个网址上没有内容。
problem-bad-request = 网址或表单中有错误。
problem-busy = 登记系统正忙，或暂时停止服务。请过一分钟再试。
problem-too-large = 发送的内容太大。

## Report a concern

report-title = 举报问题
report-intro = 您看到有儿童在做工、标签被复制，或产品不对吗？请告诉认可机构，它负责监督认证机构。您不必说明自己是谁。
report-kind = 您看到了什么？
report-kind-child = 有儿童在做工
report-kind-copied = 被复制的标签
report-kind-wrong = 产品不对
report-kind-other = 其他情况
report-story = 发生了什么？在哪里？什么时候？
report-label = 标签的文字内容或短码（如果有）
report-contact = 认可机构怎样联系您？（自愿填写）
report-submit = 发送
report-sealed-device = 发送之前，您的设备会加密这些内容。只有认可机构能看到。
report-sealed-server = 没有 JavaScript 时，登记系统会在收到之后、保存之前加密这些内容。此后只有认可机构能看到。
report-failed = 您的设备无法加密这些内容，所以什么也没有发送。再按一次，就由登记系统在收到后加密。
report-danger = 如果有儿童正处于危险之中，请报警或拨打求助热线。
report-hotlines = 认可机构提供的联系方式
report-closed = 本登记系统不接收举报：它的认可机构没有公布用于举报的密钥。
report-thanks = 已收到。谢谢您。
report-by-device = 内容已在您的设备上加密。除了认可机构，谁也看不到。
report-by-server = 登记系统在保存之前已将内容加密。现在除了认可机构，谁也看不到。
report-receipt = 您的查询码。请保存好，以后可以用它查看举报的处理结果。丢失后，没有人能帮您找回。
report-status-title = 我的举报处理得怎样了
report-receipt-field = 查询码
report-status-submit = 查看
report-status-unknown = 没有与这个查询码对应的举报。
report-status-received = 已收到。认可机构还没有看。
report-status-read = 认可机构已经看过。
report-status-in-progress = 认可机构正在调查。
report-status-closed = 认可机构已处理完毕。
report-too-fast = 发送得太快或太晚了。请再发送一次。
report-full = 收到的举报太多。请稍后再试。
report-missing = 请说明发生了什么。
report-too-long = 文字太长。

## The certifier

certifier-title = 认证机构
certifier-role-other = 这一方不是认证机构。
certifier-approved-by = 认可方
certifier-since = 认可期：{ $from }至{ $until }
certifier-scope = 认可范围
certifier-countries = 国家
certifier-chapters = 商品种类（海关税则的章）
certifier-topics = 声明
certifier-attestations = 各月的认证
certifier-total = { $count ->
   *[other] 日志中有 { $number } 项认证
}
certifier-suspended = 目前被暂停：{ $number }
certifier-withdrawn = 已撤销：{ $number }
certifier-stands = 认证机构已获认可。
certifier-suspended-now = 对认证机构的认可已被暂停。
certifier-withdrawn-now = 对认证机构的认可已被撤销。
certifier-month = { $month }：{ $number }，其中无效：{ $bad }

## The log

log-title = 公开日志
log-intro = 每一项声明都记在一份公开的清单里，这份清单只能增加。任何人都可以复制它，看看有没有内容被改动或隐藏。
log-size = 记录数
log-newest = 最新记录
log-checkpoint = 最新的签名状态
log-witnesses = 见证方
log-for-programs = 供程序使用
log-certifiers = 这份日志中的认证机构

## What a label means

meaning-title = 标签的含义
meaning-means = 它表示什么
meaning-means-checked = 获得认可的认证机构检查了这个批次是怎样生产的，并签名确认。
meaning-means-public = 声明记在公开日志中。任何人都无法悄悄改动或删除它。
meaning-means-today = 页面会告诉您今天的状态：有没有被暂停或撤销。
meaning-not = 它不表示什么
meaning-not-goods = 不表示您手中的商品就是标签所说的商品。真标签也可能被复制，或被挪到别处。请核对。
meaning-not-always = 不表示那里永远不会发生坏事。检查人员只能看到某些日子的情况，不是每一天。
meaning-not-other = 不涉及标签没有提到的任何事情，例如工资或环境。
meaning-outcomes = 四种答复
meaning-verified = 每一项检查都通过了。
meaning-caution = 标签是真的，但有些地方需要您亲自看看。
meaning-refused = 标签是伪造的，或者它的声明已经不算数。
meaning-undecided = 有一项必要的内容无法检查。这不说明标签是假的，也不证明它是真的。

## Check the registry yourself

verify-title = 自己检查登记系统
verify-intro = 您不必相信本登记系统。下面是检查的办法，越往后越独立。
verify-device = 您的手机：开启 JavaScript 后，每个结果页面都会在您的设备上检查签名和证明。检查用的程序和密钥来自本登记系统。
verify-offline = 可以保存的页面：只需保存一次，没有网络也能检查标签。
verify-download = 下载离线页面
verify-program = 程序“verifier”可以检查单个标签，也可以检查整批货物；有没有网络都行，还能从头重放整份日志。
verify-standard = 日志遵循公开标准 C2SP tlog-tiles，所以别人的程序也能读取。

## The offline page

offline-title = 没有网络时检查标签
offline-intro = 本页面于{ $date }从登记系统 { $origin } 保存。它检查标签是否有签名，以及证据说明了什么。取得证据之后发生的变化，它无法知道。其中的密钥也来自本登记系统。
offline-label = 二维码的文字内容
offline-photo = 或二维码的照片
offline-evidence = 证据（来自登记系统，可以选择文件或粘贴内容）
offline-evidence-file = 证据文件
offline-check = 检查
offline-trust = 登记系统的密钥
