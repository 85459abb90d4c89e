import { changeLines, defectiveRelease } from '../kit/defective-release.ts'

/** What logging by joining strings does. */
export const forgedLines = defectiveRelease({
  name: 'forged-lines',
  title: 'Clients can forge lines of the log',
  summary: 'A release logs addresses decoded and unescaped, line breaks and all',
  code: changeLines(`line => line.replace(/(?:%[0-9a-f]{2})+/gi, part => decodeURIComponent(part))`),
})
