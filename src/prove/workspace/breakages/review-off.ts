import { emptyScript } from '../empty-script.ts'

/** A change needs no answers. */
export const reviewOff = emptyScript('review-off', 'No checklist is asked for', 'review')
