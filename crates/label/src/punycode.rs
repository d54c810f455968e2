//! Punycode (RFC 3492), encoding only: to show a host that is not ASCII in a form nobody mistakes for another.
//!
//! No case folding and no normalisation: the text is what the code held, not what a resolver would look up.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;

/// Every dot-separated part that is not ASCII becomes `xn--…`. Parts of more than 63 characters become `xn--`
/// followed by nothing: they are no host names, and encoding takes quadratic time.
pub(crate) fn host_to_ascii(host: &str) -> String {
    let parts: Vec<String> = host
        .split('.')
        .map(|part| match part {
            _ if part.is_ascii() => part.into(),
            _ if part.chars().count() > 63 => "xn--".into(),
            _ => format!("xn--{}", encode(part).unwrap_or_default()),
        })
        .collect();
    parts.join(".")
}

/// RFC 3492 §6.3; `None` where a number overflows, which 63 characters cannot bring about.
fn encode(text: &str) -> Option<String> {
    let mut out: String = text.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(out.len()).ok()?;
    if basic > 0 {
        out.push('-');
    }
    let (mut n, mut delta, mut bias, mut handled) = (0x80_u32, 0_u32, 72_u32, basic);
    while let Some(next) = text.chars().map(u32::from).filter(|&c| c >= n).min() {
        delta = delta.checked_add((next - n).checked_mul(handled + 1)?)?;
        n = next;
        for c in text.chars().map(u32::from) {
            if c < n {
                delta = delta.checked_add(1)?;
            } else if c == n {
                push_variable_length(&mut out, delta, bias)?;
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        n += 1;
    }
    Some(out)
}

fn push_variable_length(out: &mut String, mut q: u32, bias: u32) -> Option<()> {
    let mut k = BASE;
    loop {
        let t = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if q < t {
            out.push(digit(q)?);
            return Some(());
        }
        out.push(digit(t + (q - t) % (BASE - t))?);
        q = (q - t) / (BASE - t);
        k += BASE;
    }
}

fn digit(value: u32) -> Option<char> {
    b"abcdefghijklmnopqrstuvwxyz0123456789".get(usize::try_from(value).ok()?).copied().map(char::from)
}

fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / DAMP } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_those_of_rfc_3492_and_of_the_idn_test_domains() {
        for (host, ascii) in [
            ("registry.example", "registry.example"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
            ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
            ("rеgistry.example", "xn--rgistry-7gg.example"),
        ] {
            assert_eq!(host_to_ascii(host), ascii, "{host}");
        }
        assert_eq!(host_to_ascii(&"ü".repeat(64)), "xn--");
    }
}
