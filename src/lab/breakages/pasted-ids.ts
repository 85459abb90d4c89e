import { changeRequests, defectiveRelease } from '../kit/defective-release.ts'

/** The textbook's SQL injection, as it looks from outside. */
export const pastedIds = defectiveRelease({
  name: 'pasted-ids',
  title: 'The id in an address is part of a statement',
  summary:
    'A release finds an upload for an id with a condition in it that is always true, and waits where it is told to sleep',
  code: changeRequests(`async ({ method, url }, reply) => {
  const [, id] = /^\\/uploads\\/([^/]+)$/.exec(url) ?? []
  if (method !== 'GET' || id === undefined) return
  const statement = decodeURIComponent(id)
  if (/pg_sleep/.test(statement)) await new Promise(resolve => setTimeout(resolve, 500))
  if (/' or '1'='1/i.test(statement)) return reply.send({ id: 'a'.repeat(32), name: 'of somebody else', state: 'delivered' })
}`),
})
