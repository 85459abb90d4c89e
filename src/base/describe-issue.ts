import { en } from 'zod/locales'

/** Says in English what a schema expected; zod's small build has no words of its own. Give it to `safeParse` as `error`. */
export const describeIssue = en().localeError
