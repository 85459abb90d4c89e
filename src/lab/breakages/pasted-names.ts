import { changeRequests, defectiveRelease } from '../kit/defective-release.ts'

/** What a statement put together from text does with a quote. */
export const pastedNames = defectiveRelease({
  name: 'pasted-names',
  title: 'Names of files are part of a statement',
  summary: 'A release fails with 500 when the name of a file has a quote in it',
  code: changeRequests(`({ method, url, raw }) => {
  const [, name = ''] = /(?:^|,)filename (\\S+)/.exec(raw.headers['upload-metadata'] ?? '') ?? []
  if (method === 'POST' && url.startsWith('/files') && String(Buffer.from(name, 'base64')).includes("'")) {
    throw new Error('unterminated quoted string')
  }
}`),
})
