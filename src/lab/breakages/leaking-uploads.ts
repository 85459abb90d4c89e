import { changeHandling, defectiveRelease } from '../kit/defective-release.ts'

/** What ends days later, when the process is killed. */
export const leakingUploads = defectiveRelease({
  name: 'leaking-uploads',
  title: 'Every upload keeps memory',
  summary: 'A release keeps 1.5 MiB of memory with every POST /uploads',
  code: changeHandling(`async ({ method, url }) => {
  const kept = (globalThis.keptForever ??= [])
  if (method === 'POST' && url === '/uploads') kept.push(Buffer.alloc(1536 * 1024, 1))
}`),
})
