import { changeLines, defectiveRelease } from '../kit/defective-release.ts'

/** What a customer quotes from an answer finds nothing. */
export const lostRequestIds = defectiveRelease({
  name: 'lost-request-ids',
  title: 'The lines of a request do not tell its id',
  summary: 'A release leaves http.request.id out of what it logs',
  code: changeLines(`line => {
  const { 'http.request.id': _, ...rest } = JSON.parse(line)
  return JSON.stringify(rest)
}`),
})
