/** Width of a letter, nearly, in px. */
export const LETTER = 7.3;

export const PAPER = '#ffffff';
export const INK = '#1f2937';
export const FAINT = '#6b7280';
export const VISITOR = '#2563eb';
export const MODEL = '#7c3aed';
export const BOT = '#0f766e';
