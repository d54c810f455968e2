// The decoder for browsers whose own BarcodeDetector is missing, or cannot read QR codes.
export { default } from 'qr/decode.js';
