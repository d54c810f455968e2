/* A PKCS#11 module that misbehaves on purpose: what no honest token does, or only at the worst moment.
 *
 * LIAR in the environment chooses the fault. It has one Ed25519 key, that of RFC 8032 §7.1 test 2, and knows one signature by it: of the
 * message 72. Structures are those of PKCS#11 2.40, which 3.0 keeps.
 */
#include <stdlib.h>
#include <string.h>

typedef unsigned long CK_ULONG;
typedef CK_ULONG CK_RV;
typedef unsigned char CK_BYTE;
typedef struct { CK_BYTE major, minor; } CK_VERSION;
typedef struct { CK_ULONG type; void *value; CK_ULONG length; } CK_ATTRIBUTE;
typedef struct {
    CK_BYTE label[32], manufacturer[32], model[16], serial[16];
    CK_ULONG flags, limits[10];
    CK_VERSION hardware, firmware;
    CK_BYTE time[16];
} CK_TOKEN_INFO;

enum { OK = 0, FAILED = 6, ARGUMENTS = 7, REMOVED = 0x32, PIN_INCORRECT = 0xA0, PIN_LOCKED = 0xA4 };
enum { PUBLIC = 2, SECRET = 3 };

static const CK_BYTE POINT[32] = {
    0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a, 0xa7, 0x4d, 0x1b, 0x7e, 0xbc,
    0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4, 0x96, 0x8c, 0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c };
static const CK_BYTE SIGNATURE[64] = {
    0x92, 0xa0, 0x09, 0xa9, 0xf0, 0xd4, 0xca, 0xb8, 0x72, 0x0e, 0x82, 0x0b, 0x5f, 0x64, 0x25, 0x40,
    0xa2, 0xb2, 0x7b, 0x54, 0x16, 0x50, 0x3f, 0x8f, 0xb3, 0x76, 0x22, 0x23, 0xeb, 0xdb, 0x69, 0xda,
    0x08, 0x5a, 0xc1, 0xe4, 0x3e, 0x15, 0x99, 0x6e, 0x45, 0x8f, 0x36, 0x13, 0xd0, 0xf1, 0x1d, 0x8c,
    0x38, 0x7b, 0x2e, 0xae, 0xb4, 0x30, 0x2a, 0xee, 0xb0, 0x0d, 0x29, 0x16, 0x12, 0xbb, 0x0c, 0x00 };

static int wrong_pins, signatures, found, wanted_class;

static int liar(const char *fault) {
    const char *chosen = getenv("LIAR");
    return chosen && strcmp(chosen, fault) == 0;
}

static void pad(CK_BYTE *field, const char *text, size_t size) {
    memset(field, ' ', size);
    memcpy(field, text, strlen(text));
}

static CK_RV initialize(void *arguments) { (void)arguments; return OK; }
static CK_RV finalize(void *reserved) { (void)reserved; return OK; }

static CK_RV slots(CK_BYTE present, CK_ULONG *list, CK_ULONG *count) {
    (void)present;
    if (list) list[0] = 1;
    *count = 1;
    return OK;
}

static CK_RV token_info(CK_ULONG slot, CK_TOKEN_INFO *info) {
    (void)slot;
    memset(info, 0, sizeof *info);
    pad(info->label, liar("terminal") ? "\x1b[2Jliar" : "liar", 32);
    pad(info->manufacturer, "test", 32);
    pad(info->model, "liar", 16);
    pad(info->serial, "1", 16);
    info->flags = 0x400 | 0x8 | 0x4; /* initialised, PIN set, login required */
    if (liar("last_try")) info->flags |= 0x20000;
    if (liar("pad")) info->flags |= 0x100;
    if (liar("locked")) info->flags |= 0x40000;
    if (liar("protected")) info->flags |= 0x2;
    if (wrong_pins) info->flags |= 0x20000;
    return OK;
}

static CK_RV mechanisms(CK_ULONG slot, CK_ULONG *list, CK_ULONG *count) {
    (void)slot;
    *count = liar("old") ? 1 : 2;
    if (!list) return OK;
    list[0] = 0x1; /* CKM_RSA_PKCS */
    if (!liar("old")) list[1] = 0x1057; /* CKM_EDDSA */
    return OK;
}

