import { changeHandling, defectiveRelease } from '../kit/defective-release.ts'

/** A lock, a name that is looked up, a cold cache: it works, only slowly. */
export const slowUploads = defectiveRelease({
  name: 'slow-uploads',
  title: 'Some uploads take six seconds longer',
  summary: 'A release waits six seconds before it takes what has four to five KiB from POST /uploads',
  code: changeHandling(`async ({ method, url, headers }) => {
  const size = Number(headers['content-length'])
  if (method === 'POST' && url === '/uploads' && size >= 4096 && size < 5120) await new Promise(resolve => setTimeout(resolve, 6000))
}`),
})
