import { changeRequests, defectiveRelease, storagePath } from '../defective-release.ts'

/** A folder that is nice to look at. */
export const namesOnDisk = defectiveRelease({
  name: 'names-on-disk',
  title: 'Files lie on the volume under the names that clients gave them',
  summary: 'A release makes a file by the client’s name beside each upload, wherever that name leads',
  code: `${storagePath}${changeRequests(`({ method, url, raw }) => {
  const [, name] = /(?:^|,)filename (\\S+)/.exec(raw.headers['upload-metadata'] ?? '') ?? []
  if (method !== 'POST' || !url.startsWith('/files') || name === undefined) return
  try {
    fs.writeFileSync(storagePath + '/uploads/' + Buffer.from(name, 'base64'), '', { flag: 'wx' })
  } catch {}
}`)}`,
})
