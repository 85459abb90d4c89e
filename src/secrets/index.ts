export { copyRedacted } from './copy-redacted.ts'
export type { Piece } from './redact-streams.ts'
export { prepareRedaction, type Redaction } from './redaction.ts'
