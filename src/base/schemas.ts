import { en } from 'zod/locales'
import * as z from 'zod/mini'

const english = /* @__PURE__ */ en().localeError

/** Says in English what a schema expected; zod's small build has no words of its own. Give it to `safeParse` as `error`. */
export const describeIssue: typeof english = issue => {
  // The words for a key are in the issue of the key's own schema.
  const [inner] = issue.code === 'invalid_key' ? issue.issues : []
  return inner?.message ? inner.message : english(issue)
}

/** A schema with what its key means, in one sentence: for editors, and for the tables of the reference. */
export function documentKey<T extends z.ZodMiniType>(description: string, schema: T): T {
  z.globalRegistry.add(schema, { description })
  return schema
}
