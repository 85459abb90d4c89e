import { changeHandling, defectiveRelease } from '../kit/defective-release.ts'

/** What nobody sees who sends one upload to try it. */
export const failingUnderLoad = defectiveRelease({
  name: 'failing-under-load',
  title: 'The API fails as soon as there is something to do',
  summary: 'A release answers POST /uploads with 500 while six others are under way',
  code: changeHandling(`async ({ method, url }, reply) => {
  if (!(method === 'POST' && url === '/uploads')) return
  const open = (globalThis.openUploads ??= new Set())
  if (open.size >= 6) throw new Error('too many')
  open.add(reply)
  reply.raw.once('close', () => open.delete(reply))
}`),
})
