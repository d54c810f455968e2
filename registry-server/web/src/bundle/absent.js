// Stands where age-encryption imports algorithms that the form never uses: `concern.js` refuses every recipient but
// X25519 before it calls. Using one of these throws, and what throws is never sent.
export const MLKEM768P256 = undefined;
export const MLKEM768X25519 = undefined;
export const p256 = undefined;
export const scrypt = undefined;
