import { changeRequests, defectiveRelease } from '../kit/defective-release.ts'

/** A limit that is looked at when it is too late. */
export const endlessUploads = defectiveRelease({
  name: 'endless-uploads',
  title: 'Nothing is too large',
  summary: 'A release takes every upload for one byte long when it begins, whatever it announces',
  code: changeRequests(`request => {
  const isLarge = Number(request.headers['upload-length']) > 2 ** 32
  if (isLarge && request.method === 'POST' && request.url.startsWith('/files')) setHeader(request, 'upload-length', '1')
}`),
})
