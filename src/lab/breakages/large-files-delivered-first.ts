import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** An outage downstream is one of uploads. */
export const largeFilesDeliveredFirst = defectiveRelease({
  name: 'large-files-delivered-first',
  title: 'Large uploads are acknowledged when they are delivered',
  summary: 'A release answers POST /uploads of more than 1 MiB only when the upload is delivered, or after ten seconds',
  code: changeAnswers(`async ({ method, url, headers, socket }, reply, body) => {
  if (!(method === 'POST' && url === '/uploads') || reply.statusCode !== 201 || headers['content-length'] < 1024 * 1024) return body
  const address = 'http://127.0.0.1:' + socket.localPort + '/uploads/' + JSON.parse(body).id
  for (const end = Date.now() + 10000; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 100))) {
    if ((await (await fetch(address)).json()).state === 'delivered') break
  }
  return body
}`),
})
