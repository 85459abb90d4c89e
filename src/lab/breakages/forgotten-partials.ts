import { changeHandling, defectiveRelease } from '../kit/defective-release.ts'

/** The client begins again, and again. */
export const forgottenPartials = defectiveRelease({
  name: 'forgotten-partials',
  title: 'An upload that was cut off cannot be resumed',
  summary: 'A release answers HEAD /files/:id with 404 unless every PATCH of it ended well',
  code: changeHandling(`async ({ method, url, raw }, reply) => {
  const cut = (globalThis.cutUploads ??= new Set())
  if (method === 'HEAD' && cut.has(url)) return reply.code(404).send()
  if (method !== 'PATCH') return
  cut.add(url)
  reply.raw.once('finish', () => cut.delete(url))
}`),
})
