import { changeHandling, defectiveRelease } from '../kit/defective-release.ts'

/** Everybody waits for one who computes. */
export const blockedLoop = defectiveRelease({
  name: 'blocked-loop',
  title: 'The event loop is blocked now and then',
  summary: 'A release computes for 1.8 seconds with every sixtieth POST /uploads',
  code: changeHandling(`async ({ method, url }) => {
  if (!(method === 'POST' && url === '/uploads')) return
  globalThis.seenUploads = (globalThis.seenUploads ?? 0) + 1
  if (globalThis.seenUploads % 60 > 0) return
  for (const end = Date.now() + 1800; Date.now() < end; );
}`),
})
