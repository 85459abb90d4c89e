/** What was found of one thing that a run needs. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly topic: string
  /** `bad` keeps a step from working; `note` is good to know; `unknown` was not asked, or did not answer. */
  readonly state: 'good' | 'bad' | 'note' | 'unknown'
  readonly says: string
  /** What to do about it. */
  readonly hint?: string
}

/** That one thing is as it should be. */
export function good(topic: string, says: string): Finding {
  return { topic, state: 'good', says }
}

/** That one thing keeps a step from working. */
export function bad(topic: string, says: string, hint: string): Finding {
  return { topic, state: 'bad', says, hint }
}

/** That one thing is good to know. */
export function note(topic: string, says: string, hint?: string): Finding {
  return { topic, state: 'note', says, ...(hint === undefined ? {} : { hint }) }
}
