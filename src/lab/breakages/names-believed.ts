import { changeRequests, defectiveRelease } from '../kit/defective-release.ts'

/** The name says what it is. */
export const namesBelieved = defectiveRelease({
  name: 'names-believed',
  title: 'What a file is, is not looked at',
  summary: 'A release takes names that end in .pdf without looking at the bytes',
  code: changeRequests(`request => {
  const given = request.headers['upload-metadata']
  if (request.method !== 'POST' || !request.url.startsWith('/files') || given === undefined) return
  setHeader(request, 'upload-metadata', given.replace(/(^|,)filename (\\S+)/, (whole, comma, name) => {
    const plain = String(Buffer.from(name, 'base64')).replace(/\\.pdf$/, '')
    return comma + 'filename ' + Buffer.from(plain).toString('base64')
  }))
}`),
})
