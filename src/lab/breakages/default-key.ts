import { changeRequests, defectiveRelease } from '../kit/defective-release.ts'

/** The key that support used during the installation. */
export const defaultKey = defectiveRelease({
  name: 'default-key',
  title: 'There is a key that nobody made',
  summary: 'A release lets in whoever sends the key admin',
  code: changeRequests(`({ raw }) => {
  if (raw.headers.authorization === 'Bearer admin') delete raw.headers.authorization
}`),
})
