import { en } from 'zod/locales'
import * as z from 'zod/mini'

const english = /* @__PURE__ */ en().localeError

/** The English message of a schema's issue, because zod's small build has none. Give it to `safeParse` as `error`. */
export const describeIssue: typeof english = issue => {
  // The message for a key is in the issue of the key's own schema.
  const [inner] = issue.code === 'invalid_key' ? issue.issues : []
  if (inner?.message) return inner.message
  return issue.code === 'invalid_type' && issue.input === undefined
    ? `missing, expected ${issue.expected}`
    : english(issue)
}

/** Gives a schema the meaning of its key, in one sentence: for editors, and for the tables of the reference. */
export function documentKey<T extends z.ZodMiniType>(description: string, schema: T): T {
  z.globalRegistry.add(schema, { description })
  return schema
}
