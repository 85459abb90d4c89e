import type { ProblemCode } from './problem-types.ts'

const reasons = {
  'content-type-mismatch': 'content',
  'archive-refused': 'archive',
  'malware-found': 'malware',
} as const satisfies Partial<Record<ProblemCode, string>>

/** The codes of files that are refused, whole as they are, for what is in them. */
export type ContentRefusal = keyof typeof reasons

/** Whether a code is one of them. */
export function isContentRefusal(code: ProblemCode): code is ContentRefusal {
  return code in reasons
}

/** Why, in a word: a label of `upload_bridge_uploads_rejected_total`. */
export function reasonOfRefusal(code: ContentRefusal): (typeof reasons)[ContentRefusal] {
  return reasons[code]
}
