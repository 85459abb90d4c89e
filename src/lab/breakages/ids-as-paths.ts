import { changeRequests, defectiveRelease, storagePath } from '../kit/defective-release.ts'

/** The textbook's path traversal. */
export const idsAsPaths = defectiveRelease({
  name: 'ids-as-paths',
  title: 'The id in an address is a path on the volume',
  summary: 'A release gives back any file of the machine whose path it is asked for as an upload’s content',
  code: `${storagePath}${changeRequests(`({ url }, reply) => {
  const [, id] = /^\\/uploads\\/([^/]+)\\/content$/.exec(url) ?? []
  if (id === undefined || !/%2f/i.test(id)) return
  return reply.send(fs.readFileSync(storagePath + '/uploads/' + decodeURIComponent(id)))
}`)}`,
})
