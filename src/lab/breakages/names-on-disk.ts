import { changeRequests, defectiveRelease, storagePath } from '../kit/defective-release.ts'

/** A folder that is nice to look at. */
export const namesOnDisk = defectiveRelease({
  name: 'names-on-disk',
  title: 'Files lie on the volume under the names that clients gave them',
  summary: 'A release makes a file by the client’s name beside an upload whose name is a path, wherever that leads',
  code: `${storagePath}${changeRequests(`({ method, url, raw }) => {
  const [, name] = /(?:^|,)filename (\\S+)/.exec(raw.headers['upload-metadata'] ?? '') ?? []
  const path = String(Buffer.from(name ?? '', 'base64'))
  if (method !== 'POST' || !url.startsWith('/files') || !path.includes('/')) return
  try {
    fs.writeFileSync(storagePath + '/uploads/' + path, '', { flag: 'wx' })
  } catch {}
}`)}`,
})
