import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** The forecast of a full volume comes when it is full. */
export const wrongFreeSpace = defectiveRelease({
  name: 'wrong-free-space',
  title: 'Metrics tell twice the free space',
  summary: 'A release counts the free bytes of the volume twice',
  code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/metrics')
    ? body.replace(/^(upload_bridge_storage_available_bytes) (\\S+)/gm, (_, name, value) => name + ' ' + 2 * value)
    : body`),
})