static CK_RV open_session(CK_ULONG slot, CK_ULONG flags, void *application, void *notify, CK_ULONG *session) {
    (void)slot; (void)flags; (void)application; (void)notify;
    *session = 7;
    return OK;
}

static CK_RV close_session(CK_ULONG session) { (void)session; return OK; }

static CK_RV login(CK_ULONG session, CK_ULONG user, CK_BYTE *pin, CK_ULONG length) {
    (void)session; (void)user;
    if (liar("pad")) return pin ? ARGUMENTS : OK;
    if (length == 4 && memcmp(pin, "4930", 4) == 0) return OK;
    wrong_pins++;
    return liar("last_try") ? PIN_LOCKED : PIN_INCORRECT;
}

static CK_RV find_init(CK_ULONG session, CK_ATTRIBUTE *template, CK_ULONG count) {
    (void)session;
    found = 0;
    for (CK_ULONG n = 0; n < count; n++)
        if (template[n].type == 0) wanted_class = (int)*(CK_ULONG *)template[n].value;
    return OK;
}

static CK_RV find(CK_ULONG session, CK_ULONG *objects, CK_ULONG most, CK_ULONG *count) {
    (void)session; (void)most;
    *count = 0;
    if (found++ || (wanted_class == PUBLIC && liar("no_public"))) return OK;
    objects[0] = (CK_ULONG)wanted_class;
    *count = 1;
    return OK;
}

static CK_RV find_final(CK_ULONG session) { (void)session; return OK; }

static CK_RV attributes(CK_ULONG session, CK_ULONG object, CK_ATTRIBUTE *list, CK_ULONG count) {
    (void)session; (void)object;
    static const CK_BYTE id[1] = {1};
    CK_BYTE always = liar("asks_each_time") ? 1 : 0;
    CK_BYTE octets[34] = {0x04, 0x20};
    memcpy(octets + 2, POINT, 32);
    for (CK_ULONG n = 0; n < count; n++) {
        const void *value = NULL;
        CK_ULONG length = 0;
        switch (list[n].type) {
        case 0x3: value = liar("terminal") ? "\x1b]0;key" : "key"; length = strlen(value); break;
        case 0x102: value = id; length = 1; break;
        case 0x202: value = &always; length = 1; break;
        case 0x181:
            value = liar("octets") ? (const void *)octets : POINT;
            length = liar("octets") ? 34 : liar("short_point") ? 31 : 32;
            break;
        default: list[n].length = (CK_ULONG)-1; continue;
        }
        if (list[n].value) memcpy(list[n].value, value, length);
        list[n].length = length;
    }
    return OK;
}

static CK_RV sign_init(CK_ULONG session, void *mechanism, CK_ULONG key) {
    (void)session; (void)mechanism;
    return key == SECRET ? OK : FAILED;
}

static CK_RV sign(CK_ULONG session, CK_BYTE *data, CK_ULONG size, CK_BYTE *signature, CK_ULONG *length) {
    (void)session; (void)data; (void)size;
    CK_ULONG has = liar("short_signature") ? 63 : 64;
    if (signature) {
        signatures++;
        if (liar("removed_at_second") && signatures == 2) return REMOVED;
        memcpy(signature, SIGNATURE, has);
        if (liar("wrong_signature")) signature[40] ^= 1;
    }
    *length = has;
    return OK;
}

/* The order of CK_FUNCTION_LIST; what is not used is null. */
static struct { CK_VERSION version; void *functions[68]; } list = { {2, 40}, {0} };

CK_RV C_GetFunctionList(void **out) {
    void **f = list.functions;
    f[0] = (void *)initialize; f[1] = (void *)finalize; f[4] = (void *)slots; f[6] = (void *)token_info;
    f[7] = (void *)mechanisms; f[12] = (void *)open_session; f[13] = (void *)close_session; f[18] = (void *)login;
    f[24] = (void *)attributes; f[26] = (void *)find_init; f[27] = (void *)find; f[28] = (void *)find_final;
    f[42] = (void *)sign_init; f[43] = (void *)sign;
    *out = &list;
    return OK;
}
