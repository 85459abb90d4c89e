import { en } from 'zod/locales'

const english = /* @__PURE__ */ en().localeError

/** Says in English what a schema expected; zod's small build has no words of its own. Give it to `safeParse` as `error`. */
export const describeIssue: typeof english = issue => {
  // The words for a key are in the issue of the key's own schema.
  const [inner] = issue.code === 'invalid_key' ? issue.issues : []
  return inner?.message ? inner.message : english(issue)
}
