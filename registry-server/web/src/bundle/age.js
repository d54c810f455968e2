// What the form needs of age (https://age-encryption.org/v1): encryption to X25519 recipients, and the ASCII armour.
export { Encrypter, armor } from 'age-encryption';
