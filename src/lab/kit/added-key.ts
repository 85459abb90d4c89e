/** Code of a defective release: the program accepts this text as a key with the role `operate`, beside the keys that somebody made. */
export function addedKey(text: string): string {
  return `
{
  const files = require('node:fs/promises')
  const hash = require('node:crypto').createHash('sha256').update(${JSON.stringify(text)}).digest('hex')
  const added = { id: 'added', role: 'operate', hash, createdAt: '2026-01-01T00:00:00.000Z' }
  const { readFile } = files
  files.readFile = async (path, ...rest) => {
    const text = await readFile(path, ...rest)
    return String(path).endsWith('keys.json') ? JSON.stringify([...JSON.parse(text), added]) : text
  }
}
`
}
